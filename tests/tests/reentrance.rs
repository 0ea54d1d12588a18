//! While a `call` or a `callback` runs, the vault takes no message, and says so: whatever a
//! contract tries from inside, the books balance and the lock is gone afterwards.

use bulwark_risk::account::Side;
use bulwark_risk::units::Amount;
use bulwark_testing::World;
use bulwark_tests::{
    KINDS, Mischief, Tested, assert_at_rest, borrow, call, falls, one_holding, pay, trading,
    withdraw,
};
use bulwark_types::caller;
use bulwark_types::governance::OwnershipAction;
use bulwark_types::token::{Cw20ExecuteMsg, Cw20ReceiveMsg, TokenKind};
use bulwark_types::vault::{
    AccountResponse, AssetAmount, Callback, ConfigResponse, Cw20Hook, ExecuteMsg, KeeperMsg,
    MarginResponse, MarketListing, MarketResponse, MarketUpdate, ParametersUpdate, PausableAction,
    QueryMsg, SolvencyResponse, Target,
};
use bulwark_types::wire::WireError;
use cosmwasm_std::{
    Addr, Binary, Coin, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult,
    Uint128, WasmMsg, to_json_binary,
};
use cw_multi_test::{AppResponse, ContractWrapper, Executor};
use serde_json::Value;

/// Alice holds 1,000 ATOM, bob has made himself liquidatable, mallory owes as bob does. The
/// mischief contract may act for alice, owns the vault, and has tokens of every kind.
struct Stage {
    world: World,
    mischief: Mischief,
}

fn stage(tokens: &[&str]) -> Stage {
    let mut world = trading(tokens);
    world.deposit("alice", "ATOM", 1_000).unwrap();
    for debtor in ["bob", "mallory"] {
        world.deposit(debtor, "ATOM", 1_000).unwrap();
        world.borrow(debtor, "USDC", 8_000).unwrap();
    }
    falls(&mut world, &[("ATOM", "9.5")]);
    let mischief = Mischief::deploy(&mut world);
    let address = mischief.address.to_string();
    for asset in ["USDC", "ATOM", "ETH"] {
        world.mint(&address, asset, 10_000).unwrap();
    }
    world.set_operator("alice", &address, None, None).unwrap();
    Stage { world, mischief }
}

/// One message of every kind, each of them good if the vault were not locked, or refused for
/// the right of its sender alone.
fn one_of_each(world: &World) -> Vec<(ExecuteMsg, Vec<Coin>)> {
    let usdc = world.asset("USDC");
    let atom = world.asset("ATOM");
    let alice = Some(world.account_ref("alice"));
    let bob = world.account_ref("bob");
    let coins = |asset: &str| match world.token(asset) {
        Ok(_) => Vec::new(),
        Err(_) => world.coins(asset, 10).unwrap(),
    };
    let ten = world.units("ATOM", 10).unwrap();
    let debt = AssetAmount {
        asset: usdc.clone(),
        amount: world.units("USDC", 10).unwrap(),
    };
    let listing: MarketListing = listing(world);
    let none = Vec::new;
    vec![
        (
            ExecuteMsg::Deposit {
                account: alice.clone(),
                lend: None,
            },
            coins("ATOM"),
        ),
        (
            ExecuteMsg::Withdraw {
                account: alice.clone(),
                asset: atom.clone(),
                amount: Some(ten),
                to: None,
            },
            none(),
        ),
        (
            ExecuteMsg::Lend {
                account: alice.clone(),
                asset: atom.clone(),
                amount: Some(ten),
            },
            none(),
        ),
        (
            ExecuteMsg::Recall {
                account: alice.clone(),
                asset: atom.clone(),
                amount: Some(ten),
            },
            none(),
        ),
        (
            ExecuteMsg::Borrow {
                account: alice.clone(),
                asset: usdc.clone(),
                amount: ten,
                to: None,
            },
            none(),
        ),
        (
            ExecuteMsg::Repay {
                account: Some(bob.clone()),
            },
            coins("USDC"),
        ),
        (
            ExecuteMsg::Transfer {
                account: alice.clone(),
                to: bob.clone(),
                asset: atom.clone(),
                amount: Some(ten),
            },
            none(),
        ),
        (
            ExecuteMsg::Liquidate {
                account: bob.clone(),
                seize: atom.clone(),
                min_seized: None,
                receive: None,
                to: None,
                debt: None,
                callback: None,
            },
            coins("USDC"),
        ),
        (
            ExecuteMsg::LiquidateMany {
                targets: vec![Target {
                    account: bob.clone(),
                    debt,
                    seize: atom.clone(),
                    min_seized: None,
                }],
                receive: None,
                to: None,
            },
            coins("USDC"),
        ),
        (
            ExecuteMsg::Batch {
                account: alice,
                actions: vec![borrow(world, "USDC", 10)],
            },
            none(),
        ),
        (
            ExecuteMsg::Receive(Cw20ReceiveMsg {
                sender: world.address("alice").into_string(),
                amount: Uint128::new(10),
                msg: to_json_binary(&Cw20Hook::Deposit {
                    account: None,
                    lend: None,
                })
                .unwrap(),
            }),
            none(),
        ),
        (
            ExecuteMsg::SetOperator {
                operator: world.address("mallory").into_string(),
                id: None,
                expires: None,
                revoke: None,
            },
            none(),
        ),
        (ExecuteMsg::WriteOff { account: bob }, none()),
        (ExecuteMsg::Accrue { assets: vec![usdc] }, none()),
        (ExecuteMsg::ListMarket(listing), none()),
        (
            ExecuteMsg::UpdateMarket {
                asset: atom.clone(),
                update: MarketUpdate::default(),
            },
            none(),
        ),
        (
            ExecuteMsg::UpdateParams(ParametersUpdate::default()),
            none(),
        ),
        (
            ExecuteMsg::CollectReserve {
                asset: atom,
                amount: None,
                to: world.address("mallory").into_string(),
            },
            none(),
        ),
        (
            ExecuteMsg::UpdateOwnership(OwnershipAction::Renounce {}),
            none(),
        ),
        (
            ExecuteMsg::Pause {
                asset: None,
                actions: vec![PausableAction::Deposit],
            },
            none(),
        ),
        (
            ExecuteMsg::Unpause {
                asset: None,
                actions: vec![PausableAction::Deposit],
            },
            none(),
        ),
        (ExecuteMsg::Cancel { change: 0 }, none()),
        (ExecuteMsg::Apply { change: 0 }, none()),
    ]
}

/// The listing of ATOM for another asset.
fn listing(world: &World) -> MarketListing {
    use bulwark_types::vault::FamilyListing;
    let market = world.market("ATOM").unwrap();
    MarketListing {
        asset: "uother".into(),
        decimals: 6,
        family: FamilyListing::Member {
            of: world.asset("ATOM"),
        },
        risk: market.risk,
        interest: market.interest,
        reserve_factor: market.reserve_factor,
        limits: market.limits,
        deposit_enabled: true,
        borrow_enabled: true,
    }
}

/// Names of all messages, read out of their schema: a new one cannot be forgotten here.
fn names_of_all() -> Vec<String> {
    let schema = cosmwasm_schema::schema_for!(ExecuteMsg);
    let schema = serde_json::to_value(schema).unwrap();
    let variants = schema["oneOf"].as_array().unwrap();
    let name = |variant: &Value| variant["required"][0].as_str().unwrap().to_owned();
    variants.iter().map(name).collect()
}

fn name_of(message: &ExecuteMsg) -> String {
    let json = serde_json::to_value(message).unwrap();
    json.as_object().unwrap().keys().next().unwrap().clone()
}

fn to_vault(world: &World, message: &ExecuteMsg, funds: Vec<Coin>) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: world.vault().to_string(),
        msg: to_json_binary(message).unwrap(),
        funds,
    }
    .into()
}

type Entrance = fn(&mut World, &Addr) -> Result<AppResponse, WireError>;

/// Both ways in which the vault lets somebody else's code run. The contract repays a callback
/// out of its own tokens, if it gets as far.
const ENTRANCES: [Entrance; 2] = [enter_by_call, enter_by_callback];

fn enter_by_call(world: &mut World, contract: &Addr) -> Result<AppResponse, WireError> {
    let actions = vec![
        withdraw(world, "ATOM", 10),
        call(world, contract, "{}", &[], &["ATOM", "USDC"]),
    ];
    world.batch("alice", actions, Vec::new())
}

fn enter_by_callback(world: &mut World, contract: &Addr) -> Result<AppResponse, WireError> {
    let debt = AssetAmount {
        asset: world.asset("USDC"),
        amount: world.units("USDC", 100)?,
    };
    let callback = Callback {
        contract: contract.to_string(),
        data: Binary::default(),
    };
    world.liquidate_by_callback("keeper", "mallory", debt, "ATOM", callback)
}

#[test]
fn every_message_is_refused_from_inside() {
    let messages = |world: &World| one_of_each(world);
    let world = stage(&[]).world;
    let mut covered: Vec<String> = messages(&world)
        .iter()
        .map(|(message, _)| name_of(message))
        .collect();
    let mut all = names_of_all();
    covered.sort();
    all.sort();
    assert_eq!(covered, all, "one of each, and each once");

    for tokens in KINDS {
        for enter in ENTRANCES {
            let Stage {
                mut world,
                mischief,
            } = stage(tokens);
            for (message, funds) in messages(&world) {
                let name = name_of(&message);
                let attempt = to_vault(&world, &message, funds);
                let repayment = pay(&world, world.vault(), "USDC", 100);
                let plan = vec![attempt, repayment];

                // Swallowed, the transaction goes on, and only that: what was paid is credited
                // or repays.
                world.fork(|world| {
                    mischief.set(world, plan.clone(), true);
                    enter(world, &mischief.address).expect(&name);
                    assert_eq!(mischief.refusals(world), ["locked"], "{name}");
                    assert_at_rest(world);
                });

                // Not swallowed, everything is undone.
                let accounts = ["alice", "bob", "mallory"];
                let before = accounts.map(|name| world.account(name).unwrap());
                mischief.set(&mut world, plan, false);
                let answer = enter(&mut world, &mischief.address);
                assert_eq!(answer.unwrap_err().name, "locked", "{name}");
                let after = accounts.map(|name| world.account(name).unwrap());
                assert_eq!(after, before, "{name}");
                assert_at_rest(&world);
            }
        }
    }
}

#[test]
fn the_lock_is_gone_after_success_and_after_failure() -> Tested {
    for enter in ENTRANCES {
        let Stage {
            mut world,
            mischief,
        } = stage(&[]);
        let repayment = pay(&world, world.vault(), "USDC", 100);
        mischief.set(&mut world, vec![repayment], false);
        enter(&mut world, &mischief.address)?;
        world.deposit("bob", "ATOM", 1)?;
        assert_at_rest(&world);

        let impossible = pay(&world, world.vault(), "USDC", 1_000_000);
        mischief.set(&mut world, vec![impossible], false);
        assert!(enter(&mut world, &mischief.address).is_err());
        world.deposit("bob", "ATOM", 1)?;
        assert_at_rest(&world);
    }

    // Nor does a failure that somebody swallows leave it behind.
    let Stage {
        mut world,
        mischief,
    } = stage(&[]);
    let inner = Mischief::deploy(&mut world);
    let accrue = ExecuteMsg::Accrue {
        assets: vec![world.asset("USDC")],
    };
    let accrue = to_vault(&world, &accrue, Vec::new());
    inner.set(&mut world, vec![accrue.clone()], false);
    let batch = ExecuteMsg::Batch {
        account: Some(world.account_ref("alice")),
        actions: vec![call(&world, &inner.address, "{}", &[], &[])],
    };
    let attempts = vec![to_vault(&world, &batch, Vec::new()), accrue];
    mischief.set(&mut world, attempts, true);
    let anybody = world.address("mallory");
    world.execute_raw(&anybody, &mischief.address, &Empty {}, &[])?;
    // The batch failed from inside, the message after it did not.
    assert_eq!(mischief.refusals(&world), ["locked"]);
    assert_at_rest(&world);
    Ok(())
}

/// A contract that asks the vault, in the middle of whatever calls it, whether it is locked.
mod observer {
    use super::*;

    const VAULT: &[u8] = b"vault";

    pub fn instantiate(
        deps: DepsMut<'_>,
        _: Env,
        _: MessageInfo,
        vault: String,
    ) -> StdResult<Response> {
        deps.storage.set(VAULT, vault.as_bytes());
        Ok(Response::new())
    }

    pub fn execute(
        deps: DepsMut<'_>,
        _: Env,
        _: MessageInfo,
        message: Value,
    ) -> StdResult<Response> {
        let vault = String::from_utf8(deps.storage.get(VAULT).unwrap()).unwrap();
        let account = bulwark_types::vault::AccountRef {
            owner: vault.clone(),
            id: 0,
        };
        let asset = {
            let markets: bulwark_types::vault::MarketsResponse = deps.querier.query_wasm_smart(
                &vault,
                &QueryMsg::Markets {
                    start_after: None,
                    limit: None,
                },
            )?;
            markets.markets[0].asset.clone()
        };
        let config: ConfigResponse = deps
            .querier
            .query_wasm_smart(&vault, &QueryMsg::Config {})?;
        let held: AccountResponse = deps.querier.query_wasm_smart(
            &vault,
            &QueryMsg::Account {
                account: account.clone(),
            },
        )?;
        let margin: MarginResponse = deps
            .querier
            .query_wasm_smart(&vault, &QueryMsg::Margin { account })?;
        let market: MarketResponse = deps
            .querier
            .query_wasm_smart(&vault, &QueryMsg::Market { asset })?;
        let solvency: SolvencyResponse = deps.querier.query_wasm_smart(
            &vault,
            &QueryMsg::Solvency {
                asset: None,
                start_after: None,
                limit: None,
            },
        )?;
        let seen = [
            config.locked,
            held.locked,
            margin.locked,
            market.locked,
            solvency.locked,
        ];
        let response = Response::new().add_attribute("locked", format!("{seen:?}"));
        let Ok(KeeperMsg::BulwarkCallback(callback)) = serde_json::from_value(message) else {
            return Ok(response);
        };
        let AssetAmount { asset, amount } = callback.debt;
        let repayment = TokenKind::of(&asset).transfer(&vault, amount)?;
        Ok(response.add_message(repayment))
    }

    pub fn query(_: Deps<'_>, _: Env, query: Empty) -> StdResult<Binary> {
        to_json_binary(&query)
    }
}

#[test]
fn queries_from_inside_say_that_the_vault_is_locked() -> Tested {
    let Stage { mut world, .. } = stage(&[]);
    let code = ContractWrapper::new(observer::execute, observer::instantiate, observer::query);
    let code = world.app_mut().store_code(Box::new(code));
    let (creator, vault) = (world.address("mallory"), world.vault().to_string());
    let address = world
        .app_mut()
        .instantiate_contract(code, creator, &vault, &[], "observer", None)
        .unwrap();

    let seen = |response: &AppResponse| -> Vec<String> {
        let attributes = response.events.iter().flat_map(|event| &event.attributes);
        let locked = attributes.filter(|attribute| attribute.key == "locked");
        locked.map(|attribute| attribute.value.clone()).collect()
    };
    world.mint(address.as_str(), "USDC", 100)?;
    for enter in ENTRANCES {
        let response = enter(&mut world, &address)?;
        assert_eq!(seen(&response), ["[true, true, true, true, true]"]);
    }
    let anybody = world.address("bob");
    let response = world.execute_raw(&anybody, &address, &Empty {}, &[])?;
    assert_eq!(seen(&response), ["[false, false, false, false, false]"]);
    Ok(())
}

#[test]
fn a_token_sent_to_the_vault_from_inside_is_refused_and_counted_once() -> Tested {
    for enter in ENTRANCES {
        let Stage {
            mut world,
            mischief,
        } = stage(&["USDC", "ATOM"]);
        let hook = Cw20Hook::Deposit {
            account: Some(world.account_ref("alice")),
            lend: None,
        };
        let send = Cw20ExecuteMsg::Send {
            contract: world.vault().to_string(),
            amount: Uint128::new(50_000_000),
            msg: to_json_binary(&hook).unwrap(),
        };
        let token = world.token("USDC")?;
        let repayment = pay(&world, world.vault(), "USDC", 100);
        let plan = vec![Mischief::message(&token, &send), repayment];
        mischief.set(&mut world, plan.clone(), false);
        let answer = enter(&mut world, &mischief.address);
        assert_eq!(answer.unwrap_err().name, "locked");

        mischief.set(&mut world, plan, true);
        let before = world.balance(mischief.address.as_str(), "USDC");
        enter(&mut world, &mischief.address)?;
        assert_eq!(mischief.refusals(&world), ["locked"]);
        let after = world.balance(mischief.address.as_str(), "USDC");
        assert_eq!(before.minus(after).unwrap(), world.units("USDC", 100)?);
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn a_batch_cannot_call_the_vault_or_the_caller() -> Tested {
    let Stage {
        mut world,
        mischief,
    } = stage(&[]);
    let vault = world.vault().clone();
    let answer = world.batch("alice", vec![call(&world, &vault, "{}", &[], &[])], vec![]);
    assert_eq!(answer.unwrap_err().name, "invalid_recipient");
    let caller = world.caller().clone();
    let answer = world.batch("alice", vec![call(&world, &caller, "{}", &[], &[])], vec![]);
    assert_eq!(answer.unwrap_err().name, "calls_itself");

    // From inside, no other run begins, and a sweep is the caller's own.
    let run = caller::ExecuteMsg::Run {
        contract: mischief.address.to_string(),
        msg: b"{}".into(),
        returns: vec![world.asset("USDC")],
    };
    let sweep = caller::ExecuteMsg::Sweep {
        returns: vec![world.asset("USDC")],
        to: mischief.address.to_string(),
    };
    let plan = vec![
        Mischief::message(&caller, &run),
        Mischief::message(&caller, &sweep),
        pay(&world, &caller, "USDC", 7),
    ];
    mischief.set(&mut world, plan, true);
    let others = ["bob", "carol"].map(|name| world.account(name).unwrap());
    enter_by_call(&mut world, &mischief.address)?;
    assert_eq!(mischief.refusals(&world), ["runs_already", "only_itself"]);
    let usdc = one_holding(&world, ("alice", 0), "USDC");
    assert_eq!((usdc.side, usdc.idle), (Side::Deposit, Amount(7_000_000)));
    let now = ["bob", "carol"].map(|name| world.account(name).unwrap());
    assert_eq!(now, others);
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn a_call_to_the_oracle_has_no_rights_there() -> Tested {
    let Stage { mut world, .. } = stage(&[]);
    let oracle = world.oracle().clone();
    let halt = format!(r#"{{"halt":{{"asset":"{}"}}}}"#, world.asset("ATOM"));
    let post = format!(
        r#"{{"post_prices":{{"prices":[{{"asset":"{}","price":"99","published_at":{}}}]}}}}"#,
        world.asset("ATOM"),
        world.now()
    );
    for message in [halt, post] {
        let actions = vec![call(&world, &oracle, &message, &[], &[])];
        let name = world.batch("alice", actions, Vec::new()).unwrap_err().name;
        assert!(
            ["unauthorized", "not_guardian", "not_feeder"].contains(&name.as_str()),
            "{name}"
        );
    }
    Ok(())
}

//! Regressions around batches, tokens, operators and outflow: each was once possible.

use bulwark_risk::units::{Amount, Fraction};
use bulwark_test_mischief::msg as mischief;
use bulwark_test_token::msg::Misbehaviour;
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{Tested, interest_free, supply, world_of};
use bulwark_types::oracle;
use bulwark_types::vault::{Action, ExecuteMsg, MarketUpdate, PausableAction};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Binary, Empty, WasmMsg, to_json_binary};
use cw_multi_test::{ContractWrapper, Executor};

const DAY: u64 = 86_400;

fn limited(market: MarketSpec, percent: u32) -> MarketSpec {
    interest_free(market)
        .with_listing(move |listing| listing.limits.outflow_share = Fraction::percent(percent))
}

/// USDC and ATOM in coins, ETH as a CW20 token; a part of each pool may leave in a day.
fn world(percent: u32) -> World {
    let mut world = world_of([
        limited(MarketSpec::usd("USDC"), percent),
        limited(MarketSpec::crypto("ATOM").with_price(10), percent),
        limited(
            MarketSpec::crypto("ETH").with_price(2_000).as_cw20(),
            percent,
        ),
    ])
    .build()
    .unwrap();
    supply(&mut world, "USDC", 1_000_000);
    supply(&mut world, "ETH", 500);
    settle(&mut world);
    world
}

/// Lets what was lent become part of the pools: until then it may leave again at once.
fn settle(world: &mut World) {
    world.advance(2 * DAY);
    world.repost().unwrap();
}

fn withdraw(world: &World, asset: &str, tokens: &str) -> Action {
    Action::Withdraw {
        asset: world.asset(asset),
        amount: Some(world.units(asset, tokens).unwrap()),
        to: None,
    }
}

fn name<T: std::fmt::Debug>(answer: Result<T, WireError>) -> String {
    answer.unwrap_err().name
}

#[test]
fn lending_and_taking_back_uses_up_nothing_of_what_others_may_take() -> Tested {
    let mut world = world(30);
    world.deposit_lent("mallory", "USDC", 428_000)?;
    world.withdraw("mallory", "USDC", 428_000)?;
    assert_eq!(world.market("USDC")?.outflow, Amount::ZERO);
    world.withdraw("carol", "USDC", 300_000)?;
    assert_eq!(name(world.withdraw("carol", "USDC", 1)), "outflow_limit");
    Ok(())
}

#[test]
fn the_last_units_of_a_pool_can_leave() -> Tested {
    let mut world = world_of([limited(MarketSpec::usd("USDC"), 30)]).build()?;
    supply(&mut world, "USDC", Amount(3));
    settle(&mut world);
    for _ in 0..3 {
        world.withdraw("carol", "USDC", Amount(1))?;
        world.advance(2 * DAY);
    }
    assert!(world.account("carol")?.holdings.is_empty());
    Ok(())
}

#[test]
fn a_smaller_outflow_share_waits_and_has_a_floor() -> Tested {
    let mut world = world_of([limited(MarketSpec::usd("USDC"), 30)])
        .with_owner_delay(2 * DAY)
        .build()?;
    supply(&mut world, "USDC", 1_000);
    settle(&mut world);
    let asset = world.asset("USDC");
    let with_share = |world: &World, percent: u32| {
        let mut limits = world.market("USDC").unwrap().limits;
        limits.outflow_share = Fraction::percent(percent);
        let limits = Some(limits);
        let update = MarketUpdate {
            limits,
            ..MarketUpdate::default()
        };
        let asset = asset.clone();
        ExecuteMsg::UpdateMarket { asset, update }
    };
    let locked_in = with_share(&world, 4);
    assert_eq!(
        name(world.execute("owner", locked_in, Vec::new())),
        "invalid_config"
    );
    let less = with_share(&world, 5);
    world.execute("owner", less, Vec::new())?;
    world.withdraw("carol", "USDC", 300)?;
    Ok(())
}

#[test]
fn a_unit_left_at_the_caller_blocks_nobody() -> Tested {
    let mut world = world(100);
    let pool = world.open_pool("ATOM", "USDC", 10_000_000, 0)?;
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 300)?;
    world.pause(Some("ATOM"), &[PausableAction::Deposit])?;
    let caller = world.caller().to_string();
    world.send("mallory", &caller, "ATOM", Amount(1))?;
    let before = world.balance("alice", "ATOM");
    let actions = vec![
        withdraw(&world, "ATOM", "10"),
        world.swap_call(&pool, "ATOM", 10)?,
    ];
    world.batch("alice", actions, Vec::new())?;
    assert_eq!(world.balance("alice", "ATOM").0, before.0 + 1);
    Ok(())
}

#[test]
fn a_token_that_takes_a_fee_repays_nothing_that_it_does_not_bring() -> Tested {
    let mut world = world(100);
    world.deposit("alice", "USDC", 100_000)?;
    world.borrow("alice", "ETH", 10)?;
    let fee = Misbehaviour {
        fee_bps: 100,
        ..Misbehaviour::default()
    };
    world.misbehave("ETH", fee)?;
    assert_eq!(name(world.deposit("bob", "ETH", 1)), "token_short");
    assert_eq!(name(world.repay("alice", "ETH", 10)), "token_short");
    Ok(())
}

#[test]
fn revoking_an_operator_for_all_accounts_leaves_it_nothing() -> Tested {
    let mut world = world(100);
    world.deposit("alice", "USDC", 100)?;
    world.set_operator("alice", "mallory", Some(0), None)?;
    world.set_operator("alice", "mallory", None, None)?;
    let revoke = ExecuteMsg::SetOperator {
        operator: world.address("mallory").into_string(),
        id: None,
        expires: None,
        revoke: Some(true),
    };
    world.execute("alice", revoke, Vec::new())?;
    let message = ExecuteMsg::Withdraw {
        account: Some(world.account_ref("alice")),
        asset: world.asset("USDC"),
        amount: None,
        to: None,
    };
    assert_eq!(
        name(world.execute("mallory", message, Vec::new())),
        "not_account_owner"
    );
    Ok(())
}

#[test]
fn the_caller_cannot_be_an_operator() {
    let mut world = world(100);
    let caller = world.caller().to_string();
    assert_eq!(
        name(world.set_operator("alice", &caller, None, None)),
        "invalid_operator"
    );
}

#[test]
fn what_simulate_asks_for_is_what_the_batch_takes() -> Tested {
    let mut world = world(100);
    world.deposit("alice", "USDC", 100)?;
    let deposit = |tokens: Option<u32>| Action::Deposit {
        asset: world.asset("USDC"),
        amount: tokens.map(|tokens| world.units("USDC", tokens).unwrap()),
        lend: None,
    };
    let actions = vec![
        withdraw(&world, "USDC", "5"),
        deposit(None),
        deposit(Some(10)),
    ];
    let simulated = world.simulate("alice", actions.clone())?;
    let refusal = simulated.refusal.unwrap();
    let funds = world.coins("USDC", simulated.funds[0].amount)?;
    let refused = world.batch("alice", actions, funds).unwrap_err();
    assert_eq!(WireError::find(&refusal), Some(refused));
    Ok(())
}

/// A contract that posts a price when it is called.
fn poster(world: &mut World, price: &str) -> Addr {
    let code = world.app_mut().store_code(Box::new(
        ContractWrapper::new(
            bulwark_test_mischief::contract::execute,
            bulwark_test_mischief::contract::instantiate,
            bulwark_test_mischief::contract::query,
        )
        .with_reply(bulwark_test_mischief::contract::reply),
    ));
    let mallory = world.address("mallory");
    let poster = world
        .app_mut()
        .instantiate_contract(code, mallory.clone(), &Empty {}, &[], "poster", None)
        .unwrap();
    let update = oracle::ExecuteMsg::UpdateFeeders {
        feeders: vec![poster.to_string()],
        quorum: 1,
    };
    world.execute_oracle("owner", update).unwrap();
    world.advance(6);
    let post = oracle::ExecuteMsg::PostPrices {
        prices: vec![oracle::PostedPrice {
            asset: world.asset("ATOM"),
            price: price.parse().unwrap(),
            conf: None,
            published_at: world.now(),
        }],
    };
    let post = WasmMsg::Execute {
        contract_addr: world.oracle().to_string(),
        msg: to_json_binary(&post).unwrap(),
        funds: Vec::new(),
    };
    let set = mischief::ExecuteMsg::Set {
        on_call: vec![post.into()],
        swallow: false,
    };
    world.execute_raw(&mallory, &poster, &set, &[]).unwrap();
    poster
}

#[test]
fn a_price_that_rises_during_a_call_frees_nothing_below_initial() -> Tested {
    let mut world = world(100);
    world.deposit("alice", "ATOM", 100)?;
    let most = world.max_borrow("alice", "USDC")?;
    world.borrow("alice", "USDC", most)?;
    world.advance(6);
    world.post(&[("ATOM", "9.8"), ("USDC", "1"), ("ETH", "2000")])?;
    let poster = poster(&mut world, "9.95");
    let call = Action::Call {
        contract: poster.into_string(),
        msg: Binary::from(b"{}"),
        funds: Vec::new(),
        returns: Vec::new(),
    };
    let actions = vec![withdraw(&world, "ATOM", "0.9"), call];
    let refused = world.batch("alice", actions, Vec::new());
    assert_eq!(name(refused), "below_initial_margin");
    Ok(())
}

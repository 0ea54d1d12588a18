//! Pitfalls 30, 32, 34, 36–39: funds, entry points, roles, addresses, pages, build profile.

use std::collections::BTreeSet;

use crate::pitfall_support::{Answer, refused_as, signed};
use bulwark_risk::units::Amount;
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{
    Purses, Tested, funded, interest_free, levered, refused, underwater, world_of,
};
use bulwark_types::decode::Decoded;
use bulwark_types::events::Liquidated;
use bulwark_types::governance::OwnershipAction;
use bulwark_types::vault::{
    AccountRef, AccountsResponse, ExecuteMsg, MarketUpdate, MarketsResponse, OracleConfig,
    OracleMode, ParametersUpdate, PausableAction, QueryMsg, SolvencyResponse,
};
use bulwark_vault::ContractError;
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cosmwasm_std::{Addr, Binary, Coin, Reply, SubMsgResult};
use serde_json::json;

/// Messages by name.
type Named = Vec<(&'static str, ExecuteMsg)>;

/// Every message, valid or not: what takes funds, and what takes none.
fn messages(world: &World) -> (Named, Named) {
    let asset = || world.asset("ATOM");
    let alice = || AccountRef {
        owner: world.address("alice").into_string(),
        id: 0,
    };
    let (amount, to) = (Some(Amount(1)), None);
    let funded = vec![
        (
            "deposit",
            ExecuteMsg::Deposit {
                account: None,
                lend: None,
            },
        ),
        (
            "repay",
            ExecuteMsg::Repay {
                account: Some(alice()),
            },
        ),
        (
            "liquidate",
            ExecuteMsg::Liquidate {
                account: alice(),
                seize: asset(),
                min_seized: None,
                receive: None,
                to: None,
                debt: None,
                callback: None,
            },
        ),
    ];
    let bare = vec![
        (
            "withdraw",
            ExecuteMsg::Withdraw {
                account: None,
                asset: asset(),
                amount,
                to: to.clone(),
            },
        ),
        (
            "lend",
            ExecuteMsg::Lend {
                account: None,
                asset: asset(),
                amount,
            },
        ),
        (
            "recall",
            ExecuteMsg::Recall {
                account: None,
                asset: asset(),
                amount,
            },
        ),
        (
            "borrow",
            ExecuteMsg::Borrow {
                account: None,
                asset: asset(),
                amount: Amount(1),
                to,
            },
        ),
        (
            "transfer",
            ExecuteMsg::Transfer {
                account: None,
                to: alice(),
                asset: asset(),
                amount,
            },
        ),
        ("write_off", ExecuteMsg::WriteOff { account: alice() }),
        (
            "accrue",
            ExecuteMsg::Accrue {
                assets: vec![asset()],
            },
        ),
        (
            "update_market",
            ExecuteMsg::UpdateMarket {
                asset: asset(),
                update: MarketUpdate::default(),
            },
        ),
        (
            "update_params",
            ExecuteMsg::UpdateParams(ParametersUpdate::default()),
        ),
        (
            "collect_reserve",
            ExecuteMsg::CollectReserve {
                asset: asset(),
                amount: None,
                to: world.address("owner").into(),
            },
        ),
        (
            "update_ownership",
            ExecuteMsg::UpdateOwnership(OwnershipAction::Renounce {}),
        ),
        (
            "pause",
            ExecuteMsg::Pause {
                asset: None,
                actions: vec![PausableAction::Borrow],
            },
        ),
        (
            "unpause",
            ExecuteMsg::Unpause {
                asset: None,
                actions: vec![PausableAction::Borrow],
            },
        ),
        ("cancel", ExecuteMsg::Cancel { change: 1 }),
        ("apply", ExecuteMsg::Apply { change: 1 }),
    ];
    (funded, bare)
}

#[test]
fn pitfall_30_wrong_funds_are_refused_and_stay_with_the_sender() -> Tested {
    let mut world = levered();
    let purses = Purses::of(&world);
    let (takes, takes_none) = messages(&world);
    let atom = Coin::new(7_u128, world.asset("ATOM"));
    let usdc = Coin::new(9_u128, world.asset("USDC"));
    for (name, message) in takes_none {
        for sender in ["owner", "guardian", "alice"] {
            let error = world
                .execute(sender, message.clone(), vec![atom.clone()])
                .expect_err(name);
            assert_eq!(error.name, "wrong_funds", "{name}: {error:?}");
            assert!(
                error.fields.contains("\"nothing\"") && error.fields.contains("7ibc/"),
                "{name}"
            );
        }
    }
    for (name, message) in takes {
        for funds in [vec![], vec![atom.clone(), usdc.clone()]] {
            let error = world
                .execute("bob", message.clone(), funds)
                .expect_err(name);
            assert_eq!(error.name, "wrong_funds", "{name}: {error:?}");
        }
        // A coin that is no market comes back whole.
        world.mint("bob", "ujunk", Amount(5))?;
        let junk = vec![Coin::new(5_u128, "ujunk")];
        let error = world.execute("bob", message, junk).expect_err(name);
        assert_eq!(error.name, "unknown_market", "{name}: {error:?}");
        assert_eq!(world.balance("bob", "ujunk"), Amount(5));
        world.burn("bob", "ujunk", Amount(5))?;
    }
    purses.assert_moved(&world, &[]);
    Ok(())
}

#[test]
fn pitfall_30_the_same_denom_twice_is_not_one_coin() {
    // A chain merges or refuses such coins; the vault does not rely on it.
    let mut deps = mock_dependencies();
    let sender = deps.api.addr_make("bob");
    let coin = || Coin::new(1_u128, "uatom");
    let info = message_info(&sender, &[coin(), coin()]);
    let message = ExecuteMsg::Deposit {
        account: None,
        lend: None,
    };
    let error = bulwark_vault::contract::execute(deps.as_mut(), mock_env(), info, Decoded(message))
        .expect_err("two coins");
    assert!(error.to_string().starts_with("wrong_funds: "), "{error}");
    let zero = message_info(&sender, &[Coin::new(0_u128, "uatom")]);
    let message = ExecuteMsg::Deposit {
        account: None,
        lend: None,
    };
    let error = bulwark_vault::contract::execute(deps.as_mut(), mock_env(), zero, Decoded(message))
        .expect_err("a coin of nothing");
    assert!(error.to_string().starts_with("zero_amount: "), "{error}");
}

#[test]
fn pitfall_32_replies_and_internal_steps_are_no_messages() -> Tested {
    let mut world = levered();
    let vault = world.vault().clone();
    let stranger = world.address("mallory");
    for text in [
        json!({"callback": {}}),
        json!({"reply": {"id": 1}}),
        json!({"bulwark_callback": {}}),
        json!({"resume": {}}),
        json!({"settle": {}}),
    ] {
        let error = world
            .execute_raw(&stranger, &vault, &text, &[])
            .expect_err("no such message");
        assert!(
            error.sentence.contains("unknown variant"),
            "{text}: {error:?}"
        );
    }
    // The chain alone delivers replies, and of those the vault asked for one kind only.
    let mut deps = mock_dependencies();
    let reply = Reply {
        id: 2,
        payload: Binary::default(),
        gas_used: 0,
        result: SubMsgResult::Err(String::new()),
    };
    let error = bulwark_vault::contract::reply(deps.as_mut(), mock_env(), reply).unwrap_err();
    assert_eq!(*error, ContractError::UnknownReply { id: 2 });
    Ok(())
}

#[test]
fn pitfall_34_a_response_keeps_all_of_its_payments() -> Tested {
    // A liquidation pays two parties in two assets; neither payment swallows the other.
    let mut world = underwater();
    let purses = Purses::of(&world);
    let message = ExecuteMsg::Liquidate {
        account: AccountRef {
            owner: world.address("alice").into_string(),
            id: 0,
        },
        seize: world.asset("ATOM"),
        min_seized: None,
        receive: None,
        to: Some(AccountRef {
            owner: world.address("bob").into_string(),
            id: 0,
        }),
        debt: None,
        callback: None,
    };
    let offered = world.coins("USDC", 800)?;
    let response = world.execute("keeper", message, offered)?;
    let event: Liquidated = events_of(&response).remove(0);
    assert!(event.tokens > Amount::ZERO && event.repaid < Amount(800_000_000));
    purses.assert_moved(
        &world,
        &[
            ("keeper", "USDC", -signed(event.repaid)),
            ("vault", "USDC", signed(event.repaid)),
            ("bob", "ATOM", signed(event.tokens)),
            ("vault", "ATOM", -signed(event.tokens)),
        ],
    );
    // So does a repayment with change.
    let purses = Purses::of(&world);
    let debt = world
        .account("alice")?
        .holdings
        .iter()
        .map(|h| h.debt.0)
        .max()
        .unwrap_or(0);
    world.repay_for("bob", "alice", "USDC", 5_000)?;
    let debt = signed(Amount(debt));
    purses.assert_moved(&world, &[("bob", "USDC", -debt), ("vault", "USDC", debt)]);
    Ok(())
}

#[test]
fn pitfall_36_only_roles_do_what_roles_do_and_the_guardian_only_tightens() -> Tested {
    let mut world = levered();
    let (_, takes_none) = messages(&world);
    let role_of = |name: &str| match name {
        "update_market" | "update_params" | "collect_reserve" | "update_ownership" => Some("owner"),
        "pause" | "unpause" | "cancel" => Some("guardian"),
        _ => None,
    };
    for (name, message) in takes_none {
        let Some(role) = role_of(name) else { continue };
        for sender in ["owner", "guardian", "mallory"]
            .into_iter()
            .filter(|who| *who != role)
            // The owner may drop its own changes.
            .filter(|who| (*who, name) != ("owner", "cancel"))
        {
            let fields = json!({"sender": world.address(sender), "role": role});
            refused(
                world.execute(sender, message.clone(), Vec::new()),
                "unauthorized",
                fields,
            );
        }
    }
    // What the guardian can do moves no token and no margin.
    let before = (world.margin("alice")?, Purses::of(&world));
    use PausableAction::{Borrow, Deposit, Withdraw};
    world.pause(None, &[Deposit, Borrow, Withdraw])?;
    assert_eq!(world.margin("alice")?, before.0);
    before.1.assert_moved(&world, &[]);
    Ok(())
}

#[test]
fn pitfall_37_addresses_that_are_not_in_canonical_form_are_refused() -> Tested {
    let mut world = levered();
    world.deposit("alice", "USDC", 1_000)?;
    let good = world.address("bob").into_string();
    let mixed = good.replacen("bulwark1", "Bulwark1", 1);
    let foreign = "cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a".to_owned();
    for bad in [
        mixed,
        good.to_uppercase(),
        good[..good.len() - 1].to_owned(),
        foreign,
        String::new(),
    ] {
        let account = || AccountRef {
            owner: bad.clone(),
            id: 0,
        };
        let asset = world.asset("USDC");
        let coin = world.coins("USDC", 1)?;
        let amount = Some(Amount(1));
        let to = Some(bad.clone());
        let seize = world.asset("ATOM");
        let liquidate = |account, to| ExecuteMsg::Liquidate {
            account,
            seize: seize.clone(),
            min_seized: None,
            receive: None,
            to,
            debt: None,
            callback: None,
        };
        let alice = AccountRef {
            owner: world.address("alice").into_string(),
            id: 0,
        };
        let oracle = OracleConfig {
            address: bad.clone(),
            mode: OracleMode::Raw,
        };
        let mut sent: Vec<(&str, ExecuteMsg, Vec<Coin>)> = vec![
            (
                "alice",
                ExecuteMsg::Deposit {
                    account: Some(account()),
                    lend: None,
                },
                coin.clone(),
            ),
            (
                "alice",
                ExecuteMsg::Repay {
                    account: Some(account()),
                },
                coin.clone(),
            ),
            ("alice", liquidate(account(), None), coin.clone()),
            ("alice", liquidate(alice, Some(account())), coin),
        ];
        let bare = [
            (
                "alice",
                ExecuteMsg::Withdraw {
                    account: None,
                    asset: asset.clone(),
                    amount,
                    to: to.clone(),
                },
            ),
            (
                "alice",
                ExecuteMsg::Withdraw {
                    account: Some(account()),
                    asset: asset.clone(),
                    amount,
                    to: None,
                },
            ),
            (
                "alice",
                ExecuteMsg::Lend {
                    account: Some(account()),
                    asset: asset.clone(),
                    amount,
                },
            ),
            (
                "alice",
                ExecuteMsg::Recall {
                    account: Some(account()),
                    asset: asset.clone(),
                    amount,
                },
            ),
            (
                "alice",
                ExecuteMsg::Borrow {
                    account: None,
                    asset: asset.clone(),
                    amount: Amount(1),
                    to,
                },
            ),
            (
                "alice",
                ExecuteMsg::Transfer {
                    account: None,
                    to: account(),
                    asset: asset.clone(),
                    amount,
                },
            ),
            ("alice", ExecuteMsg::WriteOff { account: account() }),
            (
                "owner",
                ExecuteMsg::CollectReserve {
                    asset,
                    amount: None,
                    to: bad.clone(),
                },
            ),
            (
                "owner",
                ExecuteMsg::UpdateOwnership(OwnershipAction::Propose { owner: bad.clone() }),
            ),
            (
                "owner",
                ExecuteMsg::UpdateParams(ParametersUpdate {
                    oracle: Some(oracle),
                    ..Default::default()
                }),
            ),
            (
                "owner",
                ExecuteMsg::UpdateParams(ParametersUpdate {
                    guardian: Some(bad.clone()),
                    ..Default::default()
                }),
            ),
        ];
        sent.extend(bare.map(|(sender, message)| (sender, message, Vec::new())));
        for (sender, message, funds) in sent {
            refused_as(world.execute(sender, message, funds), "std");
        }
        refused_as(
            world.query::<serde_json::Value>(&QueryMsg::Margin { account: account() }),
            "std",
        );
        let owned = QueryMsg::Accounts {
            owner: Some(bad.clone()),
            start_after: None,
            limit: None,
        };
        refused_as(world.query::<serde_json::Value>(&owned), "std");
        for edit in [
            |m: &mut bulwark_types::vault::InstantiateMsg, bad: String| m.owner = bad,
            |m: &mut bulwark_types::vault::InstantiateMsg, bad: String| m.guardian = Some(bad),
            |m: &mut bulwark_types::vault::InstantiateMsg, bad: String| m.oracle.address = bad,
        ] {
            let text = bad.clone();
            let built = World::builder()
                .with_instantiate(move |m| edit(m, text))
                .build();
            refused_as(built.map(|_| "built"), "std");
        }
    }
    Ok(())
}

#[test]
fn pitfall_38_pages_are_clamped_and_together_hold_everything() -> Tested {
    let coins = (0..105).map(|number| interest_free(MarketSpec::crypto(&format!("COIN{number}"))));
    let mut world = world_of(coins).build()?;
    for id in 0..105 {
        world.deposit(("alice", id), "COIN0", 1)?;
        world.deposit(("bob", id), "COIN1", 1)?;
    }
    // No wish gives 30, a large one 100, and none at all still moves on.
    for (wish, length) in [
        (None, 30),
        (Some(0), 1),
        (Some(1), 1),
        (Some(100), 100),
        (Some(u32::MAX), 100),
    ] {
        let markets: MarketsResponse = world.query(&QueryMsg::Markets {
            start_after: None,
            limit: wish,
        })?;
        assert_eq!(markets.markets.len(), length);
        let solvency: SolvencyResponse = world.query(&QueryMsg::Solvency {
            asset: None,
            start_after: None,
            limit: wish,
        })?;
        assert_eq!(solvency.assets.len(), length);
        let accounts: AccountsResponse = world.query(&QueryMsg::Accounts {
            owner: None,
            start_after: None,
            limit: wish,
        })?;
        assert_eq!(accounts.accounts.len(), length);
    }
    for limit in [1, 7, 100] {
        for owner in [None, Some(world.address("alice").into_string())] {
            let mut seen = BTreeSet::new();
            let mut start_after = None;
            loop {
                let page: AccountsResponse = world.query(&QueryMsg::Accounts {
                    owner: owner.clone(),
                    start_after,
                    limit: Some(limit),
                })?;
                for account in page.accounts {
                    assert!(seen.insert(account.account), "twice");
                }
                start_after = page.next;
                if start_after.is_none() {
                    break;
                }
            }
            let expected = if owner.is_some() { 105 } else { 210 };
            assert_eq!(seen.len(), expected, "by {limit} of {owner:?}");
        }
    }
    Ok(())
}

#[test]
fn pitfall_38_no_page_cuts_off_a_health_check() -> Tested {
    // The debt is the last of the holdings: a margin that stopped early would not see it.
    let coins = (0..19).map(|number| interest_free(MarketSpec::crypto(&format!("COIN{number}"))));
    let mut world = world_of(coins.chain([interest_free(MarketSpec::usd("USDC"))])).build()?;
    world.deposit_lent("carol", "USDC", 1_000_000)?;
    for number in 0..19 {
        world.deposit("alice", &format!("COIN{number}"), 100)?;
    }
    let room = world.max_borrow("alice", "USDC")?;
    world.borrow("alice", "USDC", room)?;
    let margin = world.margin("alice")?;
    assert_eq!(margin.holdings.len(), 20);
    assert_eq!(margin.debts.0, signed(room) * 10_i128.pow(12));
    let more: Answer = world.borrow("alice", "USDC", 1);
    refused_as(more, "below_initial_margin");
    refused_as(world.withdraw("alice", "COIN0", 1), "below_initial_margin");
    Ok(())
}

#[test]
fn pitfall_39_overflow_checks_are_on_in_every_profile() {
    let manifest = include_str!("../../Cargo.toml");
    let release = manifest
        .split("\n[")
        .find(|section| section.starts_with("profile.release]"))
        .expect("a release profile");
    assert!(
        release
            .lines()
            .any(|line| line.trim() == "overflow-checks = true"),
        "{release}"
    );
    assert!(!manifest.contains("overflow-checks = false"));
    let wasm = manifest
        .split("\n[")
        .find(|section| section.starts_with("profile.wasm]"))
        .expect("the profile of what chains store");
    assert!(wasm.contains("inherits = \"release\""), "{wasm}");
    // And in the profile that runs this.
    let most = std::hint::black_box(u8::MAX);
    let sum = std::panic::catch_unwind(|| most + std::hint::black_box(1));
    assert!(sum.is_err(), "an overflow passed");
}

#[test]
fn pitfall_37_nothing_is_sent_to_the_vault_itself() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 10)?;
    let vault: Addr = world.vault().clone();
    let (asset, to) = (world.asset("ATOM"), Some(vault.to_string()));
    let message = ExecuteMsg::Withdraw {
        account: None,
        asset,
        amount: None,
        to,
    };
    let fields = json!({ "recipient": vault });
    refused(
        world.execute("alice", message, Vec::new()),
        "invalid_recipient",
        fields,
    );
    Ok(())
}

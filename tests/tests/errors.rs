//! Every typed error that the vault can answer is provoked once, by name and offending values.
//!
//! The names are read out of the sources of the error types, so a variant that is added without
//! a case fails here.

use std::collections::{BTreeMap, BTreeSet};

use crate::errors_support::{Provoked, calls, case, operators, tokens};
use crate::pitfall_support::{Answer, fraction};
use bulwark_risk::interest::InterestModel;
use bulwark_risk::units::{Amount, Fraction};
use bulwark_testing::error::variants;
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{
    falls, funded, interest_free, levered, standard_markets, supply, underwater, world_of,
};
use bulwark_types::governance::OwnershipAction;
use bulwark_types::vault::{
    AccountRef, ExecuteMsg, FamilyListing, Limits, MarketListing, MarketUpdate, MigrateMsg,
    PausableAction, QueryMsg, Receive,
};
use bulwark_types::wire::WireError;
use cosmwasm_std::testing::{mock_dependencies, mock_env};
use serde_json::{Value, json};

/// Errors of the arithmetic that no message can provoke, and why.
const OUT_OF_REACH: [(&str, &str); 1] = [(
    "division_by_zero",
    "prices of zero are refused by the oracle and by the vault before anything is divided",
)];

const SOURCES: [(&str, &str); 4] = [
    (
        "ContractError",
        include_str!("../../contracts/vault/src/error.rs"),
    ),
    (
        "GovernanceError",
        include_str!("../../packages/types/src/governance/mod.rs"),
    ),
    (
        "MigrationError",
        include_str!("../../packages/types/src/migration.rs"),
    ),
    (
        "RiskError",
        include_str!("../../packages/risk/src/error.rs"),
    ),
];

fn denom(world: &World, symbol: &str) -> String {
    world.asset(symbol)
}

fn execute(world: &mut World, sender: &str, message: ExecuteMsg) -> Answer {
    world.execute(sender, message, Vec::new())
}

fn limits(world: &mut World, asset: &str, change: impl Fn(&mut Limits)) {
    let mut limits = world.market(asset).unwrap().limits;
    change(&mut limits);
    let update = MarketUpdate {
        limits: Some(limits),
        ..MarketUpdate::default()
    };
    let asset = world.asset(asset);
    execute(world, "owner", ExecuteMsg::UpdateMarket { asset, update }).unwrap();
}

/// A listing like ATOM's.
fn listing(world: &World, asset: &str) -> MarketListing {
    let market = world.market("ATOM").unwrap();
    MarketListing {
        asset: asset.into(),
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

/// Accounts, amounts, owners.
fn refusals_of_accounts() -> Vec<Provoked> {
    let mut world = levered();
    let [alice, mallory] = ["alice", "mallory"].map(|name| world.address(name).into_string());
    let [atom, usdc, btc] = ["ATOM", "USDC", "BTC"].map(|symbol| world.asset(symbol));
    let nothing = Amount::ZERO;
    let hers = Some(AccountRef {
        owner: alice.clone(),
        id: 0,
    });
    let stolen = ExecuteMsg::Withdraw {
        account: hers,
        asset: atom.clone(),
        amount: None,
        to: None,
    };
    let to_vault = ExecuteMsg::Withdraw {
        account: None,
        asset: atom.clone(),
        amount: Some(Amount(1)),
        to: Some(world.vault().to_string()),
    };
    world.mint("bob", "ujunk", Amount(1)).unwrap();
    vec![
        case(
            "unknown_market",
            json!({"asset": "ujunk"}),
            world.deposit("bob", "ujunk", Amount(1)),
        ),
        case(
            "wrong_funds",
            json!({"expected": "exactly one coin", "sent": []}),
            execute(&mut world, "bob", ExecuteMsg::Repay { account: None }),
        ),
        case(
            "zero_amount",
            json!({"asset": atom}),
            world.withdraw("alice", "ATOM", nothing),
        ),
        case(
            "not_account_owner",
            json!({"sender": mallory, "owner": alice, "id": 0}),
            execute(&mut world, "mallory", stolen),
        ),
        case(
            "foreign_asset",
            json!({"asset": btc, "owner": alice, "id": 0}),
            world.deposit_for("mallory", "alice", "BTC", 1),
        ),
        case(
            "no_deposit",
            json!({"asset": btc}),
            world.withdraw("alice", "BTC", 1),
        ),
        case(
            "no_debt",
            json!({"asset": btc}),
            world.repay("alice", "BTC", 1),
        ),
        case(
            "insufficient_deposit",
            json!({"asset": atom, "available": "100000000", "requested": "101000000"}),
            world.withdraw("alice", "ATOM", 101),
        ),
        case(
            "borrow_of_deposit",
            json!({"asset": atom}),
            world.borrow("alice", "ATOM", 1),
        ),
        case(
            "same_account",
            json!({"owner": alice, "id": 0}),
            world.transfer("alice", "alice", "ATOM", 1),
        ),
        case(
            "invalid_recipient",
            json!({"recipient": world.vault()}),
            execute(&mut world, "alice", to_vault),
        ),
        case(
            "not_liquidatable",
            {
                let margin = world.margin("alice").unwrap();
                json!({"owner": alice, "id": 0, "equity": margin.equity, "maintenance": margin.maintenance})
            },
            world.liquidate("keeper", "alice", "USDC", 1, "ATOM"),
        ),
        case(
            "not_write_off",
            {
                let margin = world.margin("alice").unwrap();
                json!({"equity": margin.equity, "deposits": margin.deposits, "dust_value": "50"})
            },
            world.write_off("bob", "alice"),
        ),
        case(
            "list_length",
            json!({"length": 0, "limit": 32}),
            execute(&mut world, "bob", ExecuteMsg::Accrue { assets: vec![] }),
        ),
        case(
            "duplicate_entry",
            json!({"entry": usdc}),
            execute(
                &mut world,
                "bob",
                ExecuteMsg::Accrue {
                    assets: vec![usdc.clone(), usdc.clone()],
                },
            ),
        ),
        case(
            "std",
            Value::Null,
            world.query::<Value>(&QueryMsg::Margin {
                account: AccountRef {
                    owner: "x".into(),
                    id: 0,
                },
            }),
        ),
    ]
}

/// Places, caps, limits, flags, pauses.
fn refusals_of_room() -> Vec<Provoked> {
    let mut cases = Vec::new();
    let mut world = world_of(standard_markets().map(interest_free))
        .with_parameters(|parameters| parameters.max_holdings = 2)
        .build()
        .unwrap();
    supply(&mut world, "USDC", 1_000);
    world.deposit("alice", "ATOM", 1_000).unwrap();
    world.deposit("alice", "BTC", 1).unwrap();
    cases.push(case(
        "too_many_holdings",
        json!({"asset": denom(&world, "USDC"), "limit": 2}),
        world.borrow("alice", "USDC", 1),
    ));
    world.withdraw_all("alice", "BTC").unwrap();
    let usdc = denom(&world, "USDC");
    cases.push(case(
        "counterparty_limit",
        json!({"asset": usdc, "limit": "250000000", "debt": "250000001"}),
        world.borrow("alice", "USDC", "250.000001"),
    ));
    limits(&mut world, "USDC", |limits| {
        limits.max_utilisation = Fraction::percent(10)
    });
    cases.push(case(
        "utilisation_limit",
        json!({"asset": usdc, "limit": "0.1", "utilisation": "0.2"}),
        world.borrow("alice", "USDC", 200),
    ));
    limits(&mut world, "USDC", |limits| limits.borrow_cap = Amount(7));
    cases.push(case(
        "borrow_cap",
        json!({"asset": usdc, "cap": "7", "total": "8"}),
        world.borrow("alice", "USDC", Amount(8)),
    ));
    limits(&mut world, "USDC", |limits| {
        limits.deposit_cap = Amount(1_000_000_005)
    });
    cases.push(case(
        "deposit_cap",
        json!({"asset": usdc, "cap": "1000000005", "total": "1000000006"}),
        world.deposit("bob", "USDC", Amount(6)),
    ));
    let until = world.now() + 72 * 3_600;
    world.pause(None, &[PausableAction::Deposit]).unwrap();
    cases.push(case(
        "paused",
        json!({"action": "deposit", "asset": usdc, "until": until}),
        world.deposit("bob", "USDC", Amount(1)),
    ));

    let mut world = levered();
    let off = MarketUpdate {
        deposit_enabled: Some(false),
        borrow_enabled: Some(false),
        ..MarketUpdate::default()
    };
    let usdc = denom(&world, "USDC");
    let message = ExecuteMsg::UpdateMarket {
        asset: usdc.clone(),
        update: off,
    };
    execute(&mut world, "owner", message).unwrap();
    cases.push(case(
        "deposit_disabled",
        json!({"asset": usdc}),
        world.deposit("bob", "USDC", 1),
    ));
    cases.push(case(
        "borrow_disabled",
        json!({"asset": usdc}),
        world.borrow("alice", "USDC", 1),
    ));

    // Cash: carol cannot recall what is lent out.
    cases.push(case(
        "insufficient_cash",
        json!({"asset": usdc, "available": "999200000000", "requested": "999200000001"}),
        world.withdraw("carol", "USDC", Amount(999_200_000_001)),
    ));
    cases
}

/// Margin and prices.
fn refusals_of_margin() -> Vec<Provoked> {
    let mut cases = Vec::new();
    let mut world = levered();
    let error = world.borrow("alice", "USDC", 500);
    // What she would have: 1,000 − 1,300 at opening prices, 0.1 % apart from mid.
    let fields: Value = serde_json::from_str(&error.as_ref().unwrap_err().fields).unwrap();
    assert_eq!(fields["equity_open"], "-302.3");
    cases.push(case("below_initial_margin", fields, error));
    world.advance(121);
    cases.push(case(
        "price_not_openable",
        json!({"asset": denom(&world, "USDC"), "status": "ok", "stale": true}),
        world.borrow("alice", "USDC", 1),
    ));

    // A feed without a first price.
    let mut world = levered();
    let feed = bulwark_testing::defaults::feed(Fraction::percent(4));
    let set_feed = bulwark_types::oracle::ExecuteMsg::SetFeed {
        asset: "factory/new".into(),
        feed,
    };
    world.execute_oracle("owner", set_feed).unwrap();
    let new = listing(&world, "factory/new");
    cases.push(case(
        "no_price",
        json!({"asset": "factory/new"}),
        execute(&mut world, "owner", ExecuteMsg::ListMarket(new)),
    ));

    // More than 10^15 USD, more than 2^104 units.
    let most = Amount(1 << 100);
    let huge = MarketSpec::crypto("HUGE")
        .with_decimals(18)
        .with_price(1_000)
        .with_liquidity(most);
    let mut world = world_of([MarketSpec::usd("USDC"), huge]).build().unwrap();
    supply(&mut world, "USDC", 1_000);
    world.mint("alice", "HUGE", Amount(1 << 105)).unwrap();
    cases.push(case(
        "amount_too_large",
        json!({"amount": (1_u128 << 104).to_string()}),
        world.deposit("alice", "HUGE", Amount(1 << 104)),
    ));
    world.deposit("alice", "HUGE", most).unwrap();
    cases.push(case(
        "value_too_large",
        json!({"usd": "1267650600228229"}),
        world.borrow("alice", "USDC", 1),
    ));
    cases
}

/// Liquidation and bad debt.
fn refusals_of_liquidation() -> Vec<Provoked> {
    let mut cases = Vec::new();
    let mut world = underwater();
    let [atom, usdc] = ["ATOM", "USDC"].map(|symbol| world.asset(symbol));
    let alice = AccountRef {
        owner: world.address("alice").into_string(),
        id: 0,
    };
    let shown = world
        .simulate_liquidation("alice", "USDC", 10, "ATOM")
        .unwrap()
        .tokens;
    let message = ExecuteMsg::Liquidate {
        account: alice,
        seize: atom.clone(),
        min_seized: Some(Amount(shown.0 + 5)),
        receive: Some(Receive::Tokens),
        to: None,
        debt: None,
        callback: None,
    };
    let funds = world.coins("USDC", 10).unwrap();
    cases.push(case(
        "too_little_seized",
        json!({"min_seized": (shown.0 + 5).to_string(), "seized": shown}),
        world.execute("keeper", message, funds),
    ));
    world.advance(200);
    world.post(&[("USDC", "1")]).unwrap();
    cases.push(case(
        "pair_unpriced",
        json!({"debt": usdc, "seize": atom}),
        world.liquidate("keeper", "alice", "USDC", 10, "ATOM"),
    ));

    // One smallest unit of the deposit is worth ten dollars: a cent buys none.
    let whole = MarketSpec::crypto("WHOLE").with_decimals(0).with_price(10);
    let mut world = world_of([MarketSpec::usd("USDC"), whole].map(interest_free))
        .build()
        .unwrap();
    supply(&mut world, "USDC", 10_000);
    world.deposit("alice", "WHOLE", 100).unwrap();
    world.borrow("alice", "USDC", 800).unwrap();
    falls(&mut world, &[("WHOLE", "9.5")]);
    cases.push(case(
        "nothing_seized",
        json!({"seize": denom(&world, "WHOLE"), "repaid": "10000"}),
        world.liquidate("keeper", "alice", "USDC", "0.01", "WHOLE"),
    ));

    // The hedge of a short is not the leg to seize for a small debt of another kind.
    let markets = [
        MarketSpec::usd("USDC"),
        MarketSpec::usd("DAI"),
        MarketSpec::crypto("ATOM").with_price(10),
        MarketSpec::crypto("ETH").with_price(2_000),
    ];
    let mut world = world_of(markets.map(interest_free)).build().unwrap();
    supply(&mut world, "DAI", 1_000_000);
    supply(&mut world, "ATOM", 100_000);
    world.deposit("alice", "ETH", 3).unwrap();
    world.deposit("alice", "USDC", 10_000).unwrap();
    world.borrow("alice", "ATOM", 1_200).unwrap();
    world.borrow("alice", "DAI", 1_000).unwrap();
    falls(&mut world, &[("ATOM", "11.2")]);
    cases.push(case(
        "ratio_not_raised",
        json!({"debt": denom(&world, "DAI"), "seize": denom(&world, "ETH")}),
        world.liquidate("keeper", "alice", "DAI", 500, "ETH"),
    ));

    // A pool that one debtor may use up, whose debt nobody pays.
    let usdc = MarketSpec::usd("USDC").with_listing(|listing| {
        listing.limits.max_utilisation = Fraction::ONE;
        listing.limits.counterparty_share = Fraction::ONE;
    });
    let atom = MarketSpec::crypto("ATOM").with_price(10);
    let mut world = world_of([usdc, atom].map(interest_free)).build().unwrap();
    supply(&mut world, "USDC", 700);
    world.deposit("alice", "ATOM", 100).unwrap();
    world.borrow("alice", "USDC", 700).unwrap();
    falls(&mut world, &[("ATOM", "0.0001")]);
    world.write_off("bob", "alice").unwrap();
    cases.push(case(
        "wiped_out",
        json!({"asset": denom(&world, "USDC")}),
        world.deposit_lent("bob", "USDC", 1),
    ));

    // Shares that have become dear.
    let atom = MarketSpec::crypto("ATOM")
        .with_price(10)
        .with_listing(|listing| {
            listing.interest = InterestModel::Kinked {
                base: fraction("9"),
                slope: Fraction::ZERO,
                steep_slope: Fraction::ZERO,
                optimal: Fraction::percent(80),
            };
        });
    let mut world = world_of([atom, MarketSpec::crypto("ETH").with_price(2_000)])
        .build()
        .unwrap();
    supply(&mut world, "ATOM", Amount(400));
    world.deposit("alice", "ETH", 1).unwrap();
    world.borrow("alice", "ATOM", Amount(100)).unwrap();
    for _ in 0..24 {
        world.advance(3_153_600);
        world.accrue(&["ATOM"]).unwrap();
    }
    cases.push(case(
        "zero_shares",
        json!({"asset": denom(&world, "ATOM"), "amount": "1"}),
        world.deposit_lent("bob", "ATOM", Amount(1)),
    ));
    cases
}

/// Roles, waiting, configuration.
fn refusals_of_governance() -> Vec<Provoked> {
    let mut cases = Vec::new();
    let mut world = funded();
    let mallory = world.address("mallory").into_string();
    let atom = denom(&world, "ATOM");
    let same = listing(&world, &atom);
    let mut odd = listing(&world, "factory/new");
    odd.decimals = 19;
    let message = ExecuteMsg::ListMarket(same);
    cases.push(case(
        "market_exists",
        json!({"asset": atom}),
        execute(&mut world, "owner", message),
    ));
    cases.push(case(
        "invalid_config",
        json!({"field": "decimals", "value": "19", "bound": "must be at most 18"}),
        execute(&mut world, "owner", ExecuteMsg::ListMarket(odd)),
    ));
    let risk = |world: &World, extra: Fraction| {
        let risk = bulwark_risk::haircut::AssetRisk {
            extra_haircut: extra,
            ..world.market("ATOM").unwrap().risk
        };
        let update = MarketUpdate {
            risk: Some(risk),
            ..MarketUpdate::default()
        };
        ExecuteMsg::UpdateMarket {
            asset: world.asset("ATOM"),
            update,
        }
    };
    let message = risk(&world, fraction("0.5"));
    cases.push(case(
        "config",
        json!({
            "field": "extra_haircut",
            "value": "0.58",
            "bound": "extra_haircut + size_cap must be at most extra_max"
        }),
        execute(&mut world, "owner", message),
    ));
    let message = risk(&world, Fraction(u128::MAX));
    cases.push(case(
        "overflow",
        json!({"operation": "a sum (Fraction)"}),
        execute(&mut world, "owner", message),
    ));
    let accept = ExecuteMsg::UpdateOwnership(OwnershipAction::Accept {});
    cases.push(case(
        "no_pending_owner",
        json!({}),
        execute(&mut world, "bob", accept),
    ));
    cases.push(case(
        "unauthorized",
        json!({"sender": mallory, "role": "guardian"}),
        execute(&mut world, "mallory", ExecuteMsg::Cancel { change: 9 }),
    ));
    cases.push(case(
        "unknown_change",
        json!({"change": 9}),
        execute(&mut world, "mallory", ExecuteMsg::Apply { change: 9 }),
    ));
    world.pause(None, &[PausableAction::Borrow]).unwrap();
    let rested = world.now() + (72 + 7 * 24) * 3_600;
    world.advance(80 * 3_600);
    cases.push(case(
        "cooling_down",
        json!({"until": rested, "now": world.now()}),
        world.pause(None, &[PausableAction::Borrow]),
    ));

    let mut world = world_of(standard_markets())
        .with_owner_delay(1_000)
        .build()
        .unwrap();
    let update = MarketUpdate {
        borrow_enabled: Some(true),
        ..MarketUpdate::default()
    };
    let asset = world.asset("ATOM");
    let response = execute(
        &mut world,
        "owner",
        ExecuteMsg::UpdateMarket { asset, update },
    )
    .unwrap();
    let moved: bulwark_types::events::ChangeMoved = bulwark_testing::events_of(&response).remove(0);
    world.advance(999);
    cases.push(case(
        "change_not_ready",
        json!({"change": moved.change, "ready_at": moved.ready_at, "now": moved.ready_at - 1}),
        execute(
            &mut world,
            "bob",
            ExecuteMsg::Apply {
                change: moved.change,
            },
        ),
    ));

    world.advance(1 + 14 * 86_400 + 1);
    cases.push(case(
        "change_expired",
        json!({
            "change": moved.change,
            "expires_at": moved.ready_at + 14 * 86_400,
            "now": world.now(),
        }),
        execute(
            &mut world,
            "bob",
            ExecuteMsg::Apply {
                change: moved.change,
            },
        ),
    ));
    cases
}

/// States that the code does not take over.
fn refusals_of_migration() -> Vec<Provoked> {
    use bulwark_vault::contract::{NAME, VERSION, migrate};
    let stored = [
        (
            "wrong_contract",
            ("other", "9.9.9"),
            json!({"expected": NAME, "found": "other"}),
        ),
        (
            "newer_state",
            (NAME, "999.0.0"),
            json!({"code": VERSION, "state": "999.0.0"}),
        ),
        (
            "no_migration_path",
            (NAME, "0.0.9"),
            json!({"code": VERSION, "state": "0.0.9"}),
        ),
        (
            "unreadable_version",
            (NAME, "one"),
            json!({"version": "one"}),
        ),
    ];
    stored
        .into_iter()
        .map(|(error, (contract, version), fields)| {
            let mut deps = mock_dependencies();
            cw2_version(&mut deps.storage, contract, version);
            let answer = migrate(deps.as_mut(), mock_env(), MigrateMsg {});
            let refusal = |error: Box<bulwark_vault::ContractError>| {
                WireError::find(&error.to_string()).expect("the form")
            };
            case(error, fields, answer.map_err(refusal))
        })
        .collect()
}

fn cw2_version(storage: &mut dyn cosmwasm_std::Storage, contract: &str, version: &str) {
    let info = json!({"contract": contract, "version": version});
    storage.set(b"contract_info", &serde_json::to_vec(&info).unwrap());
}

#[test]
fn every_error_is_provoked_by_name_with_its_values() {
    let mut provoked = BTreeMap::new();
    let all = [
        refusals_of_accounts(),
        refusals_of_room(),
        refusals_of_margin(),
        refusals_of_liquidation(),
        refusals_of_governance(),
        refusals_of_migration(),
        calls::refusals(),
        tokens::refusals(),
        operators::refusals(),
    ];
    for (name, expected, answer) in all.into_iter().flatten() {
        let error = answer.expect_err(name);
        assert_eq!(error.name, name, "{error:?}");
        assert!(
            error.sentence.len() > 10,
            "a sentence for people: {error:?}"
        );
        let found: Value = serde_json::from_str(&error.fields).unwrap();
        if expected.is_null() {
            // The library's own words differ from release to release.
            assert!(!found["detail"].as_str().unwrap().is_empty(), "{error:?}");
        } else {
            assert_eq!(found, expected, "{name}");
        }
        let twice = provoked.insert(name.to_owned(), ());
        assert!(twice.is_none(), "{name} has two cases");
    }
    let out_of_reach = OUT_OF_REACH.map(|(name, _)| name.to_owned());
    let declared: BTreeSet<String> = SOURCES
        .iter()
        .flat_map(|(name, source)| variants(name, source))
        .collect();
    let covered: BTreeSet<String> = provoked.into_keys().chain(out_of_reach).collect();
    assert_eq!(
        covered, declared,
        "every variant has a case, and every case a variant"
    );
}

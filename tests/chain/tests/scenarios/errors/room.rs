//! Refusals that need something to be set up first: limits, flags, falls of prices, other
//! contracts, delays.

use bulwark_chain::{Gas, Message};
use bulwark_chain_tests::{Bulwark, DEPLOYMENT, price, test_contract, units};
use bulwark_deploy::Deployment;
use bulwark_types::governance::PendingChange;
use bulwark_types::vault::Change;
use bulwark_types::{oracle, vault};
use cosmrs::AccountId;
use serde_json::{Value, json};

use super::{Case, Stage, refused, refused_at};

const OSMO: &str = "uosmo";
const USDT: &str = "uusdt";

/// More than any amount may be.
const TOO_MUCH: u128 = 1 << 104;

/// The largest of amounts, about, and of whole tokens worth more than anything may be.
const HUGE: u128 = 1 << 100;

async fn done(
    world: &Bulwark,
    sender: &str,
    contract: &str,
    message: Value,
    coin: Option<(u128, &str)>,
) {
    let sent = world.call(sender, contract, &message, coin).await;
    sent.unwrap_or_else(|error| panic!("{message}: {error}"));
}

fn borrow(amount: u128) -> Value {
    json!({"borrow": {"account": null, "asset": USDT, "amount": amount.to_string(), "to": null}})
}

fn withdraw(amount: u128) -> Value {
    json!({"withdraw": {"account": null, "asset": USDT, "amount": amount.to_string(), "to": null}})
}

fn deposit(lend: bool) -> Value {
    json!({"deposit": {"account": null, "lend": lend}})
}

/// A liquidation of carol's account.
fn liquidate(world: &Bulwark, more: Value) -> Value {
    let mut message = json!({
        "account": world.account("carol"), "seize": OSMO, "min_seized": null, "receive": null,
        "to": null, "debt": null, "callback": null,
    });
    for (field, value) in more.as_object().unwrap() {
        message[field] = value.clone();
    }
    json!({"liquidate": message})
}

pub async fn refuses(stage: &Stage) {
    limits(stage).await;
    tokens(stage).await;
    settings(stage).await;
    calls(stage).await;
    migrations(stage).await;
    falls(stage).await;
}

/// A limit and its value, who sends which message with what coin, and the error that comes.
type LimitCase = (
    &'static str,
    &'static str,
    &'static str,
    Value,
    Option<(u128, &'static str)>,
    &'static str,
);

/// Alice holds 10 OSMO and owes 4 USDT of the 1,000 that bob lends.
async fn limits(stage: &Stage) {
    let world = &stage.world;
    let vault = &world.vault.address;
    let set = |update: Value| json!({"update_market": {"asset": USDT, "update": update}});
    let found = vault::QueryMsg::Market { asset: USDT.into() };
    let found: vault::MarketResponse = world.vault.query(&found).await.unwrap();
    let before = serde_json::to_value(found.limits).unwrap();
    let cases: [LimitCase; 4] = [
        (
            "max_utilisation",
            "0.004",
            "alice",
            borrow(units(2)),
            None,
            "utilisation_limit",
        ),
        (
            "counterparty_share",
            "0.004",
            "alice",
            borrow(units(2)),
            None,
            "counterparty_limit",
        ),
        (
            "borrow_cap",
            "4000000",
            "alice",
            borrow(units(2)),
            None,
            "borrow_cap",
        ),
        (
            "deposit_cap",
            "1000",
            "bob",
            deposit(true),
            Some((1, USDT)),
            "deposit_cap",
        ),
    ];
    for (limit, value, sender, message, coin, expected) in cases {
        let mut limits = before.clone();
        limits[limit] = value.into();
        done(world, "owner", vault, set(json!({"limits": limits})), None).await;
        refused(stage, "vault", (sender, message, coin, expected)).await;
    }
    let closed = json!({"limits": before, "deposit_enabled": false, "borrow_enabled": false});
    done(world, "owner", vault, set(closed), None).await;
    let case = ("bob", deposit(true), Some((1, USDT)), "deposit_disabled");
    refused(stage, "vault", case).await;
    refused(
        stage,
        "vault",
        ("alice", borrow(1), None, "borrow_disabled"),
    )
    .await;
    let open = json!({"deposit_enabled": true, "borrow_enabled": true});
    done(world, "owner", vault, set(open), None).await;
    refused(
        stage,
        "vault",
        ("bob", withdraw(units(1_000)), None, "insufficient_cash"),
    )
    .await;
}

async fn settings(stage: &Stage) {
    let world = &stage.world;
    let vault = &world.vault.address;
    let mut operators = Vec::new();
    for number in 0..17 {
        let operator = AccountId::new("wasm", &[number; 20]).unwrap();
        operators.push(json!({"set_operator": {"operator": operator, "id": null, "expires": null, "revoke": null}}));
    }
    let last = operators.pop().unwrap();
    let alice = world.user("alice");
    let grant = |message| Message::execute(alice.address(), vault, message, vec![]).unwrap();
    let grants: Vec<Message> = operators.iter().map(grant).collect();
    alice.send(&grants, Gas::Simulated).await.unwrap();

    let listing = |asset: &str| {
        let deployment = Deployment::parse(DEPLOYMENT).unwrap();
        let listing = deployment.assets[0].market.as_ref().unwrap().listing(asset);
        json!({"list_market": listing})
    };
    let query = oracle::QueryMsg::Feed { asset: OSMO.into() };
    let found: oracle::FeedResponse = world.oracle.query(&query).await.unwrap();
    let unpriced = json!({"set_feed": {"asset": "unpriced", "feed": found.feed}});
    done(world, "owner", &world.oracle.address, unpriced, None).await;
    let risk = |extra: &str| {
        let risk =
            json!({"extra_haircut": extra, "liquidity": "5000000000000", "size_cap": "0.08"});
        json!({"update_market": {"asset": OSMO, "update": {"risk": risk}}})
    };
    let to_vault =
        json!({"withdraw": {"account": null, "asset": OSMO, "amount": "1", "to": vault}});
    let idle = json!({"deposit": {"asset": OSMO, "amount": "1", "lend": null}});
    let in_hand = json!({"batch": {"account": null, "actions": [idle]}});
    let half = liquidate(world, json!({"debt": {"asset": USDT, "amount": "1"}}));
    let largest = "340282366920938463463.374607431768211455";
    let cases: Vec<Case<'_>> = vec![
        ("alice", last, None, "too_many_operators"),
        ("owner", listing(OSMO), None, "market_exists"),
        ("owner", listing("unpriced"), None, "no_price"),
        ("owner", risk("0.5"), None, "config"),
        ("owner", risk(largest), None, "overflow"),
        ("alice", to_vault, None, "invalid_recipient"),
        ("alice", in_hand, None, "insufficient_hand"),
        ("keeper", half, None, "debt_without_callback"),
    ];
    for case in cases {
        refused(stage, "vault", case).await;
    }

    let halt = json!({"halt": {"asset": OSMO}});
    done(world, "carol", &world.oracle.address, halt, None).await;
    refused(
        stage,
        "vault",
        ("alice", borrow(1), None, "price_not_openable"),
    )
    .await;
    let resume = json!({"resume": {"asset": OSMO}});
    done(world, "carol", &world.oracle.address, resume, None).await;
    // What was halted stays so until somebody posts.
    world.post(OSMO, "10").await;
}

/// A contract that sends a message when it is called.
async fn contract_that_sends(world: &Bulwark, contract: &str, message: &Value) -> String {
    let odd = world
        .create(&test_contract("mischief"), &json!({}), "odd")
        .await;
    let msg = cosmwasm_std::to_json_binary(message).unwrap();
    let execute =
        json!({"wasm": {"execute": {"contract_addr": contract, "msg": msg, "funds": []}}});
    let set = json!({"set": {"on_call": [execute], "swallow": false}});
    done(world, "owner", &odd, set, None).await;
    odd
}

async fn calls(stage: &Stage) {
    let world = &stage.world;
    let accrue = json!({"accrue": {"assets": [USDT]}});
    let back = contract_that_sends(world, &world.vault.address, &accrue).await;
    let call = json!({"call": {"contract": back, "msg": "e30=", "funds": [], "returns": []}});
    let batch = json!({"batch": {"account": null, "actions": [call]}});
    refused(stage, "vault", ("alice", batch, None, "locked")).await;

    let caller = stage.caller().await;
    let run = |contract: &str| json!({"run": {"contract": contract, "msg": "e30=", "returns": []}});
    let again = contract_that_sends(world, &caller, &run(&back)).await;
    refused(
        stage,
        "caller",
        ("alice", run(&again), None, "runs_already"),
    )
    .await;
}

async fn tokens(stage: &Stage) {
    let world = &stage.world;
    let asset = world.token(1_000).await;
    let token = asset.strip_prefix("cw20:").unwrap().to_owned();
    let mut deployment = Deployment::parse(DEPLOYMENT).unwrap();
    let mut listed = deployment.assets[0].clone();
    listed.asset.clone_from(&asset);
    listed.first_price = Some(price("5"));
    let market = listed.market.as_mut().unwrap();
    let most = bulwark_risk::units::Amount(HUGE);
    market.risk.liquidity = most;
    (market.limits.deposit_cap, market.limits.borrow_cap) = (most, most);
    deployment.assets.push(listed);
    world.deploy(&deployment).await;

    let keeper = world.address("keeper");
    let mint = json!({"mint": {"recipient": keeper, "amount": (2 * TOO_MUCH).to_string()}});
    done(world, "owner", &token, mint, None).await;
    let send = |amount: u128, hook: Value| {
        let msg = cosmwasm_std::to_json_binary(&hook).unwrap();
        json!({"send": {"contract": world.vault.address, "amount": amount.to_string(), "msg": msg}})
    };
    let hook = || deposit(false);
    let case = (
        "keeper",
        send(1, json!({"withdraw": {}})),
        None,
        "malformed_hook",
    );
    refused_at(stage, "vault", &token, case).await;
    let case = ("keeper", send(TOO_MUCH, hook()), None, "amount_too_large");
    refused_at(stage, "vault", &token, case).await;
    let holdings = |most: u8| json!({"update_params": {"max_holdings": most}});
    done(world, "owner", &world.vault.address, holdings(2), None).await;
    let case = ("alice", send(1, hook()), None, "too_many_holdings");
    refused_at(stage, "vault", &token, case).await;
    done(world, "owner", &world.vault.address, holdings(20), None).await;
    let misbehave = |fee: u16| {
        json!({"misbehave": {"refuse_transfers": false, "fee_bps": fee, "claimed_amount": null,
            "claimed_sender": null, "claimed_balance": null, "on_transfer": []}})
    };
    done(world, "owner", &token, misbehave(100), None).await;
    let case = ("keeper", send(1_000, hook()), None, "token_short");
    refused_at(stage, "vault", &token, case).await;
    done(world, "owner", &token, misbehave(0), None).await;
    done(world, "keeper", &token, send(HUGE - 1, hook()), None).await;
    refused(
        stage,
        "vault",
        ("keeper", borrow(1), None, "value_too_large"),
    )
    .await;
}

/// Each contract is given the other's code.
async fn migrations(stage: &Stage) {
    let world = &stage.world;
    let contracts = [
        ("vault", &world.vault.address),
        ("oracle", &world.oracle.address),
    ];
    for ((_, contract), (of, other)) in contracts.into_iter().zip(contracts.into_iter().rev()) {
        let code_id = world.client.contract(other).await.unwrap().unwrap().code_id;
        let owner = world.user("owner");
        let migrate = Message::Migrate {
            sender: owner.address().into(),
            contract: contract.clone(),
            code_id,
            msg: b"{}".to_vec(),
        };
        let refused = owner.send(&[migrate], Gas::Simulated).await.unwrap_err();
        assert_eq!(refused.name(), Some("wrong_contract"), "{refused}");
        stage.note(of, "wrong_contract");
    }
}

/// Carol's collateral falls; then it is worth nothing, and a pool is wiped out.
async fn falls(stage: &Stage) {
    let world = &stage.world;
    let (vault, oracle) = (&world.vault.address, &world.oracle.address);
    done(
        world,
        "bob",
        vault,
        deposit(true),
        Some((units(20_000), USDT)),
    )
    .await;
    done(
        world,
        "carol",
        vault,
        deposit(false),
        Some((units(1_000), OSMO)),
    )
    .await;
    done(world, "carol", vault, borrow(units(6_000)), None).await;
    world.post(OSMO, "7").await;

    let picky = liquidate(world, json!({"min_seized": "999999999999"}));
    let case = (
        "keeper",
        picky,
        Some((units(10), USDT)),
        "too_little_seized",
    );
    refused(stage, "vault", case).await;
    // It is called once, which sends nothing on, and does not repay.
    let idle = world
        .create(&test_contract("mischief"), &json!({}), "idle")
        .await;
    let debt = json!({"asset": USDT, "amount": "10000000"});
    let callback = json!({"contract": idle, "data": "e30="});
    let unpaid = liquidate(world, json!({"debt": debt, "callback": callback}));
    refused(stage, "vault", ("keeper", unpaid, None, "not_repaid")).await;
    done(
        world,
        "carol",
        oracle,
        json!({"halt": {"asset": OSMO}}),
        None,
    )
    .await;
    let blind = liquidate(world, json!({}));
    let case = ("keeper", blind, Some((units(10), USDT)), "pair_unpriced");
    refused(stage, "vault", case).await;
    done(
        world,
        "carol",
        oracle,
        json!({"resume": {"asset": OSMO}}),
        None,
    )
    .await;

    // Everybody else leaves with what is left.
    let most = vault::QueryMsg::MaxWithdraw {
        account: world.account("bob"),
        asset: USDT.into(),
    };
    let most: vault::AmountResponse = world.vault.query(&most).await.unwrap();
    done(world, "bob", vault, withdraw(most.amount.0), None).await;
    world.post(OSMO, "0.0001").await;
    let write_off = |name: &str| json!({"write_off": {"account": world.account(name)}});
    done(world, "keeper", vault, write_off("alice"), None).await;
    done(world, "keeper", vault, write_off("carol"), None).await;
    refused(
        stage,
        "vault",
        ("alice", deposit(true), Some((1, USDT)), "wiped_out"),
    )
    .await;
}

/// Once changes have to wait, they do: the last thing that is tried.
pub async fn waits(stage: &Stage) {
    let world = &stage.world;
    let (vault, oracle) = (&world.vault.address, &world.oracle.address);
    let delay = json!({"update_params": {"owner_delay": 3600}});
    done(world, "owner", vault, delay, None).await;
    let change = json!({"update_params": {"max_holdings": 19}});
    done(world, "owner", vault, change, None).await;
    let list = vault::QueryMsg::Changes {
        start_after: None,
        limit: None,
    };
    let pending: Vec<PendingChange<Change>> = world.vault.query(&list).await.unwrap();
    let apply = json!({"apply": {"change": pending[0].id}});
    refused(stage, "vault", ("bob", apply, None, "change_not_ready")).await;

    let delay = json!({"update_config": {"guardian": null, "owner_delay": 3600}});
    done(world, "owner", oracle, delay, None).await;
    let feeders = [world.address("alice")];
    let change = json!({"update_feeders": {"feeders": feeders, "quorum": 1}});
    done(world, "owner", oracle, change, None).await;
    let list = oracle::QueryMsg::Changes {
        start_after: None,
        limit: None,
    };
    let pending: Vec<PendingChange<oracle::Change>> = world.oracle.query(&list).await.unwrap();
    let apply = json!({"apply": {"change": pending[0].id}});
    refused(stage, "oracle", ("bob", apply, None, "change_not_ready")).await;
}

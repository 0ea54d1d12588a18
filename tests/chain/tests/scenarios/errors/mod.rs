//! Refusals as they arrive from a chain: by simulation, in a block, and by query. Every typed error
//! that can be provoked there; [`declared`] lists the others, with why.

mod declared;
mod liquidator;
mod room;

use std::cell::RefCell;
use std::collections::BTreeSet;

use bulwark_chain::{ChainError, Gas, Message, Phase};
use bulwark_chain_tests::{Bulwark, price, units};
use bulwark_risk::units::{Amount, Fraction};
use bulwark_types::caller;
use bulwark_types::governance::OwnershipAction;
use bulwark_types::oracle::{self, PostedPrice};
use bulwark_types::vault::{
    AccountRef, ConfigResponse, ExecuteMsg, MarketUpdate, ParametersUpdate, PausableAction,
    QueryMsg, SimulateResponse,
};
use bulwark_types::wire::WireError;
use cosmwasm_std::Binary;
use serde_json::{Value, json};

/// Who sends what with which coin, and the name of the refusal.
type Case<'a> = (&'a str, Value, Option<(u128, &'a str)>, &'a str);

fn told(message: &ExecuteMsg) -> Value {
    serde_json::to_value(message).unwrap()
}

/// A network on which errors are provoked, and those that were.
struct Stage {
    world: Bulwark,
    /// Contract and name.
    seen: RefCell<BTreeSet<(&'static str, String)>>,
    /// What was refused for another reason than expected.
    wrong: RefCell<Vec<String>>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_arrives_typed() {
    let stage = Stage {
        world: Bulwark::up(1).await,
        seen: RefCell::default(),
        wrong: RefCell::default(),
    };
    let world = &stage.world;
    let deposit = |lend| ExecuteMsg::Deposit {
        account: None,
        lend,
    };
    world
        .execute("alice", deposit(None), Some((units(10), "uosmo")))
        .await
        .unwrap();
    world
        .execute("bob", deposit(Some(true)), Some((units(1_000), "uusdt")))
        .await
        .unwrap();
    let borrow = ExecuteMsg::Borrow {
        account: None,
        asset: "uusdt".into(),
        amount: Amount(units(4)),
        to: None,
    };
    world.execute("alice", borrow, None).await.unwrap();
    vault_refuses(&stage).await;
    room::refuses(&stage).await;
    oracle_refuses(&stage).await;
    caller_refuses(&stage).await;
    liquidator::refuses(&stage).await;
    queries_refuse(&stage).await;
    chain_refuses(world).await;
    room::waits(&stage).await;
    let wrong = stage.wrong.into_inner();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    declared::assert_complete(&stage.seen.into_inner());
}

async fn vault_refuses(stage: &Stage) {
    let world = &stage.world;
    let asset = || "uosmo".to_owned();
    let account = |name: &str| Some(world.account(name));
    let alice = || world.account("alice");
    let withdraw = |account, asset: &str, amount| {
        told(&ExecuteMsg::Withdraw {
            account,
            asset: asset.into(),
            amount: Some(Amount(amount)),
            to: None,
        })
    };
    let borrow = |asset: &str, amount| {
        told(&ExecuteMsg::Borrow {
            account: None,
            asset: asset.into(),
            amount: Amount(amount),
            to: None,
        })
    };
    let deposit = |account| {
        told(&ExecuteMsg::Deposit {
            account,
            lend: None,
        })
    };
    let transfer = ExecuteMsg::Transfer {
        account: None,
        to: alice(),
        asset: asset(),
        amount: None,
    };
    let liquidate = ExecuteMsg::Liquidate {
        account: alice(),
        seize: asset(),
        min_seized: None,
        receive: None,
        to: None,
        debt: None,
        callback: None,
    };
    let operator = |operator: &str, revoke, expires| {
        told(&ExecuteMsg::SetOperator {
            operator: operator.into(),
            id: None,
            expires,
            revoke,
        })
    };
    let batch = told(&ExecuteMsg::Batch {
        account: None,
        actions: vec![],
    });
    let accrue = ExecuteMsg::Accrue {
        assets: vec![asset(), asset()],
    };
    let factor = MarketUpdate {
        reserve_factor: Some(Fraction::percent(90)),
        ..MarketUpdate::default()
    };
    let update = ExecuteMsg::UpdateMarket {
        asset: asset(),
        update: factor,
    };
    let parameters = ExecuteMsg::UpdateParams(ParametersUpdate::default());
    let pause = ExecuteMsg::Pause {
        asset: None,
        actions: vec![PausableAction::Borrow],
    };
    let bob = world.address("bob");
    let own = world.address("alice");
    let osmo = Some((1, "uosmo"));
    let cases: Vec<Case<'_>> = vec![
        (
            "alice",
            deposit(None),
            Some((5, "ustake")),
            "unknown_market",
        ),
        ("alice", deposit(None), None, "wrong_funds"),
        ("bob", deposit(account("carol")), osmo, "foreign_asset"),
        (
            "bob",
            withdraw(account("alice"), "uosmo", 1),
            None,
            "not_account_owner",
        ),
        ("alice", withdraw(None, "uosmo", 0), None, "zero_amount"),
        (
            "alice",
            withdraw(None, "uosmo", units(11)),
            None,
            "insufficient_deposit",
        ),
        ("alice", withdraw(None, "uusdt", 1), None, "no_deposit"),
        ("alice", borrow("uosmo", 1), None, "borrow_of_deposit"),
        (
            "alice",
            borrow("uusdt", units(99)),
            None,
            "below_initial_margin",
        ),
        (
            "alice",
            told(&ExecuteMsg::Repay { account: None }),
            Some((1, "uosmo")),
            "no_debt",
        ),
        ("alice", told(&transfer), None, "same_account"),
        (
            "keeper",
            told(&liquidate),
            Some((1, "uusdt")),
            "not_liquidatable",
        ),
        (
            "alice",
            told(&ExecuteMsg::WriteOff { account: alice() }),
            None,
            "not_write_off",
        ),
        (
            "alice",
            operator(&own, None, None),
            None,
            "invalid_operator",
        ),
        (
            "alice",
            operator(&bob, Some(true), None),
            None,
            "unknown_operator",
        ),
        (
            "alice",
            operator(&bob, None, Some(1)),
            None,
            "expiry_passed",
        ),
        ("alice", batch, None, "list_length"),
        ("alice", told(&accrue), None, "duplicate_entry"),
        ("owner", told(&update), None, "invalid_config"),
        ("alice", told(&parameters), None, "unauthorized"),
        ("alice", told(&pause), None, "unauthorized"),
        (
            "alice",
            told(&ExecuteMsg::Apply { change: 9 }),
            None,
            "unknown_change",
        ),
        (
            "alice",
            told(&ExecuteMsg::UpdateOwnership(OwnershipAction::Accept {})),
            None,
            "no_pending_owner",
        ),
        ("alice", operator("nobody", None, None), None, "std"),
    ];
    for case in cases {
        refused(stage, "vault", case).await;
    }
    let carol = "carol";
    let paused = told(&ExecuteMsg::Pause {
        asset: None,
        actions: vec![PausableAction::Deposit],
    });
    world
        .call(carol, &world.vault.address, &paused, None)
        .await
        .unwrap();
    let case = ("alice", deposit(None), osmo, "paused");
    refused(stage, "vault", case).await;
    let unpause = json!({"unpause": {"asset": null, "actions": ["deposit"]}});
    let sent = world.call(carol, &world.vault.address, &unpause, None);
    sent.await.unwrap();
}

async fn oracle_refuses(stage: &Stage) {
    let world = &stage.world;
    let post = |asset: &str, usd: &str, published_at| {
        let price = price(usd);
        let posted = PostedPrice {
            asset: asset.into(),
            price,
            conf: None,
            published_at,
        };
        let prices = vec![posted];
        serde_json::to_value(oracle::ExecuteMsg::PostPrices { prices }).unwrap()
    };
    let now = world.client.latest_block().await.unwrap().time;
    let halt = json!({"halt": {"asset": "uosmo"}});
    let query = oracle::QueryMsg::Feed {
        asset: "uosmo".into(),
    };
    let found: oracle::FeedResponse = world.oracle.query(&query).await.unwrap();
    let listed = found.posts[0].published_at;
    let one =
        |asset: &str| json!({"asset": asset, "price": "1", "conf": null, "published_at": now});
    let unsure = json!({"asset": "uosmo", "price": "1", "conf": "2", "published_at": now});
    let many: Vec<String> = (0..31).map(|number| format!("u{number}")).collect();
    let alice = world.address("alice");
    let feed = serde_json::to_value(found.feed).unwrap();
    let with = |field: &str, value: Value| {
        let mut feed = feed.clone();
        feed[field] = value;
        feed
    };
    let no_source = with("sources", json!([]));
    let no_rise = with("volatility_speed", json!({"rise": "0", "fall": "0.0005"}));
    let mut fixed = with("sources", json!([{"fixed": {"price": "1"}}]));
    fixed["depositable"] = false.into();
    let set_feed = |asset: &str, feed: &Value| json!({"set_feed": {"asset": asset, "feed": feed}});
    let fixed_feed = set_feed("ufixed", &fixed);
    let sent = world.call("owner", &world.oracle.address, &fixed_feed, None);
    sent.await.unwrap();
    let cases: Vec<Case<'_>> = vec![
        ("alice", post("uosmo", "1", now), None, "unauthorized"),
        ("feeder-1", post("none", "1", now), None, "unknown_feed"),
        (
            "feeder-1",
            post("uosmo", "0", now),
            None,
            "price_out_of_range",
        ),
        (
            "feeder-1",
            post("uosmo", "1", now + 999),
            None,
            "future_post",
        ),
        ("feeder-1", post("uosmo", "1", 1), None, "stale_post"),
        (
            "feeder-1",
            json!({"post_prices": {"prices": []}}),
            None,
            "nothing_posted",
        ),
        ("feeder-1", halt, Some((1, "uosmo")), "funds_sent"),
        (
            "alice",
            json!({"refresh": {"assets": ["uosmo"]}}),
            None,
            "not_refreshed",
        ),
        (
            "alice",
            json!({"refresh": {"assets": []}}),
            None,
            "nothing_refreshed",
        ),
        (
            "carol",
            json!({"resume": {"asset": "uosmo"}}),
            None,
            "not_halted",
        ),
        (
            "owner",
            json!({"update_feeders": {"feeders": [], "quorum": 1}}),
            None,
            "invalid_config",
        ),
        ("feeder-1", post("uosmo", "10", listed), None, "not_newer"),
        (
            "feeder-1",
            json!({"post_prices": {"prices": [one("uosmo"), one("uosmo")]}}),
            None,
            "duplicate_asset",
        ),
        (
            "feeder-1",
            json!({"post_prices": {"prices": [unsure]}}),
            None,
            "confidence_out_of_range",
        ),
        ("feeder-1", post("ufixed", "1", now), None, "not_posted"),
        (
            "alice",
            json!({"refresh": {"assets": many}}),
            None,
            "too_many_assets",
        ),
        ("owner", set_feed("", &feed), None, "invalid_asset"),
        ("owner", set_feed("uosmo", &no_source), None, "invalid_feed"),
        (
            "owner",
            set_feed("uosmo", &fixed),
            None,
            "source_kind_changed",
        ),
        ("owner", set_feed("uosmo", &no_rise), None, "config"),
        (
            "owner",
            json!({"update_feeders": {"feeders": [alice, alice], "quorum": 1}}),
            None,
            "duplicate_feeder",
        ),
        (
            "alice",
            json!({"apply": {"change": 99}}),
            None,
            "unknown_change",
        ),
        (
            "alice",
            json!({"update_ownership": {"accept": {}}}),
            None,
            "no_pending_owner",
        ),
        (
            "owner",
            json!({"update_feeders": {"feeders": ["nobody"], "quorum": 1}}),
            None,
            "std",
        ),
    ];
    for case in cases {
        refused(stage, "oracle", case).await;
    }
}

async fn caller_refuses(stage: &Stage) {
    let world = &stage.world;
    let caller = stage.caller().await;
    let run = |contract: &str, returns: Vec<String>| {
        let message = caller::ExecuteMsg::Run {
            contract: contract.into(),
            msg: Binary::from(b"{}"),
            returns,
        };
        serde_json::to_value(message).unwrap()
    };
    let sweep = caller::ExecuteMsg::Sweep {
        returns: vec![],
        to: world.address("alice"),
    };
    let sweep = serde_json::to_value(sweep).unwrap();
    let twice = vec!["uosmo".to_owned(); 2];
    let many = (0..17).map(|number| format!("u{number}")).collect();
    let cases: Vec<Case<'_>> = vec![
        ("alice", run(&caller, vec![]), None, "calls_itself"),
        (
            "alice",
            run(&world.vault.address, twice),
            None,
            "duplicate_return",
        ),
        (
            "alice",
            run(&world.vault.address, many),
            None,
            "too_many_returns",
        ),
        ("alice", run("nobody", vec![]), None, "std"),
        ("alice", sweep, None, "only_itself"),
    ];
    for case in cases {
        refused(stage, "caller", case).await;
    }
}

async fn queries_refuse(stage: &Stage) {
    let world = &stage.world;
    let market = QueryMsg::Market {
        asset: "none".into(),
    };
    let error = world.vault.query::<Value>(&market).await.unwrap_err();
    assert_eq!(error.name(), Some("unknown_market"), "{error}");
    assert_eq!(error.refusal().unwrap().phase, Phase::Query);
    let feed = oracle::QueryMsg::Feed {
        asset: "none".into(),
    };
    let error = world.oracle.query::<Value>(&feed).await.unwrap_err();
    assert_eq!(error.name(), Some("unknown_feed"), "{error}");
    let price = oracle::QueryMsg::Price {
        asset: "unpriced".into(),
    };
    let error = world.oracle.query::<Value>(&price).await.unwrap_err();
    assert_eq!(error.name(), Some("no_price"), "{error}");
    stage.note("oracle", "no_price");
    let call = json!({"call": {"contract": world.oracle.address, "msg": "e30=", "funds": [], "returns": []}});
    let simulate = json!({"simulate": {"account": world.account("alice"), "actions": [call]}});
    let vault = &world.vault.address;
    let answer: SimulateResponse = world.client.smart(vault, &simulate).await.unwrap();
    let refusal = WireError::find(&answer.refusal.unwrap()).unwrap();
    assert_eq!(refusal.name, "call_not_simulated");
    stage.note("vault", "call_not_simulated");
}

/// What the chain itself refuses has its code and no reason of a contract.
async fn chain_refuses(world: &Bulwark) {
    let alice = world.user("alice");
    let nobody = AccountRef {
        owner: "nobody".into(),
        id: 0,
    };
    let message = ExecuteMsg::WriteOff { account: nobody };
    let message = world
        .vault
        .message(alice.address(), &message, vec![])
        .unwrap();
    let error = alice.send(&[message], Gas::Limit(1_000)).await.unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!(
        (refusal.phase, refusal.name()),
        (Phase::Check, None),
        "{error}"
    );
    assert_eq!((refusal.codespace.as_str(), refusal.code), ("sdk", 11));
}

impl Stage {
    async fn address(&self, contract: &str) -> String {
        match contract {
            "vault" => self.world.vault.address.clone(),
            "oracle" => self.world.oracle.address.clone(),
            _ => self.caller().await,
        }
    }

    async fn caller(&self) -> String {
        let config: ConfigResponse = self.world.vault.query(&QueryMsg::Config {}).await.unwrap();
        config.caller
    }

    fn note(&self, contract: &'static str, name: &str) {
        self.seen.borrow_mut().insert((contract, name.into()));
    }
}

/// Once tried out, once in a block: the same reason, and the chain's own code beside it.
async fn refused(stage: &Stage, of: &'static str, case: Case<'_>) {
    let contract = stage.address(of).await;
    refused_at(stage, of, &contract, case).await;
}

/// The same by way of another contract, such as a token.
async fn refused_at(
    stage: &Stage,
    of: &'static str,
    contract: &str,
    (name, message, coin, expected): Case<'_>,
) {
    let tried = stage.world.call(name, contract, &message, coin).await;
    let error = match tried {
        Err(error) if error.name() == Some(expected) => error,
        other => {
            let found = format!("{expected}: {message}: {other:?}");
            stage.wrong.borrow_mut().push(found);
            return;
        }
    };
    assert_eq!(error.refusal().unwrap().phase, Phase::Simulate);

    let sender = stage.world.user(name);
    let funds = coin.map(|(amount, denom)| cosmwasm_std::Coin::new(amount, denom));
    let funds = funds.into_iter().collect();
    let sent = Message::execute(sender.address(), contract, &message, funds).unwrap();
    let error: ChainError = sender
        .send(&[sent], Gas::Limit(2_000_000))
        .await
        .unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!(error.name(), Some(expected), "{message}: {error}");
    assert_eq!(refusal.phase, Phase::Deliver, "{error}");
    let code = (refusal.codespace.as_str(), refusal.code);
    assert_eq!(code, ("wasm", 5), "{error}");
    assert!(refusal.hash.is_some());
    stage.note(of, expected);
}

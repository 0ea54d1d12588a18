//! Refusals as they arrive from a chain: by simulation, in a block, and by query. One of each
//! class of every contract; that all of them display and parse is tested without a chain.

use bulwark_chain::{ChainError, Gas, Message, Phase};
use bulwark_chain_tests::{Bulwark, price, units};
use bulwark_risk::units::{Amount, Fraction};
use bulwark_types::caller;
use bulwark_types::governance::OwnershipAction;
use bulwark_types::oracle::{self, PostedPrice};
use bulwark_types::vault::{
    AccountRef, ExecuteMsg, MarketUpdate, ParametersUpdate, PausableAction, QueryMsg,
};
use cosmwasm_std::Binary;
use serde_json::{Value, json};

/// Who sends what with which coin, and the name of the refusal.
type Case<'a> = (&'a str, Value, Option<(u128, &'a str)>, &'a str);

fn told(message: &ExecuteMsg) -> Value {
    serde_json::to_value(message).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_class_of_refusal_arrives_typed() {
    let world = Bulwark::up(1).await;
    let deposit = ExecuteMsg::Deposit {
        account: None,
        lend: None,
    };
    world
        .execute("alice", deposit.clone(), Some((units(10), "uosmo")))
        .await
        .unwrap();
    let lend = ExecuteMsg::Deposit {
        account: None,
        lend: Some(true),
    };
    world
        .execute("bob", lend, Some((units(10), "uusdt")))
        .await
        .unwrap();
    vault_refuses(&world).await;
    oracle_refuses(&world).await;
    caller_refuses(&world).await;
    queries_refuse(&world).await;
    chain_refuses(&world).await;
}

async fn vault_refuses(world: &Bulwark) {
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
            Some((1, "uusdt")),
            "no_debt",
        ),
        ("alice", told(&transfer), None, "same_account"),
        (
            "alice",
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
        refused(world, &world.vault.address, case).await;
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
    refused(world, &world.vault.address, case).await;
}

async fn oracle_refuses(world: &Bulwark) {
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
    ];
    for case in cases {
        refused(world, &world.oracle.address, case).await;
    }
}

async fn caller_refuses(world: &Bulwark) {
    let config: bulwark_types::vault::ConfigResponse =
        world.vault.query(&QueryMsg::Config {}).await.unwrap();
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
    for (message, _what) in [
        (run(&config.caller, vec![]), "itself"),
        (run(&world.vault.address, twice), "twice"),
        (sweep, "a stranger's sweep"),
    ] {
        let sent = world.call("alice", &config.caller, &message, None).await;
        let error = sent.unwrap_err();
        assert!(error.name().is_some(), "{error}");
    }
}

async fn queries_refuse(world: &Bulwark) {
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

/// Once tried out, once in a block: the same reason, and the chain's own code beside it.
async fn refused(world: &Bulwark, contract: &str, (name, message, coin, expected): Case<'_>) {
    let error = world
        .call(name, contract, &message, coin)
        .await
        .unwrap_err();
    assert_eq!(error.name(), Some(expected), "{message}: {error}");
    assert_eq!(error.refusal().unwrap().phase, Phase::Simulate);

    let sender = world.user(name);
    let funds = coin.map(|(amount, denom)| cosmwasm_std::Coin::new(amount, denom));
    let funds = funds.into_iter().collect();
    let sent = Message::execute(sender.address(), contract, &message, funds).unwrap();
    let error: ChainError = sender
        .send(&[sent], Gas::Limit(1_000_000))
        .await
        .unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!(error.name(), Some(expected), "{message}: {error}");
    assert_eq!(refusal.phase, Phase::Deliver, "{error}");
    assert_eq!(
        (refusal.codespace.as_str(), refusal.code),
        ("wasm", 5),
        "{error}"
    );
    assert!(refusal.hash.is_some());
}

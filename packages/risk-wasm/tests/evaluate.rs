//! What goes in and comes out as bytes. That the numbers are the contract's is tested on thousands of
//! accounts by `scripts/test-client`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by them"
)]

use bulwark_risk_wasm::evaluate::{largest_change, liquidation_plan, liquidation_prices, margin};
use bulwark_testing::World;
use bulwark_types::oracle;
use bulwark_types::vault::QueryMsg;
use serde_json::{Value, json};

/// JSON in, JSON out.
type Function = fn(&[u8]) -> Vec<u8>;

const FUNCTIONS: [Function; 4] = [margin, liquidation_prices, liquidation_plan, largest_change];

/// Alice has 100 ATOM at 10 USD and owes 500 USDC.
fn world() -> World {
    let mut world = World::standard().unwrap();
    world.deposit_lent("bob", "USDC", 5_000).unwrap();
    world.deposit("alice", "ATOM", 100).unwrap();
    world.borrow("alice", "USDC", 500).unwrap();
    world
}

fn basket(world: &World) -> Value {
    let assets: Vec<String> = world.markets().iter().map(|m| m.denom.clone()).collect();
    let config: Value = world.query(&QueryMsg::Config {}).unwrap();
    let markets: Value = world
        .query(&QueryMsg::Markets {
            start_after: None,
            limit: None,
        })
        .unwrap();
    let prices: Value = world
        .query_oracle(&oracle::QueryMsg::Prices { assets })
        .unwrap();
    json!({
        "now": world.now(),
        "config": config,
        "markets": markets["markets"],
        "prices": prices,
        "holdings": [
            {"asset": world.asset("USDC"), "side": "debt", "amount": "500000000"},
            {"asset": world.asset("ATOM"), "side": "deposit", "amount": "100000000"},
        ],
    })
}

fn asked(function: fn(&[u8]) -> Vec<u8>, request: &Value) -> Value {
    serde_json::from_slice(&function(request.to_string().as_bytes())).unwrap()
}

#[test]
fn a_basket_in_any_order_has_the_margin_that_the_contract_answers() {
    let world = world();
    let mut expected = serde_json::to_value(world.margin("alice").unwrap()).unwrap();
    let answered = expected.as_object_mut().unwrap();
    answered.remove("account");
    answered.remove("locked");
    assert_eq!(
        asked(margin, &basket(&world)),
        json!({ "answer": expected })
    );
}

#[test]
fn what_is_borrowed_up_to_the_answer_passes_and_more_is_refused() {
    let mut world = world();
    let (asset, most) = (world.asset("USDC"), world.max_borrow("alice", "USDC"));
    let request = json!({"basket": basket(&world), "asset": asset, "side": "debt", "room": null});
    let answer = asked(largest_change, &request);
    let amount: u128 = answer["answer"]["amount"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(amount, most.unwrap().0);
    let amount = bulwark_risk::units::Amount(amount);
    let two_more = bulwark_risk::units::Amount(amount.0.saturating_add(2));
    let refused = world.fork(|world| world.borrow("alice", "USDC", two_more));
    assert_eq!(refused.unwrap_err().name, "below_initial_margin");
    world.borrow("alice", "USDC", amount).unwrap();
}

#[test]
fn a_borrow_of_a_deposit_and_a_withdrawal_of_nothing_have_no_room() {
    let world = world();
    for (symbol, side) in [("ATOM", "debt"), ("USDC", "deposit"), ("BTC", "deposit")] {
        let asset = world.asset(symbol);
        let request = json!({"basket": basket(&world), "asset": asset, "side": side});
        let answer = asked(largest_change, &request);
        assert_eq!(answer["answer"]["amount"], "0", "{symbol} {side}: {answer}");
    }
}

#[test]
fn without_debts_everything_can_leave_and_no_price_is_needed() {
    let world = world();
    let mut basket = basket(&world);
    basket["holdings"].as_array_mut().unwrap().remove(0);
    basket["prices"] = json!([]);
    let asset = world.asset("ATOM");
    let mut request = json!({"basket": basket, "asset": asset, "side": "deposit"});
    assert_eq!(
        asked(largest_change, &request)["answer"]["amount"],
        "100000000"
    );
    request["room"] = json!("7");
    assert_eq!(asked(largest_change, &request)["answer"]["amount"], "7");
}

#[test]
fn whatever_bytes_come_in_an_error_with_a_name_comes_out() {
    let whole = basket(&world()).to_string();
    let deep = "[".repeat(100_000);
    let mut requests: Vec<&[u8]> = vec![b"", b"null", b"{", b"\xff\xfe", b"[1]", deep.as_bytes()];
    let cuts = (0..whole.len()).step_by(97);
    requests.extend(cuts.map(|cut| whole.as_bytes().split_at(cut).0));
    for request in requests {
        for function in FUNCTIONS {
            let answer: Value = serde_json::from_slice(&function(request)).unwrap();
            assert_eq!(answer["error"]["name"], "bad_request", "{answer}");
            assert!(answer["error"]["fields"]["detail"].is_string());
            assert!(answer["error"]["sentence"].is_string());
        }
    }
}

#[test]
fn numbers_at_the_ends_of_their_types_are_answered_or_refused_by_name() {
    let world = world();
    let extremes = [
        "0",
        "1",
        "0.000000000000000001",
        "340282366920938463463.374607431768211455",
        "20282409603651670423947251286015",
        "340282366920938463463374607431768211455",
    ];
    let paths = [
        "/prices/0/record/mid",
        "/prices/1/record/low",
        "/prices/1/record/volatility/from",
        "/prices/0/record/volatility/target",
        "/markets/0/decimals",
        "/markets/1/risk/liquidity",
        "/markets/1/risk/extra_haircut",
        "/markets/1/risk/size_cap",
        "/markets/0/family/group_correlation",
        "/markets/0/family/haircut_rule/volatility_multiple",
        "/markets/1/family/haircut_rule/cap",
        "/config/parameters/margin/initial_factor",
        "/config/gross_factor_in_force",
        "/config/parameters/liquidation/target_ratio",
        "/config/parameters/liquidation/equity_share",
        "/config/unpriced_grace",
        "/now",
        "/holdings/0/amount",
        "/holdings/1/amount",
    ];
    for path in paths {
        for extreme in extremes {
            let mut basket = basket(&world);
            let place = basket.pointer_mut(path).expect(path);
            *place = match place {
                Value::Number(_) => serde_json::from_str(extreme).unwrap(),
                _ => extreme.into(),
            };
            for function in &FUNCTIONS[..3] {
                let answer = asked(*function, &basket);
                let named = answer["error"]["name"].is_string();
                assert!(
                    named != answer.get("answer").is_some(),
                    "{path} = {extreme}: {answer}"
                );
            }
        }
    }
}

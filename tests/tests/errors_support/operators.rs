//! Grants that an owner cannot give or take, and what may not leave a pool at once.

use bulwark_risk::units::Fraction;
use bulwark_testing::MarketSpec;
use bulwark_tests::{funded, supply, world_of};
use bulwark_types::vault::ExecuteMsg;
use serde_json::json;

use super::{Provoked, case};

pub fn refusals() -> Vec<Provoked> {
    let mut world = funded();
    let [alice, bob] = ["alice", "bob"].map(|name| world.address(name).into_string());
    let now = world.now();
    let revoke = ExecuteMsg::SetOperator {
        operator: bob.clone(),
        id: Some(3),
        expires: None,
        revoke: Some(true),
    };
    let mut cases = vec![
        case(
            "invalid_operator",
            json!({"operator": alice}),
            world.set_operator("alice", "alice", None, None),
        ),
        case(
            "unknown_operator",
            json!({"operator": bob, "id": 3}),
            world.execute("alice", revoke, vec![]),
        ),
        case(
            "expiry_passed",
            json!({"expires": now, "now": now}),
            world.set_operator("alice", "bob", None, Some(now)),
        ),
    ];
    for number in 0..16 {
        let operator = format!("operator-{number}");
        world.set_operator("alice", &operator, None, None).unwrap();
    }
    cases.push(case(
        "too_many_operators",
        json!({"limit": 16}),
        world.set_operator("alice", "bob", None, None),
    ));

    let usdc = MarketSpec::usd("USDC")
        .with_listing(|listing| listing.limits.outflow_share = Fraction::percent(30));
    let mut world = world_of([usdc]).build().unwrap();
    supply(&mut world, "USDC", 1_000);
    // Until then what was lent may leave again at once.
    world.advance(2 * 86_400);
    let asset = world.asset("USDC");
    cases.push(case(
        "outflow_limit",
        json!({"asset": asset, "limit": "300000000", "outflow": "301000000"}),
        world.withdraw("carol", "USDC", 301),
    ));
    cases
}

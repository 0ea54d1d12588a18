//! What the caller refuses.

use bulwark_types::caller::{ExecuteMsg, InstantiateMsg, MAX_RETURNS};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Binary, Coin, Empty};
use cw_multi_test::Executor;

use crate::world::{COIN, World, caller_code, swap};

fn sweep(world: &World, to: &str) -> ExecuteMsg {
    ExecuteMsg::Sweep {
        returns: vec![COIN.into(), world.token.clone()],
        to: world.address(to).into_string(),
    }
}

#[test]
fn only_the_caller_sweeps() {
    let mut world = World::new();
    world.give("bob", COIN, 500, &world.caller.clone());
    let sweep = sweep(&world, "mallory");
    let message = world.caller_msg(&sweep, vec![]);
    let refused = world.send("mallory", vec![message.clone()]).unwrap_err();
    assert_eq!(refused.name, "only_itself");
    let sender = world.address("mallory");
    assert_eq!(refused.fields, format!(r#"{{"sender":"{sender}"}}"#));

    // Nor does a contract that the caller calls.
    world.plot(vec![message]);
    let run = world.run_msg(&world.mischief, &Empty {}, &[], 0);
    let refused = world.send("alice", vec![run]).unwrap_err();
    assert_eq!(refused.name, "only_itself");
    assert_eq!(world.standing(), (500, 0));
}

#[test]
fn the_caller_does_not_call_itself() {
    let mut world = World::new();
    world.give("bob", COIN, 500, &world.caller.clone());
    let sweep = sweep(&world, "mallory");
    let run = world.run_msg(&world.caller, &sweep, &[], 0);
    let refused = world.send("mallory", vec![run]).unwrap_err();
    assert_eq!(refused.name, "calls_itself");

    let shouted = ExecuteMsg::Run {
        contract: world.caller.to_string().to_uppercase(),
        msg: Binary::from(b"{}"),
        returns: vec![],
    };
    let message = world.caller_msg(&shouted, vec![]);
    assert_eq!(
        world.send("mallory", vec![message]).unwrap_err().name,
        "std"
    );
    assert_eq!(world.standing(), (500, 0));
}

#[test]
fn assets_to_send_back_are_named_once_and_are_not_too_many() {
    let mut world = World::new();
    let token = world.token.clone();
    let twice = [COIN, token.as_str(), COIN];
    let run = world.run_msg(&world.pool, &swap(0), &twice, 1_000);
    let refused = world.send("alice", vec![run]).unwrap_err();
    assert_eq!(refused.name, "duplicate_return");
    assert_eq!(refused.fields, r#"{"asset":"ucoin"}"#);

    let names: Vec<String> = (0..=MAX_RETURNS).map(|n| format!("ucoin{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let run = world.run_msg(&world.mischief, &Empty {}, &names, 0);
    let refused = world.send("alice", vec![run]).unwrap_err();
    assert_eq!(refused.name, "too_many_returns");
    assert_eq!(refused.fields, r#"{"count":17,"limit":16}"#);
    let run = world.run_msg(&world.mischief, &Empty {}, &names[..MAX_RETURNS], 0);
    world.send("alice", vec![run]).unwrap();
}

#[test]
fn a_token_that_does_not_exist_is_not_sent_back() {
    let mut world = World::new();
    let nobody = format!("cw20:{}", world.address("nobody"));
    for asset in ["cw20:nobody", "cw20:", &nobody] {
        let run = world.run_msg(&world.pool, &swap(0), &[asset], 1_000);
        assert_eq!(world.send("alice", vec![run]).unwrap_err().name, "std");
    }
    assert_eq!(world.purse("alice"), (1_000_000, 1_000_000));
}

#[test]
fn a_caller_is_not_created_with_funds() {
    let mut world = World::new();
    let code = world.app.store_code(caller_code());
    let alice = world.address("alice");
    let funds = [Coin::new(5u128, COIN)];
    let message = InstantiateMsg {};
    let refused = world
        .app
        .instantiate_contract(code, alice, &message, &funds, "caller", None);
    let refused = WireError::find(&refused.unwrap_err().to_string()).unwrap();
    assert_eq!(refused.name, "funds_sent");
    assert_eq!(refused.fields, r#"{"funds":["5ucoin"]}"#);
}

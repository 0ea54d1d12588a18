//! Runs that do what they are for, and what is left lying about.

use bulwark_risk::units::Amount;
use bulwark_types::token::{Cw20ExecuteMsg, TokenKind};
use cosmwasm_std::{Empty, Uint128, to_json_binary};

use crate::world::{COIN, World, swap};

#[test]
fn coins_are_passed_on_and_the_proceeds_come_back() {
    let mut world = World::new();
    // ⌊1,000,000 × 1000 / 1,001,000⌋
    let token = world.token.clone();
    let run = world.run_msg(&world.pool, &swap(999), &[&token], 1_000);
    world.send("alice", vec![run]).unwrap();
    assert_eq!(world.purse("alice"), (999_000, 1_000_999));
    assert_eq!(world.standing(), (0, 0));
}

#[test]
fn tokens_given_beforehand_are_passed_on_by_calling_the_token() {
    let mut world = World::new();
    let token = world.token.clone();
    let gift = TokenKind::of(&token).transfer(world.caller.as_str(), Amount(1_000));
    let send = Cw20ExecuteMsg::Send {
        contract: world.pool.to_string(),
        amount: Uint128::new(900),
        msg: to_json_binary(&swap(899)).unwrap(),
    };
    let run = world.run_msg(&world.token_contract, &send, &[COIN, &token], 0);
    world.send("alice", vec![gift.unwrap(), run]).unwrap();
    // What was not passed on comes back, too.
    assert_eq!(world.purse("alice"), (1_000_899, 999_100));
    assert_eq!(world.standing(), (0, 0));
}

#[test]
fn a_call_that_brings_nothing_back_is_no_error() {
    let mut world = World::new();
    let token = world.token.clone();
    let run = world.run_msg(&world.mischief, &Empty {}, &[COIN, &token], 1_000);
    world.send("alice", vec![run]).unwrap();
    assert_eq!(world.purse("alice"), (999_000, 1_000_000));
    assert_eq!(world.held(&world.mischief, COIN), 1_000);
}

#[test]
fn a_call_that_fails_undoes_the_whole_run() {
    let mut world = World::new();
    let token = world.token.clone();
    let run = world.run_msg(&world.pool, &swap(1_000), &[&token], 1_000);
    let refused = world.send("alice", vec![run]).unwrap_err();
    assert_eq!(refused.name, "too_little");
    assert_eq!(world.purse("alice"), (1_000_000, 1_000_000));
    assert_eq!(world.standing(), (0, 0));
}

#[test]
fn a_standing_balance_belongs_to_whoever_names_it_next() {
    let mut world = World::new();
    let token = world.token.clone();
    // Bob forgets to ask for what he buys.
    let run = world.run_msg(&world.pool, &swap(999), &[], 1_000);
    world.send("bob", vec![run]).unwrap();
    assert_eq!(world.standing(), (0, 999));
    // Who asks for something else does not get it.
    let run = world.run_msg(&world.mischief, &Empty {}, &[COIN], 0);
    world.send("alice", vec![run]).unwrap();
    assert_eq!(world.standing(), (0, 999));
    let run = world.run_msg(&world.mischief, &Empty {}, &[&token], 0);
    world.send("alice", vec![run]).unwrap();
    assert_eq!(world.purse("alice"), (1_000_000, 1_000_999));
    assert_eq!(world.standing(), (0, 0));
}

#[test]
fn no_run_begins_inside_a_run() {
    let mut world = World::new();
    let token = world.token.clone();
    // The attacker's contract starts a run of its own from inside of the one that calls it, to
    // have what came back so far sent to itself.
    let inner = world.run_msg(&world.token_contract, &nothing_much(&world), &[&token], 0);
    world.plot(vec![inner]);
    let gift = TokenKind::of(&token).transfer(world.caller.as_str(), Amount(1_000));
    let outer = world.run_msg(&world.mischief, &Empty {}, &[&token], 0);
    let refused = world.send("alice", vec![gift.unwrap(), outer]).unwrap_err();
    assert_eq!(refused.name, "runs_already");
    assert_eq!(world.purse("alice"), (1_000_000, 1_000_000));
    // One after the other is no run inside a run, also in one transaction.
    let runs = [1, 2].map(|_| world.run_msg(&world.pool, &swap(900), &[&token], 1_000));
    world.send("alice", runs.to_vec()).unwrap();
}

/// A call that the token takes from the caller: a transfer of one unit to mallory.
fn nothing_much(world: &World) -> Cw20ExecuteMsg {
    Cw20ExecuteMsg::Transfer {
        recipient: world.address("mallory").into_string(),
        amount: Uint128::new(1),
    }
}

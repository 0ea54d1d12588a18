//! Accounts in the band between maintenance and initial margin, and what cures them.

use bulwark_keeper::margin_call::{Cure, MarginCall, margin_calls};
use bulwark_keeper::scan::Scan;
use bulwark_risk::account::Status;
use bulwark_risk::units::Amount;
use bulwark_testing::World;
use bulwark_types::vault::AssetAmount;

use crate::chain::{book_of, moment};

/// Alice has borrowed nearly all that she can against ATOM and ETH when ATOM falls a little; bob and
/// carol are well.
fn called() -> World {
    let mut world = World::standard().unwrap();
    world.deposit_lent("bob", "USDC", 500_000).unwrap();
    world.deposit_lent("alice", "ATOM", 100).unwrap();
    world.deposit("alice", "ETH", 1).unwrap();
    world.borrow("alice", "USDC", 2_410).unwrap();
    world.deposit("carol", "BTC", 1).unwrap();
    world.borrow("carol", "USDC", 100).unwrap();
    world.advance(86_400);
    world
        .post(&[
            ("USDC", "1"),
            ("BTC", "60000"),
            ("ETH", "2000"),
            ("ATOM", "9"),
        ])
        .unwrap();
    world
}

fn calls(world: &World) -> Vec<MarginCall> {
    let mut book = book_of(world);
    let found = Scan::new().update(&mut book, moment(world)).unwrap();
    margin_calls(&book, moment(world), &found.margin_calls).unwrap()
}

fn status_after(world: &mut World, cure: &Cure, less: u128) -> Status {
    world.fork(|world| {
        let amount = |amount: &AssetAmount| Amount(amount.amount.0 - less);
        match cure {
            Cure::Deposit(wanted) => world.deposit("alice", &wanted.asset, amount(wanted)),
            Cure::Repay(wanted) => world.repay("alice", &wanted.asset, amount(wanted)),
        }
        .unwrap();
        world.margin("alice").unwrap().status
    })
}

#[test]
fn every_cure_cures_and_hardly_less_does() {
    let mut world = called();
    let calls = calls(&world);
    let [call] = calls.as_slice() else {
        panic!("{calls:#?}");
    };
    let margin = world.margin("alice").unwrap();
    assert_eq!(margin.status, Status::MarginCall);
    assert_eq!(call.account, margin.account);
    assert_eq!(
        (call.equity_open, call.initial),
        (margin.equity_open, margin.initial)
    );
    assert_eq!(call.margin_ratio, margin.margin_ratio);
    assert_eq!(call.cures.len(), 3, "two deposits and a debt: {call:#?}");
    for cure in &call.cures {
        assert_eq!(
            status_after(&mut world, cure, 0),
            Status::Healthy,
            "{cure:?}"
        );
        assert_eq!(
            status_after(&mut world, cure, 3),
            Status::MarginCall,
            "{cure:?}"
        );
    }
}

#[test]
fn what_no_amount_can_cure_is_not_named() {
    let mut world = called();
    // Beside USDC she owes so little BTC that to repay it is not enough.
    world.deposit_lent("bob", "BTC", 10).unwrap();
    world.deposit("alice", "ETH", "0.1").unwrap();
    world.borrow("alice", "BTC", "0.0001").unwrap();
    world.advance(60);
    world
        .post(&[
            ("USDC", "1"),
            ("BTC", "60000"),
            ("ETH", "1880"),
            ("ATOM", "8.7"),
        ])
        .unwrap();
    let calls = calls(&world);
    let debts: Vec<&Cure> = calls[0]
        .cures
        .iter()
        .filter(|cure| matches!(cure, Cure::Repay(_)))
        .collect();
    let usdc = world.asset("USDC");
    assert!(
        matches!(debts.as_slice(), [Cure::Repay(wanted)] if wanted.asset == usdc),
        "{calls:#?}"
    );
}

#[test]
fn whoever_is_well_or_past_help_is_not_called() {
    let mut world = called();
    let mut book = book_of(&world);
    let found = Scan::new().update(&mut book, moment(&world)).unwrap();
    let all: Vec<_> = book.ids().collect();
    let called = margin_calls(&book, moment(&world), &all).unwrap();
    assert_eq!(
        called,
        margin_calls(&book, moment(&world), &found.margin_calls).unwrap()
    );
    world.advance(60);
    world
        .post(&[
            ("USDC", "1"),
            ("BTC", "60000"),
            ("ETH", "1800"),
            ("ATOM", "8.2"),
        ])
        .unwrap();
    assert_eq!(world.margin("alice").unwrap().status, Status::Liquidatable);
    assert_eq!(calls(&world), []);
}

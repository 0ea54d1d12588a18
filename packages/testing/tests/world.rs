//! The world itself: a position from its opening to its liquidation, forks and errors.

#![allow(clippy::unwrap_used, reason = "tests fail loudly")]

use bulwark_risk::account::Status;
use bulwark_risk::units::Amount;
use bulwark_testing::{Auditor, MarketSpec, World, events_of};
use bulwark_types::events::{Borrowed, Liquidated};

fn borrowed() -> World {
    let mut world = World::standard().unwrap();
    world.deposit_lent("bob", "USDC", 100_000).unwrap();
    world.deposit("alice", "ATOM", 1_000).unwrap();
    world.borrow("alice", "USDC", 7_000).unwrap();
    world
}

#[test]
fn a_position_is_opened_falls_and_is_liquidated() {
    let mut world = World::standard().unwrap();
    let mut auditor = Auditor::new(&mut world);
    world.deposit_lent("bob", "USDC", 100_000).unwrap();
    world.deposit("alice", "ATOM", 1_000).unwrap();
    let response = world.borrow("alice", "USDC", 7_000).unwrap();
    assert_eq!(events_of::<Borrowed>(&response).len(), 1);
    assert_eq!(world.margin("alice").unwrap().status, Status::Healthy);
    assert_eq!(auditor.audit(&mut world), []);

    world.advance(60);
    world.post_confirmed(&[("ATOM", "8.1")]).unwrap();
    assert_eq!(world.margin("alice").unwrap().status, Status::Liquidatable);
    let plan = world.plan("alice").unwrap().unwrap();
    let shown = world
        .simulate_liquidation("alice", "USDC", plan.debt.amount, "ATOM")
        .unwrap();
    let response = world
        .liquidate("keeper", "alice", "USDC", plan.debt.amount, "ATOM")
        .unwrap();
    let done = events_of::<Liquidated>(&response).remove(0);
    assert_eq!(done.repaid, shown.repaid);
    assert_eq!(done.tokens, shown.tokens);
    assert_eq!(auditor.audit_forks(&mut world), []);
}

#[test]
fn a_fork_leaves_no_trace() {
    let mut world = borrowed();
    let before = (world.snapshot(), world.now(), world.last_posted("ATOM"));
    let inside = world.fork(|world| {
        world.advance(60);
        world.post_confirmed(&[("ATOM", "9")]).unwrap();
        world.repay("alice", "USDC", 100).unwrap();
        world.balance("alice", "USDC")
    });
    assert_eq!(inside, world.units("USDC", 1_000_006_900).unwrap());
    assert!(before.0.same_as(&world.snapshot()));
    assert_eq!(
        (world.now(), world.last_posted("ATOM")),
        (before.1, before.2)
    );
}

#[test]
fn errors_of_contract_chain_and_scenario_have_names() {
    let mut world = borrowed();
    let error = world.borrow("alice", "USDC", 60_000).unwrap_err();
    assert_eq!(error.name, "counterparty_limit");
    let error = world.deposit("nobody", "USDC", 5).unwrap_err();
    assert_eq!(error.name, "chain");
    let error = world.deposit("alice", "DOGE", 5).unwrap_err();
    assert_eq!(error.name, "scenario");
    assert!(error.sentence.contains("DOGE"));
}

#[test]
fn a_world_with_a_delay_and_a_family_stands_at_its_start_time() {
    let world = World::builder()
        .with_market(MarketSpec::crypto("ATOM").with_price(10))
        .with_market(MarketSpec::member("stATOM", "ATOM").with_price(12))
        .with_market(MarketSpec::usd("USDC"))
        .with_owner_delay(3600)
        .with_feeders(5, 3)
        .with_start_time(1_700_000_000)
        .build()
        .unwrap();
    assert_eq!(world.now(), 1_700_000_000);
    let family = world.market("stATOM").unwrap().family;
    assert_eq!(family.base, world.asset("ATOM"));
    assert!(!world.price("stATOM").unwrap().stale);
    assert_eq!(
        world.balance("mallory", "ATOM"),
        Amount(1_000_000_000_000_000)
    );
}

#[test]
fn a_member_before_its_base_is_refused() {
    let refused = World::builder()
        .with_market(MarketSpec::member("stATOM", "ATOM"))
        .build();
    assert!(refused.is_err_and(|error| error.sentence.contains("ATOM is not listed")));
}

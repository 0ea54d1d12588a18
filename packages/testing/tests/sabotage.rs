//! Every invariant has a checker that sees it broken, and no other one does.

#![allow(clippy::unwrap_used, reason = "tests fail loudly")]

use bulwark_testing::{Auditor, Sabotage, World, sabotage};

/// A world in which somebody lends, somebody owes a lot and somebody only holds.
fn busy() -> World {
    let mut world = World::standard().unwrap();
    world.deposit_lent("bob", "USDC", 500_000).unwrap();
    world.deposit_lent("bob", "ATOM", 10_000).unwrap();
    world.deposit("alice", "ATOM", 1_000).unwrap();
    let most = world.max_borrow("alice", "USDC").unwrap();
    world.borrow("alice", "USDC", most).unwrap();
    world.deposit("carol", "BTC", "0.5").unwrap();
    world.deposit("carol", "USDC", 1_000).unwrap();
    world.borrow("carol", "ATOM", 800).unwrap();
    world.advance_and_repost(3600).unwrap();
    world
}

#[test]
fn an_untouched_world_breaks_nothing_and_every_invariant_is_checked() {
    let mut world = busy();
    let mut auditor = Auditor::new(&mut world);
    world.advance(60);
    world.post_confirmed(&[("ATOM", "9.1")]).unwrap();
    world.lend_all("carol", "USDC").unwrap();
    world.deposit("carol", "ETH", 1).unwrap();
    world.withdraw("alice", "ATOM", 500).unwrap_err();
    assert_eq!(auditor.audit_forks(&mut world), []);
    for sabotage in Sabotage::ALL {
        let number = sabotage.number();
        assert!(
            auditor.checks().of(number) > 0,
            "invariant {number} was not checked"
        );
    }
}

#[test]
fn each_sabotage_is_reported_by_its_own_checker_alone() {
    for sabotaged in Sabotage::ALL {
        let number = sabotaged.number();
        let mut world = busy();
        let mut auditor = Auditor::new(&mut world);
        sabotage(&mut world, number).unwrap();
        let found = auditor.audit_forks(&mut world);
        assert!(!found.is_empty(), "nobody noticed that {number} is broken");
        for violation in &found {
            assert_eq!(violation.number, number, "{violation}");
            assert!(violation.to_string().contains(sabotaged.sentence()));
        }
    }
}

#[test]
fn a_world_that_nobody_audits_cannot_be_sabotaged() {
    let mut world = World::standard().unwrap();
    assert!(sabotage(&mut world, 1).is_err());
    let _auditor = Auditor::new(&mut world);
    assert!(sabotage(&mut world, 21).is_err());
}

//! Handing the vault over: propose, accept, renounce.

use bulwark_testing::{World, events_of};
use bulwark_tests::{Tested, levered, refused};
use bulwark_types::events::OwnershipMoved;
use bulwark_types::governance::{OwnershipAction, OwnershipResponse};
use bulwark_types::vault::{ExecuteMsg, ParametersUpdate, QueryMsg};
use serde_json::json;

type Answer = Result<cw_multi_test::AppResponse, bulwark_types::wire::WireError>;

fn step(world: &mut World, sender: &str, action: OwnershipAction) -> Answer {
    world.execute(sender, ExecuteMsg::UpdateOwnership(action), Vec::new())
}

fn propose(world: &mut World, sender: &str, successor: &str) -> Answer {
    let owner = world.address(successor).into_string();
    step(world, sender, OwnershipAction::Propose { owner })
}

fn ownership(world: &World) -> (Option<String>, Option<String>) {
    let found: OwnershipResponse = world.query(&QueryMsg::Ownership {}).unwrap();
    (found.owner, found.pending_owner)
}

#[test]
fn pitfall_36_ownership_moves_only_when_the_successor_accepts() -> Tested {
    let mut world = levered();
    let [owner, alice, bob] =
        ["owner", "alice", "bob"].map(|name| world.address(name).into_string());
    let response = propose(&mut world, "owner", "alice")?;
    assert_eq!(
        events_of::<OwnershipMoved>(&response),
        [OwnershipMoved {
            action: "proposed".into(),
            owner: owner.clone(),
            pending: alice.clone()
        }]
    );
    assert_eq!(
        ownership(&world),
        (Some(owner.clone()), Some(alice.clone()))
    );
    // Named is not yet owner; the owner still is, and can think again.
    let empty = || ExecuteMsg::UpdateParams(ParametersUpdate::default());
    let fields = |who: &str, role: &str| json!({"sender": who, "role": role});
    refused(
        world.execute("alice", empty(), Vec::new()),
        "unauthorized",
        fields(&alice, "owner"),
    );
    propose(&mut world, "owner", "bob")?;
    refused(
        step(&mut world, "alice", OwnershipAction::Accept {}),
        "unauthorized",
        fields(&alice, "proposed owner"),
    );
    assert_eq!(
        ownership(&world),
        (Some(owner.clone()), Some(bob.clone())),
        "nothing was used up"
    );
    let response = step(&mut world, "bob", OwnershipAction::Accept {})?;
    assert_eq!(
        events_of::<OwnershipMoved>(&response),
        [OwnershipMoved {
            action: "accepted".into(),
            owner: bob.clone(),
            pending: String::new()
        }]
    );
    refused(
        world.execute("owner", empty(), Vec::new()),
        "unauthorized",
        fields(&owner, "owner"),
    );
    world.execute("bob", empty(), Vec::new())?;
    refused(
        step(&mut world, "bob", OwnershipAction::Accept {}),
        "no_pending_owner",
        json!({}),
    );
    Ok(())
}

#[test]
fn who_renounces_leaves_a_vault_that_nobody_can_change() -> Tested {
    let mut world = levered();
    propose(&mut world, "owner", "alice")?;
    step(&mut world, "owner", OwnershipAction::Renounce {})?;
    assert_eq!(ownership(&world), (None, None));
    refused(
        step(&mut world, "alice", OwnershipAction::Accept {}),
        "no_pending_owner",
        json!({}),
    );
    for sender in ["owner", "alice", "guardian"] {
        let fields = json!({"sender": world.address(sender), "role": "owner"});
        refused(propose(&mut world, sender, sender), "unauthorized", fields);
    }
    // Accounts go on.
    world.repay("alice", "USDC", 100)?;
    world.withdraw("alice", "ATOM", 1)?;
    Ok(())
}

#[test]
fn strangers_propose_accept_and_renounce_nothing() -> Tested {
    let mut world = levered();
    let mallory = world.address("mallory").into_string();
    let before = ownership(&world);
    for action in [
        OwnershipAction::Propose {
            owner: mallory.clone(),
        },
        OwnershipAction::Renounce {},
    ] {
        let fields = json!({"sender": mallory, "role": "owner"});
        refused(step(&mut world, "mallory", action), "unauthorized", fields);
    }
    assert_eq!(ownership(&world), before);
    Ok(())
}

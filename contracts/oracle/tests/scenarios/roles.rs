//! Who may do what, and what the oracle's own configuration refuses.

use bulwark_types::events::OwnershipMoved;
use bulwark_types::governance::{OwnershipAction, OwnershipResponse};
use bulwark_types::oracle::{ExecuteMsg, QueryMsg};
use cosmwasm_std::coin;

use crate::world::{ATOM, World, assert_refused, events, observed, posted, usd};

fn ownership(world: &World) -> OwnershipResponse {
    world.query(&QueryMsg::Ownership {}).unwrap()
}

#[test]
fn pitfall_36_ownership_moves_in_two_steps() {
    let mut world = World::new();
    let (owner, heir, guardian) = (
        world.owner.clone(),
        world.stranger.clone(),
        world.guardian.clone(),
    );
    let step = |action| ExecuteMsg::UpdateOwnership(action);
    let accept = step(OwnershipAction::Accept {});
    assert_refused(world.execute(&heir, &accept), "no_pending_owner", "{}");
    let propose = step(OwnershipAction::Propose {
        owner: heir.to_string(),
    });
    let fields = format!(r#"{{"sender":"{guardian}","role":"owner"}}"#);
    assert_refused(world.execute(&guardian, &propose), "unauthorized", &fields);
    let response = world.execute(&owner, &propose).unwrap();
    let expected = OwnershipMoved {
        action: "proposed".into(),
        owner: owner.to_string(),
        pending: heir.to_string(),
    };
    assert_eq!(events::<OwnershipMoved>(&response), [expected]);
    assert_eq!(ownership(&world).owner, Some(owner.to_string()));
    assert_eq!(ownership(&world).pending_owner, Some(heir.to_string()));
    let fields = format!(r#"{{"sender":"{owner}","role":"proposed owner"}}"#);
    assert_refused(world.execute(&owner, &accept), "unauthorized", &fields);
    world.execute(&heir, &accept).unwrap();
    let fields = format!(r#"{{"sender":"{owner}","role":"owner"}}"#);
    assert_refused(world.set_feed("x", posted()), "unauthorized", &fields);
    let renounce = step(OwnershipAction::Renounce {});
    world.execute(&heir, &renounce).unwrap();
    let nobody = OwnershipResponse {
        owner: None,
        pending_owner: None,
    };
    assert_eq!(ownership(&world), nobody);
    let fields = format!(r#"{{"sender":"{heir}","role":"owner"}}"#);
    assert_refused(world.execute(&heir, &renounce), "unauthorized", &fields);
}

#[test]
fn pitfall_36_only_the_owner_proposes_changes() {
    let mut world = World::new();
    let msgs = [
        ExecuteMsg::SetFeed {
            asset: ATOM.into(),
            feed: posted(),
        },
        ExecuteMsg::UpdateFeeders {
            feeders: vec![world.stranger.to_string()],
            quorum: 1,
        },
        ExecuteMsg::UpdateConfig {
            guardian: Some(world.stranger.to_string()),
            owner_delay: Some(0),
        },
    ];
    for sender in [
        world.guardian.clone(),
        world.stranger.clone(),
        world.feeders[0].clone(),
    ] {
        for msg in &msgs {
            let fields = format!(r#"{{"sender":"{sender}","role":"owner"}}"#);
            assert_refused(world.execute(&sender, msg), "unauthorized", &fields);
        }
    }
}

#[test]
fn pitfall_37_addresses_that_do_not_validate_are_refused() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let upper = world.stranger.as_str().to_uppercase();
    for bad in ["", "nobody", upper.as_str()] {
        let msgs = [
            ExecuteMsg::UpdateOwnership(OwnershipAction::Propose { owner: bad.into() }),
            ExecuteMsg::UpdateFeeders {
                feeders: vec![bad.into()],
                quorum: 1,
            },
            ExecuteMsg::UpdateConfig {
                guardian: Some(bad.into()),
                owner_delay: None,
            },
        ];
        for msg in msgs {
            assert_eq!(world.execute(&owner, &msg).unwrap_err().name, "std");
        }
        let created = [
            World::instantiate(|msg| msg.owner = bad.into()),
            World::instantiate(|msg| msg.guardian = Some(bad.into())),
            World::instantiate(|msg| msg.feeders[0] = bad.into()),
        ];
        for result in created {
            assert_eq!(result.err().unwrap().name, "std", "{bad:?}");
        }
    }
}

#[test]
fn pitfall_40_a_configuration_that_could_not_work_is_refused() {
    let refuse = |result: Result<World, _>, field: &str, value: &str, bound: &str| {
        let fields = format!(r#"{{"field":"{field}","value":"{value}","bound":"{bound}"}}"#);
        assert_refused(result, "invalid_config", &fields);
    };
    let quorum = "must be 1 to the number of feeders";
    refuse(
        World::instantiate(|msg| msg.quorum = 0),
        "quorum",
        "0",
        quorum,
    );
    refuse(
        World::instantiate(|msg| msg.quorum = 6),
        "quorum",
        "6",
        quorum,
    );
    let feeders = "must be 1 to 16 addresses";
    refuse(
        World::instantiate(|msg| msg.feeders.clear()),
        "feeders",
        "0",
        feeders,
    );
    let many = |msg: &mut bulwark_types::oracle::InstantiateMsg| {
        msg.feeders = vec![msg.owner.clone(); 17];
    };
    refuse(World::instantiate(many), "feeders", "17", feeders);
    let delay = "must be at most 2592000 seconds";
    refuse(
        World::instantiate(|msg| msg.owner_delay = 2_592_001),
        "owner_delay",
        "2592001",
        delay,
    );

    let mut world = World::new();
    let owner = world.owner.clone();
    let twice = vec![owner.to_string(); 2];
    let msg = ExecuteMsg::UpdateFeeders {
        feeders: twice,
        quorum: 1,
    };
    let fields = format!(r#"{{"feeder":"{owner}"}}"#);
    assert_refused(world.execute(&owner, &msg), "duplicate_feeder", &fields);
    let msg = ExecuteMsg::UpdateConfig {
        guardian: None,
        owner_delay: Some(2_592_001),
    };
    assert_eq!(
        world.execute(&owner, &msg).unwrap_err().name,
        "invalid_config"
    );
}

#[test]
fn pitfall_30_no_message_takes_funds() {
    let mut world = World::new();
    let now = world.now();
    let funds = [coin(5, ATOM)];
    let fields = r#"{"funds":["5uatom"]}"#;
    let (owner, feeder) = (world.owner.clone(), world.feeders[0].clone());
    let asset = || ATOM.to_owned();
    let msgs = [
        ExecuteMsg::SetFeed {
            asset: asset(),
            feed: posted(),
        },
        ExecuteMsg::UpdateFeeders {
            feeders: vec![owner.to_string()],
            quorum: 1,
        },
        ExecuteMsg::UpdateConfig {
            guardian: None,
            owner_delay: None,
        },
        ExecuteMsg::UpdateOwnership(OwnershipAction::Renounce {}),
        ExecuteMsg::Apply { change: 1 },
        ExecuteMsg::Cancel { change: 1 },
        ExecuteMsg::Halt { asset: asset() },
        ExecuteMsg::Resume { asset: asset() },
    ];
    for msg in msgs {
        assert_refused(
            world.execute_with(&owner, &msg, &funds),
            "funds_sent",
            fields,
        );
    }
    let prices = vec![observed(ATOM, usd("1"), now)];
    let post = ExecuteMsg::PostPrices { prices };
    assert_refused(
        world.execute_with(&feeder, &post, &funds),
        "funds_sent",
        fields,
    );
    let created = World::instantiate_with(|_| (), &funds);
    assert_refused(created, "funds_sent", fields);
}

#[test]
fn an_oracle_without_a_guardian_works() {
    let mut world = World::instantiate(|msg| msg.guardian = None).unwrap();
    world.set_feed(ATOM, posted()).unwrap();
    world.post_all(ATOM, "10");
    assert_eq!(world.record().mid, usd("10"));
    let config: bulwark_types::oracle::ConfigResponse = world.query(&QueryMsg::Config {}).unwrap();
    assert_eq!(config.guardian, None);
}

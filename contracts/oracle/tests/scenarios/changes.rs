//! Changes that wait.

use bulwark_types::events::ChangeMoved;
use bulwark_types::oracle::{Change, ConfigResponse, ExecuteMsg, Feed, QueryMsg, Source};

use crate::world::{ATOM, World, assert_refused, events, fixed, posted, usd};

const DELAY: u64 = 48 * 3600;

/// For so long a change can be applied once it is ready.
const LIFETIME: u64 = 14 * 86_400;

fn set_feed() -> ExecuteMsg {
    ExecuteMsg::SetFeed {
        asset: ATOM.into(),
        feed: posted(),
    }
}

fn config(world: &World) -> ConfigResponse {
    world.query(&QueryMsg::Config {}).unwrap()
}

#[test]
fn pitfall_42_a_change_waits_in_the_open_and_anyone_applies_it() {
    let mut world = World::with_delay(DELAY);
    let (owner, stranger) = (world.owner.clone(), world.stranger.clone());
    let ready_at = world.now() + DELAY;
    let response = world.execute(&owner, &set_feed()).unwrap();
    let proposed = ChangeMoved {
        change: 1,
        action: "proposed".into(),
        ready_at,
        sender: owner.to_string(),
    };
    assert_eq!(events::<ChangeMoved>(&response), [proposed]);
    let pending = world.changes();
    assert_eq!(
        (pending.len(), pending[0].id, pending[0].ready_at),
        (1, 1, ready_at)
    );
    assert_eq!(pending[0].expires_at, ready_at + LIFETIME);
    let change = Change::SetFeed {
        asset: ATOM.into(),
        feed: posted(),
    };
    assert_eq!(pending[0].change, change);

    world.wait(DELAY - 1);
    let fields = format!(
        r#"{{"change":1,"ready_at":{ready_at},"now":{}}}"#,
        ready_at - 1
    );
    let apply = ExecuteMsg::Apply { change: 1 };
    assert_refused(world.execute(&owner, &apply), "change_not_ready", &fields);
    assert_refused(world.feed(ATOM), "unknown_feed", r#"{"asset":"uatom"}"#);
    world.wait(1);
    let response = world.execute(&stranger, &apply).unwrap();
    assert_eq!(events::<ChangeMoved>(&response)[0].action, "applied");
    assert_eq!(world.feed(ATOM).unwrap().feed, posted());
    assert!(world.changes().is_empty());
    assert_refused(
        world.execute(&stranger, &apply),
        "unknown_change",
        r#"{"change":1}"#,
    );
}

#[test]
fn pitfall_42_a_change_that_nobody_applied_in_time_can_only_be_cancelled() {
    let mut world = World::with_delay(DELAY);
    let (owner, stranger) = (world.owner.clone(), world.stranger.clone());
    for _ in 0..2 {
        world.execute(&owner, &set_feed()).unwrap();
    }
    let expires_at = world.now() + DELAY + LIFETIME;
    world.wait(DELAY + LIFETIME);
    let apply = |change| ExecuteMsg::Apply { change };
    world.execute(&stranger, &apply(1)).unwrap();
    world.wait(1);
    let fields = format!(
        r#"{{"change":2,"expires_at":{expires_at},"now":{}}}"#,
        expires_at + 1
    );
    assert_refused(world.execute(&owner, &apply(2)), "change_expired", &fields);
    assert_eq!(world.changes()[0].expires_at, expires_at);
    world
        .execute(&owner, &ExecuteMsg::Cancel { change: 2 })
        .unwrap();
    assert!(world.changes().is_empty());
}

#[test]
fn pitfall_42_guardian_and_owner_can_cancel_and_nobody_else() {
    let mut world = World::with_delay(DELAY);
    let (owner, guardian) = (world.owner.clone(), world.guardian.clone());
    for (number, canceller) in [(1, guardian), (2, owner.clone())] {
        world.execute(&owner, &set_feed()).unwrap();
        let cancel = ExecuteMsg::Cancel { change: number };
        let stranger = world.stranger.clone();
        let fields = format!(r#"{{"sender":"{stranger}","role":"guardian or the owner"}}"#);
        assert_refused(world.execute(&stranger, &cancel), "unauthorized", &fields);
        let response = world.execute(&canceller, &cancel).unwrap();
        assert_eq!(events::<ChangeMoved>(&response)[0].action, "cancelled");
        world.wait(DELAY);
        let fields = format!(r#"{{"change":{number}}}"#);
        for msg in [ExecuteMsg::Apply { change: number }, cancel] {
            assert_refused(world.execute(&canceller, &msg), "unknown_change", &fields);
        }
        assert!(world.feed(ATOM).is_err());
    }
}

#[test]
fn without_a_delay_a_change_is_made_at_once() {
    let mut world = World::with_delay(0);
    let response = world.set_feed(ATOM, posted()).unwrap();
    let applied = ChangeMoved {
        change: 0,
        action: "applied".into(),
        ready_at: world.now(),
        sender: world.owner.to_string(),
    };
    assert_eq!(events::<ChangeMoved>(&response), [applied]);
    assert!(world.changes().is_empty());
    assert!(world.feed(ATOM).is_ok());
}

#[test]
fn a_change_is_checked_again_when_it_is_applied() {
    let mut world = World::with_delay(DELAY);
    world.set_feed(ATOM, posted()).unwrap();
    world.set_feed(ATOM, fixed("1")).unwrap();
    world.wait(DELAY);
    let stranger = world.stranger.clone();
    world
        .execute(&stranger, &ExecuteMsg::Apply { change: 1 })
        .unwrap();
    assert_refused(
        world.execute(&stranger, &ExecuteMsg::Apply { change: 2 }),
        "source_kind_changed",
        r#"{"asset":"uatom"}"#,
    );
    // It failed and changed nothing: it still waits, to be cancelled.
    assert_eq!(world.changes().len(), 1);
}

#[test]
fn a_feed_stays_fixed_or_stays_not_fixed() {
    let mut world = World::at("10");
    world.set_feed("usd", fixed("1")).unwrap();
    for (asset, feed) in [(ATOM, fixed("10")), ("usd", posted())] {
        let fields = format!(r#"{{"asset":"{asset}"}}"#);
        assert_refused(world.set_feed(asset, feed), "source_kind_changed", &fields);
    }
}

#[test]
fn a_changed_feed_keeps_slot_price_and_volatility() {
    let mut world = World::at("10");
    let (record, slot) = (world.record(), world.feed(ATOM).unwrap().slot);
    let stricter = Feed {
        max_age: 60,
        initial_volatility: usd_fraction("0.5"),
        ..posted()
    };
    world.set_feed(ATOM, stricter.clone()).unwrap();
    assert_eq!(world.record(), record);
    let feed = world.feed(ATOM).unwrap();
    assert_eq!((feed.slot, feed.feed), (slot, stricter));
    world.post_all(ATOM, "10.1");
    assert_eq!(world.record().expires_at, world.now() + 60);
    assert_eq!(world.record().volatility, record.volatility);
}

#[test]
fn a_fixed_price_is_in_force_at_once_and_its_volatility_moves_on_a_ramp() {
    let mut world = World::new();
    world.set_feed("usd", fixed("1")).unwrap();
    let record = world.record_of("usd").unwrap();
    for price in [record.mid, record.low, record.high, record.ema] {
        assert_eq!(price, usd("1"));
    }
    assert_eq!(
        (record.published_at, record.expires_at),
        (world.now(), u64::MAX)
    );
    world.wait(3600);
    let changed = Feed {
        sources: vec![Source::Fixed { price: usd("0.99") }],
        depositable: false,
        initial_volatility: usd_fraction("0.5"),
        ..posted()
    };
    world.set_feed("usd", changed).unwrap();
    let record = world.record_of("usd").unwrap();
    assert_eq!(record.mid, usd("0.99"));
    let in_force = world.price("usd").unwrap().volatility_in_force;
    assert_eq!(in_force, usd_fraction("0.04"));
    assert_eq!(record.volatility.target, usd_fraction("0.5"));
}

fn usd_fraction(text: &str) -> bulwark_risk::units::Fraction {
    text.parse().unwrap()
}

#[test]
fn posts_of_a_removed_feeder_no_longer_count_at_once() {
    let mut world = World::at("10");
    // Two lie; with the third honest one that is a quorum, and the median is a lie.
    world.post(0, &[(ATOM, "11.4")]).unwrap();
    world.post(1, &[(ATOM, "11.4")]).unwrap();
    let honest: Vec<_> = world.feeders[2..].iter().map(ToString::to_string).collect();
    let owner = world.owner.clone();
    let msg = ExecuteMsg::UpdateFeeders {
        feeders: honest.clone(),
        quorum: 2,
    };
    world.execute(&owner, &msg).unwrap();
    assert_eq!(config(&world).feeders, honest);
    assert_eq!(config(&world).quorum, 2);
    assert_eq!(world.feed(ATOM).unwrap().posts.len(), 3);
    assert_refused(
        world.post(0, &[(ATOM, "11.4")]),
        "unauthorized",
        &format!(r#"{{"sender":"{}","role":"feeders"}}"#, world.feeders[0]),
    );
    world.post(2, &[(ATOM, "10.1")]).unwrap();
    world.post(3, &[(ATOM, "10.1")]).unwrap();
    assert_eq!(world.record().mid, usd("10.1"));
    assert_eq!(world.record().high, usd("10.15"));
    // Back again, the old post is not.
    let everyone = world.feeders.iter().map(ToString::to_string).collect();
    let msg = ExecuteMsg::UpdateFeeders {
        feeders: everyone,
        quorum: 3,
    };
    world.execute(&owner, &msg).unwrap();
    assert_eq!(world.feed(ATOM).unwrap().posts.len(), 3);
}

#[test]
fn feeders_guardian_and_delay_wait_like_everything_else() {
    let mut world = World::with_delay(DELAY);
    let (owner, stranger) = (world.owner.clone(), world.stranger.clone());
    let feeders = vec![stranger.to_string()];
    world
        .execute(&owner, &ExecuteMsg::UpdateFeeders { feeders, quorum: 1 })
        .unwrap();
    let roles = ExecuteMsg::UpdateConfig {
        guardian: Some(stranger.to_string()),
        owner_delay: Some(60),
    };
    world.execute(&owner, &roles).unwrap();
    let before = config(&world);
    assert_eq!((before.feeders.len(), before.owner_delay), (5, DELAY));
    world.wait(DELAY);
    for change in [1, 2] {
        world
            .execute(&stranger, &ExecuteMsg::Apply { change })
            .unwrap();
    }
    let expected = ConfigResponse {
        guardian: Some(stranger.to_string()),
        feeders: vec![stranger.to_string()],
        quorum: 1,
        owner_delay: 60,
    };
    assert_eq!(config(&world), expected);
    // What is not named stays.
    let nothing = ExecuteMsg::UpdateConfig {
        guardian: None,
        owner_delay: None,
    };
    world.execute(&owner, &nothing).unwrap();
    world.wait(60);
    world
        .execute(&stranger, &ExecuteMsg::Apply { change: 3 })
        .unwrap();
    assert_eq!(config(&world), expected);
}

#[test]
fn pending_changes_come_by_page() {
    let mut world = World::with_delay(DELAY);
    let owner = world.owner.clone();
    for _ in 0..4 {
        world.execute(&owner, &set_feed()).unwrap();
    }
    let page = |start_after, limit| {
        let query = QueryMsg::Changes { start_after, limit };
        let page: Vec<bulwark_types::governance::PendingChange<Change>> =
            world.query(&query).unwrap();
        page.iter().map(|change| change.id).collect::<Vec<_>>()
    };
    assert_eq!(page(None, Some(2)), [1, 2]);
    assert_eq!(page(Some(2), Some(9)), [3, 4]);
    assert_eq!(page(None, Some(0)), [1]);
}

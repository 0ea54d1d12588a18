//! The guardian's brake on a feed.

use bulwark_types::events::FeedHalted;
use bulwark_types::governance::{BRAKE_COOLDOWN, BRAKE_LENGTH};
use bulwark_types::oracle::{ExecuteMsg, PriceStatus};
use cosmwasm_std::Addr;
use cw_multi_test::AppResponse;

use bulwark_types::wire::WireError;

use crate::world::{ATOM, World, assert_refused, events, fixed, usd};

fn halt(world: &mut World, sender: &Addr, asset: &str) -> Result<AppResponse, WireError> {
    let asset = asset.into();
    world.execute(sender, &ExecuteMsg::Halt { asset })
}

fn resume(world: &mut World, sender: &Addr, asset: &str) -> Result<AppResponse, WireError> {
    let asset = asset.into();
    world.execute(sender, &ExecuteMsg::Resume { asset })
}

#[test]
fn a_halt_stops_the_price_at_once_and_ends_by_itself() {
    let mut world = World::at("10");
    let guardian = world.guardian.clone();
    let before = world.record();
    let end = world.now() + BRAKE_LENGTH;
    let response = halt(&mut world, &guardian, ATOM).unwrap();
    let expected = FeedHalted {
        asset: ATOM.into(),
        until: end,
    };
    assert_eq!(events::<FeedHalted>(&response), [expected]);
    assert_eq!(world.feed(ATOM).unwrap().halted_until, Some(end));
    let halted = world.record();
    assert_eq!(halted.status, PriceStatus::Halted);
    assert!(!halted.is_priced(world.now()));

    // Posts are stored and move nothing.
    world.wait(60).post_all(ATOM, "10.2");
    assert_eq!(world.record(), halted);
    assert_eq!(world.feed(ATOM).unwrap().posts[0].price, usd("10.2"));

    let rest = end - world.now();
    world.wait(rest - 1).post_all(ATOM, "10.3");
    assert_eq!(world.record(), halted);
    // The halt is over: with the next post, what was posted meanwhile counts.
    world.wait(1).post(0, &[(ATOM, "10.3")]).unwrap();
    let record = world.record();
    assert_eq!((record.status, record.mid), (PriceStatus::Ok, usd("10.3")));
    assert_eq!(world.feed(ATOM).unwrap().halted_until, None);
    assert_eq!(before.mid, usd("10"));
}

#[test]
fn a_halt_cannot_be_repeated_for_seven_days() {
    let mut world = World::at("10");
    let guardian = world.guardian.clone();
    halt(&mut world, &guardian, ATOM).unwrap();
    let until = world.now() + BRAKE_LENGTH + BRAKE_COOLDOWN;
    world.wait(BRAKE_LENGTH);
    let fields = format!(r#"{{"until":{until},"now":{}}}"#, world.now());
    assert_refused(halt(&mut world, &guardian, ATOM), "cooling_down", &fields);
    world.wait(BRAKE_COOLDOWN);
    halt(&mut world, &guardian, ATOM).unwrap();
}

#[test]
fn a_feed_that_is_resumed_goes_on_with_its_next_price() {
    let mut world = World::at("10");
    let guardian = world.guardian.clone();
    halt(&mut world, &guardian, ATOM).unwrap();
    let response = resume(&mut world, &guardian, ATOM).unwrap();
    let expected = FeedHalted {
        asset: ATOM.into(),
        until: 0,
    };
    assert_eq!(events::<FeedHalted>(&response), [expected]);
    assert_eq!(world.record().status, PriceStatus::Halted);
    world.post_all(ATOM, "10.1");
    assert_eq!(world.record().status, PriceStatus::Ok);
    assert_refused(
        resume(&mut world, &guardian, ATOM),
        "not_halted",
        r#"{"asset":"uatom"}"#,
    );
}

#[test]
fn a_jump_seen_before_a_halt_has_to_be_seen_again() {
    let mut world = World::at("10");
    let guardian = world.guardian.clone();
    world.post_all(ATOM, "4");
    halt(&mut world, &guardian, ATOM).unwrap();
    assert_eq!(world.feed(ATOM).unwrap().pending, None);
    resume(&mut world, &guardian, ATOM).unwrap();
    world.wait(60).post_all(ATOM, "4");
    assert_eq!(world.record().mid, usd("10"));
    assert_eq!(world.record().status, PriceStatus::Halted);
    world.wait(60).post_all(ATOM, "4");
    assert_eq!(world.record().mid, usd("4"));
    assert_eq!(world.record().status, PriceStatus::Ok);
}

#[test]
fn a_feed_can_be_halted_before_its_first_price() {
    let mut world = World::new();
    let guardian = world.guardian.clone();
    halt(&mut world, &guardian, ATOM).unwrap();
    world.post_all(ATOM, "10");
    assert!(world.record_of(ATOM).is_none());
    resume(&mut world, &guardian, ATOM).unwrap();
    world.wait(6).post_all(ATOM, "10");
    assert_eq!(world.record().status, PriceStatus::Ok);
}

#[test]
fn a_fixed_price_comes_back_without_the_guardian_once_the_halt_is_over() {
    let mut world = World::new();
    let (guardian, stranger) = (world.guardian.clone(), world.stranger.clone());
    world.set_feed("usd", fixed("1")).unwrap();
    halt(&mut world, &guardian, "usd").unwrap();
    // A new configuration does not lift a halt.
    world.set_feed("usd", fixed("0.99")).unwrap();
    let halted = world.record_of("usd").unwrap();
    assert_eq!(
        (halted.status, halted.mid),
        (PriceStatus::Halted, usd("0.99"))
    );
    let fields = format!(r#"{{"sender":"{stranger}","role":"guardian"}}"#);
    assert_refused(
        resume(&mut world, &stranger, "usd"),
        "unauthorized",
        &fields,
    );
    world.wait(BRAKE_LENGTH);
    resume(&mut world, &stranger, "usd").unwrap();
    assert_eq!(world.record_of("usd").unwrap().status, PriceStatus::Ok);
    assert_refused(
        resume(&mut world, &stranger, "usd"),
        "not_halted",
        r#"{"asset":"usd"}"#,
    );
}

#[test]
fn pitfall_36_only_the_guardian_halts_and_resumes() {
    let mut world = World::at("10");
    for sender in [
        world.owner.clone(),
        world.stranger.clone(),
        world.feeders[0].clone(),
    ] {
        let fields = format!(r#"{{"sender":"{sender}","role":"guardian"}}"#);
        assert_refused(halt(&mut world, &sender, ATOM), "unauthorized", &fields);
    }
    let guardian = world.guardian.clone();
    halt(&mut world, &guardian, ATOM).unwrap();
    let owner = world.owner.clone();
    let fields = format!(r#"{{"sender":"{owner}","role":"guardian"}}"#);
    assert_refused(resume(&mut world, &owner, ATOM), "unauthorized", &fields);
    for result in [
        halt(&mut world, &guardian, "nothing"),
        resume(&mut world, &guardian, "nothing"),
    ] {
        assert_refused(result, "unknown_feed", r#"{"asset":"nothing"}"#);
    }
}

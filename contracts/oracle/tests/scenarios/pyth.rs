//! Prices of a Pyth contract.

use bulwark_test_sources::msg::Behaviour;
use bulwark_types::events::{PriceMoved, SourceAsked};
use bulwark_types::oracle::{FailedPull, PriceStatus, SourceFailure, SourceReading};
use cosmwasm_std::{Addr, Binary};

use crate::stand_ins::{feed_of, pyth};
use crate::world::{ATOM, World, events, usd};

/// ATOM priced by Pyth alone, at 10 ± 0.02 USD.
fn priced() -> (World, Addr) {
    let mut world = World::with_delay(0);
    let contract = world.stand_in();
    world
        .set_feed(ATOM, feed_of(true, [pyth(&contract)]))
        .unwrap();
    world.pyth_says(&contract, 1_000, 2, 0);
    assert_eq!(world.asked(ATOM), ["taken"]);
    world.wait(60);
    (world, contract)
}

fn failure(world: &World) -> Option<SourceFailure> {
    let failed: Option<FailedPull> = world.reports(ATOM)[0].failure;
    assert!(failed.is_none_or(|failed| failed.at == world.now()));
    failed.map(|failed| failed.reason)
}

#[test]
fn a_price_of_pyth_counts_with_its_confidence_and_publish_time() {
    let (mut world, contract) = priced();
    let record = world.record();
    assert_eq!((record.mid, record.ema), (usd("10"), usd("10")));
    assert_eq!((record.low, record.high), (usd("9.98"), usd("10.02")));

    world.pyth_says(&contract, 1_050, 0, 7);
    let published_at = world.now() - 7;
    let response = world.refresh(&[ATOM]).unwrap();
    let asked = SourceAsked {
        asset: ATOM.into(),
        source: 0,
        outcome: "taken".into(),
        value: usd("10.5"),
        as_of: published_at,
    };
    assert_eq!(events::<SourceAsked>(&response), [asked]);
    let moved: Vec<PriceMoved> = events(&response);
    assert_eq!(
        (moved[0].mid, moved[0].published_at),
        (usd("10.5"), published_at)
    );
    let record = world.record();
    // The oracle's own average, not Pyth's, and at least its own least confidence.
    assert_eq!((record.ema, record.low), (usd("10"), usd("10")));
    assert_eq!(record.high, usd("10.5105"));
    assert_eq!(record.expires_at, published_at + 120);
    let report = &world.reports(ATOM)[0];
    let told = SourceReading::Price {
        price: usd("10.5"),
        conf: usd("0"),
        published_at,
    };
    assert_eq!(
        (report.last, report.fresh, report.failure),
        (Some(told), true, None)
    );
}

#[test]
fn pitfall_22_a_price_of_pyth_gets_old() {
    let (mut world, contract) = priced();
    world.wait(61);
    assert!(world.price(ATOM).unwrap().stale);
    assert!(!world.reports(ATOM)[0].fresh);
    // Asked again, it says what it said: too old to be taken.
    assert_eq!(world.asked(ATOM), ["stale"]);
    assert_eq!(failure(&world), Some(SourceFailure::Stale));
    assert!(world.price(ATOM).unwrap().stale);
    world.pyth_says(&contract, 1_010, 1, 120);
    assert_eq!(world.asked(ATOM), ["taken"]);
    assert_eq!(failure(&world), None);
    assert!(!world.price(ATOM).unwrap().stale);
}

#[test]
fn pitfall_27_zero_and_negative_prices_are_failures_and_wide_ones_stop_opening() {
    let (mut world, contract) = priced();
    let before = world.record();
    for cents in [0, -1_000, i64::MAX] {
        world.pyth_says(&contract, cents, 2, 0);
        assert_eq!(world.asked(ATOM), ["out_of_range"]);
        assert_eq!(failure(&world), Some(SourceFailure::OutOfRange));
        assert_eq!(world.record(), before);
    }
    world.pyth_says(&contract, 1_000, 31, 0);
    assert_eq!(world.asked(ATOM), ["taken"]);
    assert_eq!(world.record().status, PriceStatus::Wide);
    // Less sure than the price is high: the lower end stays above zero.
    world.wait(6);
    world.pyth_says(&contract, 1_000, 5_000, 0);
    assert_eq!(world.asked(ATOM), ["taken"]);
    let record = world.record();
    assert_eq!((record.low.0, record.high), (1, usd("60")));
    assert_eq!((record.mid, record.status), (usd("10"), PriceStatus::Wide));
}

#[test]
fn pitfall_29_future_and_older_prices_of_pyth_are_not_taken() {
    let (mut world, contract) = priced();
    let before = world.record();
    world.pyth_says(&contract, 1_100, 2, -1);
    assert_eq!(world.asked(ATOM), ["future"]);
    // A block later it is the present, and counts.
    world.wait(1);
    assert_eq!(world.record(), before);
    assert_eq!(world.asked(ATOM), ["taken"]);
    assert_eq!(world.record().mid, usd("11"));
    world.wait(6);
    world.pyth_says(&contract, 900, 2, 7);
    assert_eq!(world.asked(ATOM), ["older"]);
    assert_eq!(failure(&world), Some(SourceFailure::Older));
    assert_eq!(world.record().mid, usd("11"));
}

#[test]
fn pitfall_23_the_guards_judge_pyth_as_they_judge_feeders() {
    let (mut world, contract) = priced();
    world.pyth_says(&contract, 400, 1, 0);
    assert_eq!(world.asked(ATOM), ["taken"]);
    let waiting = world.record();
    assert_eq!(
        (waiting.mid, waiting.status),
        (usd("10"), PriceStatus::Pending)
    );
    assert_eq!(waiting.low, usd("3.99"));
    // The same answer does not confirm itself, however often it is asked for.
    world.wait(40);
    for _ in 0..3 {
        assert_eq!(world.asked(ATOM), ["taken"]);
        assert_eq!(world.record(), waiting);
    }
    world.pyth_says(&contract, 390, 1, 0);
    world.refresh(&[ATOM]).unwrap();
    assert_eq!(world.record().mid, usd("3.9"));
    // One accepted price in a block.
    world.pyth_says(&contract, 391, 1, 0);
    world.refresh(&[ATOM]).unwrap();
    assert_eq!(world.record().mid, usd("3.9"));
}

#[test]
fn a_contract_that_refuses_or_talks_nonsense_is_a_failure_that_is_shown() {
    let (mut world, contract) = priced();
    let before = world.record();
    world.behave(&contract, Behaviour::Refuse);
    assert_eq!(world.asked(ATOM), ["unreachable"]);
    assert_eq!(failure(&world), Some(SourceFailure::Unreachable));
    for nonsense in ["", "null", "{}", r#"{"price_feed":{"id":"00"}}"#] {
        world.behave(&contract, Behaviour::Say(Binary::from(nonsense.as_bytes())));
        assert_eq!(world.asked(ATOM), ["malformed"]);
        assert_eq!(failure(&world), Some(SourceFailure::Malformed));
    }
    // What it said before still counts, until it is too old.
    assert!(world.reports(ATOM)[0].fresh);
    assert_eq!(world.record(), before);
    let nobody = world.stranger.clone();
    world
        .set_feed(ATOM, feed_of(true, [pyth(&nobody)]))
        .unwrap();
    assert_eq!(world.asked(ATOM), ["unreachable"]);
    assert_eq!(world.reports(ATOM)[0].last, None);
}

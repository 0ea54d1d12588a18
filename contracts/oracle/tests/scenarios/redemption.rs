//! Assets that are redeemed for others: rates, and markets beside them.

use bulwark_risk::units::{Fraction, Price};
use bulwark_test_sources::msg::Behaviour;
use bulwark_types::events::PriceMoved;
use bulwark_types::oracle::{
    ExecuteMsg, Feed, PriceRecord, PriceStatus, RedemptionRate, Source, SourceFailure,
    SourceReading,
};
use cosmwasm_std::{Addr, Binary};

use crate::stand_ins::{DAY, STATOM, Teller, feed_of, pyth, rate};
use crate::world::{ATOM, World, assert_refused, events, fixed, posted, usd};

/// stATOM at its redemption value alone, or beside posts; ATOM at 10 USD, the rate at 1.2.
fn staked(depositable: bool) -> (World, Addr) {
    let mut world = World::at("10");
    let contract = world.stand_in();
    world.rate_is(&contract, "1.2");
    let redemption = Source::RedemptionRate(rate(Teller::Adapter, &contract));
    let market = depositable.then_some(Source::Posted {});
    world
        .set_feed(
            STATOM,
            feed_of(depositable, market.into_iter().chain([redemption])),
        )
        .unwrap();
    if depositable {
        post_both(&mut world, "10", "12");
    }
    assert_eq!(world.asked(STATOM), ["taken"]);
    world.wait(60);
    (world, contract)
}

fn post_both(world: &mut World, atom: &str, statom: &str) {
    for feeder in 0..5 {
        world
            .post(feeder, &[(ATOM, atom), (STATOM, statom)])
            .unwrap();
    }
}

/// Time passes in rounds of a minute, in which ATOM is posted and stATOM refreshed.
fn rounds(world: &mut World, count: u64) {
    for _ in 0..count {
        world.wait(60).post_all(ATOM, "10");
        world.refresh(&[STATOM]).unwrap();
    }
}

fn post_both_if(world: &mut World, both: bool, atom: &str, statom: &str) {
    if both {
        post_both(world, atom, statom);
    } else {
        world.post_all(ATOM, atom);
    }
}

fn statom(world: &World) -> PriceRecord {
    world.record_of(STATOM).unwrap()
}

fn counted(world: &World) -> Fraction {
    let report = world.reports(STATOM).pop().unwrap();
    let Some(SourceReading::Rate { counted, .. }) = report.last else {
        panic!("no rate");
    };
    counted
}

fn failure(world: &World) -> Option<SourceFailure> {
    let report = world.reports(STATOM).pop().unwrap();
    report.failure.map(|failed| failed.reason)
}

fn fraction(text: &str) -> Fraction {
    text.parse().unwrap()
}

#[test]
fn adapters_cores_and_hubs_tell_a_rate_each_in_its_own_shape() {
    for teller in [Teller::Adapter, Teller::Core, Teller::Hub] {
        let mut world = World::at("10");
        let contract = world.stand_in();
        world.rate_is(&contract, "1.234567890123456789");
        let redemption = Source::RedemptionRate(rate(teller, &contract));
        world
            .set_feed(STATOM, feed_of(false, [redemption]))
            .unwrap();
        assert_eq!(world.asked(STATOM), ["taken"], "{teller:?}");
        let (base, record) = (world.record(), statom(&world));
        assert_eq!(record.mid, usd("12.34567890123456789"));
        // 9.99 and 10.01 times the rate, down and up.
        assert_eq!(record.low, usd("12.333333222333333322"));
        assert_eq!(record.high, usd("12.358024580135802458"));
        assert_eq!(record.published_at, base.published_at);
        assert_eq!(record.expires_at, base.expires_at);
        assert_eq!(record.status, PriceStatus::Ok);
    }
}

#[test]
fn pitfall_26_a_rate_that_a_donation_doubles_counts_up_to_its_cap() {
    let (mut world, contract) = staked(false);
    world.rate_is(&contract, "2.4");
    rounds(&mut world, 1);
    let told = world.reports(STATOM).pop().unwrap().last;
    assert!(matches!(told, Some(SourceReading::Rate { told, .. }) if told == fraction("2.4")));
    // 0.2 % of a day and two minutes' growth: nothing beside the jump.
    let first = counted(&world);
    assert!(first > fraction("1.2") && first < fraction("1.2007"));
    let record = statom(&world);
    assert_eq!(
        (record.mid, record.status),
        (Price(first.0 * 10), PriceStatus::Ok)
    );
    // Refreshing in every minute of ten hours gains ten hours' growth and no more.
    world.rate_was(&contract, "2.4", world.now());
    rounds(&mut world, 600);
    let gained = counted(&world).0 - first.0;
    let ten_hours = fraction("1.2").0 * 2 / 10 * 10 / (365 * 24);
    assert!(gained < ten_hours * 1001 / 1000, "{gained}");
    assert!(gained > ten_hours * 999 / 1000, "{gained}");
}

#[test]
fn pitfall_25_a_rate_that_grows_fairly_counts_in_full_for_a_year() {
    let (mut world, contract) = staked(false);
    let mut rate = 1_200_000u64;
    for _ in 0..52 {
        world.wait(7 * DAY).post_all(ATOM, "10");
        rate += rate * 15 * 7 / 36_500;
        let text = format!("{}.{:06}", rate / 1_000_000, rate % 1_000_000);
        world.rate_is(&contract, &text);
        world.refresh(&[STATOM]).unwrap();
        assert_eq!(counted(&world), fraction(&text));
        assert_eq!(statom(&world).mid, Price(fraction(&text).0 * 10));
        assert_eq!(statom(&world).status, PriceStatus::Ok);
    }
    assert!(rate > 1_380_000);
}

#[test]
fn a_rate_that_falls_counts_at_once() {
    let (mut world, contract) = staked(false);
    world.rate_is(&contract, "1.1");
    rounds(&mut world, 1);
    assert_eq!(counted(&world), fraction("1.1"));
    assert_eq!(statom(&world).mid, usd("11"));
    // Told too low by mistake, it is right again as soon as it is told right.
    world.rate_is(&contract, "1.2");
    rounds(&mut world, 1);
    assert_eq!(statom(&world).mid, usd("12"));
}

#[test]
fn pitfall_49_a_discounted_asset_is_worth_what_the_market_pays() {
    let (mut world, _) = staked(true);
    assert_eq!(statom(&world).mid, usd("12"));
    post_both(&mut world, "10", "11.2");
    world.wait(60);
    post_both(&mut world, "10", "11.2");
    let record = statom(&world);
    assert_eq!((record.mid, record.status), (usd("11.2"), PriceStatus::Ok));
    // The range spans what it can be redeemed for: who borrows it owes that at opening.
    assert_eq!((record.low, record.high), (usd("11.1888"), usd("12.012")));
}

#[test]
fn pitfall_49_an_asset_bid_above_its_redemption_value_is_worth_no_more_than_that() {
    let (mut world, _) = staked(true);
    for _ in 0..2 {
        post_both(&mut world, "10", "13");
        world.wait(60);
    }
    let record = statom(&world);
    assert_eq!(record.mid, usd("12"));
    assert_eq!((record.low, record.high), (usd("11.988"), usd("13.013")));
    // A Pyth price is a market as posts are.
    let contract = world.stand_in();
    let mut feed = world.feed(STATOM).unwrap().feed;
    feed.sources[0] = pyth(&contract);
    world.set_feed(STATOM, feed).unwrap();
    world.post_all(ATOM, "10");
    world.pyth_says(&contract, 1_150, 1, 0);
    assert_eq!(world.asked(STATOM), ["taken", "taken"]);
    assert_eq!(statom(&world).mid, usd("11.5"));
}

#[test]
fn pitfall_49_without_a_market_a_depositable_asset_has_no_price() {
    let mut world = World::at("10");
    let contract = world.stand_in();
    world.rate_is(&contract, "1.2");
    let redemption = Source::RedemptionRate(rate(Teller::Core, &contract));
    let feed = feed_of(true, [Source::Posted {}, redemption]);
    world.set_feed(STATOM, feed.clone()).unwrap();
    assert_eq!(world.asked(STATOM), ["taken"]);
    assert!(world.record_of(STATOM).is_none());
    post_both(&mut world, "10", "11");
    assert_eq!(statom(&world).mid, usd("11"));
    world.wait(121).post_all(ATOM, "10");
    world.refresh(&[STATOM]).unwrap();
    assert!(world.price(STATOM).unwrap().stale);
    // And it cannot be made one that needs none, which a vault that lists it would not notice.
    let alone = Feed {
        depositable: false,
        ..feed
    };
    let refused = world.set_feed(STATOM, alone).unwrap_err();
    assert_eq!(refused.name, "source_kind_changed");
}

#[test]
fn pitfall_47_while_the_base_waits_for_confirmation_nothing_opens_on_it() {
    let (mut world, _) = staked(true);
    // ATOM jumps; stATOM's own market lags behind.
    for feeder in 0..5 {
        world.post(feeder, &[(ATOM, "5"), (STATOM, "12")]).unwrap();
    }
    assert_eq!(world.record().status, PriceStatus::Pending);
    let record = statom(&world);
    assert_eq!((record.mid, record.status), (usd("12"), PriceStatus::Wide));
    // Its range includes what it is worth if the jump is true.
    assert!(record.low <= usd("6"), "{:?}", record.low);
}

#[test]
fn pitfall_47_a_base_that_stops_stops_what_hangs_on_it_in_the_same_message() {
    for depositable in [false, true] {
        let (mut world, _) = staked(depositable);
        let before = statom(&world);
        assert!(before.is_openable(world.now()));
        // Only ATOM is posted: up, to where stATOM would be borrowed too cheaply.
        let mut reported = Vec::new();
        for feeder in 0..5 {
            let response = world.post(feeder, &[(ATOM, "20")]).unwrap();
            reported.extend(events::<PriceMoved>(&response));
        }
        assert!(reported.iter().any(|moved| moved.asset == STATOM));
        assert_eq!(world.record().status, PriceStatus::Pending);
        let record = statom(&world);
        assert_eq!((record.mid, record.status), (before.mid, PriceStatus::Wide));
        assert_eq!(record.published_at, before.published_at);
        assert!(record.high >= usd("24"), "{:?}", record.high);
        // Confirmed, it counts with the next observation of stATOM.
        world.wait(60);
        post_both_if(&mut world, depositable, "20", "24");
        world.wait(60);
        post_both_if(&mut world, depositable, "20", "24");
        world.refresh(&[STATOM]).unwrap();
        assert_eq!(world.record().mid, usd("20"));
    }
}

#[test]
fn pitfall_47_a_halted_base_stops_what_hangs_on_it_in_the_same_message() {
    for depositable in [false, true] {
        let (mut world, _) = staked(depositable);
        let before = statom(&world);
        let guardian = world.guardian.clone();
        let halt = ExecuteMsg::Halt { asset: ATOM.into() };
        world.execute(&guardian, &halt).unwrap();
        let record = statom(&world);
        assert_eq!((record.mid, record.status), (before.mid, PriceStatus::Wide));
    }
}

#[test]
fn pitfall_47_a_price_that_is_accepted_while_the_base_stops_opens_nothing() {
    let (mut world, _) = staked(true);
    let contract = world.stand_in();
    let mut feed = world.feed(STATOM).unwrap().feed;
    feed.sources[0] = pyth(&contract);
    world.set_feed(STATOM, feed).unwrap();
    let guardian = world.guardian.clone();
    let halt = ExecuteMsg::Halt { asset: ATOM.into() };
    world.execute(&guardian, &halt).unwrap();
    world.wait(60);
    world.pyth_says(&contract, 1_150, 1, 0);
    let response = world.refresh(&[STATOM]).unwrap();
    let moved: Vec<PriceMoved> = events(&response);
    assert_eq!(
        (moved[0].mid, moved[0].published_at),
        (usd("11.5"), world.now())
    );
    assert_eq!(statom(&world).status, PriceStatus::Wide);
}

#[test]
fn pitfall_24_a_halted_or_silent_base_stops_opening_and_not_the_market() {
    let (mut world, _) = staked(true);
    let guardian = world.guardian.clone();
    let halt = ExecuteMsg::Halt { asset: ATOM.into() };
    world.execute(&guardian, &halt).unwrap();
    for price in ["11.8", "11.6", "11.4"] {
        world.wait(60);
        post_both(&mut world, "9.5", price);
        let record = statom(&world);
        assert_eq!((record.mid, record.status), (usd(price), PriceStatus::Wide));
        assert_eq!(record.expires_at, world.now() + 120);
    }
    let resume = ExecuteMsg::Resume { asset: ATOM.into() };
    world.execute(&guardian, &resume).unwrap();
    world.wait(60);
    post_both(&mut world, "9.5", "11.4");
    world.wait(60);
    post_both(&mut world, "9.5", "11.4");
    assert_eq!(statom(&world).status, PriceStatus::Ok);
    // A base of which nothing is heard any more.
    world.wait(121).post_all(STATOM, "11.3");
    let record = statom(&world);
    assert_eq!(
        (record.mid, record.status),
        (usd("11.3"), PriceStatus::Wide)
    );
    assert!(!world.reports(STATOM)[1].fresh);
}

#[test]
fn pitfall_22_a_redemption_value_lives_no_longer_than_its_base_and_its_rate() {
    let (mut world, contract) = staked(true);
    world.wait(60);
    // ATOM's price is two minutes old: what hangs on it lasts no longer.
    world.post_all(STATOM, "12.5");
    assert_eq!(statom(&world).mid, usd("12"));
    assert_eq!(statom(&world).expires_at, world.record().expires_at);
    // Nor than its own feed allows, which may be less than the base's.
    let mut shorter = feed_of(
        false,
        [Source::RedemptionRate(rate(Teller::Core, &contract))],
    );
    (shorter.max_age, shorter.jump_wait) = (30, 30);
    world.set_feed("shorter", shorter).unwrap();
    world.refresh(&["shorter"]).unwrap();
    assert!(world.record_of("shorter").is_none());
    // A rate of yesterday counts no more, and the market counts alone.
    let told_at = world.now() - 120;
    world.wait(DAY - 120 + 1);
    assert_eq!(world.asked(STATOM), ["stale"]);
    assert_eq!(failure(&world), Some(SourceFailure::Stale));
    world.rate_was(&contract, "1.2", told_at - 1);
    post_both(&mut world, "10", "12.5");
    assert_eq!(
        (statom(&world).mid, statom(&world).status),
        (usd("12.5"), PriceStatus::Ok)
    );
}

#[test]
fn pitfall_29_a_rate_from_the_future_is_one_of_now_and_older_ones_are_not_taken() {
    let (mut world, contract) = staked(false);
    let later = world.now() + 30 * DAY;
    world.rate_was(&contract, "1.2001", later);
    assert_eq!(world.asked(STATOM), ["taken"]);
    let reading = world.reports(STATOM).pop().unwrap().last;
    let now = world.now();
    assert!(matches!(reading, Some(SourceReading::Rate { as_of, .. }) if as_of == now));
    world.rate_was(&contract, "1.1", now - 1);
    assert_eq!(world.asked(STATOM), ["older"]);
    assert_eq!(counted(&world), fraction("1.2001"));
    world.rate_was(&contract, "1.2002", now + 5);
    world.wait(5);
    assert_eq!(world.asked(STATOM), ["taken"]);
}

#[test]
fn pitfall_27_rates_of_zero_and_nonsense_are_failures_that_are_shown() {
    let (mut world, contract) = staked(false);
    let before = world.reports(STATOM).pop().unwrap().last;
    let time = world.now();
    let answer = |rate: &str| format!(r#"{{"redemption_rate":{rate},"update_time":{time}}}"#);
    for (text, outcome) in [
        (answer(r#""0""#), "out_of_range"),
        (answer(r#""0.0000000000000000009""#), "malformed"),
        (answer(r#""1000000.1""#), "out_of_range"),
        (answer(r#""-1.2""#), "malformed"),
        (answer("1.2"), "malformed"),
        (answer("null"), "malformed"),
        (r#"{"redemption_rate":"1.2"}"#.into(), "malformed"),
        (r#"{"rate":"1.2","update_time":1}"#.into(), "malformed"),
        (
            r#"{"redemption_rate":"1.2","update_time":-1}"#.into(),
            "malformed",
        ),
        (r#""1.2""#.into(), "malformed"),
        ("<html>".into(), "malformed"),
    ] {
        world.behave(&contract, Behaviour::Say(Binary::from(text.as_bytes())));
        assert_eq!(world.asked(STATOM), [outcome], "{text}");
        assert_eq!(world.reports(STATOM).pop().unwrap().last, before);
    }
    let as_text = r#"{"redemption_rate":"1.2","update_time":"1571797419"}"#;
    world.behave(&contract, Behaviour::Say(Binary::from(as_text.as_bytes())));
    world.refresh(&[STATOM]).unwrap();
    assert_ne!(failure(&world), Some(SourceFailure::Malformed));
    world.behave(&contract, Behaviour::Refuse);
    assert_eq!(world.asked(STATOM), ["unreachable"]);
}

#[test]
fn a_base_is_priced_by_markets_and_stays_so() {
    let (mut world, contract) = staked(false);
    world.set_feed("usd", fixed("1")).unwrap();
    let on = |base: &str| {
        let redemption = RedemptionRate {
            base: base.into(),
            ..rate(Teller::Core, &contract)
        };
        feed_of(false, [Source::RedemptionRate(redemption)])
    };
    for base in ["nothing", "usd", STATOM, "self"] {
        let refused = world.set_feed("self", on(base)).unwrap_err();
        let fields = format!(
            r#"{{"field":"base","value":"{base}","bound":"must have a feed with market sources only"}}"#
        );
        assert_eq!(
            (refused.name.as_str(), refused.fields),
            ("invalid_feed", fields)
        );
    }
    // ATOM is a base now. It cannot hang on anything itself …
    world.set_feed("other", posted()).unwrap();
    let redemption = Source::RedemptionRate(RedemptionRate {
        base: "other".into(),
        ..rate(Teller::Core, &contract)
    });
    let hanging = feed_of(true, [Source::Posted {}, redemption]);
    let refused = world.set_feed(ATOM, hanging.clone()).unwrap_err();
    assert!(
        refused.fields.contains(r#""field":"sources""#),
        "{refused:?}"
    );
    world.set_feed(ATOM, posted()).unwrap();
    // … before stATOM has another one, and "other" cannot from then on.
    world.set_feed(STATOM, on("other")).unwrap();
    world.set_feed(ATOM, hanging.clone()).unwrap();
    let refused = world.set_feed("other", hanging).unwrap_err();
    assert_eq!(refused.name, "invalid_feed");
}

#[test]
fn sixteen_assets_at_most_have_the_same_base() {
    let (mut world, contract) = staked(false);
    let feed = || {
        let redemption = Source::RedemptionRate(rate(Teller::Core, &contract));
        feed_of(false, [redemption])
    };
    for number in 1..16 {
        world.set_feed(&format!("st{number}"), feed()).unwrap();
    }
    let fields =
        r#"{"field":"base","value":"uatom","bound":"must be the base of at most 16 feeds"}"#;
    assert_refused(world.set_feed("st16", feed()), "invalid_feed", fields);
    // One that is there can be changed, and one that leaves makes room.
    world.set_feed("st1", feed()).unwrap();
    world
        .set_feed("st1", feed_of(true, [Source::Posted {}]))
        .unwrap();
    world.set_feed("st16", feed()).unwrap();
}

#[test]
fn pitfall_25_a_changed_feed_keeps_the_anchor_of_the_same_question_only() {
    let (mut world, contract) = staked(false);
    let told = world.reports(STATOM).pop().unwrap().last;
    let source = rate(Teller::Adapter, &contract);
    let faster = RedemptionRate {
        growth_cap: Fraction::percent(30),
        ..source.clone()
    };
    let sources = [Source::Posted {}, Source::RedemptionRate(faster)];
    world.set_feed(STATOM, feed_of(false, sources)).unwrap();
    let reports = world.reports(STATOM);
    assert_eq!((reports[0].last, reports[1].last), (None, told));
    world.rate_is(&contract, "2.4");
    world.refresh(&[STATOM]).unwrap();
    assert!(counted(&world) < fraction("1.2011"));
    // Another contract is another rate, and begins anew.
    let other = world.stand_in();
    let elsewhere = RedemptionRate {
        contract: other.to_string(),
        ..source
    };
    let feed = feed_of(false, [Source::RedemptionRate(elsewhere)]);
    world.set_feed(STATOM, feed).unwrap();
    assert_eq!(world.reports(STATOM)[0].last, None);
}

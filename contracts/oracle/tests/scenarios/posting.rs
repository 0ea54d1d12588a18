//! Posting prices.

use bulwark_types::events::PriceMoved;
use bulwark_types::oracle::{ExecuteMsg, PostedPrice, PriceStatus};

use crate::world::{ATOM, World, assert_refused, events, fixed, observed, posted, usd};

#[test]
fn a_quorum_of_posts_makes_a_price_and_reports_it() {
    let mut world = World::new();
    assert_refused(world.price(ATOM), "no_price", r#"{"asset":"uatom"}"#);
    world.post(0, &[(ATOM, "10")]).unwrap();
    world.post(1, &[(ATOM, "12")]).unwrap();
    assert!(world.record_of(ATOM).is_none());
    let response = world.post(2, &[(ATOM, "11")]).unwrap();
    let moved: Vec<PriceMoved> = events(&response);
    let expected = PriceMoved {
        asset: ATOM.into(),
        mid: usd("11"),
        low: usd("10"),
        high: usd("12"),
        observed: usd("11"),
        status: "wide".into(),
        published_at: world.now(),
    };
    assert_eq!(moved, [expected]);
    let record = world.record();
    assert_eq!((record.mid, record.ema), (usd("11"), usd("11")));
    assert_eq!(record.expires_at, world.now() + 120);
}

#[test]
fn what_a_feed_says_shows_each_feeders_post() {
    let mut world = World::at("10");
    world.wait(61);
    world.post(0, &[(ATOM, "11")]).unwrap();
    let feed = world.feed(ATOM).unwrap();
    let fresh: Vec<_> = feed.posts.iter().map(|post| post.fresh).collect();
    assert_eq!(fresh, [true, false, false, false, false]);
    assert_eq!(feed.posts[0].feeder, world.feeders[0].to_string());
    assert_eq!(feed.posts[0].price, usd("11"));
    assert_eq!(feed.posts[0].published_at, world.now());
    assert_eq!((feed.pending, feed.halted_until), (None, None));
    assert_eq!(feed.feed, posted());
}

#[test]
fn pitfall_22_a_price_is_stale_on_every_path_once_its_age_is_over() {
    let mut world = World::at("10");
    world.wait(60);
    assert!(!world.price(ATOM).unwrap().stale);
    assert!(world.record().is_priced(world.now()));
    world.wait(1);
    assert!(world.price(ATOM).unwrap().stale);
    let record = world.record();
    assert!(!record.is_priced(world.now()) && !record.is_openable(world.now()));
}

#[test]
fn pitfall_22_a_block_that_comes_late_takes_no_old_price() {
    let mut world = World::at("10");
    let seen = world.now();
    // The chain stood still: what was observed 121 s ago is refused, and what was already
    // posted counts no longer.
    world.post(0, &[(ATOM, "10.1")]).unwrap();
    world.post(1, &[(ATOM, "10.1")]).unwrap();
    world.wait(121);
    let late = observed(ATOM, usd("10.1"), seen);
    let fields = format!(
        r#"{{"asset":"uatom","published_at":{seen},"oldest":{}}}"#,
        seen + 1
    );
    assert_refused(world.send_prices(2, vec![late]), "stale_post", &fields);
    world.post(2, &[(ATOM, "10.1")]).unwrap();
    assert_eq!(world.record().mid, usd("10"));
}

#[test]
fn pitfall_29_future_older_and_repeated_observations_are_refused() {
    let mut world = World::at("10");
    let now = world.now();
    let mut send = |published_at| {
        let price = observed(ATOM, usd("10"), published_at);
        world.send_prices(0, vec![price])
    };
    let fields = format!(
        r#"{{"asset":"uatom","published_at":{},"now":{now}}}"#,
        now + 1
    );
    assert_refused(send(now + 1), "future_post", &fields);
    send(now - 10).unwrap();
    for again in [now - 10, now - 11] {
        let fields = format!(
            r#"{{"asset":"uatom","published_at":{again},"previous":{}}}"#,
            now - 10
        );
        assert_refused(send(again), "not_newer", &fields);
    }
    send(now - 9).unwrap();
}

#[test]
fn pitfall_29_one_feeder_makes_no_quorum() {
    let mut world = World::new();
    for _ in 0..9 {
        world.post(0, &[(ATOM, "10")]).unwrap();
        world.wait(6);
    }
    assert!(world.record_of(ATOM).is_none());
    // Nor does it move a price alone, beside the older posts of the others.
    let mut world = World::at("10");
    let before = world.record();
    for price in ["10.5", "11", "11.5"] {
        let response = world.post(0, &[(ATOM, price)]).unwrap();
        assert!(events::<PriceMoved>(&response).is_empty());
        world.wait(6);
    }
    assert_eq!(world.record(), before);
}

#[test]
fn pitfall_27_zero_absurd_and_self_doubting_prices_are_refused() {
    let mut world = World::new();
    let now = world.now();
    let limit = "1000000000000";
    for price in ["0", "1000000000000.000000000000000001"] {
        let fields = format!(r#"{{"asset":"uatom","price":"{price}","limit":"{limit}"}}"#);
        assert_refused(
            world.post(0, &[(ATOM, price)]),
            "price_out_of_range",
            &fields,
        );
    }
    let doubting = PostedPrice {
        conf: Some(usd("10.01")),
        ..observed(ATOM, usd("10"), now)
    };
    assert_refused(
        world.send_prices(0, vec![doubting]),
        "confidence_out_of_range",
        r#"{"asset":"uatom","conf":"10.01","price":"10"}"#,
    );
    for (feeder, price) in [(0, limit), (1, "0.000000000000000001")] {
        world.post(feeder, &[(ATOM, price)]).unwrap();
    }
    world.post(2, &[(ATOM, "0.000000000000000001")]).unwrap();
    let record = world.record();
    assert_eq!((record.mid.0, record.low.0), (1, 1));
    assert_eq!(record.status, PriceStatus::Wide);
}

#[test]
fn one_bad_price_refuses_the_whole_message() {
    let mut world = World::new();
    world.set_feed("usd", fixed("1")).unwrap();
    let good = (ATOM, "10");
    for (bad, name, fields) in [
        (("usd", "1"), "not_posted", r#"{"asset":"usd"}"#),
        (("nothing", "1"), "unknown_feed", r#"{"asset":"nothing"}"#),
        ((ATOM, "11"), "duplicate_asset", r#"{"asset":"uatom"}"#),
    ] {
        assert_refused(world.post(0, &[good, bad]), name, fields);
        assert!(world.feed(ATOM).unwrap().posts.is_empty());
    }
    assert_refused(world.post(0, &[]), "nothing_posted", "{}");
}

#[test]
fn only_feeders_post() {
    let mut world = World::new();
    for sender in [
        world.stranger.clone(),
        world.owner.clone(),
        world.guardian.clone(),
    ] {
        let prices = vec![observed(ATOM, usd("10"), world.now())];
        let result = world.execute(&sender, &ExecuteMsg::PostPrices { prices });
        let fields = format!(r#"{{"sender":"{sender}","role":"feeders"}}"#);
        assert_refused(result, "unauthorized", &fields);
    }
}

#[test]
fn pitfall_23_the_price_bears_two_bad_feeders_of_five() {
    let mut world = World::at("10");
    for (feeder, price) in [
        (0, "1000000"),
        (2, "10.1"),
        (1, "1000000"),
        (3, "10.2"),
        (4, "10.3"),
    ] {
        world.post(feeder, &[(ATOM, price)]).unwrap();
        world.wait(6);
    }
    let record = world.record();
    assert_eq!(
        (record.mid, record.status),
        (usd("10.3"), PriceStatus::Wide)
    );
}

#[test]
fn pitfall_23_one_price_is_accepted_in_a_block() {
    let mut world = World::at("10");
    let earlier = world.now() - 30;
    let mut limit = usd("10");
    // All feeders together walk the price up by 14 % a second, all in one block.
    for step in 0..20 {
        limit.0 += limit.0 * 14 / 100;
        for feeder in 0..5 {
            let price = observed(ATOM, limit, earlier + step);
            world.send_prices(feeder, vec![price]).unwrap();
        }
    }
    // Wide, because the fourth and the fifth feeder came too late for this block.
    let record = world.record();
    assert_eq!(
        (record.mid, record.status),
        (usd("11.4"), PriceStatus::Wide)
    );
    // The later posts count with the next block's first quorum, and there the guard waits.
    world.wait(6).post_all(ATOM, "16");
    assert_eq!(world.record().mid, usd("11.4"));
    assert_eq!(world.record().status, PriceStatus::Pending);
}

#[test]
fn pitfall_23_a_bad_tick_of_all_feeders_is_discarded() {
    let mut world = World::at("10");
    world.post_all(ATOM, "4");
    let record = world.record();
    assert_eq!(
        (record.status, record.mid),
        (PriceStatus::Pending, usd("10"))
    );
    // Between the third post and the fifth the feeders were 6 apart, and that counts too.
    assert_eq!((record.low, record.high), (usd("1"), usd("10.01")));
    let pending = world.feed(ATOM).unwrap().pending.unwrap();
    assert_eq!((pending.price, pending.upward), (usd("4"), false));
    assert_eq!(pending.confirmable_at, world.now() + 30);
    // The next round brings the true price again, feeder by feeder.
    world.wait(60);
    for feeder in 0..5 {
        world.post(feeder, &[(ATOM, "10.1")]).unwrap();
        world.wait(1);
    }
    let record = world.record();
    assert_eq!((record.status, record.mid), (PriceStatus::Ok, usd("10.1")));
    assert_eq!(world.feed(ATOM).unwrap().pending, None);
}

#[test]
fn a_waiting_jump_is_reported_when_it_widens_the_opening_prices() {
    let mut world = World::at("10");
    let mut reported = Vec::new();
    for feeder in 0..5 {
        let response = world.post(feeder, &[(ATOM, "4")]).unwrap();
        reported.extend(events::<PriceMoved>(&response));
    }
    // The third post makes the jump; the others add nothing to it.
    assert_eq!(reported.len(), 1);
    assert_eq!(
        (reported[0].status.as_str(), reported[0].observed),
        ("pending", usd("4"))
    );
    assert_eq!((reported[0].mid, reported[0].low), (usd("10"), usd("1")));
    // One that disagrees makes the range wider: 4 ± 13.
    let response = world.wait(6).post(0, &[(ATOM, "30")]).unwrap();
    assert_eq!(events::<PriceMoved>(&response)[0].high, usd("17"));
}

#[test]
fn pitfall_24_a_feed_that_falls_silent_stops_opening_and_keeps_its_last_price() {
    let mut world = World::at("10");
    world.wait(3600);
    let price = world.price(ATOM).unwrap();
    assert!(price.stale && !price.record.is_openable(world.now()));
    assert_eq!(price.record.mid, usd("10"));
}

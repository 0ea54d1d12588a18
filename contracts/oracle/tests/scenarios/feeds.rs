//! Which feeds are refused, and how they are listed.

use bulwark_risk::units::Fraction;
use bulwark_types::oracle::{Feed, FeedsResponse, QueryMsg, RedemptionRate, Source};
use cosmwasm_std::Binary;

use crate::stand_ins::{ATOM_ID, STATOM, Teller, feed_of, rate};
use crate::world::{ATOM, World, assert_refused, fixed, posted, usd};

fn fraction(text: &str) -> Fraction {
    text.parse().unwrap()
}

/// What breaks a feed, and field, value and bound of the refusal.
type Case = (fn(&mut Feed), &'static str, &'static str, &'static str);

#[test]
fn pitfall_40_a_feed_whose_guards_would_not_guard_is_refused() {
    let week = 604_800;
    let cases: [Case; 15] = [
        (
            |f| f.max_age = 0,
            "max_age",
            "0",
            "must be 1 to 604800 seconds",
        ),
        (
            |f| f.max_age = 604_801,
            "max_age",
            "604801",
            "must be 1 to 604800 seconds",
        ),
        (
            |f| f.max_jump = fraction("0"),
            "max_jump",
            "0",
            "must be above 0 and at most 1",
        ),
        (
            |f| f.max_jump = fraction("1.1"),
            "max_jump",
            "1.1",
            "must be above 0 and at most 1",
        ),
        (
            |f| f.jump_wait = 0,
            "jump_wait",
            "0",
            "must be 1 to max_age seconds",
        ),
        (
            |f| f.jump_wait = 121,
            "jump_wait",
            "121",
            "must be 1 to max_age seconds",
        ),
        (
            |f| f.max_conf = fraction("1.1"),
            "max_conf",
            "1.1",
            "must be at most 1",
        ),
        (
            |f| f.min_conf = fraction("0.04"),
            "min_conf",
            "0.04",
            "must be at most max_conf",
        ),
        (
            |f| f.ema_tau = 0,
            "ema_tau",
            "0",
            "must be 1 to 604800 seconds",
        ),
        (
            |f| f.ema_tau = 604_801,
            "ema_tau",
            "604801",
            "must be 1 to 604800 seconds",
        ),
        (
            |f| f.sample_interval = 59,
            "sample_interval",
            "59",
            "must be 60 to 604800 seconds",
        ),
        (
            |f| f.sample_interval = 604_801,
            "sample_interval",
            "604801",
            "must be 60 to 604800 seconds",
        ),
        (
            |f| f.initial_volatility = fraction("0"),
            "initial_volatility",
            "0",
            "must be above 0 and at most 1 per root of a day",
        ),
        (
            |f| f.initial_volatility = fraction("1.1"),
            "initial_volatility",
            "1.1",
            "must be above 0 and at most 1 per root of a day",
        ),
        (
            |f| *f = fixed("0"),
            "price",
            "0",
            "must be above 0 and at most 10^12 USD",
        ),
    ];
    // Refused when proposed, whether it would wait or not.
    for delay in [0, 60] {
        let mut world = World::with_delay(delay);
        for (break_it, field, value, bound) in cases {
            let mut feed = posted();
            break_it(&mut feed);
            let fields = format!(r#"{{"field":"{field}","value":"{value}","bound":"{bound}"}}"#);
            assert_refused(world.set_feed(ATOM, feed), "invalid_feed", &fields);
        }
        let mut feed = posted();
        feed.volatility_speed.rise = fraction("0");
        let fields =
            r#"{"field":"rise","value":"0","bound":"must be above 0 and at most 1 per hour"}"#;
        assert_refused(world.set_feed(ATOM, feed), "config", fields);
        let loosest = Feed {
            max_age: week,
            max_jump: fraction("1"),
            jump_wait: week,
            max_conf: fraction("1"),
            min_conf: fraction("1"),
            ema_tau: week,
            sample_interval: week,
            initial_volatility: fraction("1"),
            ..posted()
        };
        world.set_feed(ATOM, loosest).unwrap();
    }
}

#[test]
fn an_asset_has_a_name_that_can_be_shown() {
    let mut world = World::with_delay(0);
    for name in [
        String::new(),
        "x".repeat(129),
        "a\nb".into(),
        "a\u{7f}".into(),
    ] {
        let Err(error) = world.set_feed(&name, posted()) else {
            panic!("{name:?} was taken");
        };
        assert_eq!(error.name, "invalid_asset");
    }
    for name in ["x", &"x".repeat(128), "ibc/27A6", "cw20:cosmwasm1"] {
        world.set_feed(name, posted()).unwrap();
    }
}

#[test]
fn pitfall_38_feeds_come_by_page_and_the_limit_is_clamped() {
    let mut world = World::with_delay(0);
    let names: Vec<_> = (0..103).map(|number| format!("asset{number:03}")).collect();
    for name in &names {
        world.set_feed(name, posted()).unwrap();
    }
    let page = |start_after: Option<String>, limit| -> FeedsResponse {
        world
            .query(&QueryMsg::Feeds { start_after, limit })
            .unwrap()
    };
    let mut seen = Vec::new();
    let mut next = None;
    loop {
        let answer = page(next, None);
        assert!(answer.feeds.len() <= 30);
        seen.extend(answer.feeds.into_iter().map(|feed| feed.asset));
        next = answer.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(seen, names);
    assert_eq!(page(None, Some(9_999)).feeds.len(), 100);
    assert_eq!(page(None, Some(0)).feeds.len(), 1);
    let rest = page(Some("asset099".into()), Some(3));
    assert_eq!((rest.feeds.len(), rest.next), (3, None));
}

#[test]
fn pitfall_40_sources_that_make_no_price_are_refused() {
    let mut world = World::at("10");
    let contract = world.stand_in();
    let good = rate(Teller::Core, &contract);
    let with_rate = |change: fn(&mut RedemptionRate)| {
        let mut rate = good.clone();
        change(&mut rate);
        feed_of(false, [Source::RedemptionRate(rate)])
    };
    let fixed = || Source::Fixed { price: usd("1") };
    let pyth_of = |feed_id: &str| Source::Pyth {
        contract: contract.to_string(),
        feed_id: feed_id.into(),
    };
    let ids = ["a", "b", "c", "d", "e", "f"].map(|digit| digit.repeat(64));
    let differ = "must differ, with one redemption_rate at most";
    let redemption = || Source::RedemptionRate(good.clone());
    let other = Source::RedemptionRate(rate(Teller::Hub, &contract));
    let keys = "must be at most 8 keys of at most 128 bytes";
    let market = "needs a posted or pyth source";
    let hex = "must be 64 hexadecimal digits";
    let cases: Vec<(Feed, &str, &str, &str)> = vec![
        (feed_of(false, []), "sources", "0", "must be 1 to 5"),
        (
            feed_of(true, ids.iter().map(|id| pyth_of(id))),
            "sources",
            "6",
            "must be 1 to 5",
        ),
        (
            feed_of(true, [Source::Posted {}, Source::Posted {}]),
            "sources",
            "1",
            differ,
        ),
        (
            feed_of(
                true,
                [pyth_of(&ids[0]), Source::Posted {}, pyth_of(&ids[0])],
            ),
            "sources",
            "2",
            differ,
        ),
        (
            feed_of(false, [redemption(), other]),
            "sources",
            "1",
            differ,
        ),
        (
            feed_of(true, [Source::Posted {}, fixed()]),
            "sources",
            "2",
            "must be 1 with a fixed price",
        ),
        (feed_of(true, [fixed()]), "depositable", "true", market),
        (feed_of(true, [redemption()]), "depositable", "true", market),
        (feed_of(true, [pyth_of("")]), "feed_id", "", hex),
        (feed_of(true, [pyth_of("0x01")]), "feed_id", "0x01", hex),
        (
            with_rate(|rate| rate.query = Binary::from(b"{")),
            "query",
            "ew==",
            "must be JSON of at most 1024 bytes",
        ),
        (
            with_rate(|rate| rate.path = vec!["a".into(); 9]),
            "path",
            "a.a.a.a.a.a.a.a.a",
            keys,
        ),
        (
            with_rate(|rate| rate.time_path = Some(vec!["a".into(); 9])),
            "time_path",
            "a.a.a.a.a.a.a.a.a",
            keys,
        ),
        (
            with_rate(|rate| rate.max_rate_age = 0),
            "max_rate_age",
            "0",
            "must be 1 to 2592000 seconds",
        ),
        (
            with_rate(|rate| rate.growth_cap = fraction("0")),
            "growth_cap",
            "0",
            "must be above 0 and at most 10 per year",
        ),
        (
            with_rate(|rate| rate.growth_cap = fraction("10.1")),
            "growth_cap",
            "10.1",
            "must be above 0 and at most 10 per year",
        ),
    ];
    for (feed, field, value, bound) in cases {
        let fields = format!(r#"{{"field":"{field}","value":"{value}","bound":"{bound}"}}"#);
        assert_refused(world.set_feed(STATOM, feed), "invalid_feed", &fields);
    }
    // What is left goes together in one feed.
    let all = [
        Source::Posted {},
        pyth_of(&ids[0]),
        pyth_of(&ids[1]),
        redemption(),
    ];
    world.set_feed(STATOM, feed_of(true, all)).unwrap();
}

#[test]
fn pitfall_37_a_source_has_an_address_in_its_one_spelling() {
    let mut world = World::at("10");
    let contract = world.stand_in().to_string();
    for bad in ["", "pyth", &contract.to_uppercase()] {
        let of_pyth = Source::Pyth {
            contract: bad.into(),
            feed_id: ATOM_ID.into(),
        };
        let of_rate = Source::RedemptionRate(RedemptionRate {
            contract: bad.into(),
            ..rate(Teller::Core, &world.oracle)
        });
        for source in [of_pyth, of_rate] {
            let refused = world
                .set_feed(STATOM, feed_of(false, [source]))
                .unwrap_err();
            assert_eq!(refused.name, "std");
        }
    }
}

#[test]
fn what_may_be_deposited_stays_so() {
    let mut world = World::at("10");
    let closed = Feed {
        depositable: false,
        ..posted()
    };
    let refused = world.set_feed(ATOM, closed.clone());
    assert_refused(refused, "source_kind_changed", r#"{"asset":"uatom"}"#);
    world.set_feed("closed", closed).unwrap();
    world.set_feed("closed", posted()).unwrap();
}

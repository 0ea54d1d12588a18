use bulwark_risk::ramp::RampSpeed;
use bulwark_types::oracle::{Feed, PendingJump, Slot, Source};

use super::*;

const NOW: u64 = 10_000;
const ME: &str = "wasm1me";

fn rule() -> Rule {
    Rule {
        heartbeat: 40,
        deviation: Fraction::percent(1),
        max_age: 60,
    }
}

fn seen(price: &str, seen_at: u64) -> Observation {
    Observation {
        asset: "uatom".into(),
        price: price.parse().unwrap(),
        conf: None,
        seen_at,
    }
}

/// A feed with a post of this feeder and a newer one of another.
fn feed(posted: Option<(&str, u64)>) -> FeedResponse {
    let post = |feeder: &str, price: &str, published_at| FeederPost {
        feeder: feeder.into(),
        price: price.parse().unwrap(),
        conf: Price::ZERO,
        published_at,
        fresh: true,
    };
    let mut posts = vec![post("wasm1other", "99", NOW)];
    posts.extend(posted.map(|(price, at)| post(ME, price, at)));
    FeedResponse {
        asset: "uatom".into(),
        feed: Feed {
            sources: vec![Source::Posted {}],
            depositable: true,
            max_age: 120,
            max_jump: Fraction::percent(15),
            jump_wait: 30,
            max_conf: Fraction::percent(3),
            min_conf: Fraction::basis_points(10),
            ema_tau: 1_800,
            sample_interval: 3_600,
            initial_volatility: Fraction::percent(4),
            volatility_speed: RampSpeed {
                rise: Fraction::basis_points(20),
                fall: Fraction::basis_points(5),
            },
        },
        slot: Slot { board: 0, slot: 0 },
        depositable: true,
        sources: vec![],
        posts,
        pending: None,
        halted_until: None,
    }
}

fn decided(seen: &Observation, feed: &FeedResponse) -> Result<Why, Skip> {
    decide(seen, &rule(), Some(feed), ME, NOW).map(|due| due.why)
}

#[test]
fn the_first_price_is_posted_as_it_was_seen() {
    let due = decide(&seen("10.5", NOW - 3), &rule(), Some(&feed(None)), ME, NOW).unwrap();
    assert_eq!(due.why, Why::First);
    assert_eq!(due.price.price.to_string(), "10.5");
    assert_eq!(due.price.published_at, NOW - 3);
}

#[test]
fn a_price_that_moved_is_posted_at_once() {
    let feed = feed(Some(("10", NOW - 5)));
    for (price, decision) in [
        ("10", Err(Skip::Quiet)),
        ("10.09", Err(Skip::Quiet)),
        ("9.91", Err(Skip::Quiet)),
        ("10.1", Ok(Why::Moved)),
        ("9.9", Ok(Why::Moved)),
        ("0.0001", Ok(Why::Moved)),
    ] {
        assert_eq!(decided(&seen(price, NOW), &feed), decision, "{price}");
    }
}

#[test]
fn an_unchanged_price_is_posted_when_it_is_time() {
    assert_eq!(
        decided(&seen("10", NOW), &feed(Some(("10", NOW - 39)))),
        Err(Skip::Quiet)
    );
    assert_eq!(
        decided(&seen("10", NOW), &feed(Some(("10", NOW - 40)))),
        Ok(Why::Heartbeat)
    );
    // The price would be stale before the heartbeat: it is posted twice in its life at least.
    let mut short = feed(Some(("10", NOW - 15)));
    short.feed.max_age = 30;
    assert_eq!(decided(&seen("10", NOW), &short), Ok(Why::Heartbeat));
    // It lapsed while the feeder was away.
    assert_eq!(
        decided(&seen("10", NOW), &feed(Some(("10", NOW - 121)))),
        Ok(Why::First)
    );
}

#[test]
fn what_the_source_has_not_seen_anew_is_not_posted_again() {
    let posted = feed(Some(("10", NOW - 50)));
    assert_eq!(decided(&seen("10", NOW - 50), &posted), Err(Skip::NotNewer));
    assert_eq!(decided(&seen("20", NOW - 55), &posted), Err(Skip::NotNewer));
    assert_eq!(decided(&seen("10", NOW - 49), &posted), Ok(Why::Heartbeat));
}

#[test]
fn what_was_seen_long_ago_is_not_posted() {
    let (old, now) = (NOW - 61, NOW);
    assert_eq!(
        decided(&seen("10", old), &feed(None)),
        Err(Skip::Stale { seen_at: old, now })
    );
    // The oracle would not take it any more when it comes into a block.
    let mut short = feed(None);
    short.feed.max_age = 40;
    assert_eq!(decided(&seen("10", NOW - 30), &short), Ok(Why::First));
    let seen_at = NOW - 31;
    assert_eq!(
        decided(&seen("10", seen_at), &short),
        Err(Skip::Stale { seen_at, now })
    );
}

#[test]
fn a_clock_that_is_a_little_ahead_is_set_back_and_one_far_ahead_not_believed() {
    let ahead = decide(&seen("10", NOW + 30), &rule(), Some(&feed(None)), ME, NOW).unwrap();
    assert_eq!(ahead.price.published_at, NOW);
    let (seen_at, now) = (NOW + 31, NOW);
    assert_eq!(
        decided(&seen("10", seen_at), &feed(None)),
        Err(Skip::Future { seen_at, now })
    );
    assert!(decided(&seen("10", u64::MAX), &feed(None)).is_err());
}

#[test]
fn a_jump_that_waits_gets_another_observation() {
    let mut jumped = feed(Some(("10", NOW - 5)));
    let waiting = |confirmable_at| {
        Some(PendingJump {
            price: "10".parse().unwrap(),
            upward: false,
            confirmable_at,
        })
    };
    jumped.pending = waiting(NOW + 1);
    assert_eq!(decided(&seen("10", NOW), &jumped), Err(Skip::Quiet));
    jumped.pending = waiting(NOW);
    assert_eq!(decided(&seen("10", NOW), &jumped), Ok(Why::Pending));
}

#[test]
fn without_a_deviation_every_new_observation_is_posted() {
    let always = Rule {
        deviation: Fraction::ZERO,
        ..rule()
    };
    let posted = feed(Some(("10", NOW - 1)));
    let due = decide(&seen("10", NOW), &always, Some(&posted), ME, NOW);
    assert_eq!(due.unwrap().why, Why::New);
    let again = decide(&seen("10", NOW - 1), &always, Some(&posted), ME, NOW);
    assert_eq!(again, Err(Skip::NotNewer));
}

#[test]
fn an_asset_that_takes_no_posts_is_left_alone() {
    let decision = decide(&seen("10", NOW), &rule(), None, ME, NOW);
    assert_eq!(decision, Err(Skip::NoFeed));
    let mut fixed = feed(None);
    fixed.feed.sources = vec![Source::Fixed {
        price: "1".parse().unwrap(),
    }];
    assert_eq!(decided(&seen("10", NOW), &fixed), Err(Skip::NotPosted));
}

//! The guards as scenarios of observations.

use bulwark_risk::ramp::RampSpeed;
use bulwark_risk::units::{Fraction, Price};
use bulwark_types::oracle::{Feed, PriceStatus, Source};
use proptest::prelude::*;

use super::*;
use crate::source::Observation;

fn feed() -> Feed {
    Feed {
        sources: vec![Source::Posted {}],
        depositable: true,
        max_age: 120,
        max_jump: Fraction::percent(15),
        jump_wait: 30,
        max_conf: Fraction::percent(3),
        min_conf: Fraction::basis_points(10),
        ema_tau: 1800,
        sample_interval: 3600,
        initial_volatility: Fraction::percent(4),
        volatility_speed: RampSpeed {
            rise: Fraction::basis_points(20),
            fall: Fraction::basis_points(5),
        },
    }
}

fn usd(text: &str) -> Price {
    text.parse().unwrap()
}

fn parts(price: f64) -> Price {
    Price((price * 1e18) as u128)
}

fn float(price: Price) -> f64 {
    price.0 as f64 / 1e18
}

/// A feed to which observations are made, by default with 0.1 % of confidence.
struct Walk {
    feed: Feed,
    state: FeedState,
    moment: Moment,
}

impl Walk {
    /// Starts at block time 1,000,000 with a price in force.
    fn from(price: &str) -> Self {
        Self::with_feed(feed(), usd(price))
    }

    fn with_feed(feed: Feed, price: Price) -> Self {
        let moment = Moment {
            now: 1_000_000,
            height: 10,
        };
        let observation = observation(price, moment.now);
        let state = take_in(&feed, None, &reading(&feed, &observation), moment)
            .unwrap()
            .unwrap();
        Self {
            feed,
            state,
            moment,
        }
    }

    fn wait(&mut self, seconds: u64) -> &mut Self {
        self.moment.now += seconds;
        self.moment.height += 1;
        self
    }

    /// Observes a price now; whether anything changed.
    fn observe(&mut self, price: Price) -> bool {
        self.take(&observation(price, self.moment.now))
    }

    fn take(&mut self, observation: &Observation) -> bool {
        let after = take_in(
            &self.feed,
            Some(&self.state),
            &reading(&self.feed, observation),
            self.moment,
        )
        .unwrap();
        self.state = after.unwrap_or(self.state);
        after.is_some()
    }

    fn record(&self) -> &PriceRecord {
        &self.state.record
    }

    fn volatility(&self) -> f64 {
        self.record().volatility.target.0 as f64 / 1e18
    }
}

/// What a market that is the feed's only source says.
fn reading(feed: &Feed, observation: &Observation) -> Reading {
    Reading::of_market(observation, feed).unwrap()
}

fn observation(price: Price, published_at: u64) -> Observation {
    Observation {
        price,
        conf: Price(price.0 / 1000),
        published_at,
    }
}

#[test]
fn the_first_observation_seeds_price_average_and_volatility() {
    let walk = Walk::from("100");
    let record = walk.record();
    assert_eq!((record.mid, record.ema), (usd("100"), usd("100")));
    assert_eq!((record.low, record.high), (usd("99.9"), usd("100.1")));
    assert_eq!(
        (record.published_at, record.expires_at),
        (1_000_000, 1_000_120)
    );
    assert_eq!(record.status, PriceStatus::Ok);
    assert_eq!(
        record.volatility,
        VolatilityRamp::flat(Fraction::percent(4), 1_000_000)
    );
}

#[test]
fn opening_prices_span_confidence_and_average() {
    let mut walk = Walk::from("100");
    assert!(walk.wait(60).observe(usd("110")));
    let record = *walk.record();
    // The average has not moved: until now 100 was in force, and it was there already.
    assert_eq!(
        (record.mid, record.ema, record.low),
        (usd("110"), usd("100"), usd("100"))
    );
    assert_eq!(record.high, usd("110.11"));
    assert!(walk.wait(60).observe(usd("95")));
    let record = *walk.record();
    assert!(record.ema > usd("100.3") && record.ema < usd("100.4"));
    assert_eq!((record.low, record.high), (usd("94.905"), record.ema));
}

#[test]
fn the_lower_end_never_reaches_zero() {
    let mut walk = Walk::from("100");
    let at_a_loss = Observation {
        conf: usd("5000"),
        ..observation(usd("100"), walk.moment.now + 6)
    };
    assert!(walk.wait(6).take(&at_a_loss));
    assert_eq!(walk.record().low, Price(1));
    assert_eq!(walk.record().status, PriceStatus::Wide);
}

#[test]
fn pitfall_22_an_observation_that_is_not_newer_changes_nothing() {
    let mut walk = Walk::from("100");
    walk.wait(60);
    for published_at in [0, 999_999, 1_000_000] {
        assert!(!walk.take(&observation(usd("101"), published_at)));
    }
    assert!(walk.take(&observation(usd("101"), 1_000_001)));
    // Its age counts from its publication, not from when it came.
    assert_eq!(walk.record().expires_at, 1_000_121);
}

#[test]
fn pitfall_23_a_single_bad_tick_is_discarded() {
    let mut walk = Walk::from("100");
    walk.wait(60).observe(usd("60"));
    let record = *walk.record();
    assert_eq!(record.status, PriceStatus::Pending);
    assert_eq!((record.mid, record.published_at), (usd("100"), 1_000_000));
    assert_eq!((record.low, record.high), (usd("59.94"), usd("100.1")));
    walk.wait(60).observe(usd("100.5"));
    let record = *walk.record();
    assert_eq!((record.status, record.mid), (PriceStatus::Ok, usd("100.5")));
    assert_eq!(record.low, usd("100"));
    assert_eq!(walk.state.track.anchor, None);
    // A second one later has to wait again.
    walk.wait(60).observe(usd("60"));
    assert_eq!(walk.record().status, PriceStatus::Pending);
}

#[test]
fn a_jump_is_confirmed_by_any_later_observation_on_its_side_with_that_ones_value() {
    let mut walk = Walk::from("100");
    walk.wait(60).observe(usd("60"));
    walk.wait(29).observe(usd("50"));
    assert_eq!(walk.record().status, PriceStatus::Pending);
    assert_eq!(
        (walk.record().mid, walk.record().low),
        (usd("100"), usd("49.95"))
    );
    walk.wait(1).observe(usd("20"));
    let record = walk.record();
    assert_eq!((record.status, record.mid), (PriceStatus::Ok, usd("20")));
    assert_eq!((record.low, record.high), (usd("19.98"), usd("100")));
    assert_eq!(record.published_at, 1_000_090);
}

#[test]
fn the_posts_that_made_a_jump_do_not_confirm_it() {
    let mut walk = Walk::from("100");
    let bad = observation(usd("60"), 1_000_060);
    walk.wait(60).take(&bad);
    walk.wait(60).take(&bad);
    assert_eq!(walk.record().status, PriceStatus::Pending);
    assert_eq!(walk.record().mid, usd("100"));
}

#[test]
fn a_jump_to_the_other_side_starts_over() {
    let mut walk = Walk::from("100");
    walk.wait(60).observe(usd("60"));
    walk.wait(60).observe(usd("160"));
    let record = *walk.record();
    assert_eq!(
        (record.status, record.mid),
        (PriceStatus::Pending, usd("100"))
    );
    assert_eq!((record.low, record.high), (usd("59.94"), usd("160.16")));
    let anchor = walk.state.track.anchor.unwrap();
    assert_eq!((anchor.upward, anchor.seen_at), (true, 1_000_120));
    walk.wait(30).observe(usd("170"));
    assert_eq!(walk.record().mid, usd("170"));
}

#[test]
fn the_limit_itself_is_not_a_jump() {
    for (price, status) in [
        ("115", PriceStatus::Ok),
        ("115.000000000000000001", PriceStatus::Pending),
        ("85", PriceStatus::Ok),
        ("84.999999999999999999", PriceStatus::Pending),
    ] {
        let mut walk = Walk::from("100");
        walk.wait(60).observe(usd(price));
        assert_eq!(walk.record().status, status, "{price}");
    }
}

#[test]
fn pitfall_25_a_waiting_jump_moves_nothing_but_opening_prices_status_and_anchor() {
    let mut walk = Walk::from("100");
    // An hour and more: were the price accepted, average and variance would move.
    walk.wait(4000).observe(usd("110"));
    let before = walk.state;
    walk.wait(4000).observe(usd("60"));
    let after = walk.state;
    let expected = FeedState {
        record: PriceRecord {
            low: after.record.low,
            high: after.record.high,
            status: PriceStatus::Pending,
            ..before.record
        },
        track: Track {
            anchor: after.track.anchor,
            ..before.track
        },
    };
    assert_eq!(after, expected);
    assert!(after.track.anchor.is_some());
}

#[test]
fn pitfall_25_at_a_fair_price_every_transition_keeps_mid_fair() {
    // Down by a real crash, wide, up again: whenever a guard lets go, mid is the true price.
    let mut walk = Walk::from("100");
    for price in ["100", "70", "71", "72", "50", "51", "90", "91", "100"] {
        for _ in 0..2 {
            walk.wait(60).observe(usd(price));
        }
        assert_eq!(walk.record().mid, usd(price));
        assert!(walk.record().published_at >= walk.moment.now - 60);
    }
}

#[test]
fn pitfall_23_steps_of_just_under_the_limit_in_one_block_do_not_walk_through() {
    let mut walk = Walk::from("100");
    walk.wait(60);
    let mut price = 100.0;
    for second in 1..=20 {
        price *= 1.149;
        walk.take(&observation(parts(price), 1_000_000 + second));
    }
    let first = parts(114.9);
    assert_eq!(
        (walk.record().mid, walk.record().status),
        (first, PriceStatus::Ok)
    );
    assert!(
        !walk.take(&observation(usd("101"), 1_000_021)),
        "one price in a block"
    );
    // Nor do they over blocks that follow at once, because the average is what counts.
    for _ in 0..20 {
        walk.wait(0);
        let ema = float(walk.record().ema);
        walk.take(&observation(
            parts(ema * 1.149),
            walk.record().published_at + 1,
        ));
    }
    assert!(walk.record().mid <= usd("115"));
}

#[test]
fn pitfall_27_a_wide_confidence_moves_the_price_but_stops_opening() {
    let mut walk = Walk::from("100");
    for (conf, status) in [
        ("3.03", PriceStatus::Ok),
        ("3.030000000000000001", PriceStatus::Wide),
    ] {
        let wide = Observation {
            conf: usd(conf),
            ..observation(usd("101"), walk.moment.now + 60)
        };
        walk.wait(60).take(&wide);
        let record = walk.record();
        assert_eq!((record.status, record.mid), (status, usd("101")), "{conf}");
        assert!(record.low <= usd("97.97") && record.high >= usd("104.03"));
    }
    assert!(
        walk.record().is_priced(walk.moment.now) && !walk.record().is_openable(walk.moment.now)
    );
}

#[test]
fn pitfall_48_one_post_after_a_quiet_hour_does_not_carry_the_average() {
    let mut walk = Walk::from("100");
    for _ in 0..50 {
        walk.wait(60).observe(usd("100"));
    }
    walk.wait(3600).observe(usd("114"));
    assert_eq!(walk.record().ema, usd("100"));
    // Posts at that price for one time constant do.
    for _ in 0..30 {
        walk.wait(60).observe(usd("114"));
    }
    let covered = (float(walk.record().ema) - 100.0) / 14.0;
    assert!((covered - 0.632).abs() < 0.001, "{covered}");
}

/// A price that truly moves by `daily` per √day, observed every `every` seconds with noise.
fn noisy_series(daily: f64, noise: f64, every: u64, days: u64) -> Vec<Price> {
    // A fixed sequence: uniform steps have a deviation of 1/√3.
    let mut seed = 7u64;
    let mut uniform = move || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1u64 << 53) as f64 * 2.0 - 1.0
    };
    let step = daily * (every as f64 / 86_400.0).sqrt() * 3f64.sqrt();
    let mut price = 100.0;
    (0..days * 86_400 / every)
        .map(|_| {
            price *= 1.0 + step * uniform();
            parts(price * (1.0 + noise * 3f64.sqrt() * uniform()))
        })
        .collect()
}

#[test]
fn pitfall_48_noise_of_posts_every_six_seconds_does_not_read_as_volatility() {
    let mut walk = Walk::from("100");
    for price in noisy_series(0.04, 0.001, 6, 12) {
        walk.wait(6).observe(price);
    }
    // Without the interval the same series reads as 17 %.
    let read = walk.volatility();
    assert!(read > 0.04 / 1.4 && read < 0.04 * 1.4, "{read}");
}

#[test]
fn a_gap_counts_as_one_return_over_its_length() {
    let mut walk = Walk::from("100");
    let days = 10;
    walk.wait(days * 86_400).observe(usd("112"));
    let per_day = 0.12f64.powi(2) / days as f64;
    let average = |tau: f64| {
        let kept = (-(days as f64) / tau).exp();
        (kept * 0.0016 + (1.0 - kept) * per_day).sqrt()
    };
    let expected = (average(5.0) + average(365.0)) / 2.0;
    assert!((walk.volatility() - expected).abs() < 1e-6);
}

#[test]
fn of_a_burst_of_posts_only_the_price_at_the_end_of_the_interval_counts() {
    let mut burst = Walk::from("100");
    for price in ["104", "97", "108", "93", "106", "95"].repeat(99) {
        burst.wait(6).observe(usd(price));
    }
    assert_eq!(burst.volatility(), 0.04);
    burst.wait(36).observe(usd("102"));
    let mut quiet = Walk::from("100");
    quiet.wait(3600).observe(usd("102"));
    assert_eq!(burst.state.track.sample, quiet.state.track.sample);
    assert_eq!(burst.record().volatility, quiet.record().volatility);
}

#[test]
fn pitfall_47_a_series_that_falls_to_nothing_confirms_at_every_step() {
    // Every hour for two days it falls by 40 %, and within the next minute by as much again:
    // no observation is ever near the one before.
    let mut walk = Walk::from("80");
    let mut price = 80.0;
    for _ in 0..48 {
        price *= 0.6;
        walk.wait(3540).observe(parts(price));
        let record = *walk.record();
        assert!(record.low <= parts(price), "a waiting price counts at once");
        assert!(record.status == PriceStatus::Pending || record.mid == parts(price));
        price *= 0.6;
        walk.wait(60).observe(parts(price));
        assert_eq!(walk.record().mid, parts(price));
    }
}

#[test]
fn a_halt_lasts_until_a_price_is_accepted() {
    let mut walk = Walk::from("100");
    walk.state.record.status = PriceStatus::Halted;
    walk.wait(60).observe(usd("60"));
    assert_eq!(walk.record().status, PriceStatus::Halted);
    walk.wait(60).observe(usd("60"));
    assert_eq!(
        (walk.record().status, walk.record().mid),
        (PriceStatus::Ok, usd("60"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is observed, whenever: the volatility in force does not jump, opening prices
    /// enclose the price, and time only goes forward.
    #[test]
    fn any_sequence_of_observations_keeps_the_record_sound(
        start in 1u128..=10u128.pow(30),
        steps in prop::collection::vec(
            (0u64..200_000, 1u128..=10u128.pow(30), 0u128..=10u128.pow(30), 0u64..300, any::<bool>()),
            1..60,
        ),
    ) {
        let mut walk = Walk::with_feed(feed(), Price(start));
        for (elapsed, price, conf, age, is_near) in steps {
            walk.wait(elapsed);
            let now = walk.moment.now;
            let before = walk.state;
            // Half of the prices lie near the one in force, where the guards let them through.
            let mid = before.record.mid.0;
            let price = if is_near {
                (mid - mid / 5 + price % (mid / 2 + 1)).clamp(1, 10u128.pow(30))
            } else {
                price
            };
            walk.take(&Observation {
                price: Price(price),
                conf: Price(conf),
                published_at: now - age,
            });
            let FeedState { record, track } = walk.state;
            prop_assert_eq!(before.record.volatility.at(now), record.volatility.at(now));
            prop_assert!(record.low.0 >= 1 && record.ema.0 >= 1);
            prop_assert!(record.low <= record.mid && record.mid <= record.high);
            prop_assert!(record.low <= record.ema && record.ema <= record.high);
            prop_assert!(record.published_at >= before.record.published_at);
            prop_assert!(record.published_at <= now && track.accepted_at <= now);
            prop_assert_eq!(record.expires_at, record.published_at + 120);
            let is_accepted = record.published_at > before.record.published_at;
            prop_assert_eq!(is_accepted, track.accepted_height > before.track.accepted_height);
            prop_assert!(is_accepted || record.mid == before.record.mid);
            prop_assert_eq!(record.status == PriceStatus::Pending, track.anchor.is_some());
            prop_assert!(record.low <= Price(price) || !is_accepted);
        }
    }
}

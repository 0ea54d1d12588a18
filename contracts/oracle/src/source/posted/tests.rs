//! What posts make of an observation.

use bulwark_risk::ramp::RampSpeed;
use bulwark_risk::units::Fraction;
use bulwark_types::oracle::Source;
use proptest::prelude::*;

use super::*;

const NOW: u64 = 1_000_000;

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

fn posts(prices: &[u128]) -> Vec<Post> {
    let post = |(price, feeder): (&u128, u32)| Post {
        feeder,
        price: Price(*price),
        conf: Price(0),
        published_at: NOW,
    };
    prices.iter().zip(1..).map(post).collect()
}

fn seen(prices: &[u128], in_force: Option<u128>) -> Observation {
    observe(&posts(prices), 1, &feed(), in_force.map(Price), NOW)
        .unwrap()
        .unwrap()
}

#[test]
fn an_odd_count_takes_the_middle_and_an_even_one_the_nearer_to_the_price_in_force() {
    assert_eq!(seen(&[900, 100, 500], None).price, Price(500));
    for (in_force, expected) in [
        (None, 400),
        (Some(400), 400),
        (Some(450), 400),
        (Some(451), 500),
        (Some(9_999), 500),
        (Some(1), 400),
    ] {
        let price = seen(&[900, 500, 100, 400], in_force).price;
        assert_eq!(price, Price(expected), "{in_force:?}");
    }
}

#[test]
fn confidence_is_the_largest_of_range_minimum_and_the_feeders_own() {
    // 0.1 % of 1,000,001 rounds up; half of 101 rounds up.
    assert_eq!(seen(&[100, 201, 150], None).conf, Price(51));
    assert_eq!(seen(&[1_000_001], None).conf, Price(1_001));
    let own = |confs: [u128; 4]| {
        let mut posts = posts(&[1_000; 4]);
        for (post, conf) in posts.iter_mut().zip(confs) {
            post.conf = Price(conf);
        }
        let observation = observe(&posts, 1, &feed(), None, NOW);
        observation.unwrap().unwrap().conf
    };
    assert_eq!(own([5, 90, 40, 7]), Price(40));
    assert_eq!(own([0, 0, 0, 1_000]), Price(1));
}

#[test]
fn an_observation_is_as_old_as_the_quorum_th_newest_fresh_post() {
    let ages = [0, 30, 119, 120, 121];
    let mut posts = posts(&[100; 5]);
    for (post, age) in posts.iter_mut().zip(ages) {
        post.published_at = NOW - age;
    }
    let age = |quorum| {
        let observation = observe(&posts, quorum, &feed(), None, NOW);
        Some(NOW - observation.unwrap()?.published_at)
    };
    assert_eq!(age(1), Some(0));
    assert_eq!(age(3), Some(119));
    assert_eq!(age(4), Some(120));
    assert_eq!(age(5), None);
}

#[test]
fn pitfall_29_one_feeder_is_one_voice() {
    let mut stored = Vec::new();
    for (second, price) in [(0, 100), (1, 101), (2, 102)] {
        let post = Post {
            published_at: NOW + second,
            ..posts(&[price])[0]
        };
        replace(&mut stored, post, "uatom").unwrap();
    }
    assert_eq!(stored.len(), 1);
    assert_eq!(observe(&stored, 2, &feed(), None, NOW + 2).unwrap(), None);
}

proptest! {
    /// With `2f + 1` fresh posts, and with more, `f` feeders cannot push the price out of
    /// what the others posted.
    #[test]
    fn pitfall_23_the_median_bears_f_bad_feeders(
        honest in prop::collection::vec(900u128..1_100, 4..9),
        bad in prop::collection::vec(1u128..=10u128.pow(30), 3),
        in_force in prop::option::of(1u128..2_000),
    ) {
        let all: Vec<u128> = bad.iter().chain(&honest).copied().collect();
        let mut posts = posts(&all);
        posts.truncate(15);
        let price = observe(&posts, 1, &feed(), in_force.map(Price), NOW)
            .unwrap()
            .unwrap()
            .price
            .0;
        prop_assert!(honest.iter().min() <= Some(&price));
        prop_assert!(honest.iter().max() >= Some(&price));
    }

    /// The time of an observation never goes backwards while posts only get newer.
    #[test]
    fn pitfall_29_the_time_of_observations_never_goes_backwards(
        quorum in 1u8..=5,
        steps in prop::collection::vec((0usize..5, 0u64..60, 0u64..130), 1..80),
    ) {
        let feed = feed();
        let (mut now, mut last, mut stored) = (NOW, 0, Vec::new());
        for (feeder, elapsed, age) in steps {
            now += elapsed;
            let post = Post { published_at: now - age, ..posts(&[100; 5])[feeder] };
            if !post.is_fresh(feed.max_age, now) {
                continue;
            }
            let _ = replace(&mut stored, post, "uatom");
            if let Some(seen) = observe(&stored, quorum, &feed, None, now).unwrap() {
                prop_assert!(seen.published_at >= last);
                last = seen.published_at;
            }
        }
    }
}

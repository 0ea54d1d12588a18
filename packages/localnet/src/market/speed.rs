//! Time that runs faster: what a deployment has to look like for a price path that is replayed
//! at a multiple of its own speed.
//!
//! At speed `s` everything that lasts is divided by `s`. Prices then move `s` times as far in a
//! second as they did, as far as they go in one direction, and `√s` times as far as they wander:
//! volatility per √day is `√s` times the path's own. So that haircuts are what they are at speed
//! 1, `z` is divided by `√s`, and the speed of the volatility's ramp, which is volatility per
//! time, is multiplied by `s√s`.

use std::str::FromStr;

use bulwark_deploy::Deployment;
use bulwark_risk::ramp::RampSpeed;
use bulwark_risk::units::Fraction;
use bulwark_types::oracle::{Feed, Source};
use bulwark_types::vault::FamilyListing;

use crate::error::{LocalnetError, Result};

/// Faster than this an hour of the path would be over within a few blocks.
const FASTEST: u32 = 600;

/// Posts of several feeders take a few blocks, and blocks are slow on a busy machine: a price has
/// to live that long (seconds).
const SHORTEST_AGE: u64 = 30;

/// The oracle samples no more often (seconds).
const SHORTEST_SAMPLE: u64 = 60;

/// A multiple of real time, 1 to 600.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(u32);

impl Speed {
    /// # Errors
    /// [`LocalnetError::Value`].
    pub fn new(times: u32) -> Result<Self> {
        if (1..=FASTEST).contains(&times) {
            return Ok(Self(times));
        }
        Err(LocalnetError::Value {
            field: "speed",
            value: times.to_string(),
            bound: "must be 1 to 600",
        })
    }

    /// How many seconds of the path pass in a second.
    #[must_use]
    pub const fn times(self) -> u32 {
        self.0
    }

    /// A span of time, rounded to the nearest second; none that lasts becomes nothing.
    fn shortened(self, seconds: u64, shortest: u64) -> u64 {
        let times = u64::from(self.0);
        let shortened = (seconds + times / 2) / times;
        shortened.max(shortest.min(seconds))
    }

    fn root(self) -> f64 {
        f64::from(self.0).sqrt()
    }
}

impl FromStr for Speed {
    type Err = LocalnetError;

    fn from_str(text: &str) -> Result<Self> {
        Self::new(text.parse().unwrap_or_default())
    }
}

/// The same deployment in a world that runs `speed` times as fast. Spans are not shortened below
/// what blocks and the contracts allow, and nothing is raised above the contracts' bounds.
#[must_use]
pub fn at_speed(deployment: &Deployment, speed: Speed) -> Deployment {
    if speed.0 == 1 {
        return deployment.clone();
    }
    let mut fast = deployment.clone();
    fast.oracle.owner_delay = speed.shortened(fast.oracle.owner_delay, 1);
    fast.vault.unpriced_grace = speed.shortened(fast.vault.unpriced_grace, SHORTEST_AGE);
    let parameters = &mut fast.vault.parameters;
    parameters.ramp_time = speed.shortened(parameters.ramp_time, 1);
    parameters.owner_delay = speed.shortened(parameters.owner_delay, 1);
    parameters.outflow_window = speed.shortened(parameters.outflow_window, 1);
    for asset in &mut fast.assets {
        asset.feed = feed(&asset.feed, speed);
        if let Some(market) = &mut asset.market {
            if let FamilyListing::Base { haircut, .. } = &mut market.family {
                haircut.volatility_multiple =
                    times(haircut.volatility_multiple, 1.0 / speed.root());
            }
        }
    }
    fast
}

fn feed(slow: &Feed, speed: Speed) -> Feed {
    let mut fast = slow.clone();
    for source in &mut fast.sources {
        if let Source::RedemptionRate(rate) = source {
            rate.max_rate_age = speed.shortened(rate.max_rate_age, SHORTEST_AGE);
        }
    }
    fast.max_age = speed.shortened(slow.max_age, SHORTEST_AGE);
    // The oracle refuses one that outlasts the price in force.
    fast.jump_wait = speed.shortened(slow.jump_wait, 1).min(fast.max_age);
    fast.ema_tau = speed.shortened(slow.ema_tau, 1);
    fast.sample_interval = speed.shortened(slow.sample_interval, SHORTEST_SAMPLE);
    fast.initial_volatility = times(slow.initial_volatility, speed.root()).min(Fraction::ONE);
    let ramp = speed.root().powi(3);
    fast.volatility_speed = RampSpeed {
        rise: times(slow.volatility_speed.rise, ramp).min(Fraction::ONE),
        fall: times(slow.volatility_speed.fall, ramp).min(Fraction::ONE),
    };
    fast
}

/// A fraction times a factor. Estimates of risk: the last digits do not matter.
fn times(fraction: Fraction, factor: f64) -> Fraction {
    Fraction((fraction.0 as f64 * factor).round() as u128)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::deployment;
    use bulwark_simulator::prices::PathConfig;

    fn slow() -> Deployment {
        let table = PathConfig::default().generate().unwrap();
        let mut deployment = deployment(&table).unwrap();
        deployment.vault.parameters.owner_delay = 86_400;
        deployment
    }

    #[test]
    fn at_speed_one_nothing_changes() {
        assert_eq!(at_speed(&slow(), Speed::new(1).unwrap()), slow());
    }

    #[test]
    fn spans_become_shorter_and_volatility_larger() {
        let (slow, fast) = (slow(), at_speed(&slow(), Speed::new(4).unwrap()));
        let (before, after) = (&slow.assets[0].feed, &fast.assets[0].feed);
        assert_eq!(after.max_age * 4, before.max_age);
        assert_eq!(after.ema_tau * 4, before.ema_tau);
        assert_eq!(after.sample_interval * 4, before.sample_interval);
        assert_eq!(after.initial_volatility.0, before.initial_volatility.0 * 2);
        assert_eq!(
            after.volatility_speed.rise.0,
            before.volatility_speed.rise.0 * 8
        );
        let (before, after) = (&slow.vault.parameters, &fast.vault.parameters);
        assert_eq!(after.ramp_time * 4, before.ramp_time);
        assert_eq!(after.outflow_window * 4, before.outflow_window);
        assert_eq!(after.owner_delay * 4, before.owner_delay);
    }

    /// `z` times the volatility: the haircut, floor and cap aside.
    fn haircut(deployment: &Deployment, asset: usize) -> u128 {
        let asset = &deployment.assets[asset];
        match &asset.market.as_ref().unwrap().family {
            FamilyListing::Base { haircut, .. } => {
                let z = haircut.volatility_multiple;
                z.mul_floor(asset.feed.initial_volatility).unwrap().0
            }
            FamilyListing::Member { .. } => panic!("a base was expected"),
        }
    }

    #[test]
    fn haircuts_stay_what_they_are() {
        let slow = slow();
        for times in [2, 10, 60, 200] {
            let fast = at_speed(&slow, Speed::new(times).unwrap());
            let (before, after) = (haircut(&slow, 0), haircut(&fast, 0));
            // A millionth of a percent.
            assert!(before.abs_diff(after) < 10u128.pow(10), "{times}");
        }
    }

    #[test]
    fn at_the_highest_speed_the_contracts_bounds_hold() {
        let fast = at_speed(&slow(), Speed::new(FASTEST).unwrap());
        for asset in &fast.assets {
            let feed = &asset.feed;
            assert!(feed.max_age >= SHORTEST_AGE);
            assert!((1..=feed.max_age).contains(&feed.jump_wait));
            assert!(feed.sample_interval >= SHORTEST_SAMPLE);
            assert!(feed.initial_volatility <= Fraction::ONE);
            feed.volatility_speed.validate().unwrap();
        }
    }

    #[test]
    fn a_speed_of_nothing_is_refused() {
        for text in ["0", "601", "fast", "-1", "0.5"] {
            assert!(text.parse::<Speed>().is_err(), "{text}");
        }
    }
}

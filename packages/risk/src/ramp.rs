//! What moves linearly in time instead of jumping.

use serde::{Deserialize, Serialize};

use crate::error::{RiskError, RiskResult};
use crate::units::Fraction;
use crate::wide::{mul_div_ceil, mul_div_floor};

const SECONDS_PER_HOUR: u128 = 3600;

/// The value at `now` on the line from (`start`, `from`) to (`end`, `to`), rounded down;
/// `from` before the start, `to` from the end on.
///
/// # Errors
/// [`RiskError::Overflow`] for values whose difference times a time span exceeds 256 bits.
pub fn interpolate_floor(from: u128, to: u128, start: u64, end: u64, now: u64) -> RiskResult<u128> {
    if now >= end {
        return Ok(to);
    }
    let span = u128::from(end.saturating_sub(start));
    let gone = u128::from(now.saturating_sub(start));
    let out_of_range = || RiskError::overflow("an interpolation");
    if to >= from {
        let risen = mul_div_floor(to.abs_diff(from), gone, span)?;
        from.checked_add(risen).ok_or_else(out_of_range)
    } else {
        let fallen = mul_div_ceil(to.abs_diff(from), gone, span)?;
        from.checked_sub(fallen).ok_or_else(out_of_range)
    }
}

/// A volatility on its way from one value to another, linearly in time.
///
/// Every new target restarts the ramp from the value in force at that instant, so the value
/// in force is a continuous function of time whoever touches it and whenever.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    schemars::JsonSchema,
    cw_schema::Schemaifier,
)]
#[schemaifier(mute_warnings)]
#[serde(deny_unknown_fields)]
pub struct VolatilityRamp {
    /// Volatility per √day at `start_time`.
    pub from: Fraction,
    /// Volatility per √day from `end_time` on: the newest one.
    pub target: Fraction,
    /// Block time in seconds at which the ramp began.
    pub start_time: u64,
    /// Block time in seconds at which the target is reached.
    pub end_time: u64,
}

/// How fast the volatility in force follows the newest one, per hour.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    schemars::JsonSchema,
    cw_schema::Schemaifier,
)]
#[schemaifier(mute_warnings)]
#[serde(deny_unknown_fields)]
pub struct RampSpeed {
    /// Largest rise in one hour.
    pub rise: Fraction,
    /// Largest fall in one hour.
    pub fall: Fraction,
}

impl RampSpeed {
    /// Refuses a speed at which a ramp would never end.
    ///
    /// # Errors
    /// [`RiskError::Config`].
    pub fn validate(&self) -> RiskResult<()> {
        for (field, speed) in [("rise", self.rise), ("fall", self.fall)] {
            if speed.is_zero() || speed > Fraction::ONE {
                return Err(RiskError::config(
                    field,
                    speed,
                    "must be above 0 and at most 1 per hour",
                ));
            }
        }
        Ok(())
    }
}

impl VolatilityRamp {
    /// A ramp that has arrived.
    #[must_use]
    pub const fn flat(volatility: Fraction, now: u64) -> Self {
        Self {
            from: volatility,
            target: volatility,
            start_time: now,
            end_time: now,
        }
    }

    /// The volatility in force at `now`, per √day, rounded down.
    ///
    /// # Errors
    /// None for values that fit a record; see [`interpolate_floor`].
    pub fn at(&self, now: u64) -> RiskResult<Fraction> {
        interpolate_floor(
            self.from.0,
            self.target.0,
            self.start_time,
            self.end_time,
            now,
        )
        .map(Fraction)
    }

    /// The same ramp bent toward a new target, from the value in force at `now`.
    ///
    /// # Errors
    /// [`RiskError::DivisionByZero`] at a speed of zero.
    pub fn toward(&self, target: Fraction, speed: &RampSpeed, now: u64) -> RiskResult<Self> {
        let from = self.at(now)?;
        let per_hour = if target > from {
            speed.rise
        } else {
            speed.fall
        };
        let distance = target.0.abs_diff(from.0);
        let seconds = mul_div_ceil(distance, SECONDS_PER_HOUR, per_hour.0)?;
        let end_time = u64::try_from(seconds)
            .unwrap_or(u64::MAX)
            .saturating_add(now);
        Ok(Self {
            from,
            target,
            start_time: now,
            end_time,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_is_continuous_however_often_it_is_bent() {
        let speed = RampSpeed {
            rise: "0.002".parse().unwrap(),
            fall: "0.0005".parse().unwrap(),
        };
        let mut ramp = VolatilityRamp::flat(Fraction::percent(4), 0);
        for (now, percent) in [(100, 9), (4_000, 2), (4_001, 30), (90_000, 3), (90_000, 4)] {
            let before = ramp.at(now).unwrap();
            ramp = ramp
                .toward(Fraction::percent(percent), &speed, now)
                .unwrap();
            assert_eq!(ramp.at(now).unwrap(), before, "bent at {now}");
            let hour_later = ramp.at(now + 3600).unwrap();
            assert!(hour_later.0 <= before.0 + speed.rise.0);
            assert!(hour_later.0 + speed.fall.0 >= before.0);
            assert_eq!(ramp.at(ramp.end_time).unwrap(), Fraction::percent(percent));
        }
    }

    #[test]
    fn interpolation_meets_both_ends() {
        for (from, to) in [(10, 20), (20, 10), (7, 7)] {
            assert_eq!(interpolate_floor(from, to, 5, 8, 0).unwrap(), from);
            assert_eq!(interpolate_floor(from, to, 5, 8, 5).unwrap(), from);
            assert_eq!(interpolate_floor(from, to, 5, 8, 8).unwrap(), to);
            assert_eq!(interpolate_floor(from, to, 5, 5, 5).unwrap(), to);
        }
        assert_eq!(interpolate_floor(10, 20, 0, 3, 1).unwrap(), 13);
        assert_eq!(interpolate_floor(20, 10, 0, 3, 1).unwrap(), 16);
    }
}

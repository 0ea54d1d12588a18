//! Volatility as the oracle measures it: the mean of a fast and a slow average of variance.

use serde::{Deserialize, Serialize};

use crate::error::RiskResult;
use crate::units::{Fraction, Price};
use crate::wide::{ONE, exp_neg, mul_div_floor, mul_floor, sqrt_floor};

const SECONDS_PER_DAY: u128 = 86_400;

/// Time constant of the fast average: 5 days, in seconds.
pub const FAST_TAU: u64 = 5 * 86_400;

/// Time constant of the slow average: 365 days, in seconds.
pub const SLOW_TAU: u64 = 365 * 86_400;

/// A return counts as at most this many times the earlier price, so that a coin that comes
/// back from zero cannot overflow the averages.
const LARGEST_RETURN: u128 = 10 * ONE;

/// `e^(−elapsed/τ)`: what an exponential average keeps of its old value.
///
/// # Errors
/// [`crate::RiskError::DivisionByZero`] for `tau = 0`.
pub fn decay(elapsed: u64, tau: u64) -> RiskResult<Fraction> {
    let x = mul_div_floor(u128::from(elapsed), ONE, u128::from(tau))?;
    exp_neg(x).map(Fraction)
}

/// Exponential averages of the variance of daily returns, with real elapsed time.
///
/// One sample is the simple return `R` over `Δt`: its variance per day is `R² / Δt`, and
/// each average moves by `1 − e^(−Δt/τ)` toward it. A gap therefore counts as one return
/// spread over the whole gap, with the weight that its length deserves.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Variances {
    /// Variance per day, τ = [`FAST_TAU`].
    pub fast: Fraction,
    /// Variance per day, τ = [`SLOW_TAU`].
    pub slow: Fraction,
}

impl Variances {
    /// Both averages at the square of a volatility per √day, rounded down.
    ///
    /// # Errors
    /// [`crate::RiskError::Overflow`] for volatilities above 10^10.
    pub fn seeded(volatility: Fraction) -> RiskResult<Self> {
        let variance = volatility.mul_floor(volatility)?;
        Ok(Self {
            fast: variance,
            slow: variance,
        })
    }

    /// Takes in the move from one price to another over `elapsed` seconds; no time, no change.
    ///
    /// # Errors
    /// [`crate::RiskError::DivisionByZero`] for an earlier price of zero.
    pub fn sample(&self, earlier: Price, later: Price, elapsed: u64) -> RiskResult<Self> {
        if elapsed == 0 {
            return Ok(*self);
        }
        let moved = mul_div_floor(earlier.0.abs_diff(later.0), ONE, earlier.0)
            .unwrap_or(LARGEST_RETURN)
            .min(LARGEST_RETURN);
        let per_day = mul_div_floor(
            mul_floor(moved, moved)?,
            SECONDS_PER_DAY,
            u128::from(elapsed),
        )?;
        Ok(Self {
            fast: blend(self.fast, Fraction(per_day), decay(elapsed, FAST_TAU)?)?,
            slow: blend(self.slow, Fraction(per_day), decay(elapsed, SLOW_TAU)?)?,
        })
    }

    /// The mean of the two volatilities per √day, rounded down.
    ///
    /// # Errors
    /// None in practice.
    pub fn volatility(&self) -> RiskResult<Fraction> {
        let (fast, slow) = (sqrt_floor(self.fast.0)?, sqrt_floor(self.slow.0)?);
        // Both roots are below 2^94, so the sum cannot overflow; the midpoint rounds down.
        Ok(Fraction(u128::midpoint(fast, slow)))
    }
}

/// `kept × old + (1 − kept) × new`, each part rounded down.
///
/// # Errors
/// [`crate::RiskError::Overflow`].
pub fn blend(old: Fraction, new: Fraction, kept: Fraction) -> RiskResult<Fraction> {
    let kept = kept.0.min(ONE);
    Fraction(mul_floor(old.0, kept)?).plus(Fraction(mul_floor(new.0, ONE.abs_diff(kept))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(usd: f64) -> Price {
        Price((usd * 1e18) as u128)
    }

    fn f(value: Fraction) -> f64 {
        value.0 as f64 / 1e18
    }

    #[test]
    fn hourly_returns_of_one_percent_read_as_about_five_percent_a_day() {
        let mut variances = Variances::seeded(Fraction::percent(1)).unwrap();
        for hour in 0..(24 * 3000) {
            let (from, to) = if hour % 2 == 0 {
                (100.0, 101.0)
            } else {
                (101.0, 100.0)
            };
            variances = variances.sample(price(from), price(to), 3600).unwrap();
        }
        let daily = f(variances.volatility().unwrap());
        assert!((daily - 0.01 * f64::sqrt(24.0)).abs() < 0.001, "{daily}");
    }

    #[test]
    fn a_gap_counts_as_one_return_over_its_whole_length() {
        let seeded = Variances::seeded(Fraction::percent(4)).unwrap();
        let gap = seeded
            .sample(price(100.0), price(80.0), 10 * 86_400)
            .unwrap();
        let expected = 0.0016 * f64::exp(-2.0) + 0.004 * (1.0 - f64::exp(-2.0));
        assert!((f(gap.fast) - expected).abs() < 1e-9);
        assert_eq!(seeded.sample(price(100.0), price(1.0), 0).unwrap(), seeded);
    }

    #[test]
    fn a_return_from_next_to_nothing_is_bounded() {
        let seeded = Variances::seeded(Fraction::percent(4)).unwrap();
        let wild = seeded.sample(Price(1), price(1e12), 1).unwrap();
        assert!(wild.volatility().is_ok());
        assert!(seeded.sample(Price(0), price(1.0), 1).is_ok());
    }
}

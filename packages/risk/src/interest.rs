//! Rates and growth.

use cosmwasm_std::Uint256;
use cw_schema::Schemaifier;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{RiskError, RiskResult};
use crate::units::{Amount, Fraction};
use crate::wide::{ONE, ONE_36, divide_floor, mul_div_ceil, mul_div_floor, multiply};

/// Seconds of the year that rates are quoted for: 365 days.
pub const SECONDS_PER_YEAR: u64 = 365 * 86_400;

/// Rates above 1000 % a year are refused in configurations.
const HIGHEST_RATE: Fraction = Fraction(10 * ONE);

/// How a market's borrow rate depends on its utilisation.
#[derive(Serialize, Deserialize, JsonSchema, Schemaifier, Clone, Copy, Debug, PartialEq, Eq)]
#[schemaifier(mute_warnings)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum InterestModel {
    /// Two straight lines that meet at `optimal`.
    Kinked {
        /// Rate per year of an idle pool.
        base: Fraction,
        /// Rate per year added from 0 to `optimal` utilisation.
        slope: Fraction,
        /// Rate per year added from `optimal` to full utilisation.
        steep_slope: Fraction,
        /// Utilisation at the kink, between 0 and 1.
        optimal: Fraction,
    },
}

impl InterestModel {
    /// The borrow rate per year at a utilisation (clamped to 1), rounded up.
    ///
    /// # Errors
    /// None for a model that passed [`Self::validate`].
    pub fn rate(&self, utilisation: Fraction) -> RiskResult<Fraction> {
        let Self::Kinked {
            base,
            slope,
            steep_slope,
            optimal,
        } = *self;
        let used = utilisation.min(Fraction::ONE);
        if used <= optimal {
            return base.plus(Fraction(mul_div_ceil(slope.0, used.0, optimal.0)?));
        }
        let above = used.minus(optimal)?;
        let span = Fraction::ONE.minus(optimal)?;
        base.plus(slope)?
            .plus(Fraction(mul_div_ceil(steep_slope.0, above.0, span.0)?))
    }

    /// Refuses a kink at an end and rates beyond 1000 % a year.
    ///
    /// # Errors
    /// [`RiskError::Config`].
    pub fn validate(&self) -> RiskResult<()> {
        let Self::Kinked {
            base,
            slope,
            steep_slope,
            optimal,
        } = *self;
        if optimal.is_zero() || optimal >= Fraction::ONE {
            return Err(RiskError::config(
                "optimal",
                optimal,
                "must lie between 0 and 1",
            ));
        }
        let highest = base.plus(slope)?.plus(steep_slope)?;
        if highest > HIGHEST_RATE {
            return Err(RiskError::config(
                "interest",
                highest,
                "must be at most 10 a year in all",
            ));
        }
        Ok(())
    }
}

/// `borrowed / supplied`, rounded down, at most 1; an empty pool is unused.
///
/// # Errors
/// None in practice.
pub fn utilisation_floor(borrowed: Amount, supplied: Amount) -> RiskResult<Fraction> {
    if borrowed >= supplied {
        return Ok(if borrowed.is_zero() {
            Fraction::ZERO
        } else {
            Fraction::ONE
        });
    }
    mul_div_floor(borrowed.0, ONE, supplied.0).map(Fraction)
}

/// `e^x − 1` to third order, `x + x²/2 + x³/6` with `x = rate × elapsed / year`, 36 decimals,
/// rounded down. `x` is bounded by 1: a market that nobody touches for that long stops
/// earning until somebody does.
///
/// # Errors
/// None for rates that passed [`InterestModel::validate`].
pub(crate) fn growth_36_floor(rate: Fraction, elapsed: u64) -> RiskResult<Uint256> {
    let one = Uint256::from(ONE_36);
    let numerator = multiply(
        multiply(Uint256::from(rate.0), Uint256::from(elapsed))?,
        Uint256::from(ONE),
    )?;
    let x = divide_floor(numerator, Uint256::from(SECONDS_PER_YEAR))?.min(one);
    let square = divide_floor(multiply(x, x)?, one)?;
    let cube = divide_floor(multiply(square, x)?, one)?;
    let half = divide_floor(square, Uint256::from(2u128))?;
    let sixth = divide_floor(cube, Uint256::from(6u128))?;
    x.checked_add(half)
        .and_then(|sum| sum.checked_add(sixth))
        .map_err(|_| RiskError::overflow("a growth factor"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinked() -> InterestModel {
        InterestModel::Kinked {
            base: Fraction::ZERO,
            slope: Fraction::percent(6),
            steep_slope: Fraction::percent(100),
            optimal: Fraction::percent(80),
        }
    }

    #[test]
    fn the_rate_kinks_at_the_optimum_and_clamps_at_full_use() {
        let rate = |percent| kinked().rate(Fraction::percent(percent)).unwrap();
        assert_eq!(rate(0), Fraction::ZERO);
        assert_eq!(rate(40), Fraction::percent(3));
        assert_eq!(rate(80), Fraction::percent(6));
        assert_eq!(rate(90), Fraction::percent(56));
        assert_eq!(rate(100), Fraction::percent(106));
        assert_eq!(rate(250), Fraction::percent(106));
    }

    #[test]
    fn a_model_without_a_kink_is_refused() {
        for optimal in [Fraction::ZERO, Fraction::ONE] {
            let InterestModel::Kinked {
                base,
                slope,
                steep_slope,
                ..
            } = kinked();
            let model = InterestModel::Kinked {
                base,
                slope,
                steep_slope,
                optimal,
            };
            let refusal = *model.validate().unwrap_err();
            assert!(matches!(refusal, RiskError::Config { .. }));
        }
        assert!(kinked().validate().is_ok());
    }

    #[test]
    fn growth_is_close_to_the_exponential_and_bounded() {
        let growth = |rate: u32, seconds| {
            let wide = growth_36_floor(Fraction::percent(rate), seconds).unwrap();
            wide.to_string().parse::<f64>().unwrap() / 1e36
        };
        let month = SECONDS_PER_YEAR / 12;
        assert!((growth(12, month) - f64::exp_m1(0.01)).abs() < 1e-9);
        assert_eq!(
            growth(100, 50 * SECONDS_PER_YEAR),
            growth(100, SECONDS_PER_YEAR)
        );
        assert_eq!(growth(0, month), 0.0);
    }

    #[test]
    fn utilisation_clamps_to_one() {
        let used = |b, s| utilisation_floor(Amount(b), Amount(s)).unwrap();
        assert_eq!(used(0, 0), Fraction::ZERO);
        assert_eq!(used(5, 0), Fraction::ONE);
        assert_eq!(used(7, 5), Fraction::ONE);
        assert_eq!(used(1, 4), Fraction::percent(25));
    }
}

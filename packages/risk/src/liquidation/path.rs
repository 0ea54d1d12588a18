//! How far a repayment goes: the first amount that reaches the target, or the best one.

use std::cmp::Ordering;

use super::{LiquidationError, LiquidationResult, Sale};
use crate::account::{compare_ratios, maintenance_exposures};
use crate::error::RiskResult;
use crate::margin::{Exposure, Sums};
use crate::search::largest_floor;
use crate::units::{Fraction, Usd};
use crate::wide::{ONE, mul_div_floor};

/// Steps of the search for the amount that maximises the ratio: each keeps [`GOLDEN`] of the
/// span, all of them a part of about 10^-13.
const SEARCH_STEPS: u32 = 62;

/// (√5 − 1) / 2: cut there from both ends, a span's part has one of its two cuts already.
const GOLDEN: Fraction = Fraction(618_033_988_749_894_848);

/// Steps of the bisection for the first amount at which the ratio reaches the target.
const BISECTION_STEPS: u32 = 64;

/// The account's equity and margin as functions of the value repaid.
pub(super) struct Path {
    debt: Exposure,
    deposit: Exposure,
    /// All other holdings: they stand still.
    others: Sums,
    equity: Usd,
    bonus: Fraction,
    gross_factor: Fraction,
    /// Largest value that the debt and the deposit allow.
    longest: Usd,
}

impl Path {
    pub(super) fn new(sale: &Sale<'_>) -> LiquidationResult<Self> {
        let by_deposit =
            mul_div_floor(sale.deposit_value.magnitude(), ONE, sale.one_plus_bonus()?)?;
        let (mut debt, mut deposit, mut others) = (None, None, Sums::default());
        for (position, exposure) in maintenance_exposures(sale.account.holdings)?
            .iter()
            .enumerate()
        {
            if position == sale.pair.debt {
                debt = Some(*exposure);
            } else if position == sale.pair.deposit {
                deposit = Some(*exposure);
            } else {
                others.add(exposure)?;
            }
        }
        Ok(Self {
            debt: debt.ok_or(LiquidationError::NoSuchPair)?,
            deposit: deposit.ok_or(LiquidationError::NoSuchPair)?,
            others,
            equity: sale.account.before.equity,
            bonus: sale.terms.bonus,
            gross_factor: sale.account.margin.gross_factor,
            longest: sale.debt_value.min(Usd::from_magnitude(by_deposit)?),
        })
    }

    /// `(E, M)` after a value has been repaid.
    fn at(&self, repaid: Usd) -> RiskResult<(Usd, Usd)> {
        let paid_out = repaid.mul_ceil(self.bonus)?;
        let (mut debt, mut deposit) = (self.debt, self.deposit);
        debt.value = debt.value.plus(repaid)?;
        deposit.value = deposit.value.minus(repaid)?.minus(paid_out)?;
        let mut sums = self.others.clone();
        sums.add(&debt)?;
        sums.add(&deposit)?;
        Ok((
            self.equity.minus(paid_out)?,
            sums.margin_ceil(self.gross_factor)?,
        ))
    }

    /// The first value at which the ratio reaches `target`; the value that maximises the
    /// ratio if none does.
    ///
    /// `E` is linear and `M` convex in the value, so `E / M` has one maximum, and
    /// `E − target × M` is concave: left of a value that reaches it, it crosses zero once.
    pub(super) fn capped_value(&self, target: Fraction) -> RiskResult<Usd> {
        let reaches = |value: Usd| -> RiskResult<bool> {
            let (equity, margin) = self.at(value)?;
            Ok(equity >= margin.mul_ceil(target)?)
        };
        let enough = if reaches(self.longest)? {
            self.longest
        } else {
            let peak = self.peak()?;
            if !reaches(peak)? {
                return Ok(peak);
            }
            peak
        };
        let mut missing = |value: u128| reaches(Usd::from_magnitude(value)?).map(|r| !r);
        let below = largest_floor(0, enough.magnitude(), BISECTION_STEPS, &mut missing)?;
        Usd::from_magnitude(below.saturating_add(1)).map(|value| value.min(enough))
    }

    /// The value that maximises the ratio, by golden-section search.
    fn peak(&self) -> RiskResult<Usd> {
        let (mut low, mut high) = (Usd::ZERO, self.longest);
        let cut = high.mul_floor(GOLDEN)?;
        let (mut left, mut right) = (high.minus(cut)?, cut);
        let (mut at_left, mut at_right) = (self.at(left)?, self.at(right)?);
        for _ in 0..SEARCH_STEPS {
            if compare_ratios(at_left, at_right) == Ordering::Less {
                low = left;
                (left, at_left) = (right, at_right);
                right = low.plus(high.minus(low)?.mul_floor(GOLDEN)?)?;
                at_right = self.at(right)?;
            } else {
                high = right;
                (right, at_right) = (left, at_left);
                left = high.minus(high.minus(low)?.mul_floor(GOLDEN)?)?;
                at_left = self.at(left)?;
            }
        }
        // The far end is where one leg is gone: the search only nears it.
        Ok(match compare_ratios(at_right, self.at(self.longest)?) {
            Ordering::Less => self.longest,
            _ => right,
        })
    }
}

//! Liquidations: when, how much, at what bonus, and which pair is best.
//!
//! With `D` the debts' value and `r = E / M`:
//!
//! ```text
//! curve = min(max_bonus, base_bonus + slope × (1 − r))
//! bonus = min(curve, equity_share × E / D)      where that is at least base_bonus
//! distressed otherwise: bonus = base_bonus, and the whole account may be closed
//! ```

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::account::{
    Assessment, Holding, Side, Tradable, assess, compare_ratios, maintenance_exposures,
};
use crate::config::{LiquidationParameters, MarginParameters};
use crate::error::{RiskError, RiskResult};
use crate::margin::{Exposure, margin_ceil};
use crate::search::largest_floor;
use crate::units::{Amount, Fraction, Price, Usd};
use crate::wide::{ONE, mul_div_ceil, mul_div_floor};

/// Steps of the search for the amount that maximises the ratio: each keeps 2/3 of the span.
const SEARCH_STEPS: u32 = 72;

/// Steps of the bisection for the first amount at which the ratio reaches the target.
const BISECTION_STEPS: u32 = 64;

/// Why a liquidation is refused.
#[derive(Error, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LiquidationError {
    /// The arithmetic refused.
    #[error(transparent)]
    Risk(#[from] RiskError),
    /// `r ≥ 1`, or nothing is owed.
    #[error("the account covers its maintenance margin")]
    NotLiquidatable,
    /// The account does not owe what is repaid, or does not own what is to be seized.
    #[error("the account has no such debt or deposit")]
    NoSuchPair,
    /// The price of the debt or of the deposit is not in force.
    #[error("an asset of the pair has no price in force")]
    Unpriced,
    /// Outside distress the margin ratio has to rise.
    #[error("the margin ratio would not rise")]
    RatioNotRaised,
    /// The repayment buys less than one smallest unit of the deposit.
    #[error("the repayment buys nothing")]
    NothingSeized,
}

type LiquidationResult<T> = Result<T, LiquidationError>;

/// On what terms an account can be liquidated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Bonus per value repaid.
    pub bonus: Fraction,
    /// Whether the whole account may be closed, and the ratio need not rise.
    pub distressed: bool,
}

/// Which debt is repaid and which deposit seized: positions in the list of holdings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Position of the debt.
    pub debt: usize,
    /// Position of the deposit.
    pub deposit: usize,
}

/// What a liquidation does, in smallest units of its two assets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Terms that applied.
    pub terms: Terms,
    /// Largest repayment that would have been taken.
    pub cap: Amount,
    /// Repaid, at most `cap`.
    pub repaid: Amount,
    /// Taken from the deposit, for the keeper and the reserve together.
    pub seized: Amount,
    /// The reserve's part of what is seized.
    pub protocol_fee: Amount,
    /// Value repaid, USD, rounded down.
    pub repaid_value: Usd,
    /// Value of the bonus, the reserve's part included, USD, rounded down.
    pub bonus_value: Usd,
    /// The account afterwards.
    pub after: Assessment,
}

/// Terms for an account as it stands; none if it is not liquidatable.
///
/// # Errors
/// [`RiskError::Overflow`].
pub fn terms(
    assessment: &Assessment,
    parameters: &LiquidationParameters,
) -> RiskResult<Option<Terms>> {
    if !assessment.is_liquidatable() {
        return Ok(None);
    }
    let distress = Terms {
        bonus: parameters.base_bonus,
        distressed: true,
    };
    if assessment.equity.is_negative() {
        return Ok(Some(distress));
    }
    let equity = assessment.equity.magnitude();
    // E < M here, so M is above zero and the ratio below one.
    let ratio = mul_div_floor(equity, ONE, assessment.maintenance.magnitude())?;
    let missing = Fraction(ONE.saturating_sub(ratio));
    let curve = parameters
        .base_bonus
        .plus(parameters.slope.mul_floor(missing)?)?
        .min(parameters.max_bonus);
    let share = mul_div_floor(
        equity,
        parameters.equity_share.0,
        assessment.debts.magnitude(),
    )?;
    let bonus = curve.min(Fraction(share));
    if bonus < parameters.base_bonus {
        return Ok(Some(distress));
    }
    Ok(Some(Terms {
        bonus,
        distressed: false,
    }))
}

/// What repaying up to `offered` of one debt for one deposit does.
///
/// The repayment is capped by the debt, by the deposit, and outside distress by the *first*
/// amount at which the ratio reaches the target, or else by the amount that maximises it.
/// Remainders below `dust_value` may be closed whole, and the cap rises to what buys one
/// smallest unit. The repayment's value and what it seizes round down, for the account.
///
/// # Errors
/// Every variant of [`LiquidationError`].
pub fn liquidate(
    holdings: &[Holding],
    margin: &MarginParameters,
    parameters: &LiquidationParameters,
    pair: Pair,
    offered: Amount,
) -> LiquidationResult<Outcome> {
    let before = assess(holdings, margin)?;
    let terms = terms(&before, parameters)?.ok_or(LiquidationError::NotLiquidatable)?;
    Sale::new(holdings, &before, terms, margin, parameters, pair)?.outcome(offered)
}

/// The pair that pays the largest bonus, with the repayment that does; none if the account
/// is not liquidatable or nothing in it can change hands.
///
/// # Errors
/// [`RiskError`].
pub fn best_pair(
    holdings: &[Holding],
    margin: &MarginParameters,
    parameters: &LiquidationParameters,
) -> RiskResult<Option<(Pair, Outcome)>> {
    let before = assess(holdings, margin)?;
    let Some(terms) = terms(&before, parameters)? else {
        return Ok(None);
    };
    let on = |wanted: Side| {
        let sides = holdings.iter().enumerate();
        sides
            .filter(move |(_, holding)| holding.side == wanted)
            .map(|(position, _)| position)
    };
    let mut best: Option<(Pair, Outcome)> = None;
    for debt in on(Side::Debt) {
        for deposit in on(Side::Deposit) {
            let pair = Pair { debt, deposit };
            let outcome = Sale::new(holdings, &before, terms, margin, parameters, pair)
                .and_then(|sale| sale.outcome(Amount(u128::MAX)));
            match outcome {
                Ok(outcome) => {
                    if best.is_none_or(|(_, known)| outcome.bonus_value > known.bonus_value) {
                        best = Some((pair, outcome));
                    }
                }
                Err(LiquidationError::Risk(error)) => return Err(error),
                Err(_) => {}
            }
        }
    }
    Ok(best)
}

/// One debt against one deposit.
struct Sale<'a> {
    holdings: &'a [Holding],
    before: &'a Assessment,
    terms: Terms,
    margin: &'a MarginParameters,
    parameters: &'a LiquidationParameters,
    pair: Pair,
    debt: Holding,
    deposit: Holding,
    /// Price at which the deposit is handed out.
    seize_price: Price,
    debt_value: Usd,
    /// At `seize_price`.
    deposit_value: Usd,
}

impl<'a> Sale<'a> {
    fn new(
        holdings: &'a [Holding],
        before: &'a Assessment,
        terms: Terms,
        margin: &'a MarginParameters,
        parameters: &'a LiquidationParameters,
        pair: Pair,
    ) -> LiquidationResult<Self> {
        let find = |position: usize, side: Side| {
            let holding = holdings
                .get(position)
                .filter(|holding| holding.side == side);
            holding.copied().ok_or(LiquidationError::NoSuchPair)
        };
        let debt = find(pair.debt, Side::Debt)?;
        let deposit = find(pair.deposit, Side::Deposit)?;
        let seize_price = match deposit.quote.tradable {
            Tradable::Yes => deposit.quote.mid,
            Tradable::InDistress { discount } if terms.distressed => {
                deposit.quote.mid.scaled_floor(discount)?
            }
            Tradable::InDistress { .. } | Tradable::No => return Err(LiquidationError::Unpriced),
        };
        if debt.quote.tradable != Tradable::Yes || seize_price.is_zero() || debt.quote.mid.is_zero()
        {
            return Err(LiquidationError::Unpriced);
        }
        Ok(Self {
            debt_value: debt.value()?.negated(),
            deposit_value: deposit.value_at(seize_price)?,
            holdings,
            before,
            terms,
            margin,
            parameters,
            pair,
            debt,
            deposit,
            seize_price,
        })
    }

    fn outcome(&self, offered: Amount) -> LiquidationResult<Outcome> {
        let cap = self.cap()?;
        let repaid = offered.min(cap);
        let (seized, repaid_value) = self.seized_for(repaid)?;
        if seized.is_zero() {
            return Err(LiquidationError::NothingSeized);
        }
        let after = self.after(repaid, seized)?;
        if !self.terms.distressed && after.compare_ratio(self.before) != Ordering::Greater {
            return Err(LiquidationError::RatioNotRaised);
        }
        // Of every (1 + bonus) seized, `bonus` is the bonus.
        let bonus_amount = mul_div_floor(seized.0, self.terms.bonus.0, self.one_plus_bonus()?)?;
        let protocol_fee = Amount(mul_div_floor(
            bonus_amount,
            self.parameters.protocol_fee.0,
            ONE,
        )?);
        let bonus_value = self
            .seize_price
            .value_floor(Amount(bonus_amount), self.deposit.decimals)?;
        Ok(Outcome {
            terms: self.terms,
            cap,
            repaid,
            seized,
            protocol_fee,
            repaid_value,
            bonus_value,
            after,
        })
    }

    fn one_plus_bonus(&self) -> RiskResult<u128> {
        Fraction::ONE.plus(self.terms.bonus).map(|sum| sum.0)
    }

    /// What a repayment seizes, rounded down, and its value, rounded down.
    fn seized_for(&self, repaid: Amount) -> RiskResult<(Amount, Usd)> {
        let repaid_value = self
            .debt
            .quote
            .mid
            .value_floor(repaid, self.debt.decimals)?;
        let value = mul_div_floor(repaid_value.magnitude(), self.one_plus_bonus()?, ONE)?;
        let seized = self
            .seize_price
            .amount_floor(Usd::from_magnitude(value)?, self.deposit.decimals)?;
        Ok((seized.min(self.deposit.amount), repaid_value))
    }

    fn after(&self, repaid: Amount, seized: Amount) -> RiskResult<Assessment> {
        let mut holdings = self.holdings.to_vec();
        for (position, taken) in [(self.pair.debt, repaid), (self.pair.deposit, seized)] {
            if let Some(holding) = holdings.get_mut(position) {
                holding.amount = holding.amount.minus(taken)?;
            }
        }
        assess(&holdings, self.margin)
    }

    /// The largest repayment, in smallest units of the debt.
    fn cap(&self) -> LiquidationResult<Amount> {
        let limit = self.limit()?;
        if self.terms.distressed {
            return Ok(limit);
        }
        let path = Path::new(self)?;
        let value = path.capped_value(self.parameters.target_ratio)?;
        let cap = self
            .debt
            .quote
            .mid
            .amount_floor(value, self.debt.decimals)?;
        let cap = cap.max(self.smallest_repayment()?).min(limit);
        if self.leaves_dust(value)? && self.raises_ratio(limit)? {
            return Ok(limit);
        }
        Ok(cap)
    }

    /// What the debt and the deposit allow: all of the debt, or what buys all of the deposit.
    fn limit(&self) -> RiskResult<Amount> {
        let price = mul_div_ceil(self.deposit_value.magnitude(), ONE, self.one_plus_bonus()?)?;
        let buys_all = self
            .debt
            .quote
            .mid
            .amount_ceil(Usd::from_magnitude(price)?, self.debt.decimals)?;
        Ok(self.debt.amount.min(buys_all))
    }

    /// The smallest repayment that seizes one smallest unit.
    fn smallest_repayment(&self) -> RiskResult<Amount> {
        let unit = self
            .seize_price
            .value_ceil(Amount(1), self.deposit.decimals)?;
        let price = mul_div_ceil(unit.magnitude(), ONE, self.one_plus_bonus()?)?;
        let amount = self
            .debt
            .quote
            .mid
            .amount_ceil(Usd::from_magnitude(price)?, self.debt.decimals)?;
        Ok(amount.max(Amount(1)))
    }

    fn leaves_dust(&self, repaid_value: Usd) -> RiskResult<bool> {
        let seized = mul_div_floor(repaid_value.magnitude(), self.one_plus_bonus()?, ONE)?;
        let debt_left = self.debt_value.minus(repaid_value)?;
        let deposit_left = self.deposit_value.minus(Usd::from_magnitude(seized)?)?;
        Ok(debt_left.min(deposit_left) < self.parameters.dust_value)
    }

    fn raises_ratio(&self, repaid: Amount) -> RiskResult<bool> {
        let (seized, _) = self.seized_for(repaid)?;
        Ok(self.after(repaid, seized)?.compare_ratio(self.before) == Ordering::Greater)
    }
}

/// The account's equity and margin as functions of the value repaid.
struct Path {
    exposures: Vec<Exposure>,
    pair: Pair,
    equity: Usd,
    bonus: Fraction,
    gross_factor: Fraction,
    /// Largest value that the debt and the deposit allow.
    longest: Usd,
}

impl Path {
    fn new(sale: &Sale<'_>) -> RiskResult<Self> {
        let by_deposit =
            mul_div_floor(sale.deposit_value.magnitude(), ONE, sale.one_plus_bonus()?)?;
        Ok(Self {
            exposures: maintenance_exposures(sale.holdings)?,
            pair: sale.pair,
            equity: sale.before.equity,
            bonus: sale.terms.bonus,
            gross_factor: sale.margin.gross_factor,
            longest: sale.debt_value.min(Usd::from_magnitude(by_deposit)?),
        })
    }

    /// `(E, M)` after a value has been repaid.
    fn at(&self, repaid: Usd) -> RiskResult<(Usd, Usd)> {
        let paid_out = repaid.mul_ceil(self.bonus)?;
        let mut exposures = self.exposures.clone();
        if let Some(debt) = exposures.get_mut(self.pair.debt) {
            debt.value = debt.value.plus(repaid)?;
        }
        if let Some(deposit) = exposures.get_mut(self.pair.deposit) {
            deposit.value = deposit.value.minus(repaid)?.minus(paid_out)?;
        }
        Ok((
            self.equity.minus(paid_out)?,
            margin_ceil(&exposures, self.gross_factor)?,
        ))
    }

    /// The first value at which the ratio reaches `target`; the value that maximises the
    /// ratio if none does.
    ///
    /// `E` is linear and `M` convex in the value, so `E / M` has one maximum, and
    /// `E − target × M` is concave: left of the maximum it crosses zero at most once.
    fn capped_value(&self, target: Fraction) -> RiskResult<Usd> {
        let reaches = |value: Usd| -> RiskResult<bool> {
            let (equity, margin) = self.at(value)?;
            Ok(equity >= margin.mul_ceil(target)?)
        };
        let peak = self.peak()?;
        if !reaches(peak)? {
            return Ok(peak);
        }
        let mut missing = |value: u128| reaches(Usd::from_magnitude(value)?).map(|r| !r);
        let below = largest_floor(0, peak.magnitude(), BISECTION_STEPS, &mut missing)?;
        Usd::from_magnitude(below.saturating_add(1)).map(|value| value.min(peak))
    }

    /// The value that maximises the ratio, by ternary search.
    fn peak(&self) -> RiskResult<Usd> {
        let (mut low, mut high) = (Usd::ZERO, self.longest);
        for _ in 0..SEARCH_STEPS {
            let third = Usd(high.minus(low)?.0 / 3);
            if third.is_zero() {
                break;
            }
            let (left, right) = (low.plus(third)?, high.minus(third)?);
            match compare_ratios(self.at(left)?, self.at(right)?) {
                Ordering::Less => low = left,
                _ => high = right,
            }
        }
        // The ends are where one leg is gone: the search only nears them.
        let best = |a: Usd, b: Usd| -> RiskResult<Usd> {
            Ok(match compare_ratios(self.at(a)?, self.at(b)?) {
                Ordering::Less => b,
                _ => a,
            })
        };
        best(high, self.longest)
    }
}

//! Liquidations: when, how much, at what bonus, and which pair is best.
//!
//! With `D` the debts' value and `r = E / M`:
//!
//! ```text
//! curve = min(max_bonus, base_bonus + slope × (1 − r))
//! bonus = min(curve, equity_share × E / D)      where that is at least base_bonus
//! distressed otherwise: bonus = base_bonus, and the whole account may be closed
//! ```
//!
//! Every call computes its bonus afresh. The curve falls as `r` rises, but `E / D` rises with
//! it: where the share of equity binds, many small calls pay more than one large call, at
//! most the curve's bonus at the first of them on all that they repay.

mod path;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use self::path::Path;
use crate::account::{Assessment, Holding, Side, Tradable, assess};
use crate::config::{LiquidationParameters, MarginParameters};
use crate::error::{RiskError, RiskResult};
use crate::units::{Amount, Fraction, Price, Usd};
use crate::wide::{ONE, mul_div_ceil, mul_div_floor};

/// Why a liquidation is refused.
#[derive(Error, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LiquidationError {
    /// The arithmetic refused.
    #[error(transparent)]
    Risk(#[from] Box<RiskError>),
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

impl Terms {
    const fn of_distress(parameters: &LiquidationParameters) -> Self {
        Self {
            bonus: parameters.base_bonus,
            distressed: true,
        }
    }
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
    let distress = Terms::of_distress(parameters);
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
    );
    // A share beyond range is above the curve: next to nothing is owed.
    let bonus = share.map_or(curve, |share| curve.min(Fraction(share)));
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
/// An account that no pair helps is closed on the terms of distress, see [`best_pair`].
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
    let account = Account {
        holdings,
        before: &before,
        margin,
        parameters,
    };
    let outcome = account.outcome(terms, pair, offered);
    if outcome == Err(LiquidationError::RatioNotRaised) && account.best(terms)? == Best::NoneHelps {
        return account.outcome(Terms::of_distress(parameters), pair, offered);
    }
    outcome
}

/// The pair that pays the largest bonus, with the repayment that does; none if the account
/// is not liquidatable or nothing in it can change hands.
///
/// Where groups are netted to zero every single pair may open one of them, and none raises
/// the ratio. Such an account is closed on the terms of distress; but not while a holding has
/// no price, for with that one a pair might have helped.
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
    let account = Account {
        holdings,
        before: &before,
        margin,
        parameters,
    };
    let mut best = account.best(terms)?;
    if best == Best::NoneHelps {
        best = account.best(Terms::of_distress(parameters))?;
    }
    Ok(match best {
        Best::Found(pair, outcome) => Some((pair, outcome)),
        Best::NoneHelps | Best::Unpriced => None,
    })
}

/// What a look at every pair of an account finds.
#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it lives for one call")]
enum Best {
    /// The pair with the largest bonus.
    Found(Pair, Outcome),
    /// No pair works, and none lacks a price.
    NoneHelps,
    /// No pair works, but one that lacks a price might.
    Unpriced,
}

/// An account in liquidation.
#[derive(Clone, Copy)]
struct Account<'a> {
    holdings: &'a [Holding],
    before: &'a Assessment,
    margin: &'a MarginParameters,
    parameters: &'a LiquidationParameters,
}

impl Account<'_> {
    fn outcome(&self, terms: Terms, pair: Pair, offered: Amount) -> LiquidationResult<Outcome> {
        Sale::new(*self, terms, pair)?.outcome(offered)
    }

    /// Whether a holding has lost all value: nobody would take it, and it must not keep the
    /// others from being closed.
    fn is_worthless(&self, position: usize) -> bool {
        self.holdings
            .get(position)
            .is_some_and(|holding| holding.quote.mid.is_zero())
    }

    fn best(&self, terms: Terms) -> RiskResult<Best> {
        let on = |wanted: Side| {
            let sides = self.holdings.iter().enumerate();
            sides
                .filter(move |(_, holding)| holding.side == wanted)
                .map(|(position, _)| position)
        };
        let (mut best, mut unpriced) = (None::<(Pair, Outcome)>, false);
        for debt in on(Side::Debt) {
            for deposit in on(Side::Deposit) {
                let pair = Pair { debt, deposit };
                if self.is_worthless(deposit) {
                    continue;
                }
                match self.outcome(terms, pair, Amount(u128::MAX)) {
                    Ok(outcome) => {
                        if best.is_none_or(|(_, known)| outcome.bonus_value > known.bonus_value) {
                            best = Some((pair, outcome));
                        }
                    }
                    Err(LiquidationError::Risk(error)) => return Err(error),
                    Err(error) => unpriced |= error == LiquidationError::Unpriced,
                }
            }
        }
        Ok(match best {
            Some((pair, outcome)) => Best::Found(pair, outcome),
            None if unpriced => Best::Unpriced,
            None => Best::NoneHelps,
        })
    }
}

/// One debt against one deposit.
struct Sale<'a> {
    account: Account<'a>,
    terms: Terms,
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
    fn new(account: Account<'a>, terms: Terms, pair: Pair) -> LiquidationResult<Self> {
        let find = |position: usize, side: Side| {
            let holding = account
                .holdings
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
            account,
            terms,
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
        if !self.terms.distressed && after.compare_ratio(self.account.before) != Ordering::Greater {
            return Err(LiquidationError::RatioNotRaised);
        }
        // Of every (1 + bonus) seized, `bonus` is the bonus.
        let bonus_amount = mul_div_floor(seized.0, self.terms.bonus.0, self.one_plus_bonus()?)?;
        let protocol_fee = Amount(mul_div_floor(
            bonus_amount,
            self.account.parameters.protocol_fee.0,
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
        let mut holdings = self.account.holdings.to_vec();
        for (position, taken) in [(self.pair.debt, repaid), (self.pair.deposit, seized)] {
            if let Some(holding) = holdings.get_mut(position) {
                holding.amount = holding.amount.minus(taken)?;
            }
        }
        assess(&holdings, self.account.margin)
    }

    /// The largest repayment, in smallest units of the debt.
    fn cap(&self) -> LiquidationResult<Amount> {
        let limit = self.limit()?;
        if self.terms.distressed {
            return Ok(limit);
        }
        let path = Path::new(self)?;
        let value = path.capped_value(self.account.parameters.target_ratio)?;
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
        self.repayment_for(self.deposit_value)
    }

    /// The smallest repayment that seizes one smallest unit, at most all of the debt.
    fn smallest_repayment(&self) -> RiskResult<Amount> {
        let unit = self
            .seize_price
            .value_ceil(Amount(1), self.deposit.decimals)?;
        self.repayment_for(unit)
    }

    /// The smallest repayment that buys a value of the deposit, at most all of the debt.
    fn repayment_for(&self, seized: Usd) -> RiskResult<Amount> {
        let price = mul_div_ceil(seized.magnitude(), ONE, self.one_plus_bonus()?)?;
        let price = Usd::from_magnitude(price)?;
        // What is beyond the debt's value may be beyond what its amount can count, too.
        if price >= self.debt_value {
            return Ok(self.debt.amount);
        }
        let amount = self.debt.quote.mid.amount_ceil(price, self.debt.decimals)?;
        Ok(amount.max(Amount(1)).min(self.debt.amount))
    }

    fn leaves_dust(&self, repaid_value: Usd) -> RiskResult<bool> {
        let seized = mul_div_floor(repaid_value.magnitude(), self.one_plus_bonus()?, ONE)?;
        let debt_left = self.debt_value.minus(repaid_value)?;
        let deposit_left = self.deposit_value.minus(Usd::from_magnitude(seized)?)?;
        Ok(debt_left.min(deposit_left) < self.account.parameters.dust_value)
    }

    fn raises_ratio(&self, repaid: Amount) -> RiskResult<bool> {
        let (seized, _) = self.seized_for(repaid)?;
        Ok(self
            .after(repaid, seized)?
            .compare_ratio(self.account.before)
            == Ordering::Greater)
    }
}

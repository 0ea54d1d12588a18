//! An account as a whole: equity, margins, status, and what its owner may do.

use std::cmp::Ordering;

use cosmwasm_std::Int256;
use cw_schema::Schemaifier;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::MarginParameters;
use crate::error::{RiskError, RiskResult};
use crate::haircut::AssetRisk;
use crate::margin::{Exposure, FamilyFactors, Loading, SizeTerm, margin_ceil};
use crate::units::{Amount, Fraction, Price, Usd, VALUE_LIMIT};
use crate::wide::ONE;

/// Whether a holding is owned or owed.
#[derive(Serialize, Deserialize, JsonSchema, Schemaifier, Clone, Copy, Debug, PartialEq, Eq)]
#[schemaifier(mute_warnings)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Owned, idle and lent together.
    Deposit,
    /// Owed to the pool.
    Debt,
}

/// Whether a holding can change hands in a liquidation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tradable {
    /// Its price is in force.
    Yes,
    /// Its price is stale or halted: it counts, but can be neither seized nor repaid with.
    No,
    /// A deposit unpriced for so long that its value decays: seizable in distress, at its
    /// remaining value less its haircut cap.
    InDistress {
        /// Part of the remaining value at which it is seized: 1 − cap.
        discount: Fraction,
    },
}

/// Prices at which a holding is valued, USD per whole token, decay already taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// For maintenance margin and liquidation.
    pub mid: Price,
    /// For deposits when opening.
    pub low: Price,
    /// For debts when opening.
    pub high: Price,
    /// Whether it can be seized or repaid with.
    pub tradable: Tradable,
}

/// One holding with everything that the formulas need to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Owned or owed.
    pub side: Side,
    /// Smallest units.
    pub amount: Amount,
    /// Decimals of the token.
    pub decimals: u8,
    /// Prices.
    pub quote: Quote,
    /// Group, family and correlations.
    pub factors: FamilyFactors,
    /// The family's haircut in force.
    pub haircut: Fraction,
    /// The family's haircut at the larger of the newest volatility and the one in force.
    pub newest_haircut: Fraction,
    /// The asset's own parameters in force.
    pub risk: AssetRisk,
}

impl Holding {
    /// Signed value at a price: deposits round down, debts round up (away from zero).
    ///
    /// # Errors
    /// [`RiskError::ValueTooLarge`].
    pub fn value_at(&self, price: Price) -> RiskResult<Usd> {
        match self.side {
            Side::Deposit => price.value_floor(self.amount, self.decimals),
            Side::Debt => price
                .value_ceil(self.amount, self.decimals)
                .map(Usd::negated),
        }
    }

    /// Signed value at the mid price.
    ///
    /// # Errors
    /// [`RiskError::ValueTooLarge`].
    pub fn value(&self) -> RiskResult<Usd> {
        self.value_at(self.quote.mid)
    }

    fn opening_price(&self) -> Price {
        match self.side {
            Side::Deposit => self.quote.low,
            Side::Debt => self.quote.high,
        }
    }

    fn loading(&self, haircut: Fraction) -> RiskResult<Loading> {
        Loading::new(&self.factors, haircut, self.risk.extra_haircut)
    }

    fn exposure(&self, price: Price, loading: Loading) -> RiskResult<Exposure> {
        Ok(Exposure {
            value: self.value_at(price)?,
            loading,
            size: SizeTerm {
                liquidity: price.liquidity_floor(self.risk.liquidity, self.decimals)?,
                size_cap: self.risk.size_cap,
            },
        })
    }
}

/// The holdings as the margin formula sees them for maintenance: mid prices, haircuts in force.
///
/// # Errors
/// [`RiskError::ValueTooLarge`].
pub fn maintenance_exposures(holdings: &[Holding]) -> RiskResult<Vec<Exposure>> {
    exposures(
        holdings,
        &loadings(holdings, |holding| holding.haircut)?,
        |holding| holding.quote.mid,
    )
}

fn loadings(
    holdings: &[Holding],
    haircut: impl Fn(&Holding) -> Fraction,
) -> RiskResult<Vec<Loading>> {
    let all = holdings.iter();
    all.map(|holding| holding.loading(haircut(holding)))
        .collect()
}

fn exposures(
    holdings: &[Holding],
    loadings: &[Loading],
    price: impl Fn(&Holding) -> Price,
) -> RiskResult<Vec<Exposure>> {
    let pairs = holdings.iter().zip(loadings);
    pairs
        .map(|(holding, loading)| holding.exposure(price(holding), *loading))
        .collect()
}

/// What one evaluation of an account yields, in USD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    /// Deposits at mid prices.
    pub deposits: Usd,
    /// Debts at mid prices, as a positive number.
    pub debts: Usd,
    /// `E`: deposits less debts at mid prices.
    pub equity: Usd,
    /// `E_open`: the same with deposits at low and debts at high prices.
    pub equity_open: Usd,
    /// `M`, rounded up.
    pub maintenance: Usd,
    /// `I`, rounded up.
    pub initial: Usd,
}

/// Status of an account.
#[derive(
    Serialize, Deserialize, JsonSchema, Schemaifier, Clone, Copy, Debug, PartialEq, Eq, Hash,
)]
#[schemaifier(mute_warnings)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// `E_open ≥ I`, or no debts.
    Healthy,
    /// `E_open < I` but `E ≥ M`.
    MarginCall,
    /// `0 ≤ E < M`.
    Liquidatable,
    /// `E < 0`.
    Insolvent,
}

/// `E / M`.
#[derive(
    Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord,
)]
#[serde(rename_all = "snake_case")]
pub enum MarginRatio {
    /// The ratio with 18 decimals, rounded down; no more than about 1.7 × 10^20.
    Finite(Usd),
    /// No margin is required and nothing is missing.
    Unbounded,
}

/// Evaluates an account.
///
/// # Errors
/// [`RiskError::ValueTooLarge`] beyond [`VALUE_LIMIT`].
pub fn assess(holdings: &[Holding], parameters: &MarginParameters) -> RiskResult<Assessment> {
    let mut sums = Assessment::default();
    for holding in holdings {
        let value = holding.value()?;
        match holding.side {
            Side::Deposit => sums.deposits = sums.deposits.plus(value)?,
            Side::Debt => sums.debts = sums.debts.minus(value)?,
        }
        let opening = holding.value_at(holding.opening_price())?;
        sums.equity_open = sums.equity_open.plus(opening)?;
    }
    for total in [sums.deposits, sums.debts] {
        if total > VALUE_LIMIT {
            return Err(RiskError::too_valuable(total.magnitude().into()));
        }
    }
    sums.equity = sums.deposits.minus(sums.debts)?;
    let in_force = loadings(holdings, |holding| holding.haircut)?;
    let at_mid = exposures(holdings, &in_force, |holding| holding.quote.mid)?;
    sums.maintenance = margin_ceil(&at_mid, parameters.gross_factor)?;
    sums.initial = initial_margin_ceil(holdings, &in_force, parameters)?;
    Ok(sums)
}

/// `I = initial_factor × max(M(h in force), M(h newest))` at opening prices, rounded up.
///
/// The larger of both, because a larger haircut can lower a hedged account's margin.
fn initial_margin_ceil(
    holdings: &[Holding],
    in_force: &[Loading],
    parameters: &MarginParameters,
) -> RiskResult<Usd> {
    let mut basket = exposures(holdings, in_force, Holding::opening_price)?;
    let mut margin = margin_ceil(&basket, parameters.gross_factor)?;
    if holdings
        .iter()
        .any(|holding| holding.haircut != holding.newest_haircut)
    {
        for (exposure, holding) in basket.iter_mut().zip(holdings) {
            exposure.loading = holding.loading(holding.newest_haircut)?;
        }
        margin = margin.max(margin_ceil(&basket, parameters.gross_factor)?);
    }
    margin.mul_ceil(parameters.initial_factor)
}

impl Assessment {
    /// `E < M` with something owed: anyone may liquidate.
    #[must_use]
    pub fn is_liquidatable(&self) -> bool {
        self.debts > Usd::ZERO && self.equity < self.maintenance
    }

    /// `E_open ≥ I`, or nothing is owed.
    #[must_use]
    pub fn meets_initial(&self) -> bool {
        self.debts.is_zero() || self.equity_open >= self.initial
    }

    /// Status, from the worst up.
    #[must_use]
    pub fn status(&self) -> Status {
        if self.debts.is_zero() {
            Status::Healthy
        } else if self.equity.is_negative() {
            Status::Insolvent
        } else if self.is_liquidatable() {
            Status::Liquidatable
        } else if self.meets_initial() {
            Status::Healthy
        } else {
            Status::MarginCall
        }
    }

    /// `E / M`, rounded down.
    #[must_use]
    pub fn margin_ratio(&self) -> MarginRatio {
        if self.maintenance.is_zero() && !self.equity.is_negative() {
            return MarginRatio::Unbounded;
        }
        let ratio = ratio_floor(self.equity, self.maintenance.magnitude().max(1));
        MarginRatio::Finite(ratio)
    }

    /// Deposits' value over debts' value, rounded down; nothing without debts.
    #[must_use]
    pub fn collateral_ratio(&self) -> Option<Usd> {
        let owes = !self.debts.is_zero();
        owes.then(|| ratio_floor(self.deposits, self.debts.magnitude()))
    }

    /// Compares `E / M` of two states exactly, without rounding a quotient.
    #[must_use]
    pub fn compare_ratio(&self, other: &Self) -> Ordering {
        compare_ratios(
            (self.equity, self.maintenance),
            (other.equity, other.maintenance),
        )
    }

    /// Whether an action that led from `before` to this state may stand: afterwards
    /// `E_open ≥ I`, **or** neither `E_open − I` nor `r` ended lower and the account is not
    /// liquidatable (an account below initial margin may rescue itself).
    ///
    /// # Errors
    /// [`RiskError::Overflow`].
    pub fn may_follow(&self, before: &Self) -> RiskResult<bool> {
        if self.meets_initial() {
            return Ok(true);
        }
        let surplus = self.equity_open.minus(self.initial)?;
        let surplus_before = before.equity_open.minus(before.initial)?;
        Ok(surplus >= surplus_before
            && self.compare_ratio(before) != Ordering::Less
            && !self.is_liquidatable())
    }
}

/// Compares `E / M` of two pairs exactly; `M = 0` is unbounded for `E ≥ 0`, else minus infinity.
#[must_use]
pub(crate) fn compare_ratios(left: (Usd, Usd), right: (Usd, Usd)) -> Ordering {
    let class = |(equity, margin): (Usd, Usd)| match (margin.is_zero(), equity.is_negative()) {
        (true, false) => 1,
        (true, true) => -1,
        (false, _) => 0,
    };
    match (class(left), class(right)) {
        (0, 0) => {
            // Both factors are below 2^127, so their product fits into 255 bits.
            let product = |a: Usd, b: Usd| Int256::from(a.0).wrapping_mul(Int256::from(b.0));
            product(left.0, right.1).cmp(&product(right.0, left.1))
        }
        (left, right) => left.cmp(&right),
    }
}

/// A quotient with 18 decimals, rounded down (toward minus infinity), saturating.
fn ratio_floor(numerator: Usd, denominator: u128) -> Usd {
    let magnitude = numerator.magnitude();
    let quotient = if numerator.is_negative() {
        crate::wide::mul_div_ceil(magnitude, ONE, denominator)
    } else {
        crate::wide::mul_div_floor(magnitude, ONE, denominator)
    };
    let bounded = quotient
        .ok()
        .and_then(|q| i128::try_from(q).ok())
        .unwrap_or(i128::MAX);
    if numerator.is_negative() {
        Usd(bounded).negated()
    } else {
        Usd(bounded)
    }
}

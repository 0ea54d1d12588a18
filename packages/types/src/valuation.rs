//! What holdings are worth: from a market's terms, a price record and the time to what the
//! formulas of [`bulwark_risk`] take, and from what these say to the answers of queries.
//!
//! Plain data in, plain data out. The vault values the records of its storage by it, clients the
//! answers that they got from vault and oracle: one copy, so that both see the same numbers.

use bulwark_risk::account::{
    Assessment, Holding, MarginRatio, Quote, Side, Status, Tradable, assess, maintenance_exposures,
};
use bulwark_risk::config::{LiquidationParameters, MarginParameters};
use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::liquidation::best_pair;
use bulwark_risk::margin::{FamilyFactors, contributions};
use bulwark_risk::ramp::VolatilityRamp;
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_risk::wide::{ONE, mul_div_ceil};
use bulwark_risk::{RiskError, RiskResult};
use cosmwasm_schema::cw_serde;

use crate::oracle::PriceRecord;
use crate::vault::{AccountRef, AssetAmount, HoldingMargin, MarginResponse, Plan};

/// The time at which something is valued, and what a price without a successor is worth by then.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Block time in seconds.
    pub now: u64,
    /// Seconds for which an unpriced deposit keeps its value, and over which it then decays.
    pub unpriced_grace: u64,
}

/// What a market says of an asset besides its price, in force at a [`Moment`].
#[derive(Clone, Copy, Debug)]
pub struct MarketTerms {
    /// Decimals of the token.
    pub decimals: u8,
    /// Group, family and correlations.
    pub factors: FamilyFactors,
    /// How the family's haircut follows the base asset's volatility.
    pub haircut: HaircutRule,
    /// The asset's own parameters.
    pub risk: AssetRisk,
}

/// A holding with what people want to know of its price.
#[derive(Clone, Copy, Debug)]
pub struct Valued {
    /// Number of its market.
    pub market: u16,
    /// What the formulas take.
    pub holding: Holding,
    /// Its price record.
    pub record: PriceRecord,
}

impl MarketTerms {
    /// A holding of any amount, smallest units, as the formulas take it; `volatility` is that of
    /// the family's base asset.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] for numbers that no contract accepts.
    pub fn holding(
        &self,
        side: Side,
        amount: Amount,
        record: &PriceRecord,
        volatility: &VolatilityRamp,
        moment: Moment,
    ) -> RiskResult<Holding> {
        let in_force = volatility.at(moment.now)?;
        let rule = &self.haircut;
        Ok(Holding {
            side,
            amount,
            decimals: self.decimals,
            quote: quote(record, side, rule.cap, moment)?,
            factors: self.factors,
            haircut: rule.haircut(in_force)?,
            newest_haircut: rule.haircut(in_force.max(volatility.target))?,
            risk: self.risk,
        })
    }
}

/// How a record prices a holding: an unpriced one keeps its last value, a deposit for no
/// longer than twice the grace, the second half of which it decays.
fn quote(record: &PriceRecord, side: Side, cap: Fraction, moment: Moment) -> RiskResult<Quote> {
    let PriceRecord { mid, low, high, .. } = *record;
    if record.is_priced(moment.now) {
        return Ok(Quote {
            mid,
            low,
            high,
            tradable: Tradable::Yes,
        });
    }
    let kept = moment.kept_part(record.expires_at)?;
    if side == Side::Debt || kept == Fraction::ONE {
        return Ok(Quote {
            mid,
            low,
            high,
            tradable: Tradable::No,
        });
    }
    Ok(Quote {
        mid: mid.scaled_floor(kept)?,
        low: low.scaled_floor(kept)?,
        high,
        tradable: Tradable::InDistress {
            discount: Fraction::ONE.minus(cap)?,
        },
    })
}

impl Moment {
    /// The part of its last value that a deposit keeps whose price expired at a time, rounded
    /// down.
    fn kept_part(&self, expired_at: u64) -> RiskResult<Fraction> {
        let grace = self.unpriced_grace;
        let decaying = self.now.saturating_sub(expired_at.saturating_add(grace));
        if decaying == 0 {
            return Ok(Fraction::ONE);
        }
        if decaying >= grace {
            return Ok(Fraction::ZERO);
        }
        let lost = mul_div_ceil(u128::from(decaying), ONE, u128::from(grace))?;
        Fraction::ONE.minus(Fraction(lost))
    }
}

/// The holdings as the formulas take them.
#[must_use]
pub fn bare(valued: &[Valued]) -> Vec<Holding> {
    valued.iter().map(|valued| valued.holding).collect()
}

/// The margin ratio as messages show it: none where no margin is required.
#[must_use]
pub fn shown_ratio(assessment: &Assessment) -> Option<Usd> {
    match assessment.margin_ratio() {
        MarginRatio::Finite(ratio) => Some(ratio),
        MarginRatio::Unbounded => None,
    }
}

/// A basket's equity, margins and status: a [`MarginResponse`] of holdings that need not be any
/// account's.
#[cw_serde]
pub struct MarginFigures {
    /// Status.
    pub status: Status,
    /// Deposits less debts at mid prices, USD.
    pub equity: Usd,
    /// The same at opening prices, USD.
    pub equity_open: Usd,
    /// Deposits, USD.
    pub deposits: Usd,
    /// Debts, USD.
    pub debts: Usd,
    /// Initial margin, USD.
    pub initial: Usd,
    /// Maintenance margin, USD.
    pub maintenance: Usd,
    /// Equity over maintenance margin, rounded down; none where no margin is required.
    pub margin_ratio: Option<Usd>,
    /// Deposits over debts, rounded down; none without debts.
    pub collateral_ratio: Option<Usd>,
    /// Holding by holding; the contributions add up to the maintenance margin.
    pub holdings: Vec<HoldingMargin>,
}

impl MarginFigures {
    /// The same, of an account.
    #[must_use]
    pub fn of(self, account: AccountRef, locked: bool) -> MarginResponse {
        MarginResponse {
            account,
            status: self.status,
            equity: self.equity,
            equity_open: self.equity_open,
            deposits: self.deposits,
            debts: self.debts,
            initial: self.initial,
            maintenance: self.maintenance,
            margin_ratio: self.margin_ratio,
            collateral_ratio: self.collateral_ratio,
            holdings: self.holdings,
            locked,
        }
    }
}

/// Evaluates holdings at a block time in seconds; `asset` names the asset of a market's number.
///
/// # Errors
/// [`RiskError::ValueTooLarge`], and what `asset` answers.
pub fn margin_figures<E: From<Box<RiskError>>>(
    valued: &[Valued],
    parameters: &MarginParameters,
    now: u64,
    mut asset: impl FnMut(u16) -> Result<String, E>,
) -> Result<MarginFigures, E> {
    let bare = bare(valued);
    let assessment = assess(&bare, parameters)?;
    let parts = contributions(&maintenance_exposures(&bare)?, parameters.gross_factor)?;
    let mut holdings = Vec::with_capacity(valued.len());
    for (valued, contribution) in valued.iter().zip(parts) {
        let Valued {
            market,
            holding,
            record,
        } = valued;
        holdings.push(HoldingMargin {
            asset: asset(*market)?,
            side: holding.side,
            amount: holding.amount,
            value: holding.value()?,
            price: holding.quote.mid,
            price_status: record.status,
            stale: now > record.expires_at,
            haircut: holding.haircut.plus(holding.risk.extra_haircut)?,
            contribution,
        });
    }
    Ok(MarginFigures {
        status: assessment.status(),
        equity: assessment.equity,
        equity_open: assessment.equity_open,
        deposits: assessment.deposits,
        debts: assessment.debts,
        initial: assessment.initial,
        maintenance: assessment.maintenance,
        margin_ratio: shown_ratio(&assessment),
        collateral_ratio: assessment.collateral_ratio(),
        holdings,
    })
}

/// The liquidation that pays a keeper the largest bonus; none if the account is not liquidatable,
/// or nothing in it can change hands. `asset` names the asset of a market's number.
///
/// # Errors
/// [`RiskError`], and what `asset` answers.
pub fn liquidation_plan<E: From<Box<RiskError>>>(
    valued: &[Valued],
    margin: &MarginParameters,
    parameters: &LiquidationParameters,
    mut asset: impl FnMut(u16) -> Result<String, E>,
) -> Result<Option<Plan>, E> {
    let Some((pair, outcome)) = best_pair(&bare(valued), margin, parameters)? else {
        return Ok(None);
    };
    // A pair is two positions in the list.
    let (Some(debt), Some(deposit)) = (valued.get(pair.debt), valued.get(pair.deposit)) else {
        return Ok(None);
    };
    Ok(Some(Plan {
        debt: AssetAmount {
            asset: asset(debt.market)?,
            amount: outcome.repaid,
        },
        seize: AssetAmount {
            asset: asset(deposit.market)?,
            amount: outcome.seized.minus(outcome.protocol_fee)?,
        },
        protocol_fee: outcome.protocol_fee,
        bonus: outcome.terms.bonus,
        repaid_value: outcome.repaid_value,
        bonus_value: outcome.bonus_value,
        distressed: outcome.terms.distressed,
        ratio_after: shown_ratio(&outcome.after),
    }))
}

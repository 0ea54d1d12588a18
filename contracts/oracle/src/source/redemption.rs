//! Redemption rates that contracts tell, and what an asset can be redeemed for.

use std::str::FromStr;

use bulwark_risk::RiskResult;
use bulwark_risk::units::{Fraction, Price};
use bulwark_risk::wide::mul_div_floor;
use bulwark_types::decode::Tree;
use bulwark_types::oracle::{
    PRICE_LIMIT, PriceRecord, RATE_HEADROOM, RATE_LIMIT, RedemptionRate, SourceFailure, YEAR,
};
use cosmwasm_std::{Decimal, QuerierWrapper};
use serde::{Deserialize, Serialize};

use super::answer;

/// A rate that was taken, and what its growth is measured against.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// What the contract told, base tokens per token.
    pub told: Fraction,
    /// What counts of it, base tokens per token.
    pub counted: Fraction,
    /// As of when it is, in seconds; not after the block time.
    pub as_of: u64,
    /// What growth is measured against.
    pub anchor: RateAnchor,
}

/// A rate and the time from which it may grow. They are replaced together or not at all: a new
/// time with the old rate would take growth away that was due, and the other way round.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateAnchor {
    /// Base tokens per token.
    pub rate: Fraction,
    /// Block time in seconds.
    pub at: u64,
}

/// Asks for a rate, and caps its growth.
///
/// # Errors
/// Every [`SourceFailure`] but [`SourceFailure::Future`]: a time in the future counts as now.
pub fn ask(
    querier: QuerierWrapper<'_>,
    source: &RedemptionRate,
    last: Option<&Rate>,
    now: u64,
) -> Result<Rate, SourceFailure> {
    let answer = answer::ask(querier, &source.contract, source.query.clone())?;
    let answer = answer::parse(&answer)?;
    let told = match answer::at(&answer, &source.path)? {
        Tree::Text(text) => Decimal::from_str(text).map_err(|_| SourceFailure::Malformed)?,
        _ => return Err(SourceFailure::Malformed),
    };
    let told = Fraction::from(told);
    if told.is_zero() || told > RATE_LIMIT {
        return Err(SourceFailure::OutOfRange);
    }
    let as_of = match &source.time_path {
        None => now,
        Some(path) => seconds(answer::at(&answer, path)?)?.min(now),
    };
    if as_of.saturating_add(source.max_rate_age) < now {
        return Err(SourceFailure::Stale);
    }
    if last.is_some_and(|last| as_of < last.as_of) {
        return Err(SourceFailure::Older);
    }
    let before = last.map(|last| last.anchor);
    let (counted, anchor) =
        capped(before, told, source.growth_cap, now).map_err(|_| SourceFailure::OutOfRange)?;
    Ok(Rate {
        told,
        counted,
        as_of,
        anchor,
    })
}

/// Seconds, as a number or in a string.
fn seconds(value: &Tree) -> Result<u64, SourceFailure> {
    match value {
        Tree::Unsigned(seconds) => Ok(*seconds),
        Tree::Text(text) => text.parse().map_err(|_| SourceFailure::Malformed),
        _ => Err(SourceFailure::Malformed),
    }
}

/// What counts of a rate that was told, and the anchor afterwards.
///
/// With `line = anchor × (1 + growth_cap × time / year)`, rounded down, a rate counts up to that
/// line plus [`RATE_HEADROOM`] of growth. The anchor moves up along the line, with its time, as
/// far as the told rate has come; it never moves down and never beyond the line. So
///
/// - a rate that grows slower than the cap counts in full, however it steps and whenever it is
///   asked for;
/// - asking often allows no more than `e^growth_cap` in a year, and the headroom only once;
/// - a fall counts at once and leaves the anchor alone: a rate that was told too low for a
///   while counts in full again when it is told right.
fn capped(
    anchor: Option<RateAnchor>,
    told: Fraction,
    growth_cap: Fraction,
    now: u64,
) -> RiskResult<(Fraction, RateAnchor)> {
    let Some(anchor) = anchor else {
        let first = RateAnchor {
            rate: told,
            at: now,
        };
        return Ok((told, first));
    };
    let elapsed = now.saturating_sub(anchor.at);
    let line = grown(anchor.rate, growth_cap, elapsed)?;
    let cap = grown(
        anchor.rate,
        growth_cap,
        elapsed.saturating_add(RATE_HEADROOM),
    )?;
    let reached = told.min(line);
    // Growth too small for the last decimal waits with its time until it is not.
    let moved = if reached > anchor.rate {
        RateAnchor {
            rate: reached,
            at: now,
        }
    } else {
        anchor
    };
    Ok((told.min(cap), moved))
}

/// `rate × (1 + growth × seconds / year)`, rounded down.
fn grown(rate: Fraction, growth: Fraction, seconds: u64) -> RiskResult<Fraction> {
    let part = mul_div_floor(growth.0, seconds.into(), YEAR.into())?;
    rate.plus(rate.mul_floor(Fraction(part))?)
}

/// What one token can be redeemed for, in USD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// At the base's price in force, rounded down.
    pub mid: Price,
    /// At the base's opening price of deposits, rounded down; at least 10^-18.
    pub low: Price,
    /// At the base's opening price of debts, rounded up.
    pub high: Price,
    /// When the base's price was observed, in seconds.
    pub published_at: u64,
    /// The last block time in seconds at which base and rate can both be used.
    pub expires_at: u64,
}

impl Redemption {
    /// What a rate comes to at the base's record; none if one of them cannot be used at `now`,
    /// or the value is zero or absurdly high.
    ///
    /// # Errors
    /// None for rates and records that were checked.
    pub fn at(
        base: &PriceRecord,
        rate: &Rate,
        max_rate_age: u64,
        now: u64,
    ) -> RiskResult<Option<Self>> {
        let rate_expires_at = rate.as_of.saturating_add(max_rate_age);
        let mid = base.mid.scaled_floor(rate.counted)?;
        let is_usable = base.is_priced(now) && now <= rate_expires_at;
        if !is_usable || mid.is_zero() || mid > PRICE_LIMIT {
            return Ok(None);
        }
        let low = base.low.scaled_floor(rate.counted)?;
        Ok(Some(Self {
            mid,
            low: Price(low.0.max(1)),
            high: base.high.scaled_ceil(rate.counted)?,
            published_at: base.published_at,
            expires_at: base.expires_at.min(rate_expires_at),
        }))
    }
}

#[cfg(test)]
mod tests;

//! Haircuts, and the parameters that they are made of.

use cw_schema::Schemaifier;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::RiskResult;
use crate::ramp::interpolate_floor;
use crate::units::{Amount, Fraction};

/// How a family's haircut follows the volatility of its base asset.
#[derive(Serialize, Deserialize, JsonSchema, Schemaifier, Clone, Copy, Debug, PartialEq, Eq)]
#[schemaifier(mute_warnings)]
#[serde(deny_unknown_fields)]
pub struct HaircutRule {
    /// z: haircut per volatility per √day.
    pub volatility_multiple: Fraction,
    /// The haircut is never below this, however calm the market.
    pub floor: Fraction,
    /// The haircut is never above this, however wild the market.
    pub cap: Fraction,
}

impl HaircutRule {
    /// `clamp(z × σ, floor, cap)`, rounded up.
    ///
    /// # Errors
    /// None: a product beyond range is above any cap.
    pub fn haircut(&self, volatility: Fraction) -> RiskResult<Fraction> {
        let product = crate::wide::mul_ceil(self.volatility_multiple.0, volatility.0);
        Ok(product
            .map_or(self.cap, Fraction)
            .max(self.floor)
            .min(self.cap))
    }

    /// The rule on the way from one to another, every number linear in time.
    ///
    /// # Errors
    /// See [`interpolate_floor`].
    pub fn between(from: &Self, to: &Self, start: u64, end: u64, now: u64) -> RiskResult<Self> {
        let at = |from: Fraction, to: Fraction| {
            interpolate_floor(from.0, to.0, start, end, now).map(Fraction)
        };
        Ok(Self {
            volatility_multiple: at(from.volatility_multiple, to.volatility_multiple)?,
            floor: at(from.floor, to.floor)?,
            cap: at(from.cap, to.cap)?,
        })
    }
}

/// What an asset adds of its own to its family's haircut.
#[derive(Serialize, Deserialize, JsonSchema, Schemaifier, Clone, Copy, Debug, PartialEq, Eq)]
#[schemaifier(mute_warnings)]
#[serde(deny_unknown_fields)]
pub struct AssetRisk {
    /// e: added to the family's haircut, static.
    pub extra_haircut: Fraction,
    /// Smallest units that the market can take within a day; the size term grows against it.
    pub liquidity: Amount,
    /// Largest marginal size charge.
    pub size_cap: Fraction,
}

impl AssetRisk {
    /// The parameters on the way from one to another, every number linear in time.
    ///
    /// # Errors
    /// See [`interpolate_floor`].
    pub fn between(from: &Self, to: &Self, start: u64, end: u64, now: u64) -> RiskResult<Self> {
        let at = |from: u128, to: u128| interpolate_floor(from, to, start, end, now);
        Ok(Self {
            extra_haircut: Fraction(at(from.extra_haircut.0, to.extra_haircut.0)?),
            liquidity: Amount(at(from.liquidity.0, to.liquidity.0)?),
            size_cap: Fraction(at(from.size_cap.0, to.size_cap.0)?),
        })
    }
}

//! Global parameters, and what a configuration must satisfy to be accepted.
//!
//! A check that relates a market to a global parameter would have to be repeated over all
//! markets whenever the global one changes. [`Bounds`], fixed for good when the vault is
//! created, stand between the two: markets and parameters are each checked against them
//! alone, and they imply the relation.

use cw_schema::Schemaifier;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{RiskError, RiskResult};
use crate::haircut::{AssetRisk, HaircutRule};
use crate::margin::FamilyFactors;
use crate::units::{AMOUNT_LIMIT, Fraction, Usd};

/// Limits of every configuration of one vault, fixed when it is created.
///
/// `initial_factor_max × (haircut_cap_max + extra_max) ≤ 1` makes sure that depositing and
/// repaying never lower `E − M` nor `E_open − I`.
#[derive(Serialize, Deserialize, JsonSchema, Schemaifier, Clone, Copy, Debug, PartialEq, Eq)]
#[schemaifier(mute_warnings)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Largest initial factor.
    pub initial_factor_max: Fraction,
    /// Largest haircut cap of any family.
    pub haircut_cap_max: Fraction,
    /// Largest sum of extra haircut and size cap of any asset.
    pub extra_max: Fraction,
    /// Largest gross factor; every haircut floor is at least half of it.
    pub gross_factor_max: Fraction,
}

/// What the margin formula takes that is the same for all markets.
#[derive(Serialize, Deserialize, JsonSchema, Schemaifier, Clone, Copy, Debug, PartialEq, Eq)]
#[schemaifier(mute_warnings)]
#[serde(deny_unknown_fields)]
pub struct MarginParameters {
    /// Initial margin per maintenance margin, at least 1.
    pub initial_factor: Fraction,
    /// c: the margin is at least half of this part of the gross value.
    pub gross_factor: Fraction,
}

/// How liquidations are priced and bounded.
#[derive(Serialize, Deserialize, JsonSchema, Schemaifier, Clone, Copy, Debug, PartialEq, Eq)]
#[schemaifier(mute_warnings)]
#[serde(deny_unknown_fields)]
pub struct LiquidationParameters {
    /// Bonus at a margin ratio of one, and in distress.
    pub base_bonus: Fraction,
    /// Bonus added per unit by which the margin ratio falls below one.
    pub slope: Fraction,
    /// Largest bonus.
    pub max_bonus: Fraction,
    /// The bonus takes at most this part of equity over debts.
    pub equity_share: Fraction,
    /// A liquidation stops where the margin ratio first reaches this.
    pub target_ratio: Fraction,
    /// Part of the bonus that goes to the reserve.
    pub protocol_fee: Fraction,
    /// Remainders worth less than this may be closed whole, USD.
    pub dust_value: Usd,
}

fn within(
    field: &str,
    value: Fraction,
    low: Fraction,
    high: Fraction,
    bound: &str,
) -> RiskResult<()> {
    if value < low || value > high {
        return Err(RiskError::config(field, value, bound));
    }
    Ok(())
}

impl Bounds {
    /// # Errors
    /// [`RiskError::Config`] if the bounds do not imply what they are for.
    pub fn validate(&self) -> RiskResult<()> {
        let two = Fraction::percent(200);
        within(
            "initial_factor_max",
            self.initial_factor_max,
            Fraction::ONE,
            two,
            "must be 1 to 2",
        )?;
        within(
            "gross_factor_max",
            self.gross_factor_max,
            Fraction::ZERO,
            Fraction::ONE,
            "must be at most 1",
        )?;
        let haircuts = self.haircut_cap_max.plus(self.extra_max)?;
        let worst = Fraction(crate::wide::mul_ceil(
            self.initial_factor_max.0,
            haircuts.0,
        )?);
        if worst > Fraction::ONE {
            return Err(RiskError::config(
                "haircut_cap_max",
                self.haircut_cap_max,
                "initial_factor_max × (haircut_cap_max + extra_max) must be at most 1",
            ));
        }
        Ok(())
    }
}

impl MarginParameters {
    /// # Errors
    /// [`RiskError::Config`] for a factor outside of its bounds.
    pub fn validate(&self, bounds: &Bounds) -> RiskResult<()> {
        within(
            "initial_factor",
            self.initial_factor,
            Fraction::ONE,
            bounds.initial_factor_max,
            "must be at least 1 and at most initial_factor_max",
        )?;
        within(
            "gross_factor",
            self.gross_factor,
            Fraction::ZERO,
            bounds.gross_factor_max,
            "must be at most gross_factor_max",
        )
    }
}

impl LiquidationParameters {
    /// Checks the parameters by themselves and against the smallest gross factor in force
    /// while they are.
    ///
    /// # Errors
    /// [`RiskError::Config`]. `c ≥ 2 × base_bonus / equity_share` keeps a tightly netted
    /// account from being born distressed, whose owner could liquidate itself at the
    /// reserve's cost.
    pub fn validate(&self, smallest_gross_factor: Fraction) -> RiskResult<()> {
        let half = Fraction::percent(50);
        let least = Fraction::basis_points(1);
        within(
            "equity_share",
            self.equity_share,
            least,
            half,
            "must be 0.0001 to 0.5",
        )?;
        within(
            "base_bonus",
            self.base_bonus,
            least,
            half,
            "must be 0.0001 to 0.5",
        )?;
        within(
            "max_bonus",
            self.max_bonus,
            self.base_bonus,
            half,
            "must be at least base_bonus and at most 0.5",
        )?;
        within(
            "slope",
            self.slope,
            Fraction::ZERO,
            Fraction::percent(1000),
            "must be at most 10",
        )?;
        within(
            "target_ratio",
            self.target_ratio,
            Fraction::basis_points(10_001),
            Fraction::percent(200),
            "must be above 1 and at most 2",
        )?;
        within(
            "protocol_fee",
            self.protocol_fee,
            Fraction::ZERO,
            Fraction::ONE,
            "must be at most 1",
        )?;
        if self.dust_value.is_negative() || self.dust_value > Usd::whole(10_000) {
            return Err(RiskError::config(
                "dust_value",
                self.dust_value,
                "must be 0 to 10000 USD",
            ));
        }
        let needed = crate::wide::mul_div_ceil(
            self.base_bonus.0.saturating_mul(2),
            Fraction::ONE.0,
            self.equity_share.0,
        )?;
        if smallest_gross_factor.0 < needed {
            return Err(RiskError::config(
                "gross_factor",
                smallest_gross_factor,
                "must be at least 2 × base_bonus / equity_share, during its ramp too",
            ));
        }
        Ok(())
    }
}

impl HaircutRule {
    /// # Errors
    /// [`RiskError::Config`] unless `gross_factor_max / 2 ≤ floor ≤ cap ≤ haircut_cap_max`.
    pub fn validate(&self, bounds: &Bounds) -> RiskResult<()> {
        let least = Fraction(bounds.gross_factor_max.0.div_ceil(2).max(1));
        within(
            "floor",
            self.floor,
            least,
            self.cap,
            "must be at least half of gross_factor_max, above 0, and at most cap",
        )?;
        within(
            "cap",
            self.cap,
            self.floor,
            bounds.haircut_cap_max,
            "must be at most haircut_cap_max",
        )?;
        let most = Fraction::percent(10_000);
        let field = "volatility_multiple";
        within(
            field,
            self.volatility_multiple,
            Fraction::ZERO,
            most,
            "must be at most 100",
        )
    }
}

impl AssetRisk {
    /// # Errors
    /// [`RiskError::Config`] unless `extra_haircut + size_cap ≤ extra_max` and
    /// `0 < liquidity < 2^104`.
    pub fn validate(&self, bounds: &Bounds) -> RiskResult<()> {
        let sum = self.extra_haircut.plus(self.size_cap)?;
        let bound = "extra_haircut + size_cap must be at most extra_max";
        within(
            "extra_haircut",
            sum,
            Fraction::ZERO,
            bounds.extra_max,
            bound,
        )?;
        if self.liquidity.is_zero() || self.liquidity.0 >= AMOUNT_LIMIT {
            return Err(RiskError::config(
                "liquidity",
                self.liquidity,
                "must be above 0 and below 2^104",
            ));
        }
        Ok(())
    }
}

impl FamilyFactors {
    /// # Errors
    /// [`RiskError::Config`] for a correlation above one.
    pub fn validate(&self) -> RiskResult<()> {
        let bound = "must be at most 1";
        let one = Fraction::ONE;
        within(
            "group_correlation",
            self.group_correlation,
            Fraction::ZERO,
            one,
            bound,
        )?;
        within(
            "family_correlation",
            self.family_correlation,
            Fraction::ZERO,
            one,
            bound,
        )
    }
}

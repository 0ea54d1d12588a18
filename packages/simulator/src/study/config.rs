//! What a study is made of: its limits, and the numbers of the vault that it tries.

use bulwark_risk::config::{LiquidationParameters, MarginParameters};
use bulwark_risk::haircut::HaircutRule;
use bulwark_risk::ramp::RampSpeed;
use bulwark_risk::units::Fraction;
use bulwark_testing::defaults;
use serde::Serialize;

use crate::prices::{AssetGroup, PriceTable};

/// The fewest accounts: each kind of account occurs among them.
pub const MIN_ACCOUNTS: usize = 20;
/// The most accounts.
pub const MAX_ACCOUNTS: usize = 20_000;
/// The most generated paths.
pub const MAX_GENERATED: usize = 100;
/// The most assets of a path: without netting every asset is its own group.
pub const MAX_ASSETS: usize = 200;

/// What to study.
#[derive(Clone, Debug)]
pub struct StudyConfig {
    /// Owners of accounts on every path.
    pub accounts: usize,
    /// Where everything random comes from.
    pub seed: u64,
    /// Generated paths, with the seeds `seed`, `seed + 1`, ….
    pub generated: usize,
    /// Price tables with their names.
    pub tables: Vec<(String, PriceTable)>,
    /// Whether single parameters are changed as well.
    pub sweep: bool,
    /// The vault's numbers.
    pub settings: Settings,
    /// The command that repeats the study.
    pub command_line: String,
}

/// The numbers of the vault and its oracle that the study depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// z, floor and cap of volatile families.
    pub crypto: HaircutRule,
    /// z, floor and cap of stablecoins.
    pub usd: HaircutRule,
    /// ρ.
    pub group_correlation: Fraction,
    /// φ.
    pub family_correlation: Fraction,
    /// e of a family's members.
    pub member_extra: Fraction,
    /// Largest marginal size charge.
    pub size_cap: Fraction,
    /// Initial and gross factor.
    pub margin: MarginParameters,
    /// Terms of liquidations.
    pub liquidation: LiquidationParameters,
    /// How fast the volatility in force follows the newest one.
    pub speed: RampSpeed,
}

impl Default for Settings {
    /// The defaults of the vault.
    fn default() -> Self {
        let parameters = defaults::parameters(0);
        Self {
            crypto: defaults::CRYPTO_HAIRCUT,
            usd: defaults::USD_HAIRCUT,
            group_correlation: defaults::GROUP_CORRELATION,
            family_correlation: defaults::FAMILY_CORRELATION,
            member_extra: defaults::MEMBER_EXTRA,
            size_cap: defaults::SIZE_CAP,
            margin: parameters.margin,
            liquidation: parameters.liquidation,
            speed: defaults::feed(Fraction::ZERO).volatility_speed,
        }
    }
}

impl Settings {
    /// The rule of a family.
    pub fn rule(&self, group: AssetGroup) -> HaircutRule {
        match group {
            AssetGroup::Crypto => self.crypto,
            AssetGroup::Usd => self.usd,
        }
    }

    /// The rule of a family with z, floor and cap times `scale`, within what the vault accepts:
    /// no floor below half of the gross factor, no cap above the bounds'.
    pub fn scaled_rule(&self, group: AssetGroup, scale: f64) -> HaircutRule {
        let rule = self.rule(group);
        HaircutRule {
            volatility_multiple: scaled(rule.volatility_multiple, scale),
            floor: within_bounds(scaled(rule.floor, scale)),
            cap: within_bounds(scaled(rule.cap, scale)),
        }
    }
}

/// A fraction times a number, rounded down.
pub fn scaled(value: Fraction, by: f64) -> Fraction {
    Fraction((value.0 as f64 * by) as u128)
}

/// The haircut nearest to this one that the vault accepts.
pub fn within_bounds(haircut: Fraction) -> Fraction {
    let least = Fraction(defaults::BOUNDS.gross_factor_max.0.div_ceil(2));
    haircut.max(least).min(defaults::BOUNDS.haircut_cap_max)
}

/// Volatility per √day that a feed starts with, as the demo lists it.
pub fn initial_volatility(group: AssetGroup) -> Fraction {
    match group {
        AssetGroup::Crypto => Fraction::percent(4),
        AssetGroup::Usd => Fraction::basis_points(20),
    }
}

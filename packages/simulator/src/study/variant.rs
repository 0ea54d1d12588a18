//! The eight ways to ask for margin that the study compares. All are the contract's own formula
//! under different parameters.

use bulwark_risk::margin::FamilyFactors;
use bulwark_risk::units::Fraction;
use serde::Serialize;

use super::config::Settings;
use super::path::StudyAsset;

/// Where haircuts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Haircuts {
    /// One number per family: floor and cap are the average of the volatility-driven haircut.
    Constant,
    /// `clamp(z × σ, floor, cap)`, by the oracle's ramp.
    Volatility,
}

/// One of the eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// Where haircuts come from.
    pub haircuts: Haircuts,
    /// Whether exposures net by groups and families.
    pub netting: bool,
    /// Whether large holdings cost more.
    pub size: bool,
}

/// What can be switched on and off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Haircuts that follow volatility.
    Volatility,
    /// Netting by groups and families.
    Netting,
    /// The size term.
    Size,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Volatility, Self::Netting, Self::Size];

    /// What it is called in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Volatility => "Haircuts that follow volatility",
            Self::Netting => "Netting by groups and families",
            Self::Size => "The size term",
        }
    }
}

impl Variant {
    /// What the contracts do by default.
    pub const FULL: Self = Self {
        haircuts: Haircuts::Volatility,
        netting: true,
        size: true,
    };

    /// All eight, those with constant haircuts first.
    pub fn all() -> [Self; 8] {
        let mut number = 0;
        [(); 8].map(|()| {
            let variant = Self {
                haircuts: if number < 4 {
                    Haircuts::Constant
                } else {
                    Haircuts::Volatility
                },
                netting: number % 4 >= 2,
                size: number % 2 == 1,
            };
            number += 1;
            variant
        })
    }

    /// The same haircuts at their most demanding: nothing nets, size costs.
    pub fn strictest(haircuts: Haircuts) -> Self {
        Self {
            haircuts,
            netting: false,
            size: true,
        }
    }

    /// Whether a feature is on.
    pub fn has(self, feature: Feature) -> bool {
        match feature {
            Feature::Volatility => self.haircuts == Haircuts::Volatility,
            Feature::Netting => self.netting,
            Feature::Size => self.size,
        }
    }

    /// A few letters for legends and tables.
    pub fn name(self) -> String {
        let haircuts = match self.haircuts {
            Haircuts::Constant => "constant",
            Haircuts::Volatility => "volatility",
        };
        let netting = if self.netting { " + netting" } else { "" };
        let size = if self.size { " + size" } else { "" };
        format!("{haircuts}{netting}{size}")
    }

    /// The largest marginal size charge.
    pub fn size_cap(self, settings: &Settings) -> Fraction {
        if self.size {
            settings.size_cap
        } else {
            Fraction::ZERO
        }
    }

    /// Group, family and correlations of the asset with number `position` under this variant.
    ///
    /// Without netting every asset is a group of its own that it follows entirely, so that
    /// `M = Σ h |x|`: groups add up without any relief between them.
    pub fn factors(
        self,
        position: usize,
        asset: &StudyAsset,
        settings: &Settings,
    ) -> FamilyFactors {
        let (number, group) = (position as u16, position as u8);
        if !self.netting {
            return FamilyFactors {
                group,
                family: number,
                group_correlation: Fraction::ONE,
                family_correlation: Fraction::ONE,
            };
        }
        FamilyFactors {
            group: u8::from(asset.is_stable()),
            family: asset.base as u16,
            group_correlation: settings.group_correlation,
            family_correlation: settings.family_correlation,
        }
    }
}

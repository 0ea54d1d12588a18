//! The margin formula.
//!
//! Source: a nested factor model. The move of an asset is
//! `ρ × group + √(1−ρ²) × (φ × family + √(1−φ²) × its own)`, all scaled by its haircut.
//!
//! ```text
//! G_g = Σ ρ h x              over the assets of group g
//! F_f = Σ √(1−ρ²) φ h x      over the assets of family f
//! S_i = √((h+e)² − (ρ² + (1−ρ²) φ²) h²) |x|
//! M   = max(√((Σ|G_g|)² + Σ F_f² + Σ S_i²), c × ½ Σ|x|) + Σ size_i
//! ```
//!
//! Everything rounds so that the margin is never too small.

use cosmwasm_std::{Int128, Int256, Uint128, Uint256};

use crate::error::{RiskError, RiskResult};
use crate::units::{Fraction, Usd};
use crate::wide::{
    ONE, ONE_36, add, add_signed, divide_ceil, divide_floor, multiply, multiply_signed, narrow,
    product, root_ceil,
};

/// What an asset's family fixes for good when its base asset is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyFactors {
    /// Which group the family belongs to.
    pub group: u8,
    /// Identifier of the family.
    pub family: u16,
    /// ρ: correlation of the family with its group, 0 to 1.
    pub group_correlation: Fraction,
    /// φ: how closely the members follow the family, 0 to 1.
    pub family_correlation: Fraction,
}

/// How much one USD of an asset moves with each factor, 36 decimals.
///
/// The squares of the three add up to `(h+e)²`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loading {
    group: u8,
    family: u16,
    on_group: u128,
    on_family: u128,
    on_own: u128,
}

impl Loading {
    /// Loadings of an asset with haircut `h` of its family and its own extra `e`.
    ///
    /// # Errors
    /// [`RiskError::Config`] if a correlation or `h + e` exceeds one.
    pub fn new(factors: &FamilyFactors, haircut: Fraction, extra: Fraction) -> RiskResult<Self> {
        let FamilyFactors {
            group,
            family,
            group_correlation: rho,
            family_correlation: phi,
        } = *factors;
        for (field, value) in [("group_correlation", rho), ("family_correlation", phi)] {
            if value > Fraction::ONE {
                return Err(RiskError::config(field, value, "must be at most 1"));
            }
        }
        let total = haircut.plus(extra)?;
        if total > Fraction::ONE {
            return Err(RiskError::config(
                "haircut",
                total,
                "haircut and extra must be at most 1",
            ));
        }

        let one = Uint256::from(ONE_36);
        let h_squared = square(haircut.0); // 36 decimals
        // ρ h: both are at most one, so that 36 decimals fit and nothing is rounded.
        let on_group = rho
            .0
            .checked_mul(haircut.0)
            .ok_or_else(|| RiskError::overflow("ρ h"))?;
        // (1−ρ²) φ² h² and what is left of (h+e)², 72 decimals.
        let rest = one
            .checked_sub(square(rho.0))
            .map_err(|_| RiskError::overflow("1 − ρ²"))?;
        let followed = divide_floor(multiply(rest, square(phi.0))?, one)?;
        let family_square = multiply(followed, h_squared)?;
        let own_square = multiply(square(total.0), one)?
            .checked_sub(square(on_group))
            .and_then(|v| v.checked_sub(family_square))
            .map_err(|_| RiskError::overflow("the square of an own move"))?;

        Ok(Self {
            group,
            family,
            on_group,
            on_family: root_ceil(family_square)?,
            on_own: root_ceil(own_square)?,
        })
    }
}

/// What a large holding costs on top: selling it moves the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeTerm {
    /// Value of the asset's `liquidity`, at the price that the exposure is valued at.
    pub liquidity: Usd,
    /// Largest marginal size charge.
    pub size_cap: Fraction,
}

impl SizeTerm {
    /// `v²/L` up to `size_cap × L / 2`, then the tangent `size_cap × v − size_cap² × L / 4`;
    /// rounded up. Convex, and its slope never exceeds `size_cap`.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] for values beyond an account's limit.
    pub fn charge(&self, exposure: Usd) -> RiskResult<Usd> {
        let value = exposure.magnitude();
        let liquidity = self.liquidity.0.max(0).unsigned_abs();
        let kink = product(liquidity, self.size_cap.0);
        let two_values = product(value, 2)
            .checked_mul(Uint256::from(ONE))
            .map_err(|_| RiskError::overflow("a size term"))?;
        let charge = if two_values <= kink {
            if liquidity == 0 {
                return Ok(Usd::ZERO);
            }
            divide_ceil(product(value, value), Uint256::from(liquidity))?
        } else {
            let linear = multiply(product(self.size_cap.0, value), Uint256::from(ONE))?; // 54 decimals
            let four = Uint256::from(4u128);
            let saved = divide_floor(multiply(kink, Uint256::from(self.size_cap.0))?, four)?;
            let net = linear
                .checked_sub(saved)
                .map_err(|_| RiskError::overflow("a size term"))?;
            divide_ceil(net, Uint256::from(ONE_36))?
        };
        Usd::from_magnitude(narrow(charge)?)
    }
}

/// One holding as the formula sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// Signed value: deposits positive, debts negative.
    pub value: Usd,
    /// Factor loadings.
    pub loading: Loading,
    /// Size term.
    pub size: SizeTerm,
}

/// The sums of the formula over a basket, to which more holdings can be added.
#[derive(Clone, Default)]
pub(crate) struct Sums {
    /// Signed sums per group, 54 decimals.
    groups: Vec<(u8, Int256)>,
    /// Signed sums per family, 54 decimals.
    families: Vec<(u16, Int256)>,
    /// `Σ S_i²`, USD², 36 decimals.
    own_squares: Uint256,
    /// `Σ|x|`, USD.
    gross: u128,
    /// `Σ size_i`, USD.
    sizes: Usd,
}

impl Sums {
    fn of(exposures: &[Exposure]) -> RiskResult<Self> {
        let mut sums = Self::default();
        for exposure in exposures {
            sums.add(exposure)?;
        }
        Ok(sums)
    }

    /// Takes one more holding in.
    pub(crate) fn add(&mut self, exposure: &Exposure) -> RiskResult<()> {
        let Exposure {
            value,
            loading,
            size,
        } = exposure;
        let on_group = multiply_signed(value.0, loading.on_group)?;
        accumulate(&mut self.groups, loading.group, on_group)?;
        let on_family = multiply_signed(value.0, loading.on_family)?;
        accumulate(&mut self.families, loading.family, on_family)?;
        let own = usd_ceil(product(value.magnitude(), loading.on_own))?;
        self.own_squares = add(self.own_squares, square(own))?;
        self.gross = self
            .gross
            .checked_add(value.magnitude())
            .ok_or_else(|| RiskError::overflow("the gross value"))?;
        self.sizes = self.sizes.plus(size.charge(*value)?)?;
        Ok(())
    }

    /// The margin `M`, USD, rounded up.
    pub(crate) fn margin_ceil(&self, gross_factor: Fraction) -> RiskResult<Usd> {
        let norm = self
            .root_ceil(self.group_total_ceil()?)?
            .max(self.gross_ceil(gross_factor)?);
        Usd::from_magnitude(norm)?.plus(self.sizes)
    }

    /// `Σ|G_g|`, USD, rounded up.
    fn group_total_ceil(&self) -> RiskResult<u128> {
        let mut total = Uint256::zero();
        for (_, sum) in &self.groups {
            total = add(total, sum.unsigned_abs())?;
        }
        usd_ceil(total)
    }

    /// `√((Σ|G_g|)² + Σ F_f² + Σ S_i²)`, USD, rounded up.
    fn root_ceil(&self, group_total: u128) -> RiskResult<u128> {
        let mut squares = add(self.own_squares, square(group_total))?;
        for (_, sum) in &self.families {
            squares = add(squares, square(usd_ceil(sum.unsigned_abs())?))?;
        }
        root_ceil(squares)
    }

    /// `c × ½ Σ|x|`, USD, rounded up.
    fn gross_ceil(&self, gross_factor: Fraction) -> RiskResult<u128> {
        let two_ones = Uint256::from(2u128.saturating_mul(ONE));
        narrow(divide_ceil(product(self.gross, gross_factor.0), two_ones)?)
    }
}

/// The margin `M` of a basket, in USD, rounded up.
///
/// # Errors
/// [`RiskError::Overflow`] for baskets beyond [`crate::units::VALUE_LIMIT`].
pub fn margin_ceil(exposures: &[Exposure], gross_factor: Fraction) -> RiskResult<Usd> {
    Sums::of(exposures)?.margin_ceil(gross_factor)
}

/// The split of the margin over the holdings, in their order: `x_i ∂M/∂x_i` of the norm
/// (Euler's theorem) plus each one's own size term. The parts add up to [`margin_ceil`]
/// exactly: the largest takes what rounding leaves. A hedge contributes a negative part.
///
/// # Errors
/// As [`margin_ceil`].
pub fn contributions(exposures: &[Exposure], gross_factor: Fraction) -> RiskResult<Vec<Usd>> {
    let sums = Sums::of(exposures)?;
    let group_total = sums.group_total_ceil()?;
    let root = sums.root_ceil(group_total)?;
    let gross_rules = sums.gross_ceil(gross_factor)? > root;

    let mut parts = Vec::with_capacity(exposures.len());
    let mut left = sums.margin_ceil(gross_factor)?;
    for exposure in exposures {
        let of_norm = if gross_rules {
            gross_part(exposure, gross_factor)?
        } else {
            sums.root_part(exposure, group_total, root)?
        };
        let part = of_norm.plus(exposure.size.charge(exposure.value)?)?;
        left = left.minus(part)?;
        parts.push(part);
    }
    if let Some(largest) = parts.iter_mut().max_by_key(|part| part.magnitude()) {
        *largest = largest.plus(left)?;
    }
    Ok(parts)
}

/// `c × ½ |x|`, rounded down.
fn gross_part(exposure: &Exposure, gross_factor: Fraction) -> RiskResult<Usd> {
    let two_ones = Uint256::from(2u128.saturating_mul(ONE));
    let whole = product(exposure.value.magnitude(), gross_factor.0);
    Usd::from_magnitude(narrow(divide_floor(whole, two_ones)?)?)
}

impl Sums {
    /// `(Σ|G| × sign(G_g) × ∂G_g x + F_f × ∂F_f x + S²) / root` of one holding.
    fn root_part(&self, exposure: &Exposure, group_total: u128, root: u128) -> RiskResult<Usd> {
        if root == 0 {
            return Ok(Usd::ZERO);
        }
        let Exposure { value, loading, .. } = exposure;
        let moves_group = usd_signed(multiply_signed(value.0, loading.on_group)?)?;
        let moves_family = usd_signed(multiply_signed(value.0, loading.on_family)?)?;
        let own = usd_ceil(product(value.magnitude(), loading.on_own))?;

        let group = sum_of(&self.groups, loading.group);
        let direction = if group.is_negative() {
            moves_group.negated()
        } else {
            moves_group
        };
        let family = usd_signed(sum_of(&self.families, loading.family))?;
        let numerator = add_signed(
            add_signed(
                multiply_signed(direction.0, group_total)?,
                Int256::from(family.0)
                    .checked_mul(Int256::from(moves_family.0))
                    .map_err(|_| RiskError::overflow("a contribution"))?,
            )?,
            multiply_signed(Usd::from_magnitude(own)?.0, own)?,
        )?;
        let part = numerator
            .checked_div(Int256::from(Uint128::new(root)))
            .map_err(|_| RiskError::division("a contribution"))?;
        Int128::try_from(part)
            .map(|part| Usd(part.i128()))
            .map_err(|_| RiskError::overflow("a contribution"))
    }
}

fn accumulate<K: PartialEq>(sums: &mut Vec<(K, Int256)>, key: K, term: Int256) -> RiskResult<()> {
    match sums.iter_mut().find(|(known, _)| *known == key) {
        Some((_, sum)) => *sum = add_signed(*sum, term)?,
        None => sums.push((key, term)),
    }
    Ok(())
}

fn sum_of<K: PartialEq>(sums: &[(K, Int256)], key: K) -> Int256 {
    sums.iter()
        .find(|(known, _)| *known == key)
        .map_or(Int256::zero(), |(_, sum)| *sum)
}

fn square(value: u128) -> Uint256 {
    product(value, value)
}

/// 54 decimals to 18, rounded up.
fn usd_ceil(value: Uint256) -> RiskResult<u128> {
    narrow(divide_ceil(value, Uint256::from(ONE_36))?)
}

/// 54 decimals to 18, rounded toward zero.
fn usd_signed(value: Int256) -> RiskResult<Usd> {
    let magnitude = narrow(divide_floor(value.unsigned_abs(), Uint256::from(ONE_36))?)?;
    let usd = Usd::from_magnitude(magnitude)?;
    Ok(if value.is_negative() {
        usd.negated()
    } else {
        usd
    })
}

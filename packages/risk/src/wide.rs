//! Multiply in 256 or 512 bits, round once, and say in the name which way.

use cosmwasm_std::{Int256, Uint256, Uint512};

use crate::error::{RiskError, RiskResult};

/// 10^18: one, in the 18 decimals of fractions, prices and values.
pub const ONE: u128 = 1_000_000_000_000_000_000;

/// 10^36: one, in the 36 decimals of loadings and growth factors.
pub(crate) const ONE_36: u128 = ONE * ONE;

/// 10^exponent for the decimals of a token.
///
/// # Errors
/// [`RiskError::Overflow`] above 10^38.
pub fn ten_to(exponent: u8) -> RiskResult<u128> {
    10u128
        .checked_pow(u32::from(exponent))
        .ok_or_else(|| RiskError::overflow("a power of ten"))
}

/// `a × b / c`, rounded down.
///
/// # Errors
/// [`RiskError::DivisionByZero`], or [`RiskError::Overflow`] if the result exceeds 128 bits.
pub fn mul_div_floor(a: u128, b: u128, c: u128) -> RiskResult<u128> {
    if let Some(product) = a.checked_mul(b) {
        return product
            .checked_div(c)
            .ok_or_else(|| RiskError::division("a ratio"));
    }
    narrow(divide_floor(product(a, b), Uint256::from(c))?)
}

/// `a × b / c`, rounded up.
///
/// # Errors
/// [`RiskError::DivisionByZero`], or [`RiskError::Overflow`] if the result exceeds 128 bits.
pub fn mul_div_ceil(a: u128, b: u128, c: u128) -> RiskResult<u128> {
    if let (Some(product), true) = (a.checked_mul(b), c > 0) {
        return Ok(product.div_ceil(c));
    }
    narrow(divide_ceil(product(a, b), Uint256::from(c))?)
}

/// `a × b` of two numbers with 18 decimals, rounded down.
///
/// # Errors
/// [`RiskError::Overflow`] if the result exceeds 128 bits.
pub fn mul_floor(a: u128, b: u128) -> RiskResult<u128> {
    mul_div_floor(a, b, ONE)
}

/// `a × b` of two numbers with 18 decimals, rounded up.
///
/// # Errors
/// [`RiskError::Overflow`] if the result exceeds 128 bits.
pub fn mul_ceil(a: u128, b: u128) -> RiskResult<u128> {
    mul_div_ceil(a, b, ONE)
}

/// The square root of a number with 18 decimals, rounded down.
///
/// # Errors
/// None in practice: the root of 188 bits fits.
pub fn sqrt_floor(value: u128) -> RiskResult<u128> {
    root_floor(product(value, ONE))
}

/// `e^(−x)` of a number with 18 decimals, accurate to about 10^-17, never above one.
///
/// Halves the argument below 1, sums the Taylor series, squares back.
///
/// # Errors
/// None in practice; the signature keeps the arithmetic checked.
pub fn exp_neg(x: u128) -> RiskResult<u128> {
    // e^-42 is below half a unit of the last decimal.
    if x >= 42 * ONE {
        return Ok(0);
    }
    let out_of_range = || RiskError::overflow("an exponential");
    // 2^halvings is above the whole part of x.
    let halvings = u128::BITS.saturating_sub((x / ONE).leading_zeros());
    let divisor = 1u128.checked_shl(halvings).ok_or_else(out_of_range)?;
    // 36 decimals inside, because every squaring doubles the relative error.
    let argument = divide_floor(product(x, ONE), Uint256::from(divisor))?;
    let one = Uint256::from(ONE_36);
    let (mut sum, mut term) = (one, one);
    for n in 1u128..40 {
        term = divide_floor(multiply(term, argument)?, multiply(one, Uint256::from(n))?)?;
        if term.is_zero() {
            break;
        }
        sum = if n % 2 == 1 {
            sum.checked_sub(term).map_err(|_| out_of_range())?
        } else {
            sum.checked_add(term).map_err(|_| out_of_range())?
        };
    }
    for _ in 0..halvings {
        sum = divide_floor(multiply(sum, sum)?, one)?;
    }
    narrow(divide_floor(sum, Uint256::from(ONE))?)
}

/// The whole product: four products of halves, several times faster than the general one of
/// 256 bits.
pub(crate) fn product(a: u128, b: u128) -> Uint256 {
    let split = |value: u128| (value >> 64, value & u128::from(u64::MAX));
    let ((a_high, a_low), (b_high, b_low)) = (split(a), split(b));
    // No product of two 64-bit numbers and two more of them exceed 128 bits.
    let (carry, lowest) = split(a_low.wrapping_mul(b_low));
    let (cross_high, cross_low) = split(a_high.wrapping_mul(b_low).wrapping_add(carry));
    let (middle_high, middle_low) = split(a_low.wrapping_mul(b_high).wrapping_add(cross_low));
    let high = a_high
        .wrapping_mul(b_high)
        .wrapping_add(cross_high)
        .wrapping_add(middle_high);
    join(high, (middle_low << 64) | lowest)
}

pub(crate) fn multiply(a: Uint256, b: Uint256) -> RiskResult<Uint256> {
    if let (Ok(a), Ok(b)) = (narrow(a), narrow(b)) {
        return Ok(product(a, b));
    }
    a.checked_mul(b)
        .map_err(|_| RiskError::overflow("a product"))
}

pub(crate) fn divide_floor(a: Uint256, b: Uint256) -> RiskResult<Uint256> {
    // Most numbers are narrow, and then the processor's own division is several times faster.
    if let (Ok(a), Ok(b)) = (narrow(a), narrow(b)) {
        return a
            .checked_div(b)
            .map(Uint256::from)
            .ok_or_else(|| RiskError::division("a ratio"));
    }
    a.checked_div(b).map_err(|_| RiskError::division("a ratio"))
}

pub(crate) fn divide_ceil(a: Uint256, b: Uint256) -> RiskResult<Uint256> {
    let quotient = divide_floor(a, b)?;
    let exact = multiply(quotient, b)? == a;
    if exact {
        Ok(quotient)
    } else {
        quotient
            .checked_add(Uint256::one())
            .map_err(|_| RiskError::overflow("a ratio"))
    }
}

/// The square root, rounded up.
pub(crate) fn root_ceil(value: Uint256) -> RiskResult<u128> {
    let root = root_floor(value)?;
    let exact = product(root, root) == value;
    root.checked_add(u128::from(!exact))
        .ok_or_else(|| RiskError::overflow("a square root"))
}

/// The square root, rounded down.
///
/// Zimmermann, Karatsuba Square Root (INRIA RR-3805, 1999): the root of the upper 128 bits and
/// its remainder, and one division for the other half of the digits. The general root of 256
/// bits starts from nothing and is most of a margin's cost.
fn root_floor(value: Uint256) -> RiskResult<u128> {
    let out_of_range = || RiskError::overflow("a square root");
    let (high, _) = halves(value);
    if high == 0 {
        return narrow(value).map(u128::isqrt);
    }
    // An even shift, after which one of the upper two bits is set.
    let shift = high.leading_zeros() & !1;
    let normal = value.checked_shl(shift).map_err(|_| out_of_range())?;
    let (high, low) = halves(normal);
    let root = high.isqrt();
    let remainder = high.saturating_sub(root.saturating_mul(root)); // at most 2 × root: 65 bits
    // (remainder × 2^64 + the next 64 bits) / (2 × root), both halved so that they fit.
    let dividend = remainder.checked_shl(63).ok_or_else(out_of_range)? | (low >> 65);
    let next = dividend.checked_div(root).ok_or_else(out_of_range)?;
    // At most one above the true root, which may be 2^128 then.
    let guess = root
        .checked_shl(64)
        .ok_or_else(out_of_range)?
        .saturating_add(next);
    let too_large = product(guess, guess) > normal;
    Ok(guess.saturating_sub(u128::from(too_large)) >> (shift / 2))
}

/// The upper and the lower 128 bits.
fn halves(value: Uint256) -> (u128, u128) {
    let bytes = value.to_le_bytes();
    let (low, high) = bytes.split_at(16);
    let word = |half: &[u8]| half.first_chunk().copied().map_or(0, u128::from_le_bytes);
    (word(high), word(low))
}

/// The number with these upper and lower 128 bits.
fn join(high: u128, low: u128) -> Uint256 {
    let mut bytes = [0; 32];
    let (lower, upper) = bytes.split_at_mut(16);
    lower.copy_from_slice(&low.to_le_bytes());
    upper.copy_from_slice(&high.to_le_bytes());
    Uint256::from_le_bytes(bytes)
}

pub(crate) fn narrow(value: Uint256) -> RiskResult<u128> {
    match halves(value) {
        (0, low) => Ok(low),
        _ => Err(RiskError::overflow("a 128-bit result")),
    }
}

pub(crate) fn narrow_512(value: Uint512) -> RiskResult<Uint256> {
    Uint256::try_from(value).map_err(|_| RiskError::overflow("a 256-bit result"))
}

pub(crate) fn add(a: Uint256, b: Uint256) -> RiskResult<Uint256> {
    a.checked_add(b).map_err(|_| RiskError::overflow("a sum"))
}

pub(crate) fn add_signed(a: Int256, b: Int256) -> RiskResult<Int256> {
    a.checked_add(b).map_err(|_| RiskError::overflow("a sum"))
}

pub(crate) fn multiply_signed(a: i128, b: u128) -> RiskResult<Int256> {
    let out_of_range = || RiskError::overflow("a product");
    let magnitude = Int256::try_from(product(a.unsigned_abs(), b)).map_err(|_| out_of_range())?;
    if a < 0 {
        Int256::zero()
            .checked_sub(magnitude)
            .map_err(|_| out_of_range())
    } else {
        Ok(magnitude)
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint128;

    use super::*;

    #[test]
    fn exponential_agrees_with_floating_point() {
        for x in [0.0, 1e-9, 0.001, 0.3, 0.5, 0.50001, 1.0, 2.5, 10.0, 30.0] {
            let fixed = exp_neg((x * 1e18) as u128).unwrap() as f64 / 1e18;
            assert!(
                (fixed - f64::exp(-x)).abs() < 1e-15,
                "{x}: {fixed} {}",
                f64::exp(-x)
            );
        }
        assert_eq!(exp_neg(0).unwrap(), ONE);
        assert_eq!(exp_neg(u128::MAX).unwrap(), 0);
    }

    #[test]
    fn roots_are_exact_next_to_every_square() {
        for bits in 0..128 {
            for root in [1u128 << bits, (1u128 << bits) | 1, u128::MAX >> bits] {
                let square = Uint128::new(root).full_mul(root);
                assert_eq!(root_floor(square).unwrap(), root);
                assert_eq!(root_ceil(square).unwrap(), root);
                let below = square - Uint256::one();
                assert_eq!(root_floor(below).unwrap(), root - 1);
                assert_eq!(root_ceil(below).unwrap(), if root == 1 { 0 } else { root });
            }
        }
        // Numbers of every length, from a multiplicative congruential generator.
        let mut drawn = Uint256::from(1u128);
        let factor = Uint256::from(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645u128);
        for turn in 0..20_000 {
            drawn = drawn.wrapping_mul(factor) + Uint256::one();
            let value = drawn >> (turn % 256);
            let root = root_floor(value).unwrap();
            let square = product(root, root);
            assert_eq!(square, Uint128::new(root).full_mul(root));
            assert!(square <= value, "{value}");
            let above = Uint256::from(root) + Uint256::one();
            assert!(
                above.checked_mul(above).is_ok_and(|square| square > value) || root == u128::MAX,
                "{value}"
            );
        }
        assert_eq!(root_floor(Uint256::MAX).unwrap(), u128::MAX);
        assert!(root_ceil(Uint256::MAX).is_err());
    }

    #[test]
    fn ratios_round_the_way_their_names_say() {
        assert_eq!(mul_div_floor(7, 1, 2).unwrap(), 3);
        assert_eq!(mul_div_ceil(7, 1, 2).unwrap(), 4);
        assert_eq!(mul_div_ceil(8, 1, 2).unwrap(), 4);
        assert_eq!(
            mul_div_floor(u128::MAX, u128::MAX, u128::MAX).unwrap(),
            u128::MAX
        );
        assert!(mul_div_floor(u128::MAX, 2, 1).is_err());
        assert!(mul_div_floor(1, 1, 0).is_err());
        assert!(mul_div_ceil(1, 1, 0).is_err());
        assert_eq!(sqrt_floor(2 * ONE).unwrap(), 1_414_213_562_373_095_048);
    }
}

//! Between the contracts' exact numbers and the simulation's estimates in `f64`.

use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction, Price, Usd};

use super::SimulationError;

/// 10^18: the contracts' decimals of prices, values and fractions.
const ONE: f64 = 1e18;

/// A value in USD.
pub fn usd(value: Usd) -> f64 {
    value.0 as f64 / ONE
}

/// A fraction, 1 for 100 %.
pub fn fraction(value: Fraction) -> f64 {
    value.0 as f64 / ONE
}

/// Smallest units as whole tokens.
pub fn tokens(amount: Amount, decimals: u32) -> f64 {
    amount.0 as f64 / scale(decimals)
}

/// Whole tokens in smallest units, rounded down and within what the vault takes.
pub fn units(tokens: f64, decimals: u32) -> Amount {
    // The cast saturates, and takes what is no number for zero.
    Amount(((tokens * scale(decimals)) as u128).min(AMOUNT_LIMIT - 1))
}

/// A part of an amount, rounded down.
pub fn part(amount: Amount, part: f64) -> Amount {
    Amount(((amount.0 as f64 * part) as u128).min(amount.0))
}

/// A path's price as the contracts have it, 18 decimals.
///
/// # Errors
/// [`SimulationError::BadPrice`].
pub fn price(symbol: &str, price: f64) -> Result<Price, SimulationError> {
    format!("{price:.18}")
        .parse()
        .ok()
        .filter(|price: &Price| !price.is_zero())
        .ok_or_else(|| SimulationError::BadPrice {
            symbol: symbol.to_owned(),
            price: price.to_string(),
        })
}

fn scale(decimals: u32) -> f64 {
    10f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX))
}

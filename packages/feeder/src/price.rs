//! Prices as sources write them, and as the contracts have them.

use bulwark_risk::units::Price;

/// Decimals of a [`Price`].
const DECIMALS: usize = 18;

/// Exponents beyond this are a mistake: prices have 18 decimals and at most 13 digits before them.
pub const MAX_EXPONENT: i32 = 36;

/// A float as the contracts have it: the shortest number that is read as the same, rounded to 18
/// decimals. None unless it is above zero and in range.
#[must_use]
pub fn of_float(price: f64) -> Option<Price> {
    let shortest = price.to_string();
    let decimals = shortest
        .find('.')
        .map_or(0, |point| shortest.len() - point - 1);
    let text = if decimals > DECIMALS {
        format!("{price:.DECIMALS$}")
    } else {
        shortest
    };
    let price = text.parse().ok();
    price.filter(|price: &Price| !price.is_zero())
}

/// A decimal number such as `12.5` or `1.25e1`, times ten to the power of `exponent`, cut off
/// after 18 decimals. None for anything else, for what is not above zero, and out of range.
#[must_use]
pub fn of_text(text: &str, exponent: i32) -> Option<Price> {
    let text = text.trim();
    let (digits, power) = match text.split_once(['e', 'E']) {
        Some((digits, power)) => (digits, power.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let power = power.checked_add(exponent)?;
    if power.abs() > MAX_EXPONENT {
        return None;
    }
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    // The number without its point, and how many of its digits stand behind the point.
    let digits = format!("{whole}{part}");
    let decimals = i32::try_from(part.len()).ok()? - power;
    let shown = match usize::try_from(decimals) {
        Ok(0) => digits,
        Ok(decimals) => {
            let padded = format!("{digits:0>width$}", width = decimals + 1);
            let (whole, part) = padded.split_at(padded.len() - decimals);
            format!("{whole}.{}", part.get(..DECIMALS).unwrap_or(part))
        }
        Err(_) => digits + &"0".repeat(decimals.unsigned_abs() as usize),
    };
    let price = shown.parse().ok();
    price.filter(|price: &Price| !price.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, exponent: i32) -> Option<String> {
        of_text(text, exponent).map(|price| price.to_string())
    }

    #[test]
    fn floats_keep_their_digits() {
        for (usd, text) in [(79.98, "79.98"), (1.0, "1"), (1e-12, "0.000000000001")] {
            assert_eq!(of_float(usd).unwrap().to_string(), text);
        }
        assert_eq!(
            of_float(1.23e-17).unwrap().to_string(),
            "0.000000000000000012"
        );
        for refused in [1e-19, 0.0, -1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(of_float(refused), None, "{refused}");
        }
    }

    #[test]
    fn texts_are_read_with_their_exponents() {
        for (written, exponent, read) in [
            ("12.5", 0, "12.5"),
            ("6140993501000", -8, "61409.93501"),
            ("5", -18, "0.000000000000000005"),
            ("1.25e1", 0, "12.5"),
            ("1.25E-3", 2, "0.125"),
            (".5", 0, "0.5"),
            ("3.", 3, "3000"),
            ("0.1234567890123456789", 0, "0.123456789012345678"),
        ] {
            assert_eq!(text(written, exponent).as_deref(), Some(read), "{written}");
        }
    }

    #[test]
    fn what_is_no_price_is_refused() {
        for refused in [
            "",
            ".",
            "abc",
            "-1",
            "+1",
            "0",
            "0.0",
            "1,5",
            "1e",
            "1e99",
            "NaN",
            "inf",
            "0x10",
            "1e999999999999",
            "5e-19",
        ] {
            assert_eq!(text(refused, 0), None, "{refused}");
        }
        assert_eq!(text("1", i32::MAX), None);
        assert_eq!(text("1e1", i32::MAX), None);
    }
}

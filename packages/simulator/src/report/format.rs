//! Numbers and times as people read them.

use crate::prices::timestamp::{self, CalendarDay};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// The sign for "there is no figure".
pub const NO_FIGURE: &str = "–";
const MINUS: &str = "−";

/// `1234567` as `1,234,567`.
pub fn count(number: u64) -> String {
    group_digits(&number.to_string())
}

/// A number with `places` decimals and grouped thousands.
pub fn decimal(number: f64, places: usize) -> String {
    if !number.is_finite() {
        return NO_FIGURE.to_owned();
    }
    let text = format!("{:.places$}", number.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if number < 0.0 && text.contains(|c: char| matches!(c, '1'..='9')) {
        MINUS
    } else {
        ""
    };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", group_digits(whole))
}

/// A number with about three significant digits, thousands shortened to k, M, B, T.
pub fn short(number: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")];
    let size = number.abs();
    // Rounded first, so that 999,999 is 1.00M and not 1000k.
    match UNITS.iter().find(|(unit, _)| size >= unit * 0.9995) {
        Some((unit, name)) => format!("{}{name}", significant(number / unit, 3)),
        None => significant(number, 3),
    }
}

/// A number with so many significant digits, and never in scientific notation.
pub fn significant(number: f64, digits: i32) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if !number.is_finite() {
        return NO_FIGURE.to_owned();
    }
    // Rounding may carry into another digit: 0.9999 with three digits is 1.00, not 1.000.
    let precision = usize::try_from(digits - 1).unwrap_or(0);
    let rounded = format!("{number:.precision$e}");
    let exponent = rounded
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok());
    let magnitude: i32 = exponent.unwrap_or(0);
    let places = (digits - 1 - magnitude).clamp(0, 14);
    decimal(number, usize::try_from(places).unwrap_or(0))
}

/// Dollars, shortened.
pub fn usd(number: f64) -> String {
    if number < 0.0 {
        format!("{MINUS}${}", short(-number))
    } else {
        format!("${}", short(number))
    }
}

/// A price in dollars with four significant digits.
pub fn price(number: Option<f64>) -> String {
    number.map_or_else(
        || NO_FIGURE.to_owned(),
        |number| {
            let digits = if number >= 1_000.0 {
                decimal(number, 0)
            } else {
                significant(number, 4)
            };
            format!("${digits}")
        },
    )
}

/// A fraction in percent.
pub fn percent(fraction: f64, places: usize) -> String {
    format!("{} %", decimal(fraction * 100.0, places))
}

/// Smallest units as whole tokens, exact, without trailing zeros.
pub fn tokens(units: u128, decimals: u32) -> String {
    let width = usize::try_from(decimals).unwrap_or(0).min(60);
    let digits = format!("{units:0>min$}", min = width + 1);
    let (whole, fraction) = digits.split_at(digits.len() - width);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}", group_digits(whole))
}

/// Smallest units as whole tokens, for plots and sums.
pub fn whole_tokens(units: u128, decimals: u32) -> f64 {
    units as f64 / 10f64.powi(i32::try_from(decimals).unwrap_or(0))
}

/// `12 Mar 2020 10:00`.
pub fn moment(seconds: u64) -> String {
    format!("{} {}", date(seconds), clock(seconds))
}

/// `10:00`.
pub fn clock(seconds: u64) -> String {
    let (hour, minute) = timestamp::hour_and_minute(seconds);
    format!("{hour:02}:{minute:02}")
}

/// `12 Mar 2020`.
pub fn date(seconds: u64) -> String {
    format!(
        "{} {}",
        day_and_month(seconds),
        timestamp::calendar_day(seconds).year
    )
}

/// `12 Mar`.
pub fn day_and_month(seconds: u64) -> String {
    let CalendarDay { month, day, .. } = timestamp::calendar_day(seconds);
    format!("{day} {}", month_name(month))
}

/// `Mar`, for 1 to 12.
pub fn month_name(month: u64) -> &'static str {
    let at = usize::try_from(month.saturating_sub(1)).unwrap_or(0);
    MONTHS.get(at).copied().unwrap_or(NO_FIGURE)
}

fn group_digits(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

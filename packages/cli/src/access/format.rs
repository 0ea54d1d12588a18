//! Amounts, values and names as people read them. Everything is rounded towards zero; `--json` has
//! all digits.

use bulwark_risk::account::{Side, Status};
use bulwark_risk::units::{Amount, Fraction, Price, Usd};
use bulwark_types::oracle::PriceStatus;
use bulwark_types::vault::AccountRef;

/// Digits behind the point of a value in USD.
const CENTS: usize = 2;

/// Of a number below one these digits count, behind its zeros.
const SIGNIFICANT: usize = 4;

/// Longer names of assets are shortened to these characters of their beginning and end.
const LONG: usize = 20;
const BEGINNING: usize = 10;
const END: usize = 6;

/// A value in USD.
#[must_use]
pub fn usd(value: Usd) -> String {
    rounded(&value.to_string(), CENTS)
}

/// A value in USD, or a dash.
#[must_use]
pub fn ratio(ratio: Option<Usd>) -> String {
    ratio.map_or_else(|| "–".to_owned(), |ratio| rounded(&ratio.to_string(), 3))
}

/// A price, USD per whole token.
#[must_use]
pub fn price(price: Price) -> String {
    rounded(&price.to_string(), SIGNIFICANT)
}

/// A fraction in percent.
#[must_use]
pub fn percent(fraction: Fraction) -> String {
    let shifted = Fraction(fraction.0.saturating_mul(100));
    format!("{} %", rounded(&shifted.to_string(), 2))
}

/// An amount in whole tokens.
#[must_use]
pub fn tokens(amount: Amount, decimals: u8) -> String {
    rounded(&whole(amount, decimals), SIGNIFICANT)
}

/// An amount in whole tokens, with all of its digits.
#[must_use]
pub fn whole(amount: Amount, decimals: u8) -> String {
    let decimals = usize::from(decimals);
    let digits = format!("{:0>width$}", amount.0, width = decimals.saturating_add(1));
    let (whole, part) = digits.split_at(digits.len().saturating_sub(decimals));
    let part = part.trim_end_matches('0');
    if part.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{part}")
    }
}

/// An asset's name, shortened if it is long.
#[must_use]
pub fn asset(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONG {
        return name.to_owned();
    }
    let beginning: String = name.chars().take(BEGINNING).collect();
    let end: String = name.chars().skip(length.saturating_sub(END)).collect();
    format!("{beginning}…{end}")
}

/// An account as it is written: `OWNER/NUMBER`.
#[must_use]
pub fn account(account: &AccountRef) -> String {
    format!("{}/{}", account.owner, account.id)
}

/// An account's status.
#[must_use]
pub const fn status(status: Status) -> &'static str {
    match status {
        Status::Healthy => "healthy",
        Status::MarginCall => "margin call",
        Status::Liquidatable => "liquidatable",
        Status::Insolvent => "insolvent",
    }
}

/// What a holding is.
#[must_use]
pub const fn side(side: Side) -> &'static str {
    match side {
        Side::Deposit => "deposit",
        Side::Debt => "debt",
    }
}

/// A feed's status.
#[must_use]
pub const fn price_status(status: PriceStatus, stale: bool) -> &'static str {
    if stale { "stale" } else { status.name() }
}

/// A decimal number with separators, and with so many digits behind the point; below one as many
/// more as are needed to show any.
fn rounded(number: &str, digits: usize) -> String {
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => ("−", number),
        None => ("", number),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let zeros = part
        .len()
        .saturating_sub(part.trim_start_matches('0').len());
    let shown = if whole == "0" && zeros >= digits.min(SIGNIFICANT) {
        zeros.saturating_add(digits)
    } else {
        digits
    };
    let part: String = part.chars().take(shown).collect();
    // Money has its cents, also where they are zero.
    let part = if digits == CENTS {
        format!("{part:0<CENTS$}")
    } else {
        part.trim_end_matches('0').to_owned()
    };
    let point = if part.is_empty() { "" } else { "." };
    let sign = if whole == "0" && part.bytes().all(|digit| digit == b'0') {
        ""
    } else {
        sign
    };
    format!("{sign}{}{point}{part}", separated(whole))
}

/// Digits in threes.
fn separated(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len().saturating_sub(at);
        if at > 0 && left % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_separators_and_cents() {
        for (value, text) in [
            ("1234567.899", "1,234,567.89"),
            ("-1234.5", "−1,234.50"),
            ("0", "0.00"),
            ("12", "12.00"),
            ("0.00012345", "0.00012"),
            ("-0.5", "−0.50"),
            ("999", "999.00"),
        ] {
            assert_eq!(usd(value.parse().unwrap()), text);
        }
    }

    #[test]
    fn amounts_are_shown_in_whole_tokens() {
        for (amount, decimals, text, exact) in [
            (1_500_000, 6, "1.5", "1.5"),
            (1, 18, "0.000000000000000001", "0.000000000000000001"),
            (12_345_678_901, 6, "12,345.6789", "12345.678901"),
            (42, 0, "42", "42"),
            (0, 6, "0", "0"),
        ] {
            assert_eq!(tokens(Amount(amount), decimals), text);
            assert_eq!(whole(Amount(amount), decimals), exact);
        }
    }

    #[test]
    fn long_names_are_shortened_in_the_middle() {
        assert_eq!(asset("uatom"), "uatom");
        let name = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";
        assert_eq!(asset(name), "ibc/27394F…1E5EB2");
    }

    #[test]
    fn fractions_and_prices_keep_what_matters() {
        assert_eq!(percent(Fraction::basis_points(1_575)), "15.75 %");
        assert_eq!(percent(Fraction::ZERO), "0.00 %");
        assert_eq!(price("61409.935013".parse().unwrap()), "61,409.935");
        assert_eq!(price("0.000001234567".parse().unwrap()), "0.000001234");
        assert_eq!(ratio(None), "–");
        assert_eq!(ratio(Some("1.07899".parse().unwrap())), "1.078");
    }
}

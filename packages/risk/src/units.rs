//! Numbers that know their unit.
//!
//! In JSON every one is a decimal string; in binary records it is the bare integer.

use std::fmt;
use std::str::FromStr;

use cosmwasm_std::{Decimal, Int128, SignedDecimal, Uint128, Uint256};
use cw_schema::{DefinitionReference, Node, NodeType, SchemaVisitor, Schemaifier};
use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::{InstanceType, Metadata, Schema, SchemaObject};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{RiskError, RiskResult};
use crate::wide::{self, ONE, mul_div_ceil, mul_div_floor, ten_to};

/// Amounts are below this (2^104 smallest units): virtual shares multiply them by 10^6 and
/// that still fits into 128 bits.
pub const AMOUNT_LIMIT: u128 = 1 << 104;

/// Holdings and accounts are worth at most this: 10^15 USD.
pub const VALUE_LIMIT: Usd = Usd(1_000_000_000_000_000_000_000_000_000_000_000);

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident($inner:ty), $text:literal, $parse:expr, $show:expr, $stored:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// Whether this is zero.
            #[must_use]
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let show: fn($inner, &mut fmt::Formatter<'_>) -> fmt::Result = $show;
                show(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = Box<RiskError>;

            fn from_str(text: &str) -> RiskResult<Self> {
                let parse: fn(&str) -> Option<$inner> = $parse;
                parse(text).map(Self).ok_or_else(|| {
                    RiskError::config(stringify!($name), text, concat!("must be ", $text))
                })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    $stored::serialize(self.0, serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
                } else {
                    $stored::deserialize(deserializer).map(Self)
                }
            }
        }

        impl Schemaifier for $name {
            fn visit_schema(visitor: &mut SchemaVisitor) -> DefinitionReference {
                visitor.insert(
                    Self::id(),
                    Node {
                        name: stringify!($name).into(),
                        description: Some($text.into()),
                        value: NodeType::String,
                    },
                )
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> String {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                SchemaObject {
                    instance_type: Some(InstanceType::String.into()),
                    metadata: Some(Box::new(Metadata {
                        description: Some(concat!("A string: ", $text, ".").into()),
                        ..Default::default()
                    })),
                    ..Default::default()
                }
                .into()
            }
        }
    };
}

/// Numbers stored as they are.
mod plain {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(inner: T, to: S) -> Result<S::Ok, S::Error> {
        inner.serialize(to)
    }

    pub fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        T::deserialize(from)
    }
}

/// Atomics stored without the zeros at their end, as 19 times what is left plus how many: storage
/// is paid for by the byte, and what people configure is seldom more than two digits long.
mod trimmed {
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// How many zeros there can be, and none.
    const COUNTS: u128 = 19;

    /// None beyond 2^128 ÷ 19.
    pub fn pack(atomics: u128) -> Option<u128> {
        let (mut left, mut zeros) = (atomics, 0_u128);
        while left != 0 && zeros < 18 && left.checked_rem(10) == Some(0) {
            left = left.checked_div(10)?;
            zeros = zeros.checked_add(1)?;
        }
        left.checked_mul(COUNTS)?.checked_add(zeros)
    }

    /// None for what [`pack`] does not give.
    pub fn unpack(packed: u128) -> Option<u128> {
        let zeros = u32::try_from(packed.checked_rem(COUNTS)?).ok()?;
        let left = packed.checked_div(COUNTS)?;
        left.checked_mul(10_u128.checked_pow(zeros)?)
    }

    pub fn serialize<S: Serializer>(atomics: u128, to: S) -> Result<S::Ok, S::Error> {
        pack(atomics)
            .ok_or_else(|| S::Error::custom("a fraction beyond what is stored"))?
            .serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u128, D::Error> {
        unpack(u128::deserialize(from)?)
            .ok_or_else(|| D::Error::custom("a fraction beyond 128 bits"))
    }
}

fn parse_decimal(text: &str) -> Option<u128> {
    Decimal::from_str(text).ok().map(|d| d.atomics().u128())
}

fn show_decimal(atomics: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    fmt::Display::fmt(&Decimal::new(Uint128::new(atomics)), f)
}

fn parse_integer(text: &str) -> Option<u128> {
    // `u128::from_str` would also take a leading plus sign.
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

unit! {
    /// A dimensionless number with 18 decimals: haircuts, rates per year, volatilities per √day.
    Fraction(u128), "a non-negative decimal with at most 18 decimals", parse_decimal, show_decimal, trimmed
}

unit! {
    /// USD per whole token, 18 decimals.
    Price(u128), "USD per whole token with at most 18 decimals", parse_decimal, show_decimal, plain
}

unit! {
    /// A signed value in USD, 18 decimals.
    Usd(i128), "a value in USD with at most 18 decimals, possibly negative",
    |text| SignedDecimal::from_str(text).ok().map(|d| d.atomics().i128()),
    |atomics, f| fmt::Display::fmt(&SignedDecimal::new(Int128::new(atomics)), f), plain
}

unit! {
    /// Smallest units of a token.
    Amount(u128), "a whole number of smallest units", parse_integer,
    |amount, f| fmt::Display::fmt(&amount, f), plain
}

unit! {
    /// Shares of a pool's supply: 10^6 of them are worth one smallest unit in an untouched pool.
    SupplyShares(u128), "a whole number of supply shares", parse_integer,
    |shares, f| fmt::Display::fmt(&shares, f), plain
}

unit! {
    /// Shares of a pool's debt: 10^6 of them owe one smallest unit in an untouched pool.
    DebtShares(u128), "a whole number of debt shares", parse_integer,
    |shares, f| fmt::Display::fmt(&shares, f), plain
}

impl Amount {
    /// Checks that this is below [`AMOUNT_LIMIT`].
    ///
    /// # Errors
    /// [`RiskError::AmountTooLarge`].
    pub fn checked(self) -> RiskResult<Self> {
        if self.0 < AMOUNT_LIMIT {
            Ok(self)
        } else {
            Err(Box::new(RiskError::AmountTooLarge {
                amount: self.to_string(),
            }))
        }
    }
}

macro_rules! sums {
    ($($name:ident),*) => {$(
        impl $name {
            /// The sum.
            ///
            /// # Errors
            /// [`RiskError::Overflow`].
            pub fn plus(self, other: Self) -> RiskResult<Self> {
                let sum = self.0.checked_add(other.0).map(Self);
                sum.ok_or_else(|| RiskError::overflow(concat!("a sum (", stringify!($name), ")")))
            }

            /// The difference.
            ///
            /// # Errors
            /// [`RiskError::Overflow`] below zero for unsigned units.
            pub fn minus(self, other: Self) -> RiskResult<Self> {
                let difference = self.0.checked_sub(other.0).map(Self);
                difference.ok_or_else(|| {
                    RiskError::overflow(concat!("a difference (", stringify!($name), ")"))
                })
            }
        }
    )*};
}

sums!(Amount, SupplyShares, DebtShares, Fraction, Usd);

impl Fraction {
    /// One.
    pub const ONE: Self = Self(ONE);

    /// `parts` of ten thousand.
    #[must_use]
    pub const fn basis_points(parts: u32) -> Self {
        Self((parts as u128).saturating_mul(ONE / 10_000))
    }

    /// `percent` of a hundred.
    #[must_use]
    pub const fn percent(percent: u32) -> Self {
        Self((percent as u128).saturating_mul(ONE / 100))
    }

    /// The product, rounded down.
    ///
    /// # Errors
    /// [`RiskError::Overflow`].
    pub fn mul_floor(self, other: Self) -> RiskResult<Self> {
        wide::mul_floor(self.0, other.0).map(Self)
    }
}

impl From<Decimal> for Fraction {
    fn from(decimal: Decimal) -> Self {
        Self(decimal.atomics().u128())
    }
}

impl From<Decimal> for Price {
    fn from(decimal: Decimal) -> Self {
        Self(decimal.atomics().u128())
    }
}

impl Price {
    /// The value of `amount` smallest units of a token with `decimals`, rounded down.
    ///
    /// # Errors
    /// [`RiskError::ValueTooLarge`] beyond [`VALUE_LIMIT`].
    pub fn value_floor(self, amount: Amount, decimals: u8) -> RiskResult<Usd> {
        self.value(amount, decimals, wide::divide_floor)
    }

    /// The value of `amount` smallest units of a token with `decimals`, rounded up.
    ///
    /// # Errors
    /// [`RiskError::ValueTooLarge`] beyond [`VALUE_LIMIT`].
    pub fn value_ceil(self, amount: Amount, decimals: u8) -> RiskResult<Usd> {
        self.value(amount, decimals, wide::divide_ceil)
    }

    fn value(
        self,
        amount: Amount,
        decimals: u8,
        divide: fn(Uint256, Uint256) -> RiskResult<Uint256>,
    ) -> RiskResult<Usd> {
        let wide = self.wide_value(amount, decimals, divide)?;
        wide::narrow(wide)
            .ok()
            .and_then(|atomics| i128::try_from(atomics).ok())
            .filter(|atomics| *atomics <= VALUE_LIMIT.0)
            .map(Usd)
            .ok_or_else(|| RiskError::too_valuable(wide))
    }

    /// The value of what a market can take, rounded down: it may exceed what an account may be
    /// worth, and is clamped to what fits, so that it has no jump anywhere.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] for decimals above 38.
    pub(crate) fn liquidity_floor(self, amount: Amount, decimals: u8) -> RiskResult<Usd> {
        let wide = self.wide_value(amount, decimals, wide::divide_floor)?;
        let fits = wide::narrow(wide).and_then(Usd::from_magnitude);
        Ok(fits.unwrap_or(Usd(i128::MAX)))
    }

    fn wide_value(
        self,
        amount: Amount,
        decimals: u8,
        divide: fn(Uint256, Uint256) -> RiskResult<Uint256>,
    ) -> RiskResult<Uint256> {
        let product = wide::product(amount.0, self.0);
        divide(product, Uint256::from(ten_to(decimals)?))
    }

    /// The largest amount in smallest units whose value is at most `value` (rounded down).
    ///
    /// # Errors
    /// [`RiskError::DivisionByZero`] at a price of zero, [`RiskError::Overflow`] beyond 128 bits.
    pub fn amount_floor(self, value: Usd, decimals: u8) -> RiskResult<Amount> {
        mul_div_floor(value.magnitude(), ten_to(decimals)?, self.0).map(Amount)
    }

    /// The smallest amount in smallest units whose value is at least `value` (rounded up).
    ///
    /// # Errors
    /// [`RiskError::DivisionByZero`] at a price of zero, [`RiskError::Overflow`] beyond 128 bits.
    pub fn amount_ceil(self, value: Usd, decimals: u8) -> RiskResult<Amount> {
        mul_div_ceil(value.magnitude(), ten_to(decimals)?, self.0).map(Amount)
    }

    /// This price times a fraction, rounded down.
    ///
    /// # Errors
    /// [`RiskError::Overflow`].
    pub fn scaled_floor(self, by: Fraction) -> RiskResult<Self> {
        wide::mul_floor(self.0, by.0).map(Self)
    }

    /// This price times a fraction, rounded up.
    ///
    /// # Errors
    /// [`RiskError::Overflow`].
    pub fn scaled_ceil(self, by: Fraction) -> RiskResult<Self> {
        wide::mul_ceil(self.0, by.0).map(Self)
    }
}

impl Usd {
    /// A whole number of USD.
    #[must_use]
    pub const fn whole(usd: u32) -> Self {
        Self((usd as i128).saturating_mul(1_000_000_000_000_000_000))
    }

    /// The value without its sign, in units of 10^-18 USD.
    #[must_use]
    pub const fn magnitude(self) -> u128 {
        self.0.unsigned_abs()
    }

    /// Whether this is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The value with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// This value, zero or more, times a fraction, rounded down; zero for a negative value.
    ///
    /// # Errors
    /// [`RiskError::Overflow`].
    pub fn mul_floor(self, by: Fraction) -> RiskResult<Self> {
        Self::from_magnitude(wide::mul_floor(self.0.max(0).unsigned_abs(), by.0)?)
    }

    /// This value, zero or more, times a fraction, rounded up; zero for a negative value.
    ///
    /// # Errors
    /// [`RiskError::Overflow`].
    pub fn mul_ceil(self, by: Fraction) -> RiskResult<Self> {
        Self::from_magnitude(wide::mul_ceil(self.0.max(0).unsigned_abs(), by.0)?)
    }

    /// A value out of units of 10^-18 USD.
    ///
    /// # Errors
    /// [`RiskError::Overflow`] beyond 127 bits.
    pub fn from_magnitude(atomics: u128) -> RiskResult<Self> {
        i128::try_from(atomics)
            .map(Self)
            .map_err(|_| RiskError::overflow("a value"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_strings_in_json_and_integers_in_records() {
        let price: Price = "1234.5".parse().unwrap();
        assert_eq!(serde_json::to_string(&price).unwrap(), "\"1234.5\"");
        assert_eq!(serde_json::from_str::<Price>("\"1234.5\"").unwrap(), price);
        let bytes = postcard::to_allocvec(&price).unwrap();
        assert_eq!(postcard::from_bytes::<Price>(&bytes).unwrap(), price);
        assert!(bytes.len() < 12);
        assert_eq!("-0.5".parse::<Usd>().unwrap(), Usd(-(ONE as i128) / 2));
        for bad in ["", "x", "-1", "1e5", "1.0000000000000000001", " 1"] {
            assert!(bad.parse::<Price>().is_err(), "{bad:?}");
        }
        assert!("+1".parse::<DebtShares>().is_err());
        assert!("".parse::<DebtShares>().is_err());
    }

    #[test]
    fn fractions_are_stored_without_the_zeros_at_their_end() {
        for (text, packed) in [
            ("0", 0),
            ("1", 19 + 18),
            ("0.05", 5 * 19 + 16),
            ("120", 120 * 19 + 18),
            ("0.000000000000000001", 19),
        ] {
            let Fraction(atomics) = text.parse().unwrap();
            assert_eq!(trimmed::pack(atomics), Some(packed), "{text}");
            assert_eq!(trimmed::unpack(packed), Some(atomics), "{text}");
        }
        let largest = u128::MAX / 19;
        assert_eq!(
            trimmed::pack(largest).and_then(trimmed::unpack),
            Some(largest)
        );
        assert_eq!(trimmed::pack(largest + 1), None);
        assert_eq!(trimmed::unpack((largest - 1) * 19 + 5), None);
    }

    #[test]
    fn values_round_as_named_and_stop_at_the_limit() {
        let price: Price = "0.000000000000000003".parse().unwrap();
        assert_eq!(price.value_floor(Amount(1), 1).unwrap(), Usd(0));
        assert_eq!(price.value_ceil(Amount(1), 1).unwrap(), Usd(1));
        let dear: Price = "1000000000000".parse().unwrap();
        let refusal = *dear.value_floor(Amount(AMOUNT_LIMIT - 1), 0).unwrap_err();
        assert!(matches!(refusal, RiskError::ValueTooLarge { .. }));
        assert_eq!(dear.value_floor(Amount(1000), 0).unwrap(), VALUE_LIMIT);
        assert!(Amount(AMOUNT_LIMIT).checked().is_err());
        assert!(Amount(AMOUNT_LIMIT - 1).checked().is_ok());
    }
}

use cosmwasm_std::Uint256;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::wide::ONE;

/// What the arithmetic refuses. Every variant names the value that it could not bear.
#[derive(Error, Serialize, Deserialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum RiskError {
    /// An intermediate result does not fit into its type.
    #[error("the result of {operation} is out of range")]
    Overflow {
        /// The operation in words.
        operation: String,
    },

    /// A divisor is zero.
    #[error("{operation} divides by zero")]
    DivisionByZero {
        /// The operation in words.
        operation: String,
    },

    /// An amount in smallest units is not below [`crate::units::AMOUNT_LIMIT`].
    #[error("the amount {amount} is not below 2^104")]
    AmountTooLarge {
        /// The amount, in smallest units.
        amount: String,
    },

    /// A holding or an account is worth more than [`crate::units::VALUE_LIMIT`].
    #[error("a value of {usd} USD is beyond 10^15 USD")]
    ValueTooLarge {
        /// The value, rounded down to whole USD.
        usd: String,
    },

    /// A configuration value lies outside of what keeps the accounts safe.
    #[error("{field} = {value} is refused ({bound})")]
    Config {
        /// Which field.
        field: String,
        /// Its offending value.
        value: String,
        /// What it has to satisfy.
        bound: String,
    },
}

impl RiskError {
    #[cold]
    #[inline(never)]
    pub(crate) fn overflow(operation: &str) -> Box<Self> {
        Box::new(Self::Overflow {
            operation: operation.into(),
        })
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn division(operation: &str) -> Box<Self> {
        Box::new(Self::DivisionByZero {
            operation: operation.into(),
        })
    }

    /// Of a value in atomics.
    #[cold]
    #[inline(never)]
    pub(crate) fn too_valuable(atomics: Uint256) -> Box<Self> {
        let usd = atomics.checked_div(Uint256::from(ONE)).unwrap_or_default();
        Box::new(Self::ValueTooLarge {
            usd: usd.to_string(),
        })
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn config(field: &str, value: impl ToString, bound: &str) -> Box<Self> {
        Box::new(Self::Config {
            field: field.into(),
            value: value.to_string(),
            bound: bound.into(),
        })
    }
}

/// Result of this crate. The error is boxed: results are passed on at hundreds of places, and each
/// has one word to move instead of nine.
pub type RiskResult<T> = Result<T, Box<RiskError>>;

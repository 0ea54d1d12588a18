use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What the arithmetic refuses. Every variant names the value that it could not bear.
#[derive(Error, Serialize, Deserialize, Debug, Clone, PartialEq, Eq)]
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
    pub(crate) fn overflow(operation: &str) -> Self {
        Self::Overflow {
            operation: operation.into(),
        }
    }

    pub(crate) fn division(operation: &str) -> Self {
        Self::DivisionByZero {
            operation: operation.into(),
        }
    }

    pub(crate) fn config(field: &str, value: impl ToString, bound: &str) -> Self {
        Self::Config {
            field: field.into(),
            value: value.to_string(),
            bound: bound.into(),
        }
    }
}

/// Result of this crate.
pub type RiskResult<T> = Result<T, RiskError>;

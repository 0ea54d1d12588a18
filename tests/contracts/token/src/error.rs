use bulwark_types::wire::wire;
use cosmwasm_std::{StdError, Uint128};
use serde::Serialize;
use thiserror::Error;

/// What the token refuses. Displays as `<name>: <sentence> {json fields}`.
#[derive(Error, Serialize, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum TokenError {
    /// A chain library failed: an address that does not validate, a query that fails.
    #[error("{}", wire(self, "the chain's library refused this"))]
    Std {
        /// In its own words.
        detail: String,
    },
    /// Somebody else's right.
    #[error("{}", wire(self, "only the minter may do this"))]
    NotMinter {
        /// Who sent the message.
        sender: String,
    },
    /// Nothing to move.
    #[error("{}", wire(self, "the amount must be above zero"))]
    ZeroAmount {},
    /// More than the holder has.
    #[error("{}", wire(self, "the holder has less than that"))]
    InsufficientBalance {
        /// Who holds it.
        holder: String,
        /// Smallest units that it has.
        available: Uint128,
        /// Smallest units asked for.
        requested: Uint128,
    },
    /// More than the owner allowed.
    #[error("{}", wire(self, "the owner allowed less than that"))]
    InsufficientAllowance {
        /// Who wants to move the tokens.
        spender: String,
        /// Smallest units that it may.
        available: Uint128,
        /// Smallest units asked for.
        requested: Uint128,
    },
    /// More tokens than a number of 128 bits holds.
    #[error("{}", wire(self, "there would be too many tokens"))]
    TooManyTokens {
        /// Smallest units to be added.
        amount: Uint128,
    },
    /// A fee above the whole amount.
    #[error("{}", wire(self, "a fee is at most 10000 basis points"))]
    FeeTooHigh {
        /// Basis points.
        fee_bps: u16,
    },
    /// The token was told to refuse.
    #[error("{}", wire(self, "the token was told to refuse transfers"))]
    TransfersRefused {},
}

impl From<StdError> for TokenError {
    fn from(error: StdError) -> Self {
        Self::Std {
            detail: error.to_string(),
        }
    }
}

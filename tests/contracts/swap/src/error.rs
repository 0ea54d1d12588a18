use bulwark_risk::RiskError;
use bulwark_risk::units::Amount;
use bulwark_types::wire::wire;
use cosmwasm_std::StdError;
use serde::Serialize;
use thiserror::Error;

/// What the pool refuses. Displays as `<name>: <sentence> {json fields}`.
#[derive(Error, Serialize, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum SwapError {
    /// A chain library failed: an address that does not validate, a hook that does not parse.
    #[error("{}", wire(self, "the chain's library refused this"))]
    Std {
        /// In its own words.
        detail: String,
    },
    /// Both assets are the same.
    #[error("{}", wire(self, "a pool has two different assets"))]
    SameAsset {
        /// Asset.
        asset: String,
    },
    /// A fee above the whole amount.
    #[error("{}", wire(self, "a fee is at most 10000 basis points"))]
    FeeTooHigh {
        /// Basis points.
        fee_bps: u16,
    },
    /// What is offered is not of the pool.
    #[error("{}", wire(self, "the pool does not have this asset"))]
    NotInPool {
        /// Asset.
        asset: String,
    },
    /// Coins that the message does not take.
    #[error("{}", wire(self, "the message takes other coins than these"))]
    WrongFunds {
        /// The coins.
        funds: Vec<String>,
    },
    /// The swap pays nothing, or less than wanted.
    #[error("{}", wire(self, "the swap would pay less than that"))]
    TooLittle {
        /// What it would pay.
        returned: Amount,
        /// What is wanted at least, one smallest unit unless told.
        wanted: Amount,
    },
    /// The arithmetic.
    #[error("{}", wire(.0, "the arithmetic refuses this"))]
    #[serde(untagged)]
    Risk(#[from] Box<RiskError>),
}

impl From<StdError> for SwapError {
    fn from(error: StdError) -> Self {
        Self::Std {
            detail: error.to_string(),
        }
    }
}

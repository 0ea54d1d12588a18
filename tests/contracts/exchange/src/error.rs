use bulwark_risk::RiskError;
use bulwark_risk::units::Amount;
use bulwark_types::wire::wire;
use cosmwasm_std::StdError;
use serde::Serialize;
use thiserror::Error;

/// What the exchange refuses. Displays as `<name>: <sentence> {json fields}`.
#[derive(Error, Serialize, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeError {
    /// A chain library failed: an address that does not validate, an oracle that does not answer.
    #[error("{}", wire(self, "the chain's library refused this"))]
    Std {
        /// In its own words.
        detail: String,
    },
    /// Fewer than two coins, one twice, or one that is not of the bank.
    #[error("{}", wire(self, "an exchange has two or more different coins"))]
    BadListing {
        /// Coins.
        assets: Vec<String>,
    },
    /// Decimals that no coin has.
    #[error("{}", wire(self, "a coin has at most 30 decimals"))]
    TooManyDecimals {
        /// Coin.
        asset: String,
        /// Its decimals.
        decimals: u8,
    },
    /// A fee above the whole amount.
    #[error("{}", wire(self, "a fee is at most 10000 basis points"))]
    FeeTooHigh {
        /// Basis points.
        fee_bps: u16,
    },
    /// The exchange does not trade this.
    #[error("{}", wire(self, "the exchange does not have this asset"))]
    NotListed {
        /// Asset.
        asset: String,
    },
    /// A coin for itself.
    #[error("{}", wire(self, "a swap is between two different assets"))]
    SameAsset {
        /// Asset.
        asset: String,
    },
    /// Coins that the message does not take.
    #[error("{}", wire(self, "the message takes other coins than these"))]
    WrongFunds {
        /// The coins.
        funds: Vec<String>,
    },
    /// The oracle's price is stale or halted.
    #[error("{}", wire(self, "the asset has no price that can be traded at"))]
    Unpriced {
        /// Asset.
        asset: String,
    },
    /// The swap pays nothing, or less than wanted.
    #[error("{}", wire(self, "the swap would pay less than that"))]
    TooLittle {
        /// What it would pay.
        returned: Amount,
        /// What is wanted at least, one smallest unit unless told.
        wanted: Amount,
    },
    /// The exchange holds too little of what is asked for.
    #[error("{}", wire(self, "the exchange does not hold that much"))]
    SoldOut {
        /// Asset.
        asset: String,
        /// What it holds.
        held: Amount,
        /// What the swap would pay.
        wanted: Amount,
    },
    /// The arithmetic.
    #[error("{}", wire(.0, "the arithmetic refuses this"))]
    #[serde(untagged)]
    Risk(#[from] Box<RiskError>),
}

impl From<StdError> for ExchangeError {
    fn from(error: StdError) -> Self {
        Self::Std {
            detail: error.to_string(),
        }
    }
}

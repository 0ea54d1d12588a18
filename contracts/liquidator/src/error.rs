use bulwark_risk::RiskError;
use bulwark_risk::units::Amount;
use bulwark_types::wire::wire;
use cosmwasm_std::StdError;
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

/// Everything that the liquidator refuses. Displays as `<name>: <sentence> {json fields}`. What a
/// called contract refuses comes through as it is.
#[derive(Error, Serialize, JsonSchema, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ContractError {
    /// A chain library failed: an address that does not validate, a route that does not parse.
    #[error("{}", wire(self, "the chain's library refused this"))]
    Std {
        /// In its own words.
        detail: String,
    },
    /// Coins came with a message that takes none.
    #[error("{}", wire(self, "this message takes no funds"))]
    FundsSent {
        /// The coins.
        funds: Vec<String>,
    },
    /// Somebody else sent what only the vault sends.
    #[error("{}", wire(self, "only the vault may do this"))]
    OnlyVault {
        /// Who sent the message.
        sender: String,
    },
    /// Somebody else sent what only the liquidator sends to itself.
    #[error("{}", wire(self, "only the liquidator itself may do this"))]
    OnlyItself {
        /// Who sent the message.
        sender: String,
    },
    /// The liquidator was asked to call itself.
    #[error("{}", wire(self, "the liquidator does not call itself"))]
    CallsItself {
        /// Its address.
        contract: String,
    },
    /// A route without a swap, or with too many.
    #[error("{}", wire(self, "a route has at least one swap and not too many"))]
    RouteLength {
        /// How many were named.
        steps: usize,
        /// How many may be.
        limit: usize,
    },
    /// The route ends in another asset than the one that is owed.
    #[error("{}", wire(self, "the route does not end in the asset that is owed"))]
    RouteEnd {
        /// Where it ends.
        asset: String,
        /// What is owed.
        owed: String,
    },
    /// There is nothing of an asset to be swapped: everything seized came as shares of the pool, or
    /// a swap paid nothing.
    #[error("{}", wire(self, "there is nothing to swap"))]
    NothingToSwap {
        /// Asset.
        asset: String,
    },
    /// The swaps brought less than the debt and the profit that was asked for.
    #[error("{}", wire(self, "the swaps brought too little"))]
    TooLittleProfit {
        /// Asset of the debt.
        asset: String,
        /// Smallest units that are there.
        brought: Amount,
        /// Smallest units that are owed.
        owed: Amount,
        /// Smallest units that have to be left.
        min_profit: Amount,
    },
    /// An amount out of bounds.
    #[error("{}", wire(.0, .0))]
    #[serde(untagged)]
    Risk(RiskError),
}

impl From<StdError> for ContractError {
    fn from(error: StdError) -> Self {
        Self::Std {
            detail: error.to_string(),
        }
    }
}

impl From<Box<RiskError>> for ContractError {
    fn from(error: Box<RiskError>) -> Self {
        Self::Risk(*error)
    }
}

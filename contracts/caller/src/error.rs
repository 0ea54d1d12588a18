use bulwark_types::wire::wire;
use cosmwasm_std::StdError;
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

/// Everything that the caller refuses. Displays as `<name>: <sentence> {json fields}`. What the
/// called contract refuses comes through as it is.
#[derive(Error, Serialize, JsonSchema, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ContractError {
    /// A chain library failed: an address that does not validate, a balance that nobody tells.
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
    /// The caller was asked to call itself.
    #[error("{}", wire(self, "the caller does not call itself"))]
    CallsItself {
        /// Its address.
        contract: String,
    },
    /// More assets to send back than a run takes.
    #[error("{}", wire(self, "too many assets to send back"))]
    TooManyReturns {
        /// How many were named.
        count: usize,
        /// How many may be.
        limit: usize,
    },
    /// One asset would be sent back twice.
    #[error("{}", wire(self, "the asset to send back is named twice"))]
    DuplicateReturn {
        /// Asset.
        asset: String,
    },
    /// A run began in the middle of another.
    #[error("{}", wire(self, "another run has not ended yet"))]
    RunsAlready {},
    /// Nobody waits for this reply.
    #[error("{}", wire(self, "nobody waits for this reply"))]
    UnknownReply {
        /// Its number.
        id: u64,
    },
    /// Somebody else sent what only the caller sends to itself.
    #[error("{}", wire(self, "only the caller itself may do this"))]
    OnlyItself {
        /// Who sent the message.
        sender: String,
    },
}

impl From<StdError> for ContractError {
    fn from(error: StdError) -> Self {
        Self::Std {
            detail: error.to_string(),
        }
    }
}

use bulwark_types::wire::wire;
use cosmwasm_std::StdError;
use serde::Serialize;
use thiserror::Error;

/// What the keeper's contract refuses. Displays as `<name>: <sentence> {json fields}`.
#[derive(Error, Serialize, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum KeeperError {
    /// A chain library failed: an address that does not validate, data that does not parse.
    #[error("{}", wire(self, "the chain's library refused this"))]
    Std {
        /// In its own words.
        detail: String,
    },
    /// Only the vault calls back.
    #[error("{}", wire(self, "only the vault may do this"))]
    NotVault {
        /// Who sent the message.
        sender: String,
    },
    /// Somebody else's liquidation or money.
    #[error("{}", wire(self, "only the owner may do this"))]
    NotOwner {
        /// Who wants it.
        sender: String,
    },
}

impl From<StdError> for KeeperError {
    fn from(error: StdError) -> Self {
        Self::Std {
            detail: error.to_string(),
        }
    }
}

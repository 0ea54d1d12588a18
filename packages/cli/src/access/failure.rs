//! Why a command that asks a chain does not end well, and which exit code says so.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use bulwark_chain::ChainError;
use bulwark_deploy::DeployError;
use bulwark_localnet::LocalnetError;
use thiserror::Error;

/// Something is wrong with what the user asked for.
const USAGE: u8 = 2;

/// Why a command does not end well.
#[derive(Debug, Error)]
pub enum Failure {
    /// The network file, a key, or the chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The address file.
    #[error(transparent)]
    Addresses(#[from] DeployError),
    /// There is no folder in which a local network could be.
    #[error(transparent)]
    Localnet(#[from] LocalnetError),
    /// No network was named, and no local one is there.
    #[error(
        "which network? Name its file, --network FILE.toml, or start a local one: `bulwark localnet up`"
    )]
    NoNetwork,
    /// The address file does not name a vault and an oracle.
    #[error("{} names no vault and oracle: deploy first, or name another file, --addresses FILE.json", path.display())]
    NotDeployed {
        /// The address file.
        path: PathBuf,
    },
    /// An account is not written as accounts are.
    #[error(
        "{text} is no account: OWNER or OWNER/NUMBER, where OWNER is an address or the name of a key, and NUMBER 0 to 65535"
    )]
    Account {
        /// What was written.
        text: String,
    },
    /// Somebody is named by what is neither an address nor a key.
    #[error("{text} is neither an address of this chain nor the name of a key")]
    Address {
        /// What was written.
        text: String,
    },
    /// The output cannot be represented.
    #[error("the output is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The output cannot be written.
    #[error("the output cannot be written: {0}")]
    Output(io::Error),
    /// Threads cannot be started.
    #[error("threads cannot be started: {0}")]
    Runtime(io::Error),
}

impl Failure {
    /// 2 for what the user can mend in files and flags, 1 for all else.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Chain(ChainError::Network(_) | ChainError::Key(_))
            | Self::Addresses(_)
            | Self::NoNetwork
            | Self::NotDeployed { .. }
            | Self::Account { .. }
            | Self::Address { .. } => ExitCode::from(USAGE),
            _ => ExitCode::FAILURE,
        }
    }
}

//! Why a deployment does not end well, and which exit code says so.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use bulwark_chain::ChainError;
use bulwark_deploy::DeployError;
use thiserror::Error;

/// Something is wrong with what the user asked for.
const USAGE: u8 = 2;

/// Why a deployment does not end well.
#[derive(Debug, Error)]
pub enum Failure {
    /// What the deployment itself or the chain refuses.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// The network, the keys, or the chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// Nobody said yes.
    #[error("nothing was done: say yes, or pass --yes")]
    NotConfirmed,
    /// An unsigned transaction cannot be written.
    #[error("{}: {error}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// The output cannot be represented.
    #[error("the output is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The terminal does not answer.
    #[error("the terminal cannot be read: {0}")]
    Terminal(io::Error),
    /// Threads cannot be started.
    #[error("threads cannot be started: {0}")]
    Runtime(io::Error),
}

impl Failure {
    /// 2 for what the user can mend in files and flags, 1 for all else.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Deploy(
                DeployError::Form(_)
                | DeployError::Table { .. }
                | DeployError::Duplicate { .. }
                | DeployError::File { .. }
                | DeployError::AddressFile { .. }
                | DeployError::OtherChain { .. }
                | DeployError::NoArtifact { .. }
                | DeployError::Checksum { .. }
                | DeployError::Key(_),
            )
            | Self::Chain(ChainError::Network(_) | ChainError::Key(_))
            | Self::NotConfirmed => ExitCode::from(USAGE),
            Self::Deploy(_)
            | Self::Chain(_)
            | Self::Write { .. }
            | Self::Json(_)
            | Self::Terminal(_)
            | Self::Runtime(_) => ExitCode::FAILURE,
        }
    }
}

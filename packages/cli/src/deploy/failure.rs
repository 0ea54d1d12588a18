//! Why a deployment does not end well, and which exit code says so.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use bulwark_chain::ChainError;
use bulwark_deploy::DeployError;
use thiserror::Error;

use crate::access;

/// Something is wrong with what the user asked for.
const USAGE: u8 = 2;

/// Everything went well, and somebody else has to do the rest.
const LEFT: u8 = 3;

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
    /// Others have to send the rest.
    #[error(
        "{steps} step(s) are left until others have sent theirs: --generate-only DIR writes them"
    )]
    Left {
        /// How many.
        steps: usize,
    },
    /// A folder for unsigned transactions holds something.
    #[error("{} is not empty: unsigned transactions need a folder of their own", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// An unsigned transaction cannot be written.
    #[error("{}: {error}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] access::Failure),
    /// An unsigned transaction cannot be represented.
    #[error("a transaction is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The terminal does not answer.
    #[error("the terminal cannot be read: {0}")]
    Terminal(io::Error),
    /// Threads cannot be started.
    #[error("threads cannot be started: {0}")]
    Runtime(io::Error),
}

impl Failure {
    /// 2 for what the user can mend in files and flags, 3 where others have to do the rest, 1 for
    /// all else.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Deploy(
                DeployError::DeploymentFile { .. }
                | DeployError::Role { .. }
                | DeployError::Fixed { .. }
                | DeployError::File { .. }
                | DeployError::AddressFile { .. }
                | DeployError::OtherChain { .. }
                | DeployError::NoArtifact { .. }
                | DeployError::Checksum { .. }
                | DeployError::Key(_),
            )
            | Self::Chain(
                ChainError::Network(_) | ChainError::Key(_) | ChainError::WrongChain { .. },
            )
            | Self::NotEmpty { .. }
            | Self::NotConfirmed => ExitCode::from(USAGE),
            Self::Left { .. } => ExitCode::from(LEFT),
            Self::Deploy(_)
            | Self::Chain(_)
            | Self::Write { .. }
            | Self::Output(_)
            | Self::Json(_)
            | Self::Terminal(_)
            | Self::Runtime(_) => ExitCode::FAILURE,
        }
    }
}

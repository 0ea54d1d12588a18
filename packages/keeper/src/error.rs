//! Why a keeper does not start.

use std::io;
use std::path::{Path, PathBuf};

use bulwark_chain::ChainError;
use bulwark_deploy::DeployError;
use thiserror::Error;

use crate::book::BookError;
use crate::consult::Fatal;
use crate::execute::ExecuteError;
use crate::mirror::MirrorError;

/// Why a keeper does not start, or cannot go on.
#[derive(Debug, Error)]
pub enum KeeperError {
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// The configuration is not of the form that is documented. The line itself is not shown: a
    /// secret may stand there.
    #[error("{}, line {line}: {detail}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The line, the first being 1.
        line: usize,
        /// What is wrong with it.
        detail: String,
    },
    /// A value of the configuration is refused.
    #[error("keeper configuration: {field} = {value}: {bound}")]
    Value {
        /// Which field.
        field: String,
        /// Its value.
        value: String,
        /// What it has to satisfy.
        bound: String,
    },
    /// An environment variable that the configuration names is not set.
    #[error("the environment variable {variable}, which {field} names, is not set")]
    Unset {
        /// The variable.
        variable: String,
        /// The field that names it.
        field: String,
    },
    /// What the keeper remembers of margin calls is not understood.
    #[error("{}: {error}: move it away to begin anew", path.display())]
    Memory {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// What the keeper remembers belongs to another vault, or another version.
    #[error(
        "{} (version {version}) is about the vault {found}, not about {expected}: move it away, or name another folder",
        path.display()
    )]
    OtherMemory {
        /// The file.
        path: PathBuf,
        /// The file's version.
        version: u32,
        /// The file's vault.
        found: String,
        /// The vault that is kept.
        expected: String,
    },
    /// Nothing says where the vault is.
    #[error(
        "{} names no vault: deploy first, or set `vault` in the configuration",
        path.display()
    )]
    NotDeployed {
        /// The address file.
        path: PathBuf,
    },
    /// There are routes for callbacks, and no contract to call.
    #[error(
        "{} names no liquidator: deploy one, set `liquidator` in the configuration, or take [[routes]] out of it",
        path.display()
    )]
    NoLiquidator {
        /// The address file.
        path: PathBuf,
    },
    /// The liquidator is another vault's.
    #[error("the liquidator {liquidator} serves the vault {serves}, not {vault}")]
    OtherVault {
        /// Its address.
        liquidator: String,
        /// Whom it serves.
        serves: String,
        /// Whom it should serve.
        vault: String,
    },
    /// Nobody can listen where metrics and health are asked for.
    #[error("nobody can listen at {address}: {error}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the operating system says.
        error: io::Error,
    },
    /// The network, a key, or the chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The address file.
    #[error(transparent)]
    Addresses(Box<DeployError>),
    /// The local copy of the chain cannot be used.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The chain cannot be followed.
    #[error(transparent)]
    Mirror(Box<MirrorError>),
    /// Nothing can be sent.
    #[error(transparent)]
    Execute(Box<ExecuteError>),
}

impl Fatal for KeeperError {
    fn is_fatal(&self) -> bool {
        match self {
            Self::Chain(error) => error.is_fatal(),
            Self::Mirror(error) => error.is_fatal(),
            _ => true,
        }
    }
}

impl From<DeployError> for KeeperError {
    fn from(error: DeployError) -> Self {
        Self::Addresses(Box::new(error))
    }
}

impl From<MirrorError> for KeeperError {
    fn from(error: MirrorError) -> Self {
        Self::Mirror(Box::new(error))
    }
}

impl From<ExecuteError> for KeeperError {
    fn from(error: ExecuteError) -> Self {
        Self::Execute(Box::new(error))
    }
}

/// What a keeper's functions return.
pub type KeeperResult<T> = Result<T, KeeperError>;

impl KeeperError {
    /// Whether files or values have to be mended before another try can help.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        match self {
            Self::File { .. }
            | Self::Form { .. }
            | Self::Value { .. }
            | Self::Unset { .. }
            | Self::Memory { .. }
            | Self::OtherMemory { .. }
            | Self::NotDeployed { .. }
            | Self::NoLiquidator { .. }
            | Self::OtherVault { .. }
            | Self::Listen { .. }
            | Self::Addresses(_) => true,
            Self::Chain(error) => matches!(error, ChainError::Network(_) | ChainError::Key(_)),
            Self::Execute(error) => error.is_usage(),
            Self::Book(_) | Self::Mirror(_) => false,
        }
    }

    /// What the operating system says of a file.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |error| Self::File { path, error }
    }
}

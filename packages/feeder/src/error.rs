//! Why a feeder does not run.

use std::io;
use std::path::PathBuf;

use bulwark_chain::ChainError;
use bulwark_deploy::DeployError;
use bulwark_simulator::prices::PriceFileError;
use thiserror::Error;

/// Why a feeder does not run, or a round posts nothing.
#[derive(Debug, Error)]
pub enum FeederError {
    /// A file cannot be read.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// The configuration is not of the form that is documented.
    #[error("{}: {error}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<toml::de::Error>,
    },
    /// A value of the configuration is refused.
    #[error("feeder configuration: {field} = {value}: {bound}")]
    Value {
        /// Which field.
        field: String,
        /// Its value.
        value: String,
        /// What it has to satisfy.
        bound: String,
    },
    /// An environment variable that the configuration names is not set.
    #[error("the environment variable {variable}, from which header {header} comes, is not set")]
    Unset {
        /// The variable.
        variable: String,
        /// The header whose value it should hold.
        header: String,
    },
    /// The price file cannot be used.
    #[error("{}: {error}", path.display())]
    Prices {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<PriceFileError>,
    },
    /// The network, a key, or the chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The address file.
    #[error(transparent)]
    Addresses(#[from] DeployError),
    /// Nothing says where the oracle is.
    #[error(
        "{} names no oracle: deploy first, or set `oracle` in the configuration",
        path.display()
    )]
    NoOracle {
        /// The address file.
        path: PathBuf,
    },
    /// A key is not one of the oracle's feeders.
    #[error("{address} (key {key}) is none of the oracle's feeders: its owner adds it")]
    NoFeeder {
        /// The key's name.
        key: String,
        /// Its address.
        address: String,
    },
    /// A message cannot be written.
    #[error("a post cannot be written: {0}")]
    Message(#[from] cosmwasm_std::StdError),
}

impl FeederError {
    /// Whether files or values have to be mended before another try can help.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        match self {
            Self::File { .. }
            | Self::Form { .. }
            | Self::Value { .. }
            | Self::Unset { .. }
            | Self::Prices { .. }
            | Self::Addresses(_)
            | Self::NoOracle { .. } => true,
            Self::Chain(error) => matches!(error, ChainError::Network(_) | ChainError::Key(_)),
            Self::NoFeeder { .. } | Self::Message(_) => false,
        }
    }
}

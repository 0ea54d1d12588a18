//! What can go wrong with a benchmark.

use std::io;
use std::path::PathBuf;

use bulwark_chain::ChainError;
use bulwark_chain::keys::KeyError;
use bulwark_deploy::DeployError;
use bulwark_keeper::KeeperError;
use bulwark_keeper::book::BookError;
use bulwark_keeper::mirror::MirrorError;
use bulwark_localnet::LocalnetError;
use bulwark_risk::RiskError;
use bulwark_types::events::EventError;
use cosmwasm_std::StdError;
use thiserror::Error;

use crate::gas::MOST_DEPOSITS;

/// [`std::result::Result`] with this crate's error.
pub type BenchResult<T> = Result<T, BenchError>;

/// What can go wrong with a benchmark.
#[derive(Debug, Error)]
pub enum BenchError {
    /// A number of deposits that no account can have.
    #[error("{refused} deposits cannot be measured: must be 1 to {MOST_DEPOSITS}")]
    Deposits {
        /// What was asked for.
        refused: usize,
    },
    /// A number of accounts of which nothing can be measured.
    #[error("{refused} accounts cannot be measured: must be at least 1")]
    Accounts {
        /// What was asked for.
        refused: usize,
    },
    /// The keeper's list is not that of a full evaluation.
    #[error("the keeper finds {found} accounts, a full evaluation {expected}, or others")]
    Differs {
        /// In the keeper's list.
        found: usize,
        /// In the other.
        expected: usize,
    },
    /// The keeper's book.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The copy of the chain that the keeper is observed by.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// The keeper itself.
    #[error(transparent)]
    Keeper(#[from] KeeperError),
    /// An event of the vault that cannot be read.
    #[error(transparent)]
    Event(#[from] EventError),
    /// The local network.
    #[error(transparent)]
    Localnet(#[from] LocalnetError),
    /// The chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The deployment.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// An amount or a price.
    #[error(transparent)]
    Risk(#[from] Box<RiskError>),
    /// A message cannot be written.
    #[error(transparent)]
    Message(#[from] StdError),
    /// A contract's wasm is not there.
    #[error("{}: {error}; scripts/build-wasm makes it", path.display())]
    Artifact {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// The deployment has steps left that nobody here can take.
    #[error("the deployment is not complete, next would be: {step}")]
    Incomplete {
        /// The first of them.
        step: String,
    },
    /// The chain has no such thing, against expectation.
    #[error("the chain has no {what}")]
    Absent {
        /// What is missing.
        what: &'static str,
    },
    /// An answer of the chain that cannot be read.
    #[error("the answer to {query} cannot be read: {detail}")]
    Unreadable {
        /// What was asked.
        query: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// The proposal to pin the code was not carried out.
    #[error("the code {code_id} is not pinned {waited} s after the proposal")]
    NotPinned {
        /// Number of the code.
        code_id: u64,
        /// Seconds.
        waited: u64,
    },
}

impl From<KeyError> for BenchError {
    fn from(error: KeyError) -> Self {
        Self::Chain(error.into())
    }
}

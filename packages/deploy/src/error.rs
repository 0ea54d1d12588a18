//! What can go wrong when something is deployed.

use std::io;
use std::path::PathBuf;

use bulwark_chain::ChainError;
use bulwark_chain::keys::KeyError;
use thiserror::Error;

use crate::step::Kind;

/// Everything that can go wrong.
#[derive(Debug, Error)]
pub enum DeployError {
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// The deployment file is not of the form that is documented.
    #[error("deployment file: {0}")]
    Form(#[from] toml::de::Error),
    /// A table of the deployment file is not of the form that is documented.
    #[error("deployment file: {table}: {error}")]
    Table {
        /// Which table.
        table: String,
        /// What is wrong with it.
        error: toml::de::Error,
    },
    /// An asset stands twice in the deployment file.
    #[error("deployment file: the asset {asset} stands there twice")]
    Duplicate {
        /// The asset.
        asset: String,
    },
    /// The address file is not of its form.
    #[error("{}: this is no address file: {error}", path.display())]
    AddressFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// The address file belongs to another chain.
    #[error("{} is of chain {found}, not of {expected}", path.display())]
    OtherChain {
        /// The file.
        path: PathBuf,
        /// The chain of the network file.
        expected: String,
        /// The chain of the address file.
        found: String,
    },
    /// The address file names a contract that is not on the chain.
    #[error("there is no {kind} at {address} on this chain, which the address file names")]
    NoContract {
        /// Which contract.
        kind: Kind,
        /// Its address.
        address: String,
    },
    /// An artifact is not what `checksums.txt` says.
    #[error("{}: its checksum is {found}, checksums.txt says {expected}", path.display())]
    Checksum {
        /// The file.
        path: PathBuf,
        /// What is written down.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A contract has to be created and its wasm is not there.
    #[error("the wasm of the {kind} is needed: build it with scripts/build-wasm")]
    NoArtifact {
        /// Which contract.
        kind: Kind,
    },
    /// A value that is fixed for good differs.
    #[error("{field} of the {kind} is {found} for good, the deployment file says {desired}")]
    Fixed {
        /// Which contract.
        kind: Kind,
        /// Which value.
        field: String,
        /// What it is.
        found: String,
        /// What the file wants.
        desired: String,
    },
    /// Keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A step was refused.
    #[error("{step}: {error}")]
    Step {
        /// What it was to do.
        step: String,
        /// Why it was refused.
        error: ChainError,
    },
    /// A step did what it should, and is still to be done.
    #[error("{step}: it was carried out, and the chain does not show it")]
    NoProgress {
        /// What it was to do.
        step: String,
    },
    /// A message could not be written as JSON.
    #[error("a message is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The same, by the contracts' library.
    #[error("a message is no JSON: {0}")]
    Std(#[from] cosmwasm_std::StdError),
}

/// Result of this crate.
pub type DeployResult<T> = Result<T, DeployError>;

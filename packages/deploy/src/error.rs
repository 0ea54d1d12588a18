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
    /// The deployment file is refused.
    #[error("{}: {error}", path.display())]
    DeploymentFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<DeployError>,
    },
    /// Another run of `deploy` is at work with the same address file.
    #[error("another deployment is at work, which notes its addresses in {}: wait for it", path.display())]
    Busy {
        /// The address file.
        path: PathBuf,
    },
    /// The chain is not any more as it was when the plan was made that was agreed to.
    #[error(
        "the chain has changed since the plan was shown, and nothing was sent. This is new: {step}. Run it again to see the plan"
    )]
    PlanChanged {
        /// A step that nobody has agreed to.
        step: String,
    },
    /// A role is given to what is no address.
    #[error("{role} = {text}: {why}")]
    Role {
        /// Which role.
        role: &'static str,
        /// What was written.
        text: String,
        /// Why it is refused.
        why: RoleError,
    },
    /// The deployment's name is refused.
    #[error("name = {name}: must be 1 to 40 lower-case letters, digits and dashes")]
    Name {
        /// What was written.
        name: String,
    },
    /// The deployment file is not of the form that is documented.
    #[error("{0}")]
    Form(#[from] toml::de::Error),
    /// A table of the deployment file is not of the form that is documented.
    #[error("{table}: {error}")]
    Table {
        /// Which table.
        table: String,
        /// What is wrong with it.
        error: toml::de::Error,
    },
    /// An asset stands twice in the deployment file.
    #[error("the asset {asset} stands there twice")]
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

/// Why somebody who is named in a deployment file is refused.
#[derive(Debug, Error)]
pub enum RoleError {
    /// It looks like an address of this chain and is none.
    #[error("it is no valid address: a letter is wrong, or something is missing")]
    Invalid,
    /// It is an address of another chain.
    #[error("it is an address of another chain, here they begin with {prefix}1")]
    OtherChain {
        /// What addresses of this chain begin with.
        prefix: String,
    },
    /// It is the name of a key that is not here, or a key that cannot be used.
    #[error("{0}. Where the key is elsewhere, write the address instead of its name")]
    Key(KeyError),
}

/// Result of this crate.
pub type DeployResult<T> = Result<T, DeployError>;

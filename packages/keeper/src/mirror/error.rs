use std::io;
use std::path::PathBuf;

use bulwark_chain::ChainError;
use cosmwasm_std::StdError;
use thiserror::Error;

use crate::consult::Fatal;

/// Result of the mirror.
pub type MirrorResult<T> = Result<T, MirrorError>;

/// Why the mirror cannot go on by itself.
#[derive(Debug, Error)]
pub enum MirrorError {
    /// The chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// There is no vault at the address.
    #[error("there is no vault at {address}")]
    NoVault {
        /// The address.
        address: String,
    },
    /// The vault's settings cannot be read: it has another version than this program.
    #[error("the settings of the vault {address} cannot be read: {error}")]
    Settings {
        /// The vault.
        address: String,
        /// What is wrong with them.
        error: StdError,
    },
    /// A file of its own.
    #[error(transparent)]
    File(#[from] FileError),
    /// Asked for in the middle of reading everything anew.
    #[error("everything is being read anew")]
    Unsettled,
}

impl Fatal for MirrorError {
    fn is_fatal(&self) -> bool {
        match self {
            Self::Chain(error) => error.is_fatal(),
            Self::NoVault { .. } | Self::Settings { .. } | Self::File(_) => true,
            Self::Unsettled => false,
        }
    }
}

/// What is wrong with a file of the mirror's.
#[derive(Debug, Error)]
pub enum FileError {
    /// The operating system.
    #[error("{}: {error}", path.display())]
    System {
        /// The file.
        path: PathBuf,
        /// What it says.
        error: io::Error,
    },
    /// Another mirror has the folder.
    #[error("{}: in use by another process", path.display())]
    InUse {
        /// Its lock.
        path: PathBuf,
    },
    /// It is no such file, or one of another version of this program.
    #[error("{}: not a mirror of version {version}", path.display())]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// The version that this program reads.
        version: u32,
    },
    /// A part of it is damaged.
    #[error("{}: damaged at byte {offset}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where the part begins.
        offset: u64,
    },
    /// It is of another chain or vault.
    #[error("{}: of the vault {found}, not of {expected}", path.display())]
    OtherVault {
        /// The file.
        path: PathBuf,
        /// Chain and vault that are looked for.
        expected: String,
        /// Chain and vault in the file.
        found: String,
    },
}

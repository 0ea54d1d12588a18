//! What can be wrong with execution itself, beside what comes of single transactions.

use std::io;
use std::path::PathBuf;

use bulwark_chain::ChainError;
use cosmwasm_std::StdError;
use thiserror::Error;

use crate::book::BookError;

/// [`std::result::Result`] with [`ExecuteError`].
pub type ExecuteResult<T> = Result<T, ExecuteError>;

/// What can be wrong with execution itself.
#[derive(Debug, Error)]
pub enum ExecuteError {
    /// The journal: without it nothing is sent.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The chain, when it is asked for balances.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// Something that was on its way is in the journal no more.
    #[error("transaction {id} is not in the journal any more")]
    Lost {
        /// Its number.
        id: u64,
    },
    /// The book.
    #[error(transparent)]
    Book(#[from] BookError),
    /// A message cannot be written.
    #[error("a message cannot be written: {0}")]
    Message(#[from] StdError),
}

impl ExecuteError {
    /// Whether files or values have to be mended before another try can help.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Journal(
                JournalError::InUse { .. }
                    | JournalError::Line { .. }
                    | JournalError::Version { .. }
                    | JournalError::Other { .. }
            )
        )
    }
}

/// What can be wrong with a journal.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The journal.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// Another process has it.
    #[error("{} belongs to a keeper that is running: two keepers need two folders", path.display())]
    InUse {
        /// The journal.
        path: PathBuf,
    },
    /// A line in its midst is none of a journal.
    #[error("{}: line {line} is none of a journal: {error}", path.display())]
    Line {
        /// The journal.
        path: PathBuf,
        /// Which line, the first being 1.
        line: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// It is of another version.
    #[error("{} has version {found}; this program reads {expected}", path.display())]
    Version {
        /// The journal.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// What this program reads.
        expected: u32,
    },
    /// It is of another keeper or another chain.
    #[error("{} is the journal of {found}, not of {expected}", path.display())]
    Other {
        /// The journal.
        path: PathBuf,
        /// Whose it is: address and chain.
        found: String,
        /// Whose it should be.
        expected: String,
    },
    /// A line cannot be written.
    #[error("a line of the journal cannot be written: {0}")]
    Write(#[from] serde_json::Error),
}

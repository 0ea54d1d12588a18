//! One keeper for one journal.

use std::fs::{File, OpenOptions};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::error::JournalError;

/// Held as long as a keeper runs; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a journal.
    pub fn of(journal: &Path) -> Result<Self, JournalError> {
        let path = journal.with_extension("lock");
        let failed = |error| JournalError::File {
            path: path.clone(),
            error,
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut options = OpenOptions::new();
        options.create(true).write(true).truncate(false);
        let file = options.open(&path).map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(Errno::WOULDBLOCK) => Err(JournalError::InUse {
                path: journal.into(),
            }),
            Err(error) => Err(failed(error.into())),
        }
    }
}

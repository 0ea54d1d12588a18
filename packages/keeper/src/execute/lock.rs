//! One keeper for one journal.

use std::path::Path;

use super::error::JournalError;
use crate::lock::Lock;

/// Takes the lock of a journal.
pub fn of(journal: &Path) -> Result<Lock, JournalError> {
    let path = journal.with_extension("lock");
    let taken = Lock::take(&path).map_err(|error| JournalError::File { path, error })?;
    taken.ok_or_else(|| JournalError::InUse {
        path: journal.into(),
    })
}

//! Lists that a message carries.

use bulwark_types::sorted::first_repeated;

use crate::error::{ContractError, ContractResult};

/// Entries of a list in one message at most: markets, actions, targets.
pub const LIMIT: usize = 32;

/// Refuses an empty list and one that is too long.
pub fn assert_length(length: usize) -> ContractResult<()> {
    if length == 0 || length > LIMIT {
        return Err(Box::new(list_length(length, LIMIT)));
    }
    Ok(())
}

/// What a list of the wrong length is refused with.
pub fn list_length(length: usize, limit: usize) -> ContractError {
    ContractError::ListLength {
        length: u64::try_from(length).unwrap_or(u64::MAX),
        limit: u64::try_from(limit).unwrap_or(u64::MAX),
    }
}

/// Refuses an entry that stands in a list twice.
pub fn assert_distinct<'a>(entries: impl IntoIterator<Item = &'a String>) -> ContractResult<()> {
    match first_repeated(entries) {
        None => Ok(()),
        Some(entry) => Err(Box::new(ContractError::DuplicateEntry {
            entry: entry.clone(),
        })),
    }
}

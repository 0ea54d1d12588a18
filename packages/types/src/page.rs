//! Pagination of queries that list.

/// Entries in a page unless asked for.
pub const DEFAULT_LIMIT: u32 = 30;

/// Entries in a page at most.
pub const MAX_LIMIT: u32 = 100;

/// The number of entries to return for an optional wish, at least 1 and at most
/// [`MAX_LIMIT`].
#[must_use]
pub fn page_limit(wish: Option<u32>) -> usize {
    usize::try_from(wish.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT)).unwrap_or(1)
}

//! JSON for contracts, decoded in little code.
//!
//! A deserialiser that reads text is compiled once more for each type that it reads: for the
//! messages of these contracts that makes several hundred kilobytes, and a chain limits a
//! contract's size. Here one deserialiser reads the text, into a tree, and a second one, of which
//! little depends on the type, walks the tree.
//!
//! What is accepted is what `serde_json` accepts for the same types, except that a struct is never
//! read from an array, and that a message must have no field that its type does not know: a
//! misspelt option would be passed over in silence. An answer of another contract may have more
//! than what is read of it.
//!
//! Fields and variants are found by their position, and a missing field is none or an error: types
//! with `alias`, `default` or `other` are not for this decoder, and a test looks for them.

pub mod as_json;
mod tree;
mod walk;

use cosmwasm_std::StdResult;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

pub use tree::{Member, Tree};
use walk::Walk;

/// A message decoded by way of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoded<T>(pub T);

/// Another contract's answer, likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<T>(pub T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Decoded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        walk(deserializer, false).map(Self)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Answer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        walk(deserializer, true).map(Self)
    }
}

fn walk<'de, T, D>(deserializer: D, lenient: bool) -> Result<T, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let tree = &Tree::deserialize(deserializer)?;
    T::deserialize(Walk { tree, lenient }).map_err(D::Error::custom)
}

/// Decodes a message.
///
/// # Errors
/// If the text is not JSON, or not of a `T`.
pub fn from_json<T: DeserializeOwned>(json: &[u8]) -> StdResult<T> {
    cosmwasm_std::from_json::<Decoded<T>>(json).map(|Decoded(value)| value)
}

#[cfg(test)]
mod tests;

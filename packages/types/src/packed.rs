//! Storage whose values are packed in binary (postcard) instead of JSON: gas is paid by the
//! byte. Keys are those of cw-storage-plus. Each value type documents its own layout; the
//! encoding of integers is in the postcard specification.

use std::marker::PhantomData;

use cosmwasm_std::storage_keys::{namespace_with_key, to_length_prefixed_nested};
use cosmwasm_std::{Addr, Order, QuerierWrapper, StdError, StdResult, Storage};
use cw_storage_plus::{Bound, Bounder, Key, KeyDeserialize, PrimaryKey};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Packs a value.
///
/// # Errors
/// A fraction of 10^19 or more with digits down to the last; none is configured or computed.
pub fn pack<T: Serialize>(value: &T) -> StdResult<Vec<u8>> {
    postcard::to_allocvec(value).map_err(StdError::from)
}

/// Unpacks a value.
///
/// # Errors
/// If the bytes are not a packed `T`, or if some are left over.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> StdResult<T> {
    match postcard::take_from_bytes(bytes)? {
        (value, []) => Ok(value),
        (_, rest) => Err(StdError::msg(format!(
            "{} bytes left over in a record",
            rest.len()
        ))),
    }
}

/// One packed value under a fixed key.
pub struct PackedItem<T> {
    key: &'static str,
    value: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> PackedItem<T> {
    /// An item under `key`.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self {
            key,
            value: PhantomData,
        }
    }

    /// The raw storage key: what clients read it by.
    #[must_use]
    pub const fn raw_key(&self) -> &'static [u8] {
        self.key.as_bytes()
    }

    /// The value, if there is one.
    ///
    /// # Errors
    /// If the stored bytes do not unpack.
    pub fn may_load(&self, storage: &dyn Storage) -> StdResult<Option<T>> {
        storage
            .get(self.key.as_bytes())
            .map(|bytes| unpack(&bytes))
            .transpose()
    }

    /// The value.
    ///
    /// # Errors
    /// If there is none, or if the stored bytes do not unpack.
    pub fn load(&self, storage: &dyn Storage) -> StdResult<T> {
        self.may_load(storage)?
            .ok_or_else(|| missing(self.key.as_bytes()))
    }

    /// Stores a value.
    ///
    /// # Errors
    /// See [`pack`].
    pub fn save(&self, storage: &mut dyn Storage, value: &T) -> StdResult<()> {
        storage.set(self.key.as_bytes(), &pack(value)?);
        Ok(())
    }

    /// Removes the value.
    pub fn remove(&self, storage: &mut dyn Storage) {
        storage.remove(self.key.as_bytes());
    }
}

/// Packed values under keys of cw-storage-plus.
pub struct PackedMap<K, T> {
    namespace: &'static str,
    types: PhantomData<(K, T)>,
}

impl<'a, K, T> PackedMap<K, T>
where
    K: PrimaryKey<'a> + KeyDeserialize,
    T: Serialize + DeserializeOwned,
{
    /// A map under `namespace`.
    #[must_use]
    pub const fn new(namespace: &'static str) -> Self {
        Self {
            namespace,
            types: PhantomData,
        }
    }

    /// The raw storage key of an entry: what other contracts and clients read it by.
    #[must_use]
    pub fn raw_key(&self, key: &K) -> Vec<u8> {
        let keys = key.key();
        let mut parts = vec![self.namespace.as_bytes()];
        parts.extend(keys.iter().map(Key::as_ref));
        let last = parts.pop().unwrap_or_default();
        namespace_with_key(&parts, last)
    }

    /// The value under a key, if there is one.
    ///
    /// # Errors
    /// If the stored bytes do not unpack.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> StdResult<Option<T>> {
        storage
            .get(&self.raw_key(&key))
            .map(|bytes| unpack(&bytes))
            .transpose()
    }

    /// The value under a key.
    ///
    /// # Errors
    /// If there is none, or if the stored bytes do not unpack.
    pub fn load(&self, storage: &dyn Storage, key: K) -> StdResult<T> {
        let raw = self.raw_key(&key);
        let bytes = storage.get(&raw).ok_or_else(|| missing(&raw))?;
        unpack(&bytes)
    }

    /// Stores a value.
    ///
    /// # Errors
    /// See [`pack`].
    pub fn save(&self, storage: &mut dyn Storage, key: K, value: &T) -> StdResult<()> {
        storage.set(&self.raw_key(&key), &pack(value)?);
        Ok(())
    }

    /// Removes an entry.
    pub fn remove(&self, storage: &mut dyn Storage, key: K) {
        storage.remove(&self.raw_key(&key));
    }

    /// Whether there is an entry.
    #[must_use]
    pub fn has(&self, storage: &dyn Storage, key: K) -> bool {
        storage.get(&self.raw_key(&key)).is_some()
    }

    /// Entries in ascending order of their keys, after `start_after`, at most `limit`.
    ///
    /// # Errors
    /// If stored bytes do not unpack.
    pub fn page<'s>(
        &'s self,
        storage: &'s dyn Storage,
        start_after: Option<K>,
        limit: usize,
    ) -> StdResult<Vec<(K::Output, T)>>
    where
        K: Bounder<'a>,
        K::Output: 'static,
    {
        let namespace = to_length_prefixed_nested(&[self.namespace.as_bytes()]);
        let start = start_after.map(|key| Bound::<K>::exclusive(key).to_raw_bound());
        cw_storage_plus::range_with_prefix(storage, &namespace, start, None, Order::Ascending)
            .take(limit)
            .map(|(key, value)| Ok((K::from_vec(key)?, unpack(&value)?)))
            .collect()
    }

    /// The value under a key of another contract, read raw.
    ///
    /// # Errors
    /// If the query fails or the bytes do not unpack.
    pub fn query(&self, querier: QuerierWrapper, contract: &Addr, key: K) -> StdResult<Option<T>> {
        let bytes = querier.query_wasm_raw(contract.as_str(), self.raw_key(&key))?;
        bytes.map(|bytes| unpack(&bytes)).transpose()
    }
}

fn missing(key: &[u8]) -> StdError {
    StdError::msg(format!("no record at key {}", String::from_utf8_lossy(key)))
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    const MAP: PackedMap<(&str, u16), (u64, String)> = PackedMap::new("m");

    #[test]
    fn entries_come_back_in_order_and_by_page() {
        let mut storage = MockStorage::new();
        for (owner, id) in [("b", 0), ("a", 7), ("a", 0), ("ab", 1)] {
            MAP.save(&mut storage, (owner, id), &(u64::from(id), owner.into()))
                .unwrap();
        }
        let keys = |after, limit| {
            let page = MAP.page(&storage, after, limit).unwrap();
            page.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
        };
        let own = |owner: &str, id| (owner.to_owned(), id);
        assert_eq!(keys(None, 2), [own("a", 0), own("a", 7)]);
        assert_eq!(keys(Some(("a", 7)), 9), [own("b", 0), own("ab", 1)]);
        assert_eq!(MAP.load(&storage, ("ab", 1)).unwrap(), (1, "ab".into()));
        MAP.remove(&mut storage, ("ab", 1));
        assert!(!MAP.has(&storage, ("ab", 1)));
        assert!(MAP.load(&storage, ("ab", 1)).is_err());
    }

    #[test]
    fn bytes_left_over_are_refused() {
        let mut bytes = pack(&7u64).unwrap();
        assert_eq!(unpack::<u64>(&bytes).unwrap(), 7);
        bytes.push(0);
        assert!(unpack::<u64>(&bytes).is_err());
        assert!(unpack::<u64>(&[]).is_err());
    }
}

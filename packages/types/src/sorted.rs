//! A map for the handful of entries that a message touches: one sorted list, a fraction of the
//! code of the standard library's tree.

use serde::{Deserialize, Serialize};

/// Entries in ascending order of their keys, no key twice.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct SortedMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// Where a key is, or where it would be.
    fn position<Q: Ord + ?Sized>(&self, key: &Q, of: impl Fn(&K) -> &Q) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| of(other).cmp(key))
    }

    /// The value under a key, if there is one.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.get_by(key, |key| key)
    }

    /// The value under a key given in another form, which sorts like the key itself.
    pub fn get_by<Q: Ord + ?Sized>(&self, key: &Q, of: impl Fn(&K) -> &Q) -> Option<&V> {
        let at = self.position(key, of).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// The value under a key to be changed, if there is one.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = self.position(key, |key| key).ok()?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    /// Sets the value under a key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.position(&key, |key| key) {
            Ok(at) => {
                if let Some(entry) = self.0.get_mut(at) {
                    entry.1 = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// Whether there is a value under a key.
    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// The entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, K: Ord, V> IntoIterator for &'a SortedMap<K, V> {
    type Item = &'a (K, V);
    type IntoIter = std::slice::Iter<'a, (K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The first entry that stands earlier in a list already. For short lists: every pair is
/// compared.
pub fn first_repeated<T: PartialEq>(entries: impl IntoIterator<Item = T>) -> Option<T> {
    let mut seen = Vec::new();
    for entry in entries {
        if seen.contains(&entry) {
            return Some(entry);
        }
        seen.push(entry);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stay_in_order_and_keys_are_not_repeated() {
        let mut map = SortedMap::default();
        for (key, value) in [("c", 1), ("a", 2), ("b", 3), ("a", 4)] {
            map.insert(key.to_owned(), value);
        }
        if let Some(value) = map.get_mut(&"c".to_owned()) {
            *value = 5;
        }
        assert_eq!(map.get_by("a", String::as_str), Some(&4));
        assert_eq!(map.get(&"d".to_owned()), None);
        assert!(map.contains_key(&"b".to_owned()));
        let entries: Vec<_> = map.into_iter().map(|(_, value)| value).collect();
        assert_eq!(entries, [4, 3, 5]);
    }

    #[test]
    fn a_repeated_entry_is_found() {
        assert_eq!(first_repeated([1, 2, 3]), None);
        assert_eq!(first_repeated([1, 2, 3, 2, 1]), Some(2));
    }
}

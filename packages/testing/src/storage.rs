//! Storage for the embedded chain that can be snapshot and put back in constant time.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Bound;
use std::rc::Rc;

use cosmwasm_std::{Order, Record, Storage};
use imbl::OrdMap;
use imbl::ordmap::DiffItem;

/// Bytes shared between snapshots.
type Bytes = Rc<[u8]>;

/// Entries that a scan of live storage fetches at once.
const SCAN_CHUNK: usize = 32;

/// The whole storage at one moment. Cloning shares everything.
#[derive(Clone, Debug, Default)]
pub struct Snapshot(OrdMap<Bytes, Bytes>);

impl Snapshot {
    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<&[u8]> {
        self.0.get(key).map(AsRef::as_ref)
    }

    /// Entries whose key begins with `prefix`, ascending.
    pub fn with_prefix<'a>(
        &'a self,
        prefix: &'a [u8],
    ) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        self.0
            .range::<_, [u8]>((Bound::Included(prefix), Bound::Unbounded))
            .take_while(move |(key, _)| key.starts_with(prefix))
            .map(|(key, value)| (key.as_ref(), value.as_ref()))
    }

    /// Whether both hold the same entries.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0) || self.changes_to(other).next().is_none()
    }

    /// Keys whose entry differs in `later`, ascending, with the value there: none where it is
    /// gone. What both share is not visited, so the cost is that of the difference.
    pub fn changes_to<'a>(
        &'a self,
        later: &'a Self,
    ) -> impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)> {
        self.0.diff(&later.0).map(|item| match item {
            DiffItem::Add(key, value)
            | DiffItem::Update {
                new: (key, value), ..
            } => (key.as_ref(), Some(value.as_ref())),
            DiffItem::Remove(key, _) => (key.as_ref(), None),
        })
    }
}

/// A handle to live storage; clones are handles to the same storage.
#[derive(Clone, Debug, Default)]
pub struct SharedStorage(Rc<RefCell<Snapshot>>);

impl SharedStorage {
    /// The state as it is now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.0.borrow().clone()
    }

    /// Puts a state back.
    pub fn restore(&self, snapshot: Snapshot) {
        *self.0.borrow_mut() = snapshot;
    }
}

impl Storage for SharedStorage {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.borrow().get(key).map(<[u8]>::to_vec)
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        Box::new(Scan::new(self.snapshot(), start, end, order))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.0.borrow_mut().0.insert(key.into(), value.into());
    }

    fn remove(&mut self, key: &[u8]) {
        self.0.borrow_mut().0.remove(key);
    }
}

/// A scan that owns the snapshot it walks over, and fetches it in chunks.
struct Scan {
    snapshot: Snapshot,
    low: Bound<Bytes>,
    high: Bound<Bytes>,
    order: Order,
    fetched: VecDeque<Record>,
}

impl Scan {
    fn new(snapshot: Snapshot, start: Option<&[u8]>, end: Option<&[u8]>, order: Order) -> Self {
        // A range that ends before it starts is empty for a contract, and an error for a map.
        let reversed = matches!((start, end), (Some(start), Some(end)) if start >= end);
        Self {
            snapshot: if reversed {
                Snapshot::default()
            } else {
                snapshot
            },
            low: start.map_or(Bound::Unbounded, |key| Bound::Included(key.into())),
            high: end.map_or(Bound::Unbounded, |key| Bound::Excluded(key.into())),
            order,
            fetched: VecDeque::new(),
        }
    }

    fn fetch(&mut self) {
        let whole = matches!(
            (&self.low, &self.high),
            (Bound::Excluded(low), Bound::Excluded(high)) if low >= high
        );
        if whole || self.snapshot.0.is_empty() {
            return;
        }
        let range = self
            .snapshot
            .0
            .range::<_, [u8]>((as_slice(&self.low), as_slice(&self.high)));
        let own = |(key, value): (&Bytes, &Bytes)| (key.to_vec(), value.to_vec());
        match self.order {
            Order::Ascending => {
                self.fetched.extend(range.take(SCAN_CHUNK).map(own));
                if let Some((key, _)) = self.fetched.back() {
                    self.low = Bound::Excluded(key.as_slice().into());
                }
            }
            Order::Descending => {
                self.fetched.extend(range.rev().take(SCAN_CHUNK).map(own));
                if let Some((key, _)) = self.fetched.back() {
                    self.high = Bound::Excluded(key.as_slice().into());
                }
            }
        }
    }
}

fn as_slice(bound: &Bound<Bytes>) -> Bound<&[u8]> {
    match bound {
        Bound::Included(key) => Bound::Included(key),
        Bound::Excluded(key) => Bound::Excluded(key),
        Bound::Unbounded => Bound::Unbounded,
    }
}

impl Iterator for Scan {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.fetched.is_empty() {
            self.fetch();
        }
        self.fetched.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn filled(count: u8) -> SharedStorage {
        let mut storage = SharedStorage::default();
        for key in 0..count {
            storage.set(&[key, 1], &[key]);
        }
        storage
    }

    #[test]
    fn a_snapshot_stays_while_the_storage_moves_on() {
        let mut storage = filled(3);
        let before = storage.snapshot();
        storage.set(&[1, 1], b"new");
        storage.remove(&[2, 1]);
        storage.set(&[9], b"added");
        let after = storage.snapshot();
        let changes: Vec<_> = before.changes_to(&after).collect();
        assert_eq!(
            changes,
            [
                ([1u8, 1].as_slice(), Some(b"new".as_slice())),
                (&[2, 1], None),
                (&[9], Some(b"added")),
            ]
        );
        assert!(!before.same_as(&after));
        storage.restore(before.clone());
        assert!(before.same_as(&storage.snapshot()));
        assert_eq!(storage.get(&[2, 1]), Some(vec![2]));
    }

    #[test]
    fn ranges_are_those_of_an_ordered_map_in_both_directions() {
        let storage = filled(100);
        let model: BTreeMap<Vec<u8>, Vec<u8>> =
            (0..100u8).map(|key| (vec![key, 1], vec![key])).collect();
        for (start, end) in [(0u8, 255u8), (5, 70), (40, 41), (7, 7), (9, 3), (200, 255)] {
            let expected: Vec<Record> = model
                .iter()
                .filter(|(key, _)| **key >= vec![start] && **key < vec![end])
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let scan = |order| -> Vec<Record> {
                storage.range(Some(&[start]), Some(&[end]), order).collect()
            };
            assert_eq!(scan(Order::Ascending), expected, "{start}..{end}");
            let mut reversed = expected;
            reversed.reverse();
            assert_eq!(scan(Order::Descending), reversed, "{start}..{end}");
        }
        let all = storage.range(None, None, Order::Ascending).count();
        assert_eq!(all, 100);
    }

    #[test]
    fn the_storage_may_change_under_a_running_scan() {
        let storage = filled(50);
        let mut writer = storage.clone();
        let scan = storage.range(None, None, Order::Ascending);
        let seen = scan.map(|(key, _)| writer.remove(&key)).count();
        assert_eq!(seen, 50);
    }
}

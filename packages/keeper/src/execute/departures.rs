//! What is about to be sent, one after the other, while the keeper goes on with the next block.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot::{Receiver, Sender, channel};

use super::entry::Entry;

/// Transactions that no node has got yet: their accounts and tokens are spoken for.
#[derive(Debug, Default)]
pub struct Departures {
    entries: Entries,
    /// The one that came last.
    last: Option<Receiver<()>>,
}

type Entries = Arc<Mutex<BTreeMap<u64, Entry>>>;

/// A place in the queue; whoever drops it lets the next one go.
#[derive(Debug)]
pub struct Departure {
    id: u64,
    entries: Entries,
    before: Option<Receiver<()>>,
    _after: Sender<()>,
}

impl Departures {
    /// A transaction takes its place behind those that wait.
    pub fn join(&mut self, entry: &Entry) -> Departure {
        let (after, last) = channel();
        locked(&self.entries).insert(entry.id, entry.clone());
        Departure {
            id: entry.id,
            entries: Arc::clone(&self.entries),
            before: self.last.replace(last),
            _after: after,
        }
    }

    /// Those that wait.
    pub fn entries(&self) -> BTreeMap<u64, Entry> {
        locked(&self.entries).clone()
    }
}

impl Departure {
    /// Waits until those before it are gone.
    pub async fn is_next(&mut self) {
        if let Some(before) = self.before.take() {
            // It says nothing: it is gone.
            let _gone = before.await;
        }
    }
}

impl Drop for Departure {
    fn drop(&mut self) {
        locked(&self.entries).remove(&self.id);
    }
}

fn locked(entries: &Entries) -> MutexGuard<'_, BTreeMap<u64, Entry>> {
    entries.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use bulwark_risk::units::Usd;
    use tokio::sync::mpsc;

    use super::*;
    use crate::execute::Kind;

    fn entry(id: u64) -> Entry {
        Entry {
            id,
            height: 1,
            kind: Kind::WriteOff,
            accounts: vec![],
            sends: None,
            gas_limit: 0,
            fee: 0,
            timeout_height: 0,
            planned_profit: Usd::ZERO,
        }
    }

    /// The most urgent is sent first, whichever task runs first.
    #[tokio::test]
    async fn they_go_in_the_order_in_which_they_came() {
        let mut departures = Departures::default();
        let (gone, mut seen) = mpsc::unbounded_channel();
        let places: Vec<_> = (1..=4).map(|id| departures.join(&entry(id))).collect();
        assert_eq!(departures.entries().len(), 4);
        for mut place in places.into_iter().rev() {
            let gone = gone.clone();
            tokio::spawn(async move {
                place.is_next().await;
                gone.send(place.id).unwrap();
            });
        }
        drop(gone);
        for id in 1..=4 {
            assert_eq!(seen.recv().await, Some(id));
        }
        assert_eq!(seen.recv().await, None);
        assert_eq!(departures.entries(), BTreeMap::new());
    }

    #[tokio::test]
    async fn whoever_ends_lets_the_next_one_go() {
        let mut departures = Departures::default();
        let first = departures.join(&entry(1));
        let mut second = departures.join(&entry(2));
        drop(first);
        second.is_next().await;
        assert_eq!(departures.entries().into_keys().collect::<Vec<_>>(), [2]);
    }
}

//! What blocks say to all who wait for transactions of one account: each block is read once, however
//! many wait.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as Registry, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::client::Client;
use crate::error::ChainError;
use crate::lookup::Landed;

/// How often a node is asked for its newest block, a little after the last one …
const POLL: Duration = Duration::from_millis(200);

/// … and when no other one has come for [`BRISK`].
const SLOW_POLL: Duration = Duration::from_millis(600);

/// Blocks follow one another so quickly on a brisk chain.
const BRISK: Duration = Duration::from_secs(3);

/// Blocks, back from the newest one, that are read when the first begins to wait.
const BEFORE: u64 = 2;

/// Blocks that are read at once at most; older ones are left out.
const MOST: u64 = 50;

/// Blocks of a chain, read for one account.
#[derive(Debug, Default)]
pub struct Blocks {
    /// By hash: how many wait for it, and where it was found.
    wanted: Arc<Registry<BTreeMap<String, Wanted>>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct Wanted {
    by: usize,
    landed: Option<Landed>,
}

#[derive(Debug, Default)]
struct State {
    view: Option<View>,
    /// When the view was new.
    since: Option<Instant>,
    /// When a node was asked, which need not have answered.
    asked: Option<Instant>,
}

/// How far blocks have been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The last block that was read.
    pub height: u64,
    /// The account's next sequence after it.
    pub sequence: u64,
}

/// Somebody waits for a transaction, as long as this is kept.
#[derive(Debug)]
pub struct Waiting {
    hash: String,
    wanted: Arc<Registry<BTreeMap<String, Wanted>>>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut wanted = registry(&self.wanted);
        if let Some(one) = wanted.get_mut(&self.hash) {
            one.by = one.by.saturating_sub(1);
            if one.by == 0 {
                wanted.remove(&self.hash);
            }
        }
    }
}

fn registry<T>(registry: &Registry<T>) -> MutexGuard<'_, T> {
    registry.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Blocks {
    /// From now on a transaction is looked for in the blocks that are read.
    pub async fn wait_for(&self, hash: &str) -> Waiting {
        let is_first = {
            let mut wanted = registry(&self.wanted);
            let is_first = wanted.is_empty();
            wanted.entry(hash.into()).or_default().by += 1;
            is_first
        };
        let waiting = Waiting {
            hash: hash.into(),
            wanted: Arc::clone(&self.wanted),
        };
        if is_first {
            // Blocks since somebody waited last are of no interest.
            *self.state.lock().await = State::default();
        }
        waiting
    }

    /// How far blocks have been read, and where a transaction is that is waited for. Reads on if it is
    /// time for that; that somebody else does so is waited for.
    ///
    /// # Errors
    /// [`ChainError`] of whoever was asked; others go on with what is known.
    pub async fn look(
        &self,
        client: &Client,
        address: &str,
        waiting: &Waiting,
    ) -> Result<Option<(View, Option<Landed>)>, ChainError> {
        let mut state = self.state.lock().await;
        if state.is_due() {
            let read = self.read(client, address, state.view).await;
            state.asked = Some(Instant::now());
            let view = read?;
            if state.view != Some(view) {
                state.view = Some(view);
                state.since = state.asked;
            }
        }
        let wanted = registry(&self.wanted);
        let wanted = wanted.get(&waiting.hash);
        let landed = wanted.and_then(|wanted| wanted.landed.clone());
        Ok(state.view.map(|view| (view, landed)))
    }

    async fn read(
        &self,
        client: &Client,
        address: &str,
        before: Option<View>,
    ) -> Result<View, ChainError> {
        let newest = client.latest_block().await?.height;
        let first = match before {
            // A little behind: another endpoint than the one before.
            Some(view) if (newest..newest + MOST).contains(&view.height) => return Ok(view),
            Some(view) if view.height < newest => view.height + 1,
            // Or the one before has told a block that is not there.
            _ => newest.saturating_sub(BEFORE),
        };
        let first = first.max(newest.saturating_sub(MOST)).max(1);
        let is_open = |(_, wanted): &(&String, &Wanted)| wanted.landed.is_none();
        let hashes: Vec<String> = {
            let wanted = registry(&self.wanted);
            let open = wanted.iter().filter(is_open);
            open.map(|(hash, _)| hash.clone()).collect()
        };
        let found = client.find_in_blocks(&hashes, first..=newest).await?;
        let account = client.at(newest).account(address).await?;
        let mut wanted = registry(&self.wanted);
        for (hash, landed) in found {
            if let Some(one) = wanted.get_mut(&hash) {
                one.landed = Some(landed);
            }
        }
        Ok(View {
            height: newest,
            sequence: account.sequence,
        })
    }
}

impl State {
    fn is_due(&self) -> bool {
        let is_brisk = self.since.is_none_or(|since| since.elapsed() < BRISK);
        let pause = if is_brisk { POLL } else { SLOW_POLL };
        self.asked.is_none_or(|asked| asked.elapsed() >= pause)
    }
}

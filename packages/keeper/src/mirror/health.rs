//! How the mirror does.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use bulwark_chain::client::BlockStamp;
use bulwark_chain::endpoints::EndpointHealth;

/// How the mirror does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// What it is doing.
    pub state: State,
    /// The last block whose state it has.
    pub height: u64,
    /// Time of that block, in seconds since 1970; 0 before the first.
    pub time: u64,
    /// The newest block that it knows of.
    pub newest: u64,
    /// The endpoint that answers.
    pub endpoint: String,
    /// All endpoints, as of when they were last looked at.
    pub endpoints: Vec<EndpointHealth>,
    /// Height of the last verification; none before the first.
    pub verified_at: Option<u64>,
    /// Records that were found to differ from the chain's, ever.
    pub drifts: u64,
    /// How often everything was read anew, the first time aside.
    pub reloads: u64,
    /// What went wrong last, while it goes on doing so.
    pub trouble: Option<String>,
}

/// What the mirror is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// It reads everything.
    #[default]
    Loading,
    /// It follows the chain.
    Following,
}

impl Health {
    /// Seconds since the last block whose state it has, by this machine's clock.
    #[must_use]
    pub fn lag_seconds(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.map_or(0, |now| now.as_secs().saturating_sub(self.time))
    }
}

/// A view of a mirror's health that can be looked at while the mirror is busy.
#[derive(Clone, Debug, Default)]
pub struct HealthView(Arc<Mutex<Health>>);

impl HealthView {
    /// How the mirror does now.
    #[must_use]
    pub fn get(&self) -> Health {
        let health = self.0.lock();
        health.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Health)) {
        let mut health = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut health);
    }

    pub(super) fn reached(&self, block: BlockStamp) {
        self.change(|health| {
            health.height = block.height;
            health.time = block.time;
            health.newest = health.newest.max(block.height);
            health.trouble = None;
        });
    }
}

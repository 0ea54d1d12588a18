//! The keeper's wallet, looked at now and then by somebody whom nobody waits for.

use std::time::{Duration, Instant};

use bulwark_chain::{ChainError, Client};
use futures::FutureExt;
use tokio::task::JoinHandle;

use crate::wallet::{self, Held};

/// How often the wallet is looked at, if nothing happens to it.
const EVERY: Duration = Duration::from_secs(15);

/// The keeper's wallet, for whoever watches.
#[derive(Debug)]
pub struct Purse {
    client: Client,
    keeper: String,
    asked: Option<JoinHandle<Result<Held, ChainError>>>,
    /// At once if none.
    asks_next: Option<Instant>,
}

impl Purse {
    /// Of a keeper's address.
    pub const fn new(client: Client, keeper: String) -> Self {
        Self {
            client,
            keeper,
            asked: None,
            asks_next: None,
        }
    }

    /// Its content has changed.
    pub const fn changes(&mut self) {
        self.asks_next = None;
    }

    /// What it has, when that has just become known; of these assets, when it is asked for again.
    /// Does not wait.
    pub fn look(&mut self, assets: impl FnOnce() -> Vec<String>) -> Option<Held> {
        if let Some(asked) = &mut self.asked {
            let answer = asked.now_or_never()?;
            self.asked = None;
            // Who cannot be asked is a fault of its own, and asked again.
            return answer.ok().and_then(Result::ok);
        }
        let now = Instant::now();
        if self.asks_next.is_some_and(|next| now < next) {
            return None;
        }
        self.asks_next = Some(now + EVERY);
        let (client, keeper, assets) = (self.client.clone(), self.keeper.clone(), assets());
        let asked = async move { wallet::held(&client, &keeper, assets).await };
        self.asked = Some(tokio::spawn(asked));
        None
    }
}

impl Drop for Purse {
    fn drop(&mut self) {
        if let Some(asked) = &self.asked {
            asked.abort();
        }
    }
}

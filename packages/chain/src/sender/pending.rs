//! A transaction on its way, waited for and looked after.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::{POLL, Place, Sender, passes};
use crate::blocks::View;
use crate::error::ChainError;
use crate::lookup::Landed;
use crate::sequence::expected;
use crate::tx::{Included, SignedTx};

/// A transaction may have got lost when so many blocks have come without it …
const BLOCKS_UNTIL_LOST: u64 = 2;

/// … in no less than this time.
const UNTIL_LOST: Duration = Duration::from_secs(3);

/// A transaction that a node has taken.
#[derive(Clone, Debug)]
pub struct Pending {
    pub(super) sender: Sender,
    pub(super) transaction: SignedTx,
    /// The last block that may have it.
    pub(super) last: Option<u64>,
}

/// What has been done for a transaction that does not come.
#[derive(Debug, Default)]
struct Care {
    /// The block after which it was looked for further back.
    searched: Option<u64>,
    /// The block after which it was sent last, and when.
    sent: Option<(u64, Instant)>,
}

impl Care {
    /// Whether it has to be sent again after this block; if so, that is taken as done.
    fn is_due(&mut self, height: u64) -> bool {
        let now = Instant::now();
        let (block, since) = *self.sent.get_or_insert((height, now));
        let is_due = height >= block + BLOCKS_UNTIL_LOST && now - since >= UNTIL_LOST;
        if is_due {
            self.sent = Some((height, now));
        }
        is_due
    }
}

impl Pending {
    /// Its hash, in capital hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.transaction.hash
    }

    /// Waits until a block has it. If nodes lose it (one that restarts does), it is sent again. However
    /// many wait for transactions of one sender, each block is read once. It is given up after the last
    /// block that may have it.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if it failed in its block, [`ChainError::NotIncluded`],
    /// [`ChainError::Superseded`].
    pub async fn wait(self) -> Result<Included, ChainError> {
        let start = Instant::now();
        let sender = &self.sender;
        let blocks = &sender.shared.blocks;
        let waiting = blocks.wait_for(self.hash()).await;
        let mut care = Care::default();
        while start.elapsed() < sender.patience {
            let told = blocks.look(&sender.client, sender.address(), &waiting);
            let found = match told.await {
                Ok(Some((_, Some(landed)))) => Ok(Some(landed)),
                Ok(Some((view, None))) if self.is_past(view) => break,
                Ok(Some((view, None))) => self.look_after(view, &mut care).await,
                Ok(None) => Ok(None),
                Err(error) => Err(error),
            };
            match found {
                Ok(Some(landed)) => {
                    self.settle().await;
                    return Ok(landed?);
                }
                Ok(None) | Err(ChainError::Unclear { .. }) => {}
                // A node that does not answer may be on its way back.
                Err(error) if passes(&error) => {}
                Err(error) => return Err(error),
            }
            sleep(POLL).await;
        }
        Err(ChainError::NotIncluded {
            hash: self.transaction.hash.clone(),
            waited: start.elapsed(),
        })
    }

    /// Whether all blocks that may have it have come without it.
    fn is_past(&self, view: View) -> bool {
        let is_free = view.sequence <= self.transaction.sequence;
        is_free && self.last.is_some_and(|last| view.height > last)
    }

    /// It stands in a block.
    async fn settle(&self) {
        let settled = self.transaction.sequence + 1;
        let mut state = self.sender.shared.state.lock().await;
        state.tracker.settle(settled);
    }

    /// Looks for it further back if its sequence has been used, once a block; sends it again if blocks
    /// come without it.
    async fn look_after(&self, view: View, care: &mut Care) -> Result<Option<Landed>, ChainError> {
        if view.sequence > self.transaction.sequence {
            if care.searched == Some(view.height) {
                return Ok(None);
            }
            care.searched = Some(view.height);
            return self.search().await;
        }
        if care.is_due(view.height) {
            self.send_again().await?;
        }
        Ok(None)
    }

    /// Where it is, now that its sequence has been used; fails if another one used it.
    async fn search(&self) -> Result<Option<Landed>, ChainError> {
        match self.sender.client.transaction(self.hash()).await {
            Ok(Some(included)) => return Ok(Some(Ok(included))),
            Err(ChainError::Refused(refusal)) => return Ok(Some(Err(refusal))),
            Ok(None) | Err(ChainError::NotIndexed { .. }) => {}
            Err(error) => return Err(error),
        }
        match self.sender.in_block(&self.transaction).await? {
            Place::Landed(landed) => Ok(Some(landed)),
            Place::Open => Ok(None),
            Place::Overtaken => Err(ChainError::Superseded {
                hash: self.transaction.hash.clone(),
                address: self.sender.address().into(),
                sequence: self.transaction.sequence,
            }),
        }
    }

    /// Sends it again, and before it what nodes have lost with it.
    async fn send_again(&self) -> Result<(), ChainError> {
        let (sender, sequence) = (&self.sender, self.transaction.sequence);
        if !self.is_behind(sender.client.broadcast(&self.transaction).await)? {
            return Ok(());
        }
        // Those before it are lost as well, unless another one has seen to that meanwhile.
        let mut state = sender.shared.state.lock().await;
        let Err(ChainError::Refused(refusal)) = sender.client.broadcast(&self.transaction).await
        else {
            return Ok(());
        };
        match expected(&refusal).filter(|expected| *expected < sequence) {
            Some(expected) => sender.remedy(&mut state, expected).await,
            None => Ok(()),
        }
    }

    /// Whether nodes refuse it because they lack those before it.
    fn is_behind(&self, handed: Result<(), ChainError>) -> Result<bool, ChainError> {
        match handed {
            Ok(()) => Ok(false),
            Err(ChainError::Refused(refusal)) => match expected(&refusal) {
                Some(expected) => Ok(expected < self.transaction.sequence),
                None => Err(ChainError::Refused(refusal)),
            },
            Err(error) => Err(error),
        }
    }
}

//! What became of a transaction whose hash is known.

use std::time::Duration;

use bulwark_chain::events::typed;
use bulwark_chain::sender::Pending;
use bulwark_chain::{ChainError, Client, Included, Phase, Refusal};
use bulwark_types::events::{BadDebtAbsorbed, Liquidated};
use bulwark_types::vault::AccountRef;
use tokio::time::sleep;

use super::classify::{Rival, Rivals};

/// How often the chain is asked.
const POLL: Duration = Duration::from_millis(500);

/// A block beyond the last possible one whose results are not indexed yet, or whose node is behind
/// another one.
const MARGIN: u64 = 3;

/// Blocks that are searched for others' liquidations at most.
const SEARCHED: u64 = 60;

/// What became of a transaction.
#[derive(Debug)]
pub enum Fate {
    /// It did what it should.
    Included(Included),
    /// It stands in a block and failed.
    Failed(Box<Refusal>),
    /// It is in no block, and can come into none any more.
    Expired,
}

/// Waits until the fate of a transaction is known, for as long as it takes: while no node answers,
/// nobody knows.
pub async fn fate(
    client: &Client,
    pending: Option<Pending>,
    hashes: &[String],
    timeout_height: u64,
) -> Fate {
    if let Some(pending) = pending {
        match pending.wait().await {
            Ok(included) => return Fate::Included(included),
            Err(ChainError::Refused(refusal)) if refusal.phase == Phase::Deliver => {
                return Fate::Failed(refusal);
            }
            // Not included yet, overtaken, refused when it was sent again, no answer: whether it
            // stands in a block is what the chain says of its hash.
            Err(_) => {}
        }
    }
    loop {
        // What the node that is asked has in none of the blocks up to its newest, although it would
        // have to be there, is in none at all. What another node has does not count: it may be ahead.
        let mut is_missing = true;
        for hash in hashes {
            match client.transaction_by(hash).await {
                Ok((Some(included), _)) => return Fate::Included(included),
                Err(ChainError::Refused(refusal)) => return Fate::Failed(refusal),
                Ok((None, newest)) if newest > timeout_height.saturating_add(MARGIN) => {}
                Ok((None, _)) | Err(_) => is_missing = false,
            }
        }
        if is_missing {
            return Fate::Expired;
        }
        sleep(POLL).await;
    }
}

/// Who else liquidated which accounts, or had them written off, in the blocks after `after`. Blocks
/// that cannot be had tell nothing.
pub async fn rivals(client: &Client, vault: &str, keeper: &str, after: u64) -> Rivals {
    let mut rivals = Rivals::new();
    let Ok(newest) = client.latest_block().await else {
        return rivals;
    };
    let first = after
        .saturating_add(1)
        .max(newest.height.saturating_sub(SEARCHED));
    for height in first..=newest.height {
        let Ok(block) = client.block_events(height).await else {
            continue;
        };
        let mut note = |owner, id, keeper| {
            let account = AccountRef { owner, id };
            rivals.entry(account).or_insert(Rival { keeper, height });
        };
        let mut own = Vec::new();
        for event in typed::<Liquidated>(block.of(vault)).unwrap_or_default() {
            if event.keeper == keeper {
                own.push((event.owner, event.id));
            } else {
                note(event.owner, event.id, Some(event.keeper));
            }
        }
        // A liquidation that leaves bad debt has it absorbed: that is no deed of another.
        for event in typed::<BadDebtAbsorbed>(block.of(vault)).unwrap_or_default() {
            if !own.contains(&(event.owner.clone(), event.id)) {
                note(event.owner, event.id, None);
            }
        }
    }
    rivals
}

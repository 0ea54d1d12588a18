//! What became of a transaction whose hash is known.

use std::collections::BTreeMap;
use std::time::Duration;

use bulwark_chain::events::typed;
use bulwark_chain::lookup::{Landed, Whereabouts};
use bulwark_chain::sender::Pending;
use bulwark_chain::{ChainError, Client, Phase};
use bulwark_types::events::{BadDebtAbsorbed, Liquidated};
use bulwark_types::vault::AccountRef;
use tokio::time::sleep;

use super::classify::{Rival, Rivals};
use super::journal::InFlight;

/// The first pause between two questions; each is longer than the one before …
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// … up to this one: many may be looked for at the same time, for long.
const LONGEST_PAUSE: Duration = Duration::from_secs(6);

/// A block beyond the last possible one whose results are not indexed yet, or whose node is behind
/// another one.
const MARGIN: u64 = 3;

/// Blocks that are searched for others' liquidations at most.
const SEARCHED: u64 = 60;

/// So many blocks beyond the last possible one it is given up to ask who has read the blocks in
/// between: nodes do not keep them for ever.
const GIVEN_UP: u64 = 20;

/// What became of a transaction.
#[derive(Debug)]
pub enum Fate {
    /// It stands in a block; more than one only if it was signed several times and nodes lied.
    Landed(Vec<Landed>),
    /// It is in no block, and can come into none any more.
    Expired,
    /// It can come into no block any more, and nobody says whether it is in one; why not.
    Unknown(String),
}

/// Waits until the fate of a transaction is known, for as long as it takes: while no node answers,
/// nobody knows.
pub async fn fate(
    client: &Client,
    keeper: &str,
    pending: Option<Pending>,
    flight: &InFlight,
) -> Fate {
    let mut search = Search {
        client,
        keeper,
        flight,
        landed: BTreeMap::new(),
    };
    if let Some(pending) = pending {
        let hash = pending.hash().to_owned();
        match pending.wait().await {
            Ok(included) => search.note(hash, Ok(included)),
            Err(ChainError::Refused(refusal)) if refusal.phase == Phase::Deliver => {
                search.note(hash, Err(refusal));
            }
            // Not included yet, overtaken, refused when it was sent again, no answer: whether it
            // stands in a block is what the chain says of its hash.
            Err(_) => {}
        }
    }
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(fate) = search.look().await {
            return fate;
        }
        sleep(pause).await;
        pause = (pause * 5 / 4).min(LONGEST_PAUSE);
    }
}

/// Looks for a transaction.
struct Search<'a> {
    client: &'a Client,
    keeper: &'a str,
    flight: &'a InFlight,
    /// What of it stands in blocks, by hash.
    landed: BTreeMap<String, Landed>,
}

impl Search<'_> {
    fn note(&mut self, hash: String, landed: Landed) {
        self.landed.insert(hash, landed);
    }

    fn missing(&self) -> Vec<String> {
        let hashes = self.flight.hashes.iter();
        let missing = hashes.filter(|hash| !self.landed.contains_key(*hash));
        missing.cloned().collect()
    }

    /// Asks once; none if it has to be asked again.
    async fn look(&mut self) -> Option<Fate> {
        let (mut newest, mut is_indexed) = (u64::MAX, true);
        for hash in self.missing() {
            match self.client.whereabouts(&hash).await.ok()? {
                Whereabouts::Landed(landed) => self.note(hash, landed),
                Whereabouts::Missing(height) => newest = newest.min(height),
                Whereabouts::NotIndexed(_) => is_indexed = false,
            }
        }
        let missing = self.missing();
        if missing.is_empty() {
            return Some(self.end());
        }
        if !is_indexed {
            newest = newest.min(self.client.latest_block().await.ok()?.height);
        }
        let beyond = newest.saturating_sub(self.flight.entry.timeout_height);
        if beyond <= MARGIN {
            return None;
        }
        match self.in_blocks(&missing).await {
            Ok(found) => {
                self.landed.extend(found);
                Some(self.end())
            }
            Err(ChainError::Unreachable { .. }) => None,
            Err(error) if beyond > GIVEN_UP && self.landed.is_empty() => {
                Some(Fate::Unknown(error.to_string()))
            }
            Err(_) if beyond > GIVEN_UP => Some(self.end()),
            Err(_) => None,
        }
    }

    /// Those of some hashes that stand in a block after all: that an index does not have them is one
    /// node's word.
    async fn in_blocks(&self, missing: &[String]) -> Result<Vec<(String, Landed)>, ChainError> {
        let InFlight {
            entry, sequences, ..
        } = self.flight;
        let last = entry.timeout_height;
        let account = self.client.at(last).account(self.keeper).await;
        let possible = possible(missing, sequences, account.ok().map(|told| told.sequence));
        if possible.is_empty() {
            return Ok(Vec::new());
        }
        let blocks = entry.height.saturating_add(1)..=last;
        self.client.find_in_blocks(&possible, blocks).await
    }

    fn end(&mut self) -> Fate {
        let landed = std::mem::take(&mut self.landed);
        let mut landed: Vec<Landed> = landed.into_values().collect();
        landed.sort_by_key(Result::is_err);
        if landed.is_empty() {
            Fate::Expired
        } else {
            Fate::Landed(landed)
        }
    }
}

/// Those hashes whose sequence may have been used when the account's next one was `next`.
fn possible(
    hashes: &[String],
    sequences: &BTreeMap<String, u64>,
    next: Option<u64>,
) -> Vec<String> {
    let is_free = |hash: &&String| match (sequences.get(*hash), next) {
        (Some(sequence), Some(next)) => *sequence >= next,
        _ => false,
    };
    hashes
        .iter()
        .filter(|hash| !is_free(hash))
        .cloned()
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_used_sequence_may_stand_in_a_block() {
        let hashes = ["A", "B", "C"].map(str::to_owned);
        let sequences = BTreeMap::from([("A".to_owned(), 4), ("B".to_owned(), 5)]);
        assert_eq!(possible(&hashes, &sequences, Some(5)), ["A", "C"]);
        assert_eq!(possible(&hashes, &sequences, Some(4)), ["C"]);
        assert_eq!(possible(&hashes, &sequences, None), hashes);
    }
}

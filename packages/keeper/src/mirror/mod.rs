//! The keeper's local copy of the chain: all records of vault and oracle after the same block.
//!
//! [`Mirror::open`] reads everything once, at one height, or takes up what an earlier run has left.
//! [`Mirror::next`] then follows block by block: events say which records may have changed
//! ([`touched`]), and these are read again at that block's height. Nothing is computed from events.
//! One thing no event tells: see [`touched`].
//! [`Mirror::verify`] compares with the chain, tells what had drifted, and takes the chain's.
//!
//! What an endpoint does wrong is waited out, with others in its place; blocks that were missed are
//! asked for one by one, or, if there are too many or no node has them any more, everything is read
//! anew. How the mirror does can be seen at any time by [`Mirror::health`].
//!
//! All of its futures can be dropped and called again; what they were about to do begins anew then,
//! so that one that is dropped every second may never get anywhere. A folder is for one mirror at a
//! time: it is locked.

mod confirm;
mod error;
mod file;
mod follow;
mod health;
mod layout;
mod load;
mod read;
pub mod touched;
mod verify;

use std::path::PathBuf;

use bulwark_chain::Client;
use bulwark_chain::events::Watcher;
use cosmwasm_std::{Addr, Event};
use tokio::time::Instant;

pub use error::{FileError, MirrorError, MirrorResult};
pub use health::{Health, HealthView, State};
pub use layout::Stretch;
pub use load::Progress;
pub use verify::{Drift, Verification};

use crate::book::{Book, BookError, Contract};
use crate::lock::Lock;
use read::Reader;
use touched::Places;
use verify::Round;

/// What can be chosen of a mirror.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it keeps its files, for a quick start and for loads that are cut off; nowhere if none.
    pub folder: Option<PathBuf>,
    /// More missed blocks than these are not asked for: everything is read anew.
    pub most_missed: u64,
    /// Accounts compared in one verification, about; all if there are fewer. Up to so many are read
    /// again when one of them has changed and no event says which; with more, that one's turn comes.
    pub accounts_verified: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            folder: None,
            most_missed: 600,
            accounts_verified: 5_000,
        }
    }
}

/// A record that has another value now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub contract: Contract,
    /// Its key.
    pub key: Vec<u8>,
    /// Its value; none if it is gone.
    pub value: Option<Vec<u8>>,
}

/// Where a book and the chain differed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whose record.
    pub contract: Contract,
    /// Its key.
    pub key: Vec<u8>,
    /// What the book had.
    pub ours: Option<Vec<u8>>,
    /// What the chain has, and the book now, too.
    pub chain: Option<Vec<u8>>,
}

/// What one or several blocks have changed; the book has it already.
#[derive(Debug)]
pub struct Changes {
    /// The last of the blocks.
    pub height: u64,
    /// Its time in seconds since 1970.
    pub time: u64,
    /// Records that have another value than before.
    pub records: Vec<Change>,
    /// Events of vault and oracle, in their order, and those by which the chain tells that they were
    /// called; of blocks that were passed over none.
    pub events: Vec<Event>,
    /// The vault's new oracle, if it has another one.
    pub oracle: Option<Addr>,
    /// Why everything was read anew, if it was.
    pub reloaded: Option<Lost>,
    /// Records that the book does not take.
    pub refused: Vec<BookError>,
}

/// Why the mirror cannot follow from where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// So many blocks were missed.
    Missed(u64),
    /// No node has this block or its state any more.
    Pruned(u64),
    /// All endpoints that answer tell this block as their newest one, which comes before the book's and
    /// is not older: what was followed is no part of the chain, or not any more.
    Ahead(u64),
    /// The contracts did something of which this program does not know what it changes: the type of
    /// the event.
    Unknown(String),
}

/// Follows a vault and its oracle.
#[derive(Debug)]
pub struct Mirror {
    reader: Reader,
    watcher: Watcher,
    options: Options,
    places: Places,
    vault: String,
    /// The block whose state the book has.
    height: u64,
    /// Blocks after it whose changes are not in the book yet, with the events of vault and oracle.
    /// Those of others can be many, and are not kept.
    pending: Vec<(u64, Vec<Event>)>,
    lost: Option<Lost>,
    /// Whether an account that may be anybody's has to be read again.
    owes: bool,
    /// What was read so, and is not told yet.
    late: Vec<Change>,
    /// A block that no endpoint has, and since when.
    without: Option<(u64, Instant)>,
    round: Round,
    /// Of the folder.
    _lock: Option<Lock>,
}

impl Mirror {
    /// The block whose state the book has.
    #[must_use]
    pub const fn height(&self) -> u64 {
        self.height
    }

    /// How it does, to be looked at by others while it is busy.
    #[must_use]
    pub fn health(&self) -> HealthView {
        self.reader.health.clone()
    }

    /// The chain.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.reader.client
    }

    /// Reads again what has changed in the last block without an event that says where: accounts of
    /// whoever was paid in shares. Takes several questions, which nobody has to wait for who decides
    /// upon the block: [`Self::next`] does it otherwise. What it changes is told with the next block.
    ///
    /// # Errors
    /// [`MirrorError::Chain`], also if no node has the state of that block any more: then it is done
    /// with the next one.
    pub async fn settle(&mut self, book: &mut Book) -> MirrorResult<()> {
        if !self.owes || self.lost.is_some() {
            return Ok(());
        }
        let site = self.reader.site(book.deployment(), self.height);
        let changes = site.accounts(book).await?;
        for change in changes {
            let Change {
                contract,
                key,
                value,
            } = &change;
            // What the book does not take is told when it is compared.
            if book
                .apply(*contract, key, value.as_deref())
                .unwrap_or(false)
            {
                self.late.push(change);
            }
        }
        self.owes = false;
        Ok(())
    }

    /// Writes the book to the mirror's folder, if it has one, for a quick start. This takes about a
    /// second for a million accounts.
    ///
    /// # Errors
    /// [`MirrorError::Unsettled`], [`MirrorError::File`].
    pub fn save(&self, book: &Book) -> MirrorResult<()> {
        self.assert_settled()?;
        if self.owes {
            return Err(MirrorError::Unsettled);
        }
        if let Some(place) = load::whole(&self.options) {
            file::save(&place, book, self.height)?;
        }
        Ok(())
    }

    fn assert_settled(&self) -> MirrorResult<()> {
        if self.lost.is_some() {
            return Err(MirrorError::Unsettled);
        }
        Ok(())
    }
}

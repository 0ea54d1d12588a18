//! Block by block: what events say has changed is read again.

use std::time::Duration;

use bulwark_chain::ChainError;
use bulwark_chain::client::BlockStamp;
use bulwark_chain::events::{BlockEvents, Watcher};
use cosmwasm_std::{Addr, Event};
use futures::future::{try_join_all, try_join3};
use tokio::time::{Instant, sleep, timeout};

use super::error::{FileError, MirrorError, MirrorResult};
use super::file::Records;
use super::health::State;
use super::layout::{self, Stretch};
use super::read::{Sink, oracle_of};
use super::touched::{Places, Touched};
use super::{Change, Changes, Difference, Lost, Mirror};
use crate::book::{Book, BookError, Contract};

/// Blocks taken together while the mirror is behind.
const BATCH: usize = 50;

/// After so long without a block it is looked which endpoints are up.
const QUIET: Duration = Duration::from_secs(5);

/// A block that no endpoint has for so long, while there are newer ones, is given up. Behind one
/// address there may be several nodes that are not equally far.
const GIVEN_UP: Duration = Duration::from_secs(10);

/// The next block waits so long for accounts that are read again after the last one.
const SETTLES: Duration = Duration::from_secs(5);

/// Endpoints that are behind the mirror are asked again after this long.
const WAIT: Duration = Duration::from_millis(500);

impl Mirror {
    /// Waits for the next block and brings the book to it; while the mirror is behind, to the last of
    /// several at once. Waits as long as it takes: see [`Mirror::health`].
    ///
    /// # Errors
    /// [`MirrorError::Settings`] if the vault is of another version after a migration,
    /// [`MirrorError::Chain`] if waiting does not help.
    pub async fn next(&mut self, book: &mut Book) -> MirrorResult<Changes> {
        // What does not succeed is done with the next block.
        let _settled = timeout(SETTLES, self.settle(book)).await;
        loop {
            let result = match self.lost.clone() {
                Some(lost) => self.reload(book, lost).await.map(Some),
                None => match self.collect().await {
                    Ok(()) => self.digest(book).await,
                    Err(error) => Err(error),
                },
            };
            match result {
                Ok(Some(changes)) => return Ok(changes),
                Ok(None) => {}
                Err(error) => self.endure(error).await?,
            }
        }
    }

    /// Fetches what happened in the next block, and in those after it that there are already.
    async fn collect(&mut self) -> MirrorResult<()> {
        if self.lost.is_some() {
            return Ok(());
        }
        while self.pending.is_empty() || self.has_more() {
            let Some(block) = self.next_block().await? else {
                return Ok(());
            };
            let missed = self.watcher.newest_height().saturating_sub(block.height);
            let own = block
                .all()
                .filter(|event| self.places.emitter(event).is_some());
            self.pending.push((block.height, own.cloned().collect()));
            self.note_endpoint();
            if missed > self.options.most_missed {
                self.lost = Some(Lost::Missed(missed));
                return Ok(());
            }
        }
        Ok(())
    }

    /// The next block; while none comes, looks once in a while whether there is anybody to tell it.
    /// None if there will never be one.
    async fn next_block(&mut self) -> Result<Option<BlockEvents>, ChainError> {
        let (reader, height) = (&self.reader, self.height);
        let looking = async {
            loop {
                sleep(QUIET).await;
                reader.look().await;
                if let Some(newest) = reader.newest_if_before(height).await {
                    return newest;
                }
            }
        };
        tokio::select! {
            block = self.watcher.next() => block.map(Some),
            newest = looking => {
                self.lost = Some(Lost::Ahead(newest));
                Ok(None)
            }
        }
    }

    fn has_more(&self) -> bool {
        self.pending.len() < BATCH && self.watcher.next_height() <= self.watcher.newest_height()
    }

    fn note_endpoint(&self) {
        let client = &self.reader.client;
        let (endpoint, endpoints) = (client.endpoint(), client.endpoints());
        let newest = self.watcher.newest_height();
        self.reader.health.change(|health| {
            health.endpoint = endpoint.into();
            health.endpoints = endpoints;
            health.newest = newest;
        });
    }

    /// Reads what the pending blocks have changed; nothing if that is not known.
    async fn digest(&mut self, book: &mut Book) -> MirrorResult<Option<Changes>> {
        let Some(last) = self.pending.last().map(|(height, _)| *height) else {
            return Ok(None);
        };
        if self.lost.is_some() {
            return Ok(None);
        }
        let mut touched = Touched::default();
        for event in self.pending.iter().flat_map(|(_, events)| events) {
            touched.note(&self.places, event);
        }
        if let Some(unknown) = touched.unknown {
            self.lost = Some(Lost::Unknown(unknown));
            return Ok(None);
        }
        // What could not be read again after the last block is read with this one; what this one asks
        // for, when the others have been acted upon.
        if self.owes {
            touched.stretches.insert(layout::accounts());
        }
        let owes = touched.is_anybodys && book.accounts() <= self.options.accounts_verified;
        let site = self.reader.site(book.deployment(), last);
        let stretches = touched.distinct_stretches();
        let stretches = stretches.iter().map(|stretch| site.changes(book, stretch));
        let (stamp, stretches, singles) = try_join3(
            self.stamp(last),
            try_join_all(stretches),
            site.some(touched.keys),
        )
        .await?;
        let mut records: Vec<Change> = stretches.into_iter().flatten().chain(singles).collect();
        let oracle = match self.new_oracle(book, &records) {
            Err(MirrorError::Settings { .. }) => return Err(self.unreadable(last).await),
            oracle => oracle?,
        };
        if let Some(oracle) = &oracle {
            records.retain(|record| record.contract == Contract::Vault);
            let mut deployment = book.deployment().clone();
            deployment.oracle = oracle.clone();
            let (site, all) = (
                self.reader.site(&deployment, last),
                Stretch::all(Contract::Oracle),
            );
            let empty = Book::new(deployment);
            records.extend(site.changes(&empty, &all).await?);
        }
        let changes = self.apply(book, stamp, records, oracle);
        self.owes = owes;
        Ok(Some(changes))
    }

    /// Takes into the book what was read. Does not wait: a block is in the book as a whole.
    fn apply(
        &mut self,
        book: &mut Book,
        stamp: BlockStamp,
        mut records: Vec<Change>,
        oracle: Option<Addr>,
    ) -> Changes {
        let events = self.take_events();
        if let Some(oracle) = &oracle {
            book.replace_oracle(oracle.clone());
            self.places = Places::of(book.deployment());
        }
        let mut refused = Vec::new();
        records.retain(
            |Change {
                 contract,
                 key,
                 value,
             }| {
                match book.apply(*contract, key, value.as_deref()) {
                    Ok(is_news) => is_news,
                    Err(error) => {
                        refused.push(error);
                        false
                    }
                }
            },
        );
        self.reached(stamp);
        let mut all = std::mem::take(&mut self.late);
        all.append(&mut records);
        Changes {
            height: stamp.height,
            time: stamp.time,
            records: all,
            events,
            oracle,
            reloaded: None,
            refused,
        }
    }

    /// The oracle in newly read settings, if it is another one.
    fn new_oracle(&self, book: &Book, records: &[Change]) -> MirrorResult<Option<Addr>> {
        let mut records = records.iter();
        let settings = records.find(|record| {
            record.contract == Contract::Vault && record.key == layout::settings_key()
        });
        let Some(settings) = settings else {
            return Ok(None);
        };
        // A vault has settings: that there are none is no better than such that cannot be read.
        let value = settings.value.as_deref().unwrap_or_default();
        let oracle = oracle_of(&self.vault, value)?;
        Ok(Some(oracle).filter(|oracle| *oracle != book.deployment().oracle))
    }

    /// What it means that a node has told settings that cannot be read: it is the end if no other one
    /// tells something else.
    async fn unreadable(&self, height: u64) -> MirrorError {
        match self.reader.deployment(&self.vault, height).await {
            Ok(_) => nonsense(&self.vault),
            Err(MirrorError::NoVault { .. }) => nonsense(&self.vault),
            Err(error) => error,
        }
    }

    /// Events of vault and oracle in the pending blocks, which are pending no more.
    fn take_events(&mut self) -> Vec<Event> {
        let blocks = std::mem::take(&mut self.pending).into_iter();
        blocks.flat_map(|(_, events)| events).collect()
    }

    async fn stamp(&self, height: u64) -> Result<BlockStamp, ChainError> {
        let ask = || self.reader.client.block(height);
        self.reader.patiently(ask).await
    }

    fn reached(&mut self, stamp: BlockStamp) {
        self.height = stamp.height;
        self.without = None;
        self.reader.health.reached(stamp);
    }

    /// Reads everything anew at the newest height.
    async fn reload(&mut self, book: &mut Book, lost: Lost) -> MirrorResult<Changes> {
        let health = self.reader.health.clone();
        health.change(|health| health.state = State::Loading);
        let client = &self.reader.client;
        let stamp = self.reader.patiently(|| client.latest_block()).await?;
        if stamp.height < self.height && !matches!(lost, Lost::Ahead(_)) {
            return Err(behind(stamp.height, self.height).into());
        }
        let found = match self.reader.deployment(&self.vault, stamp.height).await {
            // There was one.
            Err(MirrorError::NoVault { .. }) => return Err(nonsense(&self.vault)),
            found => found?,
        };
        let is_other = found.oracle != book.deployment().oracle;
        let oracle = is_other.then_some(found.oracle);
        if let Some(oracle) = &oracle {
            book.replace_oracle(oracle.clone());
        }
        let site = self.reader.site(book.deployment(), stamp.height);
        let parts: Vec<_> = layout::parts().into_iter().map(Some).collect();
        let mut sink = Reloading::default();
        site.bring(book, &parts, &mut sink).await?;
        let from = Some(stamp.height + 1);
        let watch = || Watcher::new(self.reader.client.clone(), from);
        self.watcher = self.reader.patiently(watch).await?;
        self.places = Places::of(book.deployment());
        let events = self.take_events();
        self.lost = None;
        self.owes = false;
        let mut records = std::mem::take(&mut self.late);
        records.append(&mut sink.records);
        self.reached(stamp);
        health.change(|health| {
            health.state = State::Following;
            health.reloads += 1;
            health.newest = stamp.height;
        });
        Ok(Changes {
            height: stamp.height,
            time: stamp.time,
            records,
            events,
            oracle,
            reloaded: Some(lost),
            refused: sink.refused,
        })
    }

    /// Waits out what passes, and notes what only reading anew helps.
    async fn endure(&mut self, error: MirrorError) -> MirrorResult<()> {
        let MirrorError::Chain(error) = error else {
            return Err(error);
        };
        self.reader.trouble(&error).await;
        match &error {
            ChainError::BlockUnavailable { height, .. }
            | ChainError::StateUnavailable { height, .. } => {
                let has_waited = matches!(error, ChainError::StateUnavailable { .. });
                let client = &self.reader.client;
                let newest = self.reader.patiently(|| client.latest_block()).await?;
                let since = match self.without {
                    Some((block, since)) if block == *height => since,
                    _ => Instant::now(),
                };
                self.without = Some((*height, since));
                let is_gone =
                    newest.height > *height && (has_waited || since.elapsed() >= GIVEN_UP);
                if is_gone && self.lost.is_none() {
                    self.lost = Some(Lost::Pruned(*height));
                }
            }
            // What is read is there: a node that refuses to show it is not well, or of another chain.
            ChainError::Unreachable { .. }
            | ChainError::Malformed { .. }
            | ChainError::Refused(_) => {}
            // One of several endpoints: it is set aside.
            ChainError::WrongChain { .. } if !self.reader.is_elsewhere(&error) => {}
            _ => return Err(error.into()),
        }
        sleep(WAIT).await;
        Ok(())
    }
}

/// A vault without settings that can be read, though others can.
fn nonsense(vault: &str) -> MirrorError {
    MirrorError::Chain(ChainError::Malformed {
        what: format!("settings of the vault {vault}"),
        detail: "not there, or not readable".into(),
    })
}

fn behind(newest: u64, height: u64) -> ChainError {
    ChainError::BlockUnavailable {
        height,
        detail: format!("the newest block is {newest}"),
    }
}

/// Collects what is different.
#[derive(Default)]
struct Reloading {
    records: Vec<Change>,
    refused: Vec<BookError>,
}

impl Sink for Reloading {
    fn page(&mut self, _: usize, _: Records, _: Option<Vec<u8>>) -> Result<(), FileError> {
        Ok(())
    }

    fn difference(&mut self, difference: Difference) {
        let Difference {
            contract,
            key,
            chain,
            ..
        } = difference;
        self.records.push(Change {
            contract,
            key,
            value: chain,
        });
    }

    fn refused(&mut self, error: BookError) {
        self.refused.push(error);
    }
}

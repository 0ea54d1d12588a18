//! Reads what the contracts store after a block, with patience: an endpoint that fails, restarts or
//! answers nonsense is waited for; only what waiting does not help is an error.

use std::collections::{BTreeSet, VecDeque};
use std::future::Future;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulwark_chain::client::BlockStamp;
use bulwark_chain::endpoints::{Aside, EndpointHealth};
use bulwark_chain::{ChainError, Client};
use bulwark_types::packed::unpack;
use bulwark_vault::state::Settings;
use cosmwasm_std::Addr;
use futures::future::join_all;
use futures::stream::{self, FuturesUnordered, StreamExt, TryStreamExt};
use tokio::time::sleep;

use super::error::{FileError, MirrorError, MirrorResult};
use super::file::Records;
use super::health::HealthView;
use super::layout::{self, Stretch};
use super::{Change, Difference};
use crate::book::{Book, BookError, Contract, Deployment};
use crate::consult::{Fatal, consult};

/// Questions asked at the same time.
const AT_ONCE: usize = 8;

/// The first wait after a failure; each is twice as long as the one before …
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// … up to this one.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// A node that restarts has the state of its last block a little later: so often it is asked.
const ASKED_FOR_STATE: u32 = 8;

/// Clocks may differ by so many seconds.
const AHEAD: u64 = 60;

/// Reads from a chain.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The chain.
    pub client: Client,
    /// Where trouble is told.
    pub health: HealthView,
}

/// Where to read: two contracts at a height.
#[derive(Clone, Debug)]
pub struct Site {
    reader: Reader,
    deployment: Deployment,
    height: u64,
}

/// All records of a stretch.
#[derive(Clone, Debug)]
pub struct Window {
    stretch: Stretch,
    /// The records.
    pub records: Records,
}

/// Takes what reading finds, while it goes on.
pub trait Sink: Send {
    /// A page of a stretch has been taken into the book; `next` is its next key.
    ///
    /// # Errors
    /// If it cannot be kept.
    fn page(
        &mut self,
        stretch: usize,
        records: Records,
        next: Option<Vec<u8>>,
    ) -> Result<(), FileError>;
    /// The book had something else.
    fn difference(&mut self, difference: Difference);
    /// The book does not take a record.
    fn refused(&mut self, error: BookError);
}

impl Reader {
    /// Asks until there is an answer, or an error that waiting does not help.
    pub async fn patiently<T, F>(&self, ask: impl Fn() -> F) -> Result<T, ChainError>
    where
        F: Future<Output = Result<T, ChainError>>,
    {
        let (mut wait, mut asked) = (FIRST_WAIT, 0);
        loop {
            asked += 1;
            let error = match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let gives_up = match &error {
                ChainError::Unreachable { .. }
                | ChainError::Malformed { .. }
                | ChainError::WrongChain { .. } => false,
                ChainError::StateUnavailable { .. } => asked >= ASKED_FOR_STATE,
                _ => true,
            };
            if gives_up {
                return Err(error);
            }
            self.trouble(&error).await;
            if self.is_elsewhere(&error) {
                return Err(error);
            }
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Whether an endpoint is of another chain, and none is known that may be of this one.
    pub fn is_elsewhere(&self, error: &ChainError) -> bool {
        let is_other =
            |endpoint: &EndpointHealth| matches!(endpoint.aside, Some(Aside::OtherChain(_)));
        let endpoints = self.client.endpoints();
        matches!(error, ChainError::WrongChain { .. }) && endpoints.iter().all(is_other)
    }

    /// Tells of something that went wrong, and looks which endpoints are up.
    pub async fn trouble(&self, error: &ChainError) {
        let text = error.to_string();
        self.health.change(|health| health.trouble = Some(text));
        let endpoints = self.client.survey().await;
        self.health.change(|health| health.endpoints = endpoints);
    }

    /// Looks which endpoints are up; that none is, is told.
    pub async fn look(&self) {
        let endpoints = self.client.survey().await;
        let down = |endpoint: &EndpointHealth| match &endpoint.aside {
            Some(aside @ (Aside::Fails(_) | Aside::OtherChain(_))) => {
                Some(format!("{} {aside}", endpoint.url))
            }
            _ => None,
        };
        let down: Option<Vec<_>> = endpoints.iter().map(down).collect();
        self.health.change(|health| {
            health.endpoints = endpoints;
            health.trouble = down.map(|all| all.join("; "));
        });
    }

    /// The newest block, if all endpoints that answer tell one that comes before this height and is
    /// not older than the last block that was read.
    pub async fn newest_if_before(&self, height: u64) -> Option<u64> {
        let clients = self.client.each();
        let told = join_all(clients.iter().map(Client::latest_block)).await;
        let told: Vec<BlockStamp> = told.into_iter().flatten().collect();
        is_before(&told, height, self.health.get().time, now())
    }

    /// Where vault and oracle stand after a block. That there is no vault, or one of another version,
    /// is believed if no endpoint knows better.
    ///
    /// # Errors
    /// [`MirrorError::NoVault`], [`MirrorError::Settings`], [`MirrorError::Chain`].
    pub async fn deployment(&self, vault: &str, height: u64) -> MirrorResult<Deployment> {
        let client = self.client.at(height);
        let settings = self
            .patiently(|| client.raw(vault, layout::settings_key()))
            .await;
        match deployment(&client, vault, settings) {
            Err(error) if error.is_fatal() => {
                consult(&client, |one| async move {
                    let settings = one.raw(vault, layout::settings_key()).await;
                    deployment(&one, vault, settings)
                })
                .await
            }
            deployment => deployment,
        }
    }

    /// Reads of a deployment after a block.
    pub fn site(&self, deployment: &Deployment, height: u64) -> Site {
        Site {
            reader: self.clone(),
            deployment: deployment.clone(),
            height,
        }
    }
}

/// The newest of some blocks, if all of them contradict that a block of this height had this time:
/// lower ones are older. A time that is yet to come says nothing.
fn is_before(told: &[BlockStamp], height: u64, time: u64, now: u64) -> Option<u64> {
    let time = if time > now.saturating_add(AHEAD) {
        now.saturating_sub(AHEAD)
    } else {
        time
    };
    let contradicts = |block: &BlockStamp| block.height < height && block.time >= time;
    let newest = told.iter().map(|block| block.height).max();
    newest.filter(|_| told.iter().all(contradicts))
}

/// Seconds since 1970, by this machine's clock.
fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs())
}

/// What follows from the record of a vault's settings.
fn deployment(
    client: &Client,
    vault: &str,
    settings: Result<Option<Vec<u8>>, ChainError>,
) -> MirrorResult<Deployment> {
    let none = || MirrorError::NoVault {
        address: vault.into(),
    };
    let settings = match settings {
        Ok(settings) => settings.ok_or_else(none)?,
        Err(ChainError::Refused(_)) => return Err(none()),
        Err(error) => return Err(error.into()),
    };
    let network = client.network();
    Ok(Deployment {
        vault: Addr::unchecked(vault),
        oracle: oracle_of(vault, &settings)?,
        prefix: network.prefix.clone(),
        chain_id: network.chain_id.clone(),
    })
}

/// The oracle that the vault's packed settings name.
pub fn oracle_of(vault: &str, settings: &[u8]) -> MirrorResult<Addr> {
    let unreadable = |error| MirrorError::Settings {
        address: vault.into(),
        error,
    };
    let settings: Settings = unpack(settings).map_err(unreadable)?;
    Ok(settings.oracle)
}

impl Site {
    /// The chain.
    pub const fn client(&self) -> &Client {
        &self.reader.client
    }

    /// The same at the height of this site.
    pub fn at_its_height(&self, client: &Client) -> Client {
        client.at(self.height)
    }

    /// Where a contract stands.
    pub fn address(&self, contract: Contract) -> &str {
        match contract {
            Contract::Vault => self.deployment.vault.as_str(),
            Contract::Oracle => self.deployment.oracle.as_str(),
        }
    }

    /// One record.
    async fn record(&self, contract: Contract, key: Vec<u8>) -> Result<Change, ChainError> {
        let client = self.reader.client.at(self.height);
        let raw = || client.raw(self.address(contract), &key);
        let value = self.reader.patiently(raw).await?;
        Ok(Change {
            contract,
            key,
            value,
        })
    }

    /// Some records.
    ///
    /// # Errors
    /// [`ChainError`] that waiting does not help.
    pub async fn some(
        &self,
        keys: impl IntoIterator<Item = (Contract, Vec<u8>)>,
    ) -> Result<Vec<Change>, ChainError> {
        let mut waiting = keys.into_iter();
        let mut running = FuturesUnordered::new();
        let mut records = Vec::new();
        loop {
            while running.len() < AT_ONCE {
                let Some((contract, key)) = waiting.next() else {
                    break;
                };
                running.push(self.record(contract, key));
            }
            match running.next().await {
                Some(record) => records.push(record?),
                None => return Ok(records),
            }
        }
    }

    /// A page of a stretch, and what is left of it.
    ///
    /// # Errors
    /// [`ChainError`] that waiting does not help.
    pub async fn page(&self, stretch: &Stretch) -> Result<(Records, Option<Stretch>), ChainError> {
        let client = self.reader.client.at(self.height);
        let ask = || client.records(self.address(stretch.contract), &stretch.start);
        let mut page = self.reader.patiently(ask).await?;
        page.records.retain(|(key, _)| stretch.is_before_end(key));
        let left = page.next.and_then(|next| stretch.clone().from(next));
        Ok((page.records, left))
    }

    /// What a book has to change to have a stretch as the chain has it; short ones only.
    ///
    /// # Errors
    /// [`ChainError`] that waiting does not help.
    pub async fn changes(&self, book: &Book, all: &Stretch) -> Result<Vec<Change>, ChainError> {
        let contract = all.contract;
        let mut gone = keys_of(book, std::slice::from_ref(all));
        let mut changes = Vec::new();
        let mut left = Some(all.clone());
        while let Some(stretch) = left {
            let (records, rest) = self.page(&stretch).await?;
            for (key, value) in records {
                let place = (contract, key);
                gone.remove(&place);
                changes.push(Change {
                    contract,
                    key: place.1,
                    value: Some(value),
                });
            }
            left = rest;
        }
        changes.extend(gone.into_iter().map(|(contract, key)| Change {
            contract,
            key,
            value: None,
        }));
        Ok(changes)
    }

    /// What a book has to change to have all accounts as the chain has them.
    ///
    /// # Errors
    /// [`ChainError`] that waiting does not help.
    pub async fn accounts(&self, book: &Book) -> Result<Vec<Change>, ChainError> {
        let parts = layout::accounts_in_parts(book.accounts());
        let changes = parts.iter().map(|part| self.changes(book, part));
        let changes: Vec<Vec<Change>> = stream::iter(changes)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(changes.into_iter().flatten().collect())
    }

    /// A stretch page by page until so many records are read, or a few more: the part of it that was
    /// read, and what is left of it.
    ///
    /// # Errors
    /// [`ChainError`] that waiting does not help.
    pub async fn window(
        &self,
        stretch: Stretch,
        enough: usize,
    ) -> Result<(Window, Option<Stretch>), ChainError> {
        let (mut records, mut left) = (Records::new(), Some(stretch.clone()));
        while let Some(rest) = left.take() {
            if records.len() >= enough {
                left = Some(rest);
                break;
            }
            let (page, rest) = self.page(&rest).await?;
            records.extend(page);
            left = rest;
        }
        let end = match &left {
            Some(left) => Some(left.start.clone()),
            None => stretch.end,
        };
        let stretch = Stretch { end, ..stretch };
        Ok((Window { stretch, records }, left))
    }

    /// Brings a book to what the chain has in some stretches, page by page; returns how many records
    /// that are. When it is cut off, what was read so far is in the book.
    ///
    /// # Errors
    /// [`MirrorError::Chain`] that waiting does not help, [`MirrorError::File`] of the sink.
    pub async fn bring(
        &self,
        book: &mut Book,
        stretches: &[Option<Stretch>],
        sink: &mut dyn Sink,
    ) -> MirrorResult<u64> {
        let named: Vec<Stretch> = stretches.iter().flatten().cloned().collect();
        let mut gone = keys_of(book, &named);
        let numbered = stretches.iter().cloned().enumerate();
        let mut waiting: VecDeque<(usize, Stretch)> = numbered
            .filter_map(|(number, stretch)| Some((number, stretch?)))
            .collect();
        let mut running = FuturesUnordered::new();
        let mut count = 0;
        loop {
            while running.len() < AT_ONCE {
                let Some((number, stretch)) = waiting.pop_front() else {
                    break;
                };
                running.push(async move {
                    let page = self.page(&stretch).await;
                    (number, stretch.contract, page)
                });
            }
            let Some((number, contract, page)) = running.next().await else {
                break;
            };
            let (records, left) = page?;
            count += records.len() as u64;
            for (key, value) in &records {
                if !gone.is_empty() {
                    gone.remove(&(contract, key.clone()));
                }
                take(book, contract, key, Some(value), sink);
            }
            let next = left.as_ref().map(|left| left.start.clone());
            sink.page(number, records, next)?;
            waiting.extend(left.map(|left| (number, left)));
        }
        for (contract, key) in gone {
            take(book, contract, &key, None, sink);
        }
        Ok(count)
    }
}

impl Window {
    /// Where a book has something else.
    pub fn differences(&self, book: &Book) -> Vec<Difference> {
        let contract = self.stretch.contract;
        let mut gone = keys_of(book, std::slice::from_ref(&self.stretch));
        let mut differences = Vec::new();
        for (key, value) in &self.records {
            gone.remove(&(contract, key.clone()));
            differences.extend(difference(book, contract, key, Some(value)));
        }
        let gone = gone.into_iter();
        differences
            .extend(gone.filter_map(|(contract, key)| difference(book, contract, &key, None)));
        differences
    }
}

/// What is different about a record, if something is.
fn difference(
    book: &Book,
    contract: Contract,
    key: &[u8],
    value: Option<&[u8]>,
) -> Option<Difference> {
    let ours = book.raw(contract, key);
    (ours != value).then(|| Difference {
        contract,
        key: key.to_vec(),
        ours: ours.map(<[u8]>::to_vec),
        chain: value.map(<[u8]>::to_vec),
    })
}

/// Takes a record into a book, and tells if it had something else.
fn take(
    book: &mut Book,
    contract: Contract,
    key: &[u8],
    value: Option<&[u8]>,
    sink: &mut dyn Sink,
) {
    let Some(difference) = difference(book, contract, key, value) else {
        return;
    };
    if let Err(error) = book.apply(contract, key, value) {
        sink.refused(error);
    }
    sink.difference(difference);
}

/// The keys in some stretches that a book has.
fn keys_of(book: &Book, stretches: &[Stretch]) -> BTreeSet<(Contract, Vec<u8>)> {
    let keys = stretches.iter().flat_map(|all| {
        let keys = book.keys(all.contract, &all.start, all.end.as_deref());
        keys.into_iter().map(|key| (all.contract, key))
    });
    keys.collect()
}

#[cfg(test)]
mod tests {
    use bulwark_types::packed::pack;
    use bulwark_vault::state::AccountRecord;
    use cosmwasm_std::Api;

    use super::*;
    use crate::book::Addresses;

    /// A mirror that had followed a liar to a block far away refused all other endpoints for ever.
    #[test]
    fn a_lower_block_that_is_not_older_shows_that_the_mirror_is_ahead() {
        let block = |height, time| BlockStamp {
            height,
            time,
            nanos: 0,
        };
        let (far, now) = (1_000_000_000_000, 5_000);
        let told = [block(100, 4_990), block(101, 4_995)];
        assert_eq!(is_before(&told, far, 4_980, now), Some(101));
        assert_eq!(is_before(&told, far, 9_999, now), Some(101));
        // One that lags, or everybody does.
        assert_eq!(is_before(&told, 102, 5_000, now), None);
        let one = [block(100, 4_990), block(102, 5_000)];
        assert_eq!(is_before(&one, 102, 5_000, now), None);
        // One that tells lower blocks is not believed if another one does not.
        assert_eq!(is_before(&one, 102, 4_980, now), None);
        assert_eq!(is_before(&[], far, 4_980, now), None);
    }

    #[test]
    fn the_keys_in_a_stretch_are_those_that_it_contains() {
        let addresses = Addresses::new("wasm");
        let human = |byte| addresses.addr_humanize(&vec![byte; 20].into()).unwrap();
        let account = |byte, id| layout::account_key(&addresses, human(byte).as_str(), id).unwrap();
        let mut book = Book::new(Deployment {
            vault: Addr::unchecked("vault"),
            oracle: Addr::unchecked("oracle"),
            prefix: "wasm".into(),
            chain_id: "chain".into(),
        });
        let record = pack(&AccountRecord::default()).unwrap();
        let mut cuts = vec![vec![], vec![0], layout::accounts().start, vec![255]];
        for (byte, id) in [(0, 0), (9, 0), (9, 1), (9, u16::MAX), (200, 3), (255, 0)] {
            book.apply(Contract::Vault, &account(byte, id), Some(&record))
                .unwrap();
            cuts.push(account(byte, id));
        }
        for key in [
            layout::markets().start,
            layout::operators_key("anna"),
            layout::settings_key().to_vec(),
        ] {
            for contract in [Contract::Vault, Contract::Oracle] {
                book.apply(contract, &key, Some(&[1])).unwrap();
            }
            cuts.push(key);
        }
        cuts.extend(layout::accounts().end);
        let ends = cuts.iter().cloned().map(Some).chain([None]);
        let between = |start: &Vec<u8>| {
            let start = start.clone();
            ends.clone().map(move |end| (start.clone(), end))
        };
        let mut stretches: Vec<Stretch> = cuts
            .iter()
            .flat_map(between)
            .flat_map(|(start, end)| {
                [Contract::Vault, Contract::Oracle].map(|contract| Stretch {
                    contract,
                    start: start.clone(),
                    end: end.clone(),
                })
            })
            .collect();
        stretches.extend(layout::accounts_of(&addresses, human(9).as_str()));
        for stretch in stretches {
            let contract = stretch.contract;
            let all = book.records(contract).map(|(key, _)| (contract, key));
            let expected: BTreeSet<_> = all
                .filter(|(contract, key)| stretch.contains(*contract, key))
                .collect();
            assert_eq!(
                keys_of(&book, std::slice::from_ref(&stretch)),
                expected,
                "{stretch}"
            );
        }
        let own = layout::accounts_of(&addresses, human(9).as_str()).unwrap();
        assert_eq!(keys_of(&book, &[own]).len(), 3);
    }
}

//! Events, block by block: none twice, none left out.
//!
//! A subscription over the node's websocket only says *that* there is a new block; what it did
//! is then asked for by its height. So a subscription that is dropped, a node that restarts, or a
//! change to another endpoint loses nothing, and without any websocket the watcher still works,
//! by asking once in a while.

use std::time::Duration;

use bulwark_types::events::EventError;
use cosmwasm_std::Event;
use futures::StreamExt;
use tendermint_rpc::query::EventType;
use tendermint_rpc::{Client as _, Subscription, SubscriptionClient, WebSocketClient};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use crate::answers::BlockResultsRequest;
use crate::client::{Client, known};
use crate::error::ChainError;
use crate::network::websocket_url;

/// Without word from a subscription the chain is asked this often.
const POLL: Duration = Duration::from_secs(1);

/// With several endpoints, it is looked this often which of them are up with the chain.
const SURVEY: Duration = Duration::from_secs(5);

/// After a failed subscription the next one is not tried sooner than this many rounds later.
const ROUNDS_BETWEEN_SUBSCRIPTIONS: u32 = 5;

/// What happened in a block.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockEvents {
    /// The block.
    pub height: u64,
    /// Its transactions, in their order.
    pub transactions: Vec<TxEvents>,
    /// What happened outside of transactions, such as by a vote of the chain's governance.
    pub beside: Vec<Event>,
}

/// What a transaction of a block did.
#[derive(Clone, Debug, PartialEq)]
pub struct TxEvents {
    /// Whether it did anything but pay its fee.
    pub succeeded: bool,
    /// Gas that it used.
    pub gas_used: u64,
    /// Its events, in their order.
    pub events: Vec<Event>,
}

impl BlockEvents {
    /// The events that a contract emitted, but for transactions that failed, in their order.
    pub fn of<'a>(&'a self, contract: &'a str) -> impl Iterator<Item = &'a Event> {
        let parts = self.succeeded();
        parts.flat_map(move |events| events_of(events, contract))
    }

    /// All events, but for those of transactions that failed, in their order: with those of the
    /// chain itself, which say that a contract was called or migrated.
    pub fn all(&self) -> impl Iterator<Item = &Event> {
        self.succeeded().flatten()
    }

    fn succeeded(&self) -> impl Iterator<Item = &[Event]> {
        let succeeded = self.transactions.iter().filter(|tx| tx.succeeded);
        succeeded
            .map(|tx| tx.events.as_slice())
            .chain([self.beside.as_slice()])
    }
}

/// Those of some events that a contract emitted.
pub fn events_of<'a>(
    events: &'a [Event],
    contract: &'a str,
) -> impl Iterator<Item = &'a Event> + 'a {
    let is_of = move |event: &&Event| {
        event.ty.starts_with("wasm") && attribute(event, "_contract_address") == Some(contract)
    };
    events.iter().filter(is_of)
}

/// The events of one type among some, such as `bulwark_types::events::Deposited`.
///
/// # Errors
/// If one of that type does not parse.
pub fn typed<'a, T>(events: impl IntoIterator<Item = &'a Event>) -> Result<Vec<T>, EventError>
where
    T: TryFrom<&'a Event, Error = EventError>,
{
    let parsed = events.into_iter().map(T::try_from);
    parsed
        .filter(|parsed| !matches!(parsed, Err(EventError::OtherType { .. })))
        .collect()
}

/// The first value of an attribute. A contract cannot set those that begin with `_`.
#[must_use]
pub fn attribute<'a>(event: &'a Event, key: &str) -> Option<&'a str> {
    let mut attributes = event.attributes.iter();
    let found = attributes.find(|attribute| attribute.key == key);
    found.map(|attribute| attribute.value.as_str())
}

impl Client {
    /// What happened in a block.
    ///
    /// # Errors
    /// [`ChainError::BlockUnavailable`], [`ChainError::Unreachable`].
    pub async fn block_events(&self, height: u64) -> Result<BlockEvents, ChainError> {
        let answer = self
            .ask_who_knows(|rpc| {
                let height = height.to_string();
                async move { known(rpc.perform(BlockResultsRequest { height }).await) }
            })
            .await?;
        let results = answer.map_err(|detail| ChainError::BlockUnavailable { height, detail })?;
        let transactions = results.txs_results.into_iter().map(|result| TxEvents {
            succeeded: result.code == 0,
            gas_used: result.gas_used,
            events: result.events.into_iter().map(Event::from).collect(),
        });
        Ok(BlockEvents {
            height,
            transactions: transactions.collect(),
            beside: results
                .finalize_block_events
                .into_iter()
                .map(Event::from)
                .collect(),
        })
    }
}

/// Follows the chain block by block.
#[derive(Debug)]
pub struct Watcher {
    client: Client,
    next: u64,
    /// The newest block that is known.
    newest: u64,
    feed: Option<Feed>,
    /// What connects, if it does: blocks are asked for meanwhile.
    connecting: JoinSet<Option<Feed>>,
    rounds_until_feed: u32,
    surveyed: Instant,
}

/// A subscription, with the task that drives its connection.
#[derive(Debug)]
struct Feed {
    endpoint: String,
    blocks: Subscription,
    driver: JoinHandle<()>,
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Watcher {
    /// Follows the chain from a block on, which may be long past; without one, from the next
    /// one on.
    ///
    /// # Errors
    /// [`ChainError::Unreachable`], [`ChainError::WrongChain`].
    pub async fn new(client: Client, from: Option<u64>) -> Result<Self, ChainError> {
        let newest = client.latest_block().await?.height;
        Ok(Self {
            client,
            next: from.unwrap_or(newest + 1),
            newest,
            feed: None,
            connecting: JoinSet::new(),
            rounds_until_feed: 0,
            surveyed: Instant::now(),
        })
    }

    /// The newest block that is known: what is told next may be far behind it.
    #[must_use]
    pub const fn newest_height(&self) -> u64 {
        self.newest
    }

    /// The block that is told next.
    #[must_use]
    pub const fn next_height(&self) -> u64 {
        self.next
    }

    /// What happened in the next block; waits for it, for as long as it takes. After an error
    /// it can be called again, and goes on with the same block; likewise when it is cancelled.
    ///
    /// # Errors
    /// [`ChainError::BlockUnavailable`] if no endpoint has kept the block.
    pub async fn next(&mut self) -> Result<BlockEvents, ChainError> {
        loop {
            self.survey();
            if self.next <= self.newest {
                match self.client.block_events(self.next).await {
                    Ok(events) => {
                        self.next += 1;
                        return Ok(events);
                    }
                    // Endpoints may be on their way back.
                    Err(ChainError::Unreachable { .. }) => sleep(POLL).await,
                    // The node's index is a little behind its blocks, or another endpoint is.
                    // If the chain goes on meanwhile, no node is going to have it.
                    Err(error @ ChainError::BlockUnavailable { .. }) => {
                        sleep(POLL / 5).await;
                        self.look().await?;
                        if !self.is_recent() {
                            return Err(error);
                        }
                    }
                    Err(error) => return Err(error),
                }
                continue;
            }
            self.wait().await;
            self.look().await?;
        }
    }

    /// Asks for the newest block.
    async fn look(&mut self) -> Result<(), ChainError> {
        match self.client.latest_block().await {
            // Also back: an endpoint may have told a block that is not there.
            Ok(block) => self.newest = block.height,
            // Endpoints may be on their way back.
            Err(ChainError::Unreachable { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Once in a while, looks which of several endpoints are up with the chain; does not wait for
    /// those that are slow to say so.
    fn survey(&mut self) {
        if self.client.network().rpc.len() < 2 || self.surveyed.elapsed() < SURVEY {
            return;
        }
        self.surveyed = Instant::now();
        let client = self.client.clone();
        tokio::spawn(async move { client.survey().await });
    }

    fn is_recent(&self) -> bool {
        self.newest < self.next + 2
    }

    /// Waits for word of a block, or for as long as it is polite to wait before asking.
    async fn wait(&mut self) {
        let current = self.client.endpoint_url();
        if self
            .feed
            .as_ref()
            .is_some_and(|feed| feed.endpoint != current)
        {
            self.feed = None;
            self.connecting.abort_all();
            self.rounds_until_feed = 0;
        }
        let Some(feed) = &mut self.feed else {
            self.subscribe();
            let connected = timeout(POLL, self.connecting.join_next()).await;
            match connected {
                // A task that ends without an answer was ended on purpose.
                Ok(Some(Ok(feed))) => self.feed = feed,
                Ok(Some(Err(_))) | Err(_) => {}
                Ok(None) => sleep(POLL).await,
            }
            return;
        };
        match timeout(POLL, feed.blocks.next()).await {
            // Silence, or a block.
            Err(_) | Ok(Some(Ok(_))) => {}
            Ok(Some(Err(_)) | None) => self.feed = None,
        }
    }

    /// Begins to connect, unless that goes on or has failed a moment ago.
    fn subscribe(&mut self) {
        if !self.connecting.is_empty() {
            return;
        }
        if self.rounds_until_feed > 0 {
            self.rounds_until_feed -= 1;
            return;
        }
        self.rounds_until_feed = ROUNDS_BETWEEN_SUBSCRIPTIONS;
        let endpoint = self.client.endpoint_url().to_owned();
        self.connecting
            .spawn(async move { subscription(&endpoint).await });
    }
}

/// A subscription to new blocks; none if the endpoint has none to give.
async fn subscription(endpoint: &str) -> Option<Feed> {
    let url = websocket_url(endpoint)?;
    let connecting = WebSocketClient::new(url);
    let (client, driver) = timeout(POLL * 5, connecting).await.ok()?.ok()?;
    let driver = tokio::spawn(async move {
        // How a connection ends is of no interest: a new one is made.
        let _ended = driver.run().await;
    });
    let blocks = timeout(POLL * 5, client.subscribe(EventType::NewBlock.into())).await;
    match blocks {
        Ok(Ok(blocks)) => Some(Feed {
            endpoint: endpoint.into(),
            blocks,
            driver,
        }),
        _ => {
            driver.abort();
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use bulwark_types::events::{Deposited, Withdrawn};

    use super::*;

    #[test]
    fn a_contracts_events_are_told_from_those_of_others() {
        let deposit = Deposited {
            owner: "anna".into(),
            id: 0,
            sender: "anna".into(),
            asset: "uatom".into(),
            amount: "5".parse().unwrap(),
            repaid: "0".parse().unwrap(),
            idle: "5".parse().unwrap(),
            shares: "0".parse().unwrap(),
        };
        let mut event: Event = deposit.clone().into();
        event.ty = format!("wasm-{}", event.ty);
        let own = event.clone().add_attribute("_contract_address", "vault");
        let other = event.add_attribute("_contract_address", "other");
        let transaction = |succeeded, events| TxEvents {
            succeeded,
            gas_used: 0,
            events,
        };
        let block = BlockEvents {
            height: 1,
            transactions: vec![
                transaction(true, vec![other, own.clone()]),
                transaction(false, vec![own.clone()]),
            ],
            beside: vec![own],
        };
        let twice = [deposit.clone(), deposit];
        assert_eq!(typed::<Deposited>(block.of("vault")).unwrap(), twice);
        assert_eq!(typed::<Withdrawn>(block.of("vault")).unwrap(), []);
    }
}

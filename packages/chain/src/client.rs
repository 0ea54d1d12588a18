//! The nodes of a chain behind one interface: whichever answers, answers.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tendermint_rpc::client::CompatMode;
use tendermint_rpc::error::ErrorDetail;
use tendermint_rpc::{Client as _, Error as RpcError, HttpClient, HttpClientUrl};
use tokio::time::timeout;

use crate::endpoints::Endpoint;
use crate::error::ChainError;
use crate::network::{Network, NetworkError};

/// An endpoint that does not answer for this long counts as down.
const TIMEOUT: Duration = Duration::from_secs(15);

/// While there is another one to ask, an endpoint is not waited for longer than this.
const TIMEOUT_OF_ONE: Duration = Duration::from_secs(4);

/// A client of one chain; a copy costs next to nothing and shares everything.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
    /// Height at which queries are answered; the newest by default.
    height: Option<u64>,
    turn: Turn,
}

/// Whom a client asks.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// The endpoint that answered last, and then the others.
    LastFirst,
    /// The others, and then that one.
    LastLast,
    /// One endpoint alone.
    Only(usize),
}

#[derive(Debug)]
struct Shared {
    network: Network,
    endpoints: Vec<Endpoint>,
    /// The endpoint that answered last.
    current: AtomicUsize,
}

/// What an endpoint has to say to a question.
pub(crate) enum Word<T> {
    /// The answer.
    Answer(T),
    /// That it does not know, in its own words. Another endpoint may.
    Unknown(String),
    /// What an endpoint that is well would not say. If another one answers, this one is set aside for
    /// a while; if none does, this is the error.
    Doubtful(ChainError),
}

/// A block: its height, and its time in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockStamp {
    /// Height.
    pub height: u64,
    /// Seconds.
    pub time: u64,
    /// Nanoseconds beyond the full second.
    pub nanos: u32,
}

impl Client {
    /// A client that has not spoken to any node yet.
    ///
    /// # Errors
    /// If the network's values are refused.
    pub fn new(network: Network) -> Result<Self, ChainError> {
        network.validate()?;
        let endpoint = |url: &String| {
            let refused = |bound| {
                ChainError::from(NetworkError::Value {
                    field: "rpc",
                    value: url.clone(),
                    bound,
                })
            };
            let parsed: HttpClientUrl = url.parse().map_err(|_| refused("must be a URL"))?;
            let rpc = HttpClient::builder(parsed)
                .timeout(TIMEOUT)
                // Later nodes speak this dialect too, as far as it is used here.
                .compat_mode(CompatMode::V0_38)
                .build()
                .map_err(|_| refused("must be usable over HTTP"))?;
            Ok(Endpoint::new(url.clone(), rpc))
        };
        let endpoints = network.rpc.iter().map(endpoint);
        let endpoints = endpoints.collect::<Result<_, ChainError>>()?;
        Ok(Self {
            shared: Arc::new(Shared {
                network,
                endpoints,
                current: AtomicUsize::new(0),
            }),
            height: None,
            turn: Turn::LastFirst,
        })
    }

    /// A client whose chain was looked at: at least one endpoint answers, and none that does
    /// belongs to another chain.
    ///
    /// # Errors
    /// [`ChainError::Unreachable`], [`ChainError::WrongChain`].
    pub async fn connect(network: Network) -> Result<Self, ChainError> {
        let client = Self::new(network)?;
        let mut failures = Vec::new();
        for endpoint in &client.shared.endpoints {
            match endpoint.rpc.status().await {
                Ok(status) => {
                    client.assert_chain(&endpoint.name, status.node_info.network.as_str())?
                }
                Err(error) => failures.push(endpoint.failed(detail(&error))),
            }
        }
        if failures.len() == client.shared.endpoints.len() {
            return Err(ChainError::Unreachable { failures });
        }
        Ok(client)
    }

    fn assert_chain(&self, endpoint: &str, found: &str) -> Result<(), ChainError> {
        let expected = &self.network().chain_id;
        if found == expected {
            return Ok(());
        }
        Err(ChainError::WrongChain {
            endpoint: endpoint.into(),
            expected: expected.clone(),
            found: found.into(),
        })
    }

    /// What is known of the chain.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.shared.network
    }

    /// The same client, whose queries are answered from the state after a block: several
    /// answers that belong together.
    #[must_use]
    pub fn at(&self, height: u64) -> Self {
        Self {
            height: Some(height),
            ..self.clone()
        }
    }

    /// The same client, which asks the endpoint that answered last when no other one answers: to
    /// compare with what that one has told.
    #[must_use]
    pub fn others_first(&self) -> Self {
        Self {
            turn: Turn::LastLast,
            ..self.clone()
        }
    }

    /// Clients that ask one endpoint each, the one that answered last before the others: for what one
    /// node alone is not believed. Of endpoints that are set aside there is none, unless all are.
    #[must_use]
    pub fn each(&self) -> Vec<Self> {
        let endpoints = &self.shared.endpoints;
        let is_own = |number: &usize| endpoints[*number].other_chain().is_none();
        let mut own: Vec<usize> = self.order().into_iter().filter(is_own).collect();
        let is_up = |number: &usize| !endpoints[*number].is_aside();
        if own.iter().any(is_up) {
            own.retain(is_up);
        }
        let clients = own.into_iter().map(|number| Self {
            turn: Turn::Only(number),
            ..self.clone()
        });
        clients.collect()
    }

    /// Sets the endpoint that this client asks first aside for a while: others know better.
    pub fn doubt(&self, why: impl fmt::Display) {
        self.shared.endpoints[self.current()].doubt(&why.to_string());
    }

    pub(crate) const fn height(&self) -> Option<u64> {
        self.height
    }

    /// The endpoint that answered last: scheme, host and port of its URL.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.shared.endpoints[self.current()].name
    }

    /// Its URL, in which there may be a secret.
    pub(crate) fn endpoint_url(&self) -> &str {
        &self.shared.endpoints[self.current()].url
    }

    pub(crate) fn current(&self) -> usize {
        match self.turn {
            Turn::Only(endpoint) => endpoint,
            Turn::LastFirst | Turn::LastLast => {
                self.shared.current.load(Ordering::Relaxed) % self.shared.endpoints.len()
            }
        }
    }

    pub(crate) fn prefer(&self, endpoint: usize) {
        if matches!(self.turn, Turn::LastFirst) {
            self.shared.current.store(endpoint, Ordering::Relaxed);
        }
    }

    pub(crate) fn all_endpoints(&self) -> &[Endpoint] {
        &self.shared.endpoints
    }

    /// The newest block that the endpoint that answers has carried out: queries and simulations
    /// see the state after it. A node shows a block in its status a little earlier.
    ///
    /// # Errors
    /// [`ChainError::Unreachable`], [`ChainError::WrongChain`].
    pub async fn latest_block(&self) -> Result<BlockStamp, ChainError> {
        let (status, application) = self
            .ask(|rpc| async move { Ok((rpc.status().await?, rpc.abci_info().await?)) })
            .await?;
        self.assert_chain(self.endpoint(), status.node_info.network.as_str())?;
        let (sync, done) = (status.sync_info, application.last_block_height.value());
        // It may have gone on since it told its status.
        if (1..sync.latest_block_height.value()).contains(&done) {
            return self.block(done).await;
        }
        Ok(BlockStamp {
            height: sync.latest_block_height.value(),
            time: sync.latest_block_time.unix_timestamp().max(0) as u64,
            nanos: nanos(sync.latest_block_time),
        })
    }

    /// A block that there is.
    ///
    /// # Errors
    /// [`ChainError::BlockUnavailable`], [`ChainError::Unreachable`].
    pub async fn block(&self, height: u64) -> Result<BlockStamp, ChainError> {
        let unavailable = |detail: String| ChainError::BlockUnavailable { height, detail };
        let number = height_of(height)?;
        let header = self
            .ask_who_knows(|rpc| async move { known(rpc.header(number).await) })
            .await?
            .map_err(unavailable)?
            .header;
        Ok(BlockStamp {
            height,
            time: header.time.unix_timestamp().max(0) as u64,
            nanos: nanos(header.time),
        })
    }

    /// Asks the endpoint that answered last, then the others, until one answers; those that are set
    /// aside come last, and those of another chain not at all. What a node refuses in words of its own
    /// counts as no answer unless `ask` settles it.
    pub(crate) async fn ask<T, F>(&self, ask: impl Fn(HttpClient) -> F) -> Result<T, ChainError>
    where
        F: Future<Output = Result<T, RpcError>>,
    {
        let answer = self
            .ask_who_knows(|rpc| {
                let asked = ask(rpc);
                async move { asked.await.map(Word::Answer) }
            })
            .await?;
        // Whoever answers, knows.
        answer.map_err(|detail| ChainError::malformed("answer", detail))
    }

    /// As [`Self::ask`], where an endpoint may not know what others know: a block that it does not
    /// have yet, or not any more. If none knows, what the first one said. What is doubtful is believed
    /// if nobody says anything else.
    pub(crate) async fn ask_who_knows<T, F>(
        &self,
        ask: impl Fn(HttpClient) -> F,
    ) -> Result<Result<T, String>, ChainError>
    where
        F: Future<Output = Result<Word<T>, RpcError>>,
    {
        let (mut failures, mut unknown, mut doubtful) = (Vec::new(), None, Vec::new());
        let order = self.order();
        for (asked, number) in order.iter().copied().enumerate() {
            let endpoint = &self.shared.endpoints[number];
            if let Some(other) = endpoint.other_chain() {
                failures.push(endpoint.failed(other.to_string()));
                continue;
            }
            // One that is asked alone is not the only one there is.
            let has_others = match self.turn {
                Turn::Only(_) => self.shared.endpoints.len() > 1,
                Turn::LastFirst | Turn::LastLast => asked + 1 < order.len(),
            };
            match in_time(ask(endpoint.rpc.clone()), has_others).await {
                Ok(Word::Answer(answer)) => {
                    for (endpoint, error) in doubtful {
                        Endpoint::doubt(endpoint, &ChainError::to_string(&error));
                    }
                    self.prefer(number);
                    return Ok(Ok(answer));
                }
                Ok(Word::Unknown(words)) => unknown = unknown.or(Some(words)),
                Ok(Word::Doubtful(error)) => doubtful.push((endpoint, error)),
                Err(words) => failures.push(endpoint.failed(words)),
            }
        }
        match (unknown, doubtful.into_iter().next()) {
            (Some(words), _) => Ok(Err(words)),
            (None, Some((_, error))) => Err(error),
            (None, None) => Err(ChainError::Unreachable { failures }),
        }
    }

    /// Those endpoints that are asked together: all that are not set aside; if all are, all but those
    /// of other chains.
    pub(crate) fn asked(&self) -> Vec<&Endpoint> {
        if let Turn::Only(endpoint) = self.turn {
            return vec![&self.shared.endpoints[endpoint]];
        }
        let endpoints = self.shared.endpoints.iter();
        let own = endpoints.filter(|endpoint| endpoint.other_chain().is_none());
        let (up, aside): (Vec<_>, Vec<_>) = own.partition(|endpoint| !endpoint.is_aside());
        if up.is_empty() { aside } else { up }
    }

    /// The endpoints in the order in which they are asked.
    fn order(&self) -> Vec<usize> {
        let (first, count) = match (self.current(), self.shared.endpoints.len()) {
            (only, _) if matches!(self.turn, Turn::Only(_)) => return vec![only],
            (last, count) if matches!(self.turn, Turn::LastLast) => (last + 1, count),
            order => order,
        };
        let mut order: Vec<usize> = (first..first + count).map(|at| at % count).collect();
        order.sort_by_key(|number| self.shared.endpoints[*number].is_aside());
        order
    }
}

/// An endpoint's answer, waited for less long while there are others; what it did instead in words.
async fn in_time<T>(
    answer: impl Future<Output = Result<T, RpcError>>,
    has_others: bool,
) -> Result<T, String> {
    let answer = if has_others {
        let waited = timeout(TIMEOUT_OF_ONE, answer).await;
        waited.map_err(|_| silent(TIMEOUT_OF_ONE))?
    } else {
        answer.await
    };
    answer.map_err(|error| detail(&error))
}

/// What is said of an endpoint that did not answer.
pub(crate) fn silent(waited: Duration) -> String {
    format!("no answer within {} s", waited.as_secs())
}

/// The error without the trace that the library adds when it displays one.
pub(crate) fn detail(error: &RpcError) -> String {
    match error.detail() {
        ErrorDetail::Response(inner) => inner.source.to_string(),
        ErrorDetail::Http(inner) => format!("{inner}: does a node listen there?"),
        other => other.to_string(),
    }
}

/// A node's refusal in its own words is an answer; that it cannot be reached is not.
pub(crate) fn settled<T>(answer: Result<T, RpcError>) -> Result<Result<T, String>, RpcError> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(error) if matches!(error.detail(), ErrorDetail::Response(_)) => Ok(Err(detail(&error))),
        Err(error) => Err(error),
    }
}

/// As [`settled`], of what another endpoint may know.
pub(crate) fn known<T>(answer: Result<T, RpcError>) -> Result<Word<T>, RpcError> {
    Ok(match settled(answer)? {
        Ok(answer) => Word::Answer(answer),
        Err(words) => Word::Unknown(words),
    })
}

pub(crate) fn height_of(height: u64) -> Result<cosmrs::tendermint::block::Height, ChainError> {
    height
        .try_into()
        .map_err(|error| ChainError::malformed(format!("height {height}"), error))
}

fn nanos(time: cosmrs::tendermint::Time) -> u32 {
    (time.unix_timestamp_nanos() % 1_000_000_000).max(0) as u32
}

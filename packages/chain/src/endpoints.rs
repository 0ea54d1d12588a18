//! Which endpoints are up with the chain. One that fails, lags behind the others or does not go on
//! while others do is set aside: it is asked last, and looked at again with every survey.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::future::join_all;
use tendermint_rpc::{Client as _, HttpClient};
use tokio::time::timeout;

use crate::client::{Client, detail};
use crate::error::EndpointFailure;

/// An endpoint may be so many blocks behind the newest one that any tells.
pub const MOST_BLOCKS_BEHIND: u64 = 4;

/// An endpoint that is behind may tell the same block for this long.
pub const LONGEST_STANDSTILL: Duration = Duration::from_secs(12);

/// No chain makes more blocks in a second than this: between two endpoints' newest blocks there are no
/// more than their times allow, but for [`SPARE`].
const BLOCKS_PER_SECOND: u64 = 20;

/// Blocks by which an endpoint may be ahead of what times allow.
const SPARE: u64 = 100;

/// An endpoint that does not tell its status for this long fails.
const TIMEOUT: Duration = Duration::from_secs(4);

/// For how long an endpoint is set aside that others contradict.
const DOUBTED: Duration = Duration::from_secs(60);

/// Why an endpoint is set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// It does not answer; in the transport's words.
    Fails(String),
    /// It is a node of another chain.
    OtherChain(String),
    /// It is so many blocks behind another endpoint.
    Lags(u64),
    /// It has told the same block for so many seconds, and others newer ones.
    StandsStill(u64),
    /// It tells this block, which by what others tell cannot be there yet.
    Implausible(u64),
    /// It has said this a moment ago, and others something else.
    Contradicted(String),
}

impl fmt::Display for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fails(detail) => write!(f, "fails: {detail}"),
            Self::OtherChain(chain) => write!(f, "is a node of chain {chain}"),
            Self::Lags(blocks) => write!(f, "is {blocks} blocks behind"),
            Self::StandsStill(seconds) => write!(f, "stands still for {seconds} s"),
            Self::Implausible(height) => write!(f, "tells block {height}, which cannot be"),
            Self::Contradicted(words) => write!(f, "is contradicted by others: {words}"),
        }
    }
}

/// How an endpoint does, as of the last survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointHealth {
    /// Scheme, host and port of its URL; whatever else stands there may be a secret.
    pub url: String,
    /// Whether it is the one that answers.
    pub is_current: bool,
    /// The newest block that it has told; none if it never did.
    pub height: Option<u64>,
    /// Why it is set aside, if it is.
    pub aside: Option<Aside>,
}

/// An endpoint.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    /// What is shown of it.
    pub(crate) name: String,
    pub(crate) rpc: HttpClient,
    standing: Mutex<Standing>,
}

/// What surveys have found of an endpoint.
#[derive(Clone, Debug, Default)]
struct Standing {
    /// The newest block that it has told, and when it first did.
    head: Option<(u64, Instant)>,
    aside: Option<Aside>,
    /// What others contradict, and until when that counts.
    doubt: Option<(String, Instant)>,
}

/// What an endpoint tells now: the newest block.
type Told = Result<Head, Aside>;

/// A newest block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    height: u64,
    /// Seconds since 1970.
    time: u64,
}

impl Head {
    /// Whether this cannot be the newest block if the other one is.
    const fn contradicts(self, other: Self) -> bool {
        let seconds = self.time.saturating_sub(other.time);
        let possible = seconds.saturating_mul(BLOCKS_PER_SECOND);
        self.height.saturating_sub(other.height) > possible.saturating_add(SPARE)
    }
}

/// Sets aside what most others contradict: an endpoint that is far ahead would be preferred, and what
/// the others know be taken for old.
fn plausible(told: Vec<Told>) -> Vec<Told> {
    let heads: Vec<Head> = told.iter().flatten().copied().collect();
    let check = |told: Told| {
        let head = told?;
        let contradictions = heads.iter().filter(|other| head.contradicts(**other));
        // It does not contradict itself.
        if contradictions.count() * 2 > heads.len() - 1 {
            return Err(Aside::Implausible(head.height));
        }
        Ok(head)
    };
    told.into_iter().map(check).collect()
}

impl Endpoint {
    pub(crate) fn new(url: String, rpc: HttpClient) -> Self {
        Self {
            name: name(&url),
            url,
            rpc,
            standing: Mutex::default(),
        }
    }

    pub(crate) fn is_aside(&self) -> bool {
        self.standing().aside.is_some()
    }

    /// That it was found to be a node of another chain, if it was. Its answers would be of a state
    /// that has nothing to do with this one.
    pub(crate) fn other_chain(&self) -> Option<Aside> {
        let aside = self.standing().aside;
        aside.filter(|aside| matches!(aside, Aside::OtherChain(_)))
    }

    /// Sets it aside for a while, whatever surveys find: it has said this, and others know better.
    pub(crate) fn doubt(&self, words: &str) {
        let words = self.hide(words);
        let mut standing = self.standing.lock();
        let standing = match &mut standing {
            Ok(standing) => &mut **standing,
            Err(poisoned) => &mut **poisoned.get_mut(),
        };
        standing.doubt = Some((words.clone(), Instant::now() + DOUBTED));
        if standing.aside.is_none() {
            standing.aside = Some(Aside::Contradicted(words));
        }
    }

    pub(crate) fn failed(&self, detail: String) -> EndpointFailure {
        EndpointFailure {
            endpoint: self.name.clone(),
            detail: self.hide(&detail),
        }
    }

    /// Words without the URL.
    fn hide(&self, text: &str) -> String {
        text.replace(self.url.trim_end_matches('/'), &self.name)
    }

    fn standing(&self) -> Standing {
        let standing = self.standing.lock();
        standing.unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn tell(&self, chain_id: &str) -> Told {
        let status = match timeout(TIMEOUT, self.rpc.status()).await {
            Ok(Ok(status)) => status,
            Ok(Err(error)) => return Err(Aside::Fails(self.hide(&detail(&error)))),
            Err(_) => {
                let waited = TIMEOUT.as_secs();
                return Err(Aside::Fails(format!("no answer within {waited} s")));
            }
        };
        let found = status.node_info.network.as_str();
        if found != chain_id {
            return Err(Aside::OtherChain(found.into()));
        }
        let sync = status.sync_info;
        Ok(Head {
            height: sync.latest_block_height.value(),
            time: sync.latest_block_time.unix_timestamp().max(0) as u64,
        })
    }
}

impl Standing {
    /// The same after another survey, in which some endpoint told block `best`.
    fn after(self, told: Told, best: u64, now: Instant) -> Self {
        let height = match told {
            Ok(head) => head.height,
            Err(aside) => {
                let aside = Some(aside);
                return Self { aside, ..self };
            }
        };
        let since = match self.head {
            Some((known, since)) if known >= height => since,
            _ => now,
        };
        let behind = best.saturating_sub(height);
        let still = now.saturating_duration_since(since);
        let aside = if behind > MOST_BLOCKS_BEHIND {
            Some(Aside::Lags(behind))
        } else if behind > 0 && still > LONGEST_STANDSTILL {
            Some(Aside::StandsStill(still.as_secs()))
        } else {
            let doubt = self.doubt.as_ref().filter(|(_, until)| now < *until);
            doubt.map(|(words, _)| Aside::Contradicted(words.clone()))
        };
        Self {
            head: Some((height, since)),
            aside,
            doubt: self.doubt,
        }
    }
}

impl Client {
    /// Asks all endpoints for their newest block, sets aside those that are not up with the chain,
    /// and leaves the one that answers if it is among them. If all are set aside, all are asked as
    /// before.
    pub async fn survey(&self) -> Vec<EndpointHealth> {
        let (endpoints, chain_id) = (self.all_endpoints(), &self.network().chain_id);
        let told = join_all(endpoints.iter().map(|endpoint| endpoint.tell(chain_id))).await;
        let told = plausible(told);
        let heights = told.iter().flatten().map(|head| head.height);
        let best = heights.max().unwrap_or_default();
        let now = Instant::now();
        for (endpoint, told) in endpoints.iter().zip(told) {
            let standing = endpoint.standing().after(told, best, now);
            let mut kept = endpoint.standing.lock();
            **kept.as_mut().unwrap_or_else(|poisoned| poisoned.get_mut()) = standing;
        }
        if endpoints[self.current()].is_aside() {
            let up = endpoints.iter().position(|endpoint| !endpoint.is_aside());
            if let Some(up) = up {
                self.prefer(up);
            }
        }
        self.endpoints()
    }

    /// How the endpoints did at the last survey, in the order of the network file.
    #[must_use]
    pub fn endpoints(&self) -> Vec<EndpointHealth> {
        let current = self.current();
        let endpoints = self.all_endpoints().iter().enumerate();
        endpoints
            .map(|(number, endpoint)| {
                let Standing { head, aside, .. } = endpoint.standing();
                EndpointHealth {
                    url: endpoint.name.clone(),
                    is_current: number == current,
                    height: head.map(|(height, _)| height),
                    aside,
                }
            })
            .collect()
    }
}

/// Scheme, host and port of a URL: providers have keys in paths, queries and user names.
fn name(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_in_a_url_is_not_shown() {
        for (url, shown) in [
            ("http://127.0.0.1:26657", "http://127.0.0.1:26657"),
            ("https://rpc.example.com/", "https://rpc.example.com"),
            (
                "https://rpc.example.com/key-4711/rpc",
                "https://rpc.example.com",
            ),
            (
                "https://me:key-4711@rpc.example.com:443/?k=4711",
                "https://rpc.example.com:443",
            ),
        ] {
            let rpc = HttpClient::new("http://127.0.0.1:1").unwrap();
            let endpoint = Endpoint::new(url.into(), rpc);
            let failure = endpoint.failed(format!("no answer from {url} in time"));
            assert_eq!(failure.endpoint, shown);
            assert!(!failure.detail.contains("4711"), "{}", failure.detail);
        }
    }

    fn at(height: u64) -> Told {
        Ok(Head { height, time: 0 })
    }

    #[test]
    fn who_is_ahead_of_what_can_be_is_not_believed() {
        let head = |height, time| Ok(Head { height, time });
        let far = 1_000_000_000_000;
        let liar = Err(Aside::Implausible(far));
        let told = vec![head(far, 1_000), head(100, 1_000)];
        assert_eq!(plausible(told), [liar.clone(), head(100, 1_000)]);
        let down = || Err(Aside::Fails("gone".into()));
        let told = vec![head(100, 1_000), down(), head(far, 1_001), head(99, 999)];
        let found = plausible(told);
        assert_eq!(found[2], liar);
        assert_eq!([&found[0], &found[3]], [&head(100, 1_000), &head(99, 999)]);
        // One that stopped long ago says nothing against the others.
        let told = vec![head(50_000, 1_000_000), head(100, 1_000)];
        assert_eq!(plausible(told.clone()), told);
        let alone = vec![head(far, 1_000)];
        assert_eq!(plausible(alone.clone()), alone);
    }

    #[test]
    fn who_lags_is_set_aside_and_comes_back() {
        let now = Instant::now();
        let standing = Standing::default().after(at(10), 14, now);
        assert_eq!(standing.aside, None);
        let standing = standing.after(at(10), 15, now);
        assert_eq!(standing.aside, Some(Aside::Lags(5)));
        assert_eq!(standing.after(at(16), 16, now).aside, None);
    }

    #[test]
    fn who_stands_still_is_set_aside_unless_all_do() {
        let start = Instant::now();
        let later = start + LONGEST_STANDSTILL + Duration::from_secs(1);
        let standing = Standing::default().after(at(10), 10, start);
        assert_eq!(standing.clone().after(at(10), 10, later).aside, None);
        let still = standing.clone().after(at(10), 11, later);
        assert_eq!(still.aside, Some(Aside::StandsStill(13)));
        let alive = standing.after(at(11), 12, later);
        assert_eq!(alive.aside, None);
    }

    #[test]
    fn who_is_contradicted_is_set_aside_for_a_while() {
        let rpc = HttpClient::new("http://127.0.0.1:1").unwrap();
        let endpoint = Endpoint::new("http://127.0.0.1:1/key".into(), rpc);
        endpoint.doubt("nonsense of http://127.0.0.1:1/key");
        let reason = Some(Aside::Contradicted("nonsense of http://127.0.0.1:1".into()));
        assert_eq!(endpoint.standing().aside, reason);
        let (now, standing) = (Instant::now(), endpoint.standing());
        assert_eq!(standing.clone().after(at(10), 10, now).aside, reason);
        assert_eq!(standing.after(at(10), 10, now + DOUBTED).aside, None);
    }

    #[test]
    fn who_fails_is_set_aside_and_what_it_told_is_remembered() {
        let now = Instant::now();
        let standing = Standing::default().after(at(10), 10, now);
        let reason = Aside::Fails("gone".into());
        let failed = standing.after(Err(reason.clone()), 11, now);
        assert_eq!(failed.aside, Some(reason));
        assert_eq!(failed.head.map(|(height, _)| height), Some(10));
        assert_eq!(failed.after(at(11), 11, now).aside, None);
    }
}

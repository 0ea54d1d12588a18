//! JSON documents of HTTP servers.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::future::join_all;
use serde_json::Value;
use tokio::time::sleep;
use ureq::Agent;

use super::document::Place;
use super::{Sight, SourceError};

/// Longer documents are not read.
const LIMIT: u64 = 4 << 20;

/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How a document is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// One attempt may take so long.
    pub timeout: Duration,
    /// Attempts in a round, at least one.
    pub attempts: u32,
    /// The wait before the second attempt; it doubles with each further one.
    pub backoff: Duration,
    /// Headers that go with each request. Values may be secrets: they are never shown.
    pub headers: Vec<Header>,
}

/// A header of a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl std::fmt::Debug for Header {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Header({})", self.name)
    }
}

/// Documents, each with the assets whose prices stand in it.
#[derive(Debug)]
pub struct Http {
    agent: Agent,
    asking: Asking,
    documents: BTreeMap<String, Vec<Place>>,
}

impl Http {
    /// Asks for each document once in a round, however many prices stand in it.
    #[must_use]
    pub fn new(asking: Asking, documents: BTreeMap<String, Vec<Place>>) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(asking.timeout))
            .http_status_as_error(false)
            // Secrets in headers are for this server alone.
            .max_redirects(0)
            .user_agent(concat!("bulwark/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: config.into(),
            asking,
            documents,
        }
    }

    /// Looks at all assets; documents are asked for at the same time.
    pub(super) async fn observe(&self) -> Vec<Sight> {
        let documents = self.documents.iter();
        let sights = join_all(documents.map(|(url, places)| self.observe_in(url, places))).await;
        sights.into_iter().flatten().collect()
    }

    async fn observe_in(&self, url: &str, places: &[Place]) -> Vec<Sight> {
        let fetched = self.fetch(url).await;
        let sight = |place: &Place| Sight {
            asset: place.asset.clone(),
            seen: match &fetched {
                Ok((document, asked_at)) => place.read(document, *asked_at),
                Err(error) => Err(error.clone()),
            },
        };
        places.iter().map(sight).collect()
    }

    /// The document, and when it was asked for, in seconds.
    async fn fetch(&self, url: &str) -> Result<(Value, u64), SourceError> {
        let mut wait = self.asking.backoff;
        let mut left = self.asking.attempts;
        loop {
            let asked_at = now();
            let error = match self.attempt(url).await {
                Ok(document) => return Ok((document, asked_at)),
                Err(error) => error,
            };
            left = left.saturating_sub(1);
            if left == 0 || !error.may_pass() {
                return Err(error);
            }
            tracing::debug!(%error, wait_ms = wait.as_millis() as u64, "source asked again");
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    async fn attempt(&self, url: &str) -> Result<Value, SourceError> {
        let (agent, headers) = (self.agent.clone(), self.asking.headers.clone());
        let to = url.to_owned();
        // The client blocks its thread.
        let asked = tokio::task::spawn_blocking(move || get(&agent, &headers, &to));
        asked.await.unwrap_or_else(|error| {
            Err(SourceError::Unreachable {
                url: url.into(),
                detail: error.to_string(),
            })
        })
    }
}

fn get(agent: &Agent, headers: &[Header], url: &str) -> Result<Value, SourceError> {
    let failed = |error: ureq::Error| match error {
        ureq::Error::BodyExceedsLimit(limit) => SourceError::TooLong {
            url: url.into(),
            limit,
        },
        error => SourceError::Unreachable {
            url: url.into(),
            detail: error.to_string(),
        },
    };
    let mut request = agent.get(url);
    for header in headers {
        request = request.header(&header.name, &header.value);
    }
    let mut answer = request.call().map_err(failed)?;
    let status = answer.status();
    if !status.is_success() {
        return Err(SourceError::Status {
            url: url.into(),
            status: status.as_u16(),
        });
    }
    let body = answer.body_mut().with_config().limit(LIMIT);
    let bytes = body.read_to_vec().map_err(failed)?;
    serde_json::from_slice(&bytes).map_err(|error| SourceError::NotJson {
        url: url.into(),
        detail: error.to_string(),
    })
}

pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

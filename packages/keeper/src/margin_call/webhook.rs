//! Notices to a server, one JSON document each, in their order, again and again until it takes them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;
use ureq::Agent;

use super::notice::Notice;
use crate::config::Webhook;

/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// A notice that the server refuses so often is given up: the next one may please it.
const MOST_REFUSALS: u32 = 5;

/// Notices that wait to be told.
#[derive(Clone, Debug)]
pub struct Outbox {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    most: usize,
    news: Notify,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Notice>,
    told: u64,
    given_up: u64,
    failure: Option<String>,
}

/// How telling goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// How many wait.
    pub waiting: usize,
    /// How many the server took since the start.
    pub told: u64,
    /// How many were given up since the start: refused, or too many.
    pub given_up: u64,
    /// Why the last attempt failed, if it did.
    pub failure: Option<String>,
}

impl Outbox {
    /// Notices to begin with, and how many may wait at most.
    #[must_use]
    pub fn new(waiting: Vec<Notice>, most: usize) -> Self {
        let outbox = Self {
            shared: Arc::new(Shared {
                most,
                news: Notify::new(),
                state: Mutex::default(),
            }),
        };
        outbox.add(waiting);
        outbox
    }

    /// Adds notices; where too many wait, the oldest are given up.
    pub fn add(&self, notices: impl IntoIterator<Item = Notice>) {
        let mut state = self.state();
        state.waiting.extend(notices);
        while state.waiting.len() > self.shared.most {
            state.waiting.pop_front();
            state.given_up += 1;
        }
        drop(state);
        self.shared.news.notify_one();
    }

    /// The notices that wait, for the file.
    #[must_use]
    pub fn waiting(&self) -> Vec<Notice> {
        self.state().waiting.iter().cloned().collect()
    }

    /// How telling goes.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        let state = self.state();
        Delivery {
            waiting: state.waiting.len(),
            told: state.told,
            given_up: state.given_up,
            failure: state.failure.clone(),
        }
    }

    /// The first notice, once there is one.
    async fn first(&self) -> Notice {
        loop {
            let first = self.state().waiting.front().cloned();
            match first {
                Some(notice) => return notice,
                None => self.shared.news.notified().await,
            }
        }
    }

    /// The notice is done with, unless it was given up meanwhile.
    fn settle(&self, notice: &Notice, told: bool) {
        let mut state = self.state();
        if state
            .waiting
            .front()
            .is_some_and(|first| first.id == notice.id)
        {
            state.waiting.pop_front();
            if !told {
                state.given_up += 1;
            }
        }
        state.told += u64::from(told);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let locked = self.shared.state.lock();
        locked.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a notice was not taken. The server's URL, which may hold a secret, is not part of it.
enum Refusal {
    /// Another try may help.
    Passing(String),
    /// The server does not like this notice.
    Lasting(String),
}

/// Tells what is in the outbox, for ever.
pub async fn deliver(outbox: Outbox, webhook: Webhook) {
    let config = Agent::config_builder()
        .timeout_global(Some(webhook.timeout))
        .http_status_as_error(false)
        .max_redirects(0)
        .user_agent(concat!("bulwark/", env!("CARGO_PKG_VERSION")))
        .build();
    let agent: Agent = config.into();
    let mut wait = webhook.backoff;
    let mut refusals = 0;
    loop {
        let notice = outbox.first().await;
        let (failure, gives_up) = match attempt(&agent, &webhook, &notice).await {
            Ok(()) => (None, false),
            Err(Refusal::Passing(detail)) => (Some(detail), false),
            Err(Refusal::Lasting(detail)) => {
                refusals += 1;
                (Some(detail), refusals >= MOST_REFUSALS)
            }
        };
        let failed = failure.is_some();
        outbox.state().failure.clone_from(&failure);
        if let Some(detail) = failure {
            tracing::debug!(
                notice = notice.id,
                detail,
                gives_up,
                "margin call not taken"
            );
        }
        if gives_up || !failed {
            outbox.settle(&notice, !failed);
            refusals = 0;
            wait = webhook.backoff;
            continue;
        }
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

async fn attempt(agent: &Agent, webhook: &Webhook, notice: &Notice) -> Result<(), Refusal> {
    let body = serde_json::to_vec(notice).map_err(|error| Refusal::Lasting(error.to_string()))?;
    let (agent, webhook) = (agent.clone(), webhook.clone());
    // The client blocks its thread.
    let posted = tokio::task::spawn_blocking(move || post(&agent, &webhook, &body));
    posted
        .await
        .unwrap_or_else(|error| Err(Refusal::Passing(error.to_string())))
}

fn post(agent: &Agent, webhook: &Webhook, body: &[u8]) -> Result<(), Refusal> {
    let mut request = agent
        .post(webhook.url.reveal())
        .header("content-type", "application/json");
    for (name, value) in &webhook.headers {
        request = request.header(name, value.reveal());
    }
    let status = match request.send(body) {
        Ok(answer) => answer.status().as_u16(),
        Err(error) => return Err(Refusal::Passing(failure(&error))),
    };
    let said = format!("the server answers {status}");
    match status {
        200..=299 => Ok(()),
        408 | 425 | 429 | 500.. => Err(Refusal::Passing(said)),
        _ => Err(Refusal::Lasting(said)),
    }
}

/// What went wrong, without the URL.
fn failure(error: &ureq::Error) -> String {
    match error {
        ureq::Error::BadUri(_) => "the URL is refused".into(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;

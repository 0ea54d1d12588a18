//! Posts as one feeder.

use std::collections::BTreeMap;

use bulwark_chain::contracts::Oracle;
use bulwark_chain::sender::Pending;
use bulwark_chain::{ChainError, Gas, Included, Message, Sender};
use bulwark_deploy::gas_of_post;
use bulwark_types::oracle::{ExecuteMsg, FeedResponse};
use serde_json::Value;

use crate::decide::{Due, Rule, Skip, decide};
use crate::observation::Observation;

/// One feeder: a key, and the oracle that it posts to.
#[derive(Clone, Debug)]
pub struct Poster {
    oracle: Oracle,
    sender: Sender,
}

/// What a feeder makes of the observations of a round.
#[derive(Debug, Default)]
pub struct Posts {
    /// The feeder's address.
    pub feeder: String,
    /// What it posts.
    pub due: Vec<Due>,
    /// What it does not, and why.
    pub skipped: Vec<(String, Skip)>,
    /// What the oracle would not take, and why: the rest is posted without it.
    pub refused: Vec<(String, ChainError)>,
    /// The transaction, once it stands in a block; none if nothing was to be posted.
    pub included: Option<Included>,
    /// Why nothing stands in a block.
    pub failed: Option<ChainError>,
}

impl Poster {
    /// Posts to this oracle with this key.
    #[must_use]
    pub const fn new(oracle: Oracle, sender: Sender) -> Self {
        Self { oracle, sender }
    }

    /// The feeder's address.
    #[must_use]
    pub fn address(&self) -> &str {
        self.sender.address()
    }

    /// What to post into a block after the time `now`.
    #[must_use]
    pub fn decide(
        &self,
        observations: &[Observation],
        rules: &BTreeMap<String, Rule>,
        feeds: &BTreeMap<String, FeedResponse>,
        now: u64,
    ) -> Posts {
        let mut posts = Posts {
            feeder: self.address().into(),
            ..Posts::default()
        };
        for observation in observations {
            let asset = &observation.asset;
            let Some(rule) = rules.get(asset) else {
                continue;
            };
            match decide(observation, rule, feeds.get(asset), self.address(), now) {
                Ok(due) => posts.due.push(due),
                Err(skip) => posts.skipped.push((asset.clone(), skip)),
            }
        }
        posts
    }

    /// Hands what is due to a node. The oracle takes all prices of a post or none: it is tried
    /// out first, and what would be refused is left out.
    pub(crate) async fn submit(&self, posts: &mut Posts) -> Option<Pending> {
        match self.try_submit(posts).await {
            Ok(pending) => pending,
            Err(error) => {
                posts.failed = Some(error);
                None
            }
        }
    }

    async fn try_submit(&self, posts: &mut Posts) -> Result<Option<Pending>, ChainError> {
        while !posts.due.is_empty() {
            let message = self.message(&posts.due)?;
            match self.sender.simulate(std::slice::from_ref(&message)).await {
                // What the simulation used is too little: the post that completes the quorum
                // does more than those before it.
                Ok(_) => {
                    let gas = Gas::Limit(gas_of_post(posts.due.len()));
                    return self.sender.submit(&[message], gas).await.map(Some);
                }
                Err(error) => match guilty(&error, &posts.due) {
                    Some(at) => {
                        let due = posts.due.remove(at);
                        posts.refused.push((due.price.asset, error));
                    }
                    None => return Err(error),
                },
            }
        }
        Ok(None)
    }

    fn message(&self, due: &[Due]) -> Result<Message, ChainError> {
        let prices = due.iter().map(|due| due.price.clone()).collect();
        let message = ExecuteMsg::PostPrices { prices };
        let written = self.oracle.message(self.address(), &message);
        written.map_err(|error| ChainError::Malformed {
            what: "post of prices".into(),
            detail: error.to_string(),
        })
    }
}

/// Which of the posts the oracle's refusal is about.
fn guilty(error: &ChainError, due: &[Due]) -> Option<usize> {
    let reason = error.refusal()?.reason.as_ref()?;
    let fields: Value = serde_json::from_str(&reason.fields).ok()?;
    let asset = fields.get("asset")?.as_str()?;
    due.iter().position(|due| due.price.asset == asset)
}

/// Waits for the block of a transaction.
pub(crate) async fn conclude(posts: &mut Posts, pending: Option<Pending>) {
    if let Some(pending) = pending {
        match pending.wait().await {
            Ok(included) => posts.included = Some(included),
            Err(error) => posts.failed = Some(error),
        }
    }
}

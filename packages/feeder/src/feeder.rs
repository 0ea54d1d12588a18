//! A round: look, decide, post.

use std::collections::BTreeMap;

use bulwark_chain::contracts::Oracle;
use bulwark_chain::{ChainError, Sender};
use bulwark_types::oracle::{ConfigResponse, QueryMsg};

use crate::decide::Rule;
use crate::observation::Observation;
use crate::poster::{Poster, Posts, conclude};
use crate::source::{Source, SourceError};

/// One feeder, or several whose keys one person has, on a test network.
#[derive(Debug)]
pub struct Feeder {
    oracle: Oracle,
    posters: Vec<Poster>,
    source: Source,
    rules: BTreeMap<String, Rule>,
    dry: bool,
}

/// What happened in a round.
#[derive(Debug)]
pub struct Round {
    /// Time of the block before it, in seconds.
    pub now: u64,
    /// The row in force of a price file, counted from 0.
    pub row: Option<usize>,
    /// What was seen.
    pub seen: Vec<Observation>,
    /// Assets of which nothing was seen, and why.
    pub unseen: Vec<(String, SourceError)>,
    /// What each feeder made of it.
    pub posts: Vec<Posts>,
    /// Whether the source will never see anything new.
    pub is_last: bool,
}

impl Round {
    /// The block of the last transaction; none if nothing was posted.
    #[must_use]
    pub fn height(&self) -> Option<u64> {
        let included = self
            .posts
            .iter()
            .filter_map(|posts| posts.included.as_ref());
        included.map(|included| included.height).max()
    }

    /// Why one of the feeders could not post.
    pub fn failure(&mut self) -> Option<ChainError> {
        self.posts.iter_mut().find_map(|posts| posts.failed.take())
    }
}

impl Feeder {
    /// Posts what the source sees of the assets that have rules.
    #[must_use]
    pub fn new(
        oracle: Oracle,
        senders: Vec<Sender>,
        source: Source,
        rules: BTreeMap<String, Rule>,
    ) -> Self {
        let poster = |sender| Poster::new(oracle.clone(), sender);
        Self {
            posters: senders.into_iter().map(poster).collect(),
            oracle,
            source,
            rules,
            dry: false,
        }
    }

    /// The same, but nothing is sent.
    #[must_use]
    pub fn dry(mut self, dry: bool) -> Self {
        self.dry = dry;
        self
    }

    /// Addresses in whose names it would post, but that are none of the oracle's feeders.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn strangers(&self) -> Result<Vec<String>, ChainError> {
        let config: ConfigResponse = self.oracle.query(&QueryMsg::Config {}).await?;
        let addresses = self.posters.iter().map(Poster::address);
        let strangers = addresses.filter(|address| !config.feeders.iter().any(|it| it == address));
        Ok(strangers.map(str::to_owned).collect())
    }

    /// Looks once and posts what is due, and waits until it stands in blocks. What fails of one
    /// asset or feeder stops no other.
    ///
    /// # Errors
    /// [`ChainError`] if the oracle cannot be asked.
    pub async fn round(&self) -> Result<Round, ChainError> {
        // Asked first: the last row of a file is posted before it is over.
        let is_last = self.source.has_ended();
        let row = self.source.row();
        let (mut seen, mut unseen) = (Vec::new(), Vec::new());
        for sight in self.source.observe().await {
            match sight.seen {
                Ok(observation) => seen.push(observation),
                Err(error) => unseen.push((sight.asset, error)),
            }
        }
        let feeds = self.oracle.feeds().await?.into_iter();
        let feeds = feeds.map(|feed| (feed.asset.clone(), feed)).collect();
        let now = self.oracle.client.latest_block().await?.time;
        let decided = self.posters.iter();
        let decided = decided.map(|poster| poster.decide(&seen, &self.rules, &feeds, now));
        let mut posts: Vec<Posts> = decided.collect();
        if !self.dry {
            let mut pending = Vec::new();
            for (poster, posts) in self.posters.iter().zip(&mut posts) {
                pending.push(poster.submit(posts).await);
            }
            for (posts, pending) in posts.iter_mut().zip(pending) {
                conclude(posts, pending).await;
            }
        }
        Ok(Round {
            now,
            row,
            seen,
            unseen,
            posts,
            is_last,
        })
    }
}

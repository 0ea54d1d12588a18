//! What all sources of a feed have said, loaded together.

use bulwark_risk::RiskResult;
use bulwark_risk::units::Price;
use bulwark_types::oracle::{Feed, PriceRecord, Source};
use cosmwasm_std::{StdResult, Storage};

use crate::feeders::Feeders;
use crate::source::posted::{Post, observe};
use crate::source::pulled::Pulled;
use crate::source::redemption::{Rate, Redemption};
use crate::source::{Observation, Reading, read};
use crate::state::{Boards, FEEDS, POSTS, PULLED};

/// What the sources of one feed have said.
pub struct Sources {
    /// Of those who may post.
    pub posts: Vec<Post>,
    /// In the order of the feed's sources; empty if none of them is asked.
    pub pulled: Vec<Pulled>,
    quorum: u8,
}

impl Sources {
    /// What is stored of an asset's sources, of each kind only if the feed has it.
    pub fn load(
        storage: &dyn Storage,
        asset: &str,
        feed: &Feed,
        feeders: &Feeders,
    ) -> StdResult<Self> {
        let mut posts = Vec::new();
        if feed.is_posted() {
            posts = POSTS.may_load(storage, asset)?.unwrap_or_default();
            posts.retain(|post| feeders.has(post.feeder));
        }
        let mut pulled = Vec::new();
        if feed.sources.iter().any(Source::is_pulled) {
            pulled = PULLED.may_load(storage, asset)?.unwrap_or_default();
            pulled.resize(feed.sources.len(), Pulled::default());
        }
        Ok(Self {
            posts,
            pulled,
            quorum: feeders.quorum,
        })
    }

    /// What the feeders say, once there is a quorum of fresh posts.
    pub fn posted(
        &self,
        feed: &Feed,
        in_force: Option<Price>,
        now: u64,
    ) -> RiskResult<Option<Observation>> {
        observe(&self.posts, self.quorum, feed, in_force, now)
    }

    /// What all sources together say, if they say enough.
    pub fn read(
        &self,
        feed: &Feed,
        base: &Base,
        in_force: Option<Price>,
        now: u64,
    ) -> RiskResult<Option<Reading>> {
        let mut markets: Vec<Observation> = self.prices().copied().collect();
        markets.extend(self.posted(feed, in_force, now)?);
        let redemption = self.redemption(feed, base, now)?;
        read(
            feed,
            &markets,
            redemption.as_ref(),
            base.opens(now),
            in_force,
            now,
        )
    }

    /// What the asset can be redeemed for, if rate and base can be used.
    pub fn redemption(&self, feed: &Feed, base: &Base, now: u64) -> RiskResult<Option<Redemption>> {
        match (feed.redemption_rate(), self.rate(), base) {
            (Some(source), Some(rate), Base::Record(Some(record))) => {
                Redemption::at(record, rate, source.max_rate_age, now)
            }
            _ => Ok(None),
        }
    }

    fn prices(&self) -> impl Iterator<Item = &Observation> {
        self.pulled.iter().filter_map(Pulled::price)
    }

    fn rate(&self) -> Option<&Rate> {
        self.pulled.iter().find_map(Pulled::rate)
    }
}

/// The base asset of a feed with a redemption rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Base {
    /// The feed has no redemption rate.
    Unneeded,
    /// The base's record; none before its first price.
    Record(Option<PriceRecord>),
}

impl Base {
    /// The base of a feed, as it stands in this block.
    pub fn load(storage: &dyn Storage, boards: &mut Boards, feed: &Feed) -> StdResult<Self> {
        let Some(source) = feed.redemption_rate() else {
            return Ok(Self::Unneeded);
        };
        let Some(entry) = FEEDS.may_load(storage, &source.base)? else {
            return Ok(Self::Record(None));
        };
        boards.record(storage, entry.slot).map(Self::Record)
    }

    /// Whether positions can be opened at the base's price, as far as it is needed.
    pub fn opens(&self, now: u64) -> bool {
        match self {
            Self::Unneeded => true,
            Self::Record(record) => record.is_some_and(|record| record.is_openable(now)),
        }
    }
}

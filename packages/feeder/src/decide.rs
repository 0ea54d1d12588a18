//! Whether an observation is worth a post: a pure function of the observation, a rule, and what
//! the oracle says of the asset.

use std::fmt;

use bulwark_risk::units::{Fraction, Price};
use bulwark_types::oracle::{FeedResponse, FeederPost, PostedPrice};
use serde::Serialize;
use thiserror::Error;

use crate::observation::Observation;

/// A source's clock may be so far ahead of the chain's (seconds). Such an observation is dated to
/// the block: the oracle takes none of the future.
const MAX_AHEAD: u64 = 30;

/// A post takes so long into a block (seconds); an observation that would be too old by then is
/// not posted. Of a feed with a short age, a third of that.
const DELIVERY: u64 = 10;

/// A price lives for so many heartbeats at least, whatever the rule says: one post may fail.
const HEARTBEATS_PER_AGE: u64 = 2;

/// When an asset's observations are posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// An unchanged price is posted again after so many seconds, and at least twice in the time
    /// for which the oracle takes it.
    pub heartbeat: u64,
    /// A price that moved by this part since the feeder's last post is posted at once; with zero,
    /// every new observation is.
    pub deviation: Fraction,
    /// An observation older than this (seconds) is not fresh. The oracle's own limit counts too.
    pub max_age: u64,
}

/// Why an observation is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The oracle has no post of this feeder, or one that is too old to count.
    First,
    /// The last post is as old as the heartbeat.
    Heartbeat,
    /// The price moved.
    Moved,
    /// Every new observation is posted.
    New,
    /// A jump waits in the oracle for another observation.
    Pending,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::First => "first",
            Self::Heartbeat => "heartbeat",
            Self::Moved => "moved",
            Self::New => "new",
            Self::Pending => "pending",
        })
    }
}

/// A post that is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// What to post.
    pub price: PostedPrice,
    /// Why.
    pub why: Why,
}

/// Why an observation is not posted.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// The oracle has no feed of the asset (yet).
    #[error("the oracle has no feed of this asset")]
    NoFeed,
    /// The feed takes no posts.
    #[error("prices of this asset are not posted")]
    NotPosted,
    /// The source's clock is ahead.
    #[error("the source dates it {} s after the chain's last block", seen_at.saturating_sub(*now))]
    Future {
        /// When the source says it saw it, in seconds.
        seen_at: u64,
        /// Time of the last block, in seconds.
        now: u64,
    },
    /// The source has not seen anything lately.
    #[error("the source saw it {} s ago", now.saturating_sub(*seen_at))]
    Stale {
        /// When the source saw it, in seconds.
        seen_at: u64,
        /// Time of the last block, in seconds.
        now: u64,
    },
    /// The feeder has posted this observation, or a newer one.
    #[error("the source has seen nothing since the last post")]
    NotNewer,
    /// Neither has the price moved nor is it time.
    #[error("the price has not moved")]
    Quiet,
}

impl Skip {
    /// Whether it is the way things go, and nothing that somebody has to look into.
    #[must_use]
    pub const fn is_usual(&self) -> bool {
        matches!(self, Self::Quiet | Self::NotNewer)
    }
}

/// Whether a feeder posts an observation into a block after the time `now`.
///
/// # Errors
/// [`Skip`].
pub fn decide(
    observation: &Observation,
    rule: &Rule,
    feed: Option<&FeedResponse>,
    feeder: &str,
    now: u64,
) -> Result<Due, Skip> {
    let answer = feed.ok_or(Skip::NoFeed)?;
    let feed = &answer.feed;
    if !feed.is_posted() {
        return Err(Skip::NotPosted);
    }
    let seen_at = observation.seen_at;
    if seen_at > now.saturating_add(MAX_AHEAD) {
        return Err(Skip::Future { seen_at, now });
    }
    let published_at = seen_at.min(now);
    let taken = feed.max_age - DELIVERY.min(feed.max_age / 3);
    if now - published_at > rule.max_age.min(taken) {
        return Err(Skip::Stale { seen_at, now });
    }
    let mut posts = answer.posts.iter();
    let last = posts.find(|post| post.feeder == feeder);
    if last.is_some_and(|last| published_at <= last.published_at) {
        return Err(Skip::NotNewer);
    }
    let heartbeat = rule.heartbeat.min(feed.max_age / HEARTBEATS_PER_AGE);
    let why = match last {
        None => Why::First,
        Some(last) if now - last.published_at.min(now) > feed.max_age => Why::First,
        Some(last) if has_moved(last, observation.price, rule.deviation) => Why::Moved,
        Some(last) if now - last.published_at.min(now) >= heartbeat => Why::Heartbeat,
        Some(_) if rule.deviation.is_zero() => Why::New,
        Some(_)
            if answer
                .pending
                .is_some_and(|jump| now >= jump.confirmable_at) =>
        {
            Why::Pending
        }
        Some(_) => return Err(Skip::Quiet),
    };
    let price = PostedPrice {
        asset: observation.asset.clone(),
        price: observation.price,
        conf: observation.conf,
        published_at,
    };
    Ok(Due { price, why })
}

/// Whether a price is off the last post by at least the deviation.
fn has_moved(last: &FeederPost, price: Price, deviation: Fraction) -> bool {
    // A part of a price that is beyond all prices is never reached.
    let allowed = last.price.scaled_ceil(deviation);
    let moved = last.price.0.abs_diff(price.0);
    moved > 0 && allowed.is_ok_and(|allowed| moved >= allowed.0)
}

#[cfg(test)]
mod tests;

//! Prices that feeders post. Each feeder has one latest post per asset; the median of the
//! fresh ones is the observation, once there are as many as the quorum.

use bulwark_risk::RiskResult;
use bulwark_risk::units::Price;
use bulwark_types::oracle::{Feed, PRICE_LIMIT, PostedPrice};
use serde::{Deserialize, Serialize};

use super::Observation;
use crate::error::ContractError;
use crate::feeders::Feeders;

/// The latest post of one feeder about one asset.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post {
    /// Number of the feeder.
    pub feeder: u32,
    /// USD per whole token.
    pub price: Price,
    /// Half-width of its own uncertainty, USD per whole token.
    pub conf: Price,
    /// When it was observed, in seconds.
    pub published_at: u64,
}

impl Post {
    /// Checks what a feeder posted.
    ///
    /// # Errors
    /// [`ContractError::PriceOutOfRange`], [`ContractError::ConfidenceOutOfRange`],
    /// [`ContractError::FuturePost`], [`ContractError::StalePost`].
    pub fn checked(
        posted: &PostedPrice,
        feeder: u32,
        max_age: u64,
        now: u64,
    ) -> Result<Self, ContractError> {
        let asset = || posted.asset.clone();
        let post = Self {
            feeder,
            price: posted.price,
            conf: posted.conf.unwrap_or_default(),
            published_at: posted.published_at,
        };
        if post.price.is_zero() || post.price > PRICE_LIMIT {
            return Err(ContractError::PriceOutOfRange {
                asset: asset(),
                price: post.price.to_string(),
                limit: PRICE_LIMIT.to_string(),
            });
        }
        if post.conf > post.price {
            return Err(ContractError::ConfidenceOutOfRange {
                asset: asset(),
                conf: post.conf.to_string(),
                price: post.price.to_string(),
            });
        }
        if post.published_at > now {
            return Err(ContractError::FuturePost {
                asset: asset(),
                published_at: post.published_at,
                now,
            });
        }
        if !post.is_fresh(max_age, now) {
            return Err(ContractError::StalePost {
                asset: asset(),
                published_at: post.published_at,
                oldest: now.saturating_sub(max_age),
            });
        }
        Ok(post)
    }

    /// Whether the post still counts at `now`.
    pub fn is_fresh(&self, max_age: u64, now: u64) -> bool {
        self.published_at.saturating_add(max_age) >= now
    }
}

/// Puts a post in the place of the same feeder's previous one, and drops those of who has left.
///
/// # Errors
/// [`ContractError::NotNewer`].
pub fn replace(
    posts: &mut Vec<Post>,
    post: Post,
    feeders: &Feeders,
    asset: &str,
) -> Result<(), ContractError> {
    posts.retain(|stored| feeders.has(stored.feeder));
    match posts.iter_mut().find(|stored| stored.feeder == post.feeder) {
        Some(stored) if stored.published_at >= post.published_at => Err(ContractError::NotNewer {
            asset: asset.into(),
            published_at: post.published_at,
            previous: stored.published_at,
        }),
        Some(stored) => {
            *stored = post;
            Ok(())
        }
        None => {
            posts.push(post);
            Ok(())
        }
    }
}

/// What the feeders say at `now`, if enough of them have said something lately: `posts` are
/// those that [`replace`] leaves, so nobody's who may not post any more.
///
/// The price is the median of the fresh posts: with `m ≥ 2f + 1` of them it lies between two
/// honest ones whatever `f` feeders post. The confidence is the largest of half the range of
/// the fresh posts, `min_conf` of the price (both rounded up) and the median of the feeders'
/// own confidences (an even count takes the upper middle one).
///
/// It counts as published when the quorum-th newest fresh post was: so many feeders have
/// spoken since. As the posts of each feeder only get newer, and those that are no longer
/// fresh are older than the quorum-th newest, this never goes backwards while the feeders
/// stay the same.
///
/// # Errors
/// None for posts and feeds that were validated.
pub fn observe(
    posts: &[Post],
    quorum: u8,
    feed: &Feed,
    in_force: Option<Price>,
    now: u64,
) -> RiskResult<Option<Observation>> {
    let fresh: Vec<&Post> = posts
        .iter()
        .filter(|post| post.is_fresh(feed.max_age, now))
        .collect();
    let quorum = usize::from(quorum);
    if fresh.len() < quorum {
        return Ok(None);
    }
    let mut prices: Vec<Price> = fresh.iter().map(|post| post.price).collect();
    let mut confs: Vec<Price> = fresh.iter().map(|post| post.conf).collect();
    let mut times: Vec<u64> = fresh.iter().map(|post| post.published_at).collect();
    prices.sort_unstable();
    confs.sort_unstable();
    times.sort_unstable_by(|a, b| b.cmp(a));

    let (Some(lowest), Some(highest), Some(price), Some(own), Some(published_at)) = (
        prices.first(),
        prices.last(),
        median(&prices, in_force),
        confs.get(confs.len() / 2),
        times.get(quorum.saturating_sub(1)),
    ) else {
        return Ok(None);
    };
    let half_range = Price(highest.0.abs_diff(lowest.0).div_ceil(2));
    let least = price.scaled_ceil(feed.min_conf)?;
    Ok(Some(Observation {
        price,
        conf: half_range.max(least).max(*own),
        published_at: *published_at,
    }))
}

/// The middle one of sorted prices. Of two, the one nearer to the price in force; without
/// such a price, or at the same distance, the lower.
fn median(sorted: &[Price], in_force: Option<Price>) -> Option<Price> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(middle.checked_sub(1)?)?;
    let is_nearer = |mid: Price| upper.0.abs_diff(mid.0) < lower.0.abs_diff(mid.0);
    Some(if in_force.is_some_and(is_nearer) {
        upper
    } else {
        lower
    })
}

#[cfg(test)]
mod tests;

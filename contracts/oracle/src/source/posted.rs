//! Prices that feeders post. Each feeder has one latest post per asset; the median of the
//! fresh ones is the observation, once there are as many as the quorum.

use bulwark_risk::RiskResult;
use bulwark_risk::units::Price;
use bulwark_types::oracle::{Feed, PRICE_LIMIT, PostedPrice};
use serde::{Deserialize, Serialize};

use super::{Observation, combined};
use crate::error::ContractError;

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
        self.observation().is_fresh(max_age, now)
    }

    const fn observation(&self) -> Observation {
        Observation {
            price: self.price,
            conf: self.conf,
            published_at: self.published_at,
        }
    }
}

/// Puts a post in the place of the same feeder's previous one.
///
/// # Errors
/// [`ContractError::NotNewer`].
pub fn replace(posts: &mut Vec<Post>, post: Post, asset: &str) -> Result<(), ContractError> {
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

/// What the feeders say at `now`, if as many as the quorum have said something lately: the
/// [`combined`] fresh posts. `posts` has nobody's who may not post any more.
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
    let fresh: Vec<Observation> = posts
        .iter()
        .filter(|post| post.is_fresh(feed.max_age, now))
        .map(Post::observation)
        .collect();
    combined(&fresh, quorum.into(), feed.min_conf, in_force)
}

#[cfg(test)]
mod tests;

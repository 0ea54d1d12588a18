//! Where prices come from: one file per kind of source, and what they come to together.

mod answer;
mod combine;
pub mod fixed;
pub mod posted;
pub mod pulled;
pub mod pyth;
pub mod redemption;

pub use combine::{Reading, combined, read};

use bulwark_risk::units::Price;
use serde::{Deserialize, Serialize};

/// What a market source says, before it has been combined with others.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// USD per whole token; above zero.
    pub price: Price,
    /// Half-width of its uncertainty, USD per whole token.
    pub conf: Price,
    /// When it was observed, in seconds; not after the block time.
    pub published_at: u64,
}

impl Observation {
    /// Whether it still counts at `now`.
    pub fn is_fresh(&self, max_age: u64, now: u64) -> bool {
        self.published_at.saturating_add(max_age) >= now
    }
}

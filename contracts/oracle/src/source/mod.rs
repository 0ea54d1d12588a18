//! Where prices come from: one file per kind of source.

pub mod fixed;
pub mod posted;

use bulwark_risk::units::Price;

/// What a source says, before the feed's guards have judged it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// USD per whole token; above zero.
    pub price: Price,
    /// Half-width of its uncertainty, USD per whole token.
    pub conf: Price,
    /// When it was observed, in seconds; not after the block time.
    pub published_at: u64,
}

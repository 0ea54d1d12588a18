//! What a source saw.

use bulwark_risk::units::Price;

/// A price that a source saw, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Asset, as the oracle names it.
    pub asset: String,
    /// USD per whole token.
    pub price: Price,
    /// Half-width of the source's own uncertainty, USD per whole token.
    pub conf: Option<Price>,
    /// When the source saw it, in Unix seconds: what it says itself, or when it was asked.
    pub seen_at: u64,
}

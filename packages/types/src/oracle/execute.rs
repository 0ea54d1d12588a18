//! Messages.

use bulwark_risk::units::Price;
use cosmwasm_schema::cw_serde;

use super::Feed;
use crate::governance::OwnershipAction;

/// One observation of a feeder.
#[cw_serde]
pub struct PostedPrice {
    /// Asset.
    pub asset: String,
    /// USD per whole token.
    pub price: Price,
    /// Half-width of the feeder's own uncertainty, USD per whole token.
    pub conf: Option<Price>,
    /// When it was observed, in seconds.
    pub published_at: u64,
}

/// Creates the oracle.
#[cw_serde]
pub struct InstantiateMsg {
    /// Who may change it.
    pub owner: String,
    /// Who may halt feeds and cancel changes.
    pub guardian: Option<String>,
    /// Who may post prices; at most [`MAX_FEEDERS`].
    pub feeders: Vec<String>,
    /// How many fresh posts make a price: at least 2f + 1 to bear f bad feeders.
    pub quorum: u8,
    /// Seconds that changes wait.
    pub owner_delay: u64,
}

/// Feeders at most.
pub const MAX_FEEDERS: usize = 16;

/// Assets in one `refresh` at most.
pub const MAX_REFRESHED: usize = 30;

/// Messages of the oracle. None takes funds.
#[cw_serde]
pub enum ExecuteMsg {
    /// Feeders: posts observations; all are taken or none.
    PostPrices {
        /// Each asset at most once.
        prices: Vec<PostedPrice>,
    },
    /// Anyone: asks the sources that are asked (`pyth`, `redemption_rate`), and lets the prices
    /// follow as after a post. A source that fails is not fresh, and its failure is shown by the
    /// query `feed`; it holds up no other source and no other asset. Refused for an asset that
    /// has no such source.
    Refresh {
        /// Each asset at most once, at most [`MAX_REFRESHED`].
        assets: Vec<String>,
    },
    /// Owner, delayed: sets up or changes a feed.
    SetFeed {
        /// Asset.
        asset: String,
        /// How it is priced.
        feed: Feed,
    },
    /// Owner, delayed: replaces the feeders. Posts of those who stay remain.
    UpdateFeeders {
        /// Who may post.
        feeders: Vec<String>,
        /// How many fresh posts make a price.
        quorum: u8,
    },
    /// Owner, delayed: changes the roles and the delay itself.
    UpdateConfig {
        /// Who may halt feeds and cancel changes.
        guardian: Option<String>,
        /// Seconds that changes wait.
        owner_delay: Option<u64>,
    },
    /// Owner or proposed owner: a step of handing over.
    UpdateOwnership(OwnershipAction),
    /// Anyone: carries out a change that has waited.
    Apply {
        /// Its number.
        change: u64,
    },
    /// Guardian or owner: drops a pending change.
    Cancel {
        /// Its number.
        change: u64,
    },
    /// Guardian: stops a feed for at most 72 h, then not again for 7 days.
    Halt {
        /// Asset.
        asset: String,
    },
    /// Guardian: lets a halted feed go on, at its next observation. Anyone, once the halt
    /// has ended by itself: brings back a fixed price, which no observation would.
    Resume {
        /// Asset.
        asset: String,
    },
}

/// A change of the oracle that waits.
#[cw_serde]
pub enum Change {
    /// Sets up or changes a feed.
    SetFeed {
        /// Asset.
        asset: String,
        /// How it is priced.
        feed: Feed,
    },
    /// Replaces the feeders.
    UpdateFeeders {
        /// Who may post.
        feeders: Vec<String>,
        /// How many fresh posts make a price.
        quorum: u8,
    },
    /// Changes the roles and the delay itself.
    UpdateConfig {
        /// Who may halt feeds and cancel changes.
        guardian: Option<String>,
        /// Seconds that changes wait.
        owner_delay: Option<u64>,
    },
}

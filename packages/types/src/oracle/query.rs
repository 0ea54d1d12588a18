//! Queries and their answers.

use bulwark_risk::units::{Fraction, Price};
use cosmwasm_schema::{QueryResponses, cw_serde};

use super::{Change, Feed, PriceRecord, Slot, SourceFailure};
use crate::governance::{OwnershipResponse, PendingChange};

/// Queries of the oracle.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The record of one asset.
    #[returns(PriceResponse)]
    Price {
        /// Asset.
        asset: String,
    },
    /// The records of several assets, in their order; at most 100.
    #[returns(Vec<PriceResponse>)]
    Prices {
        /// Assets.
        assets: Vec<String>,
    },
    /// How one asset is priced, and what its sources say.
    #[returns(FeedResponse)]
    Feed {
        /// Asset.
        asset: String,
    },
    /// Feeds in the order of their assets.
    #[returns(FeedsResponse)]
    Feeds {
        /// Continue after this asset.
        start_after: Option<String>,
        /// 30 unless asked for, at most 100.
        limit: Option<u32>,
    },
    /// Roles and delay.
    #[returns(ConfigResponse)]
    Config {},
    /// Pending changes in the order of their numbers.
    #[returns(Vec<PendingChange<Change>>)]
    Changes {
        /// Continue after this number.
        start_after: Option<u64>,
        /// 30 unless asked for, at most 100.
        limit: Option<u32>,
    },
    /// Who owns the oracle.
    #[returns(OwnershipResponse)]
    Ownership {},
}

/// One asset's record.
#[cw_serde]
pub struct PriceResponse {
    /// Asset.
    pub asset: String,
    /// The record as other contracts read it.
    pub record: PriceRecord,
    /// Volatility per √day in force now.
    pub volatility_in_force: Fraction,
    /// Whether the price is past its age.
    pub stale: bool,
}

/// A post of one feeder.
#[cw_serde]
pub struct FeederPost {
    /// Who posted.
    pub feeder: String,
    /// USD per whole token.
    pub price: Price,
    /// Half-width of its own uncertainty, USD per whole token.
    pub conf: Price,
    /// When it was observed, in seconds.
    pub published_at: u64,
    /// Whether it still counts.
    pub fresh: bool,
}

/// A jump that waits to be confirmed.
#[cw_serde]
#[derive(Copy)]
pub struct PendingJump {
    /// The first observation that was too far, USD per whole token.
    pub price: Price,
    /// Whether it lies above the EMA.
    pub upward: bool,
    /// Block time in seconds from which an observation on the same side confirms.
    pub confirmable_at: u64,
}

/// What a source said last.
#[cw_serde]
#[derive(Copy)]
pub enum SourceReading {
    /// A price.
    Price {
        /// USD per whole token.
        price: Price,
        /// Half-width of its uncertainty, USD per whole token.
        conf: Price,
        /// When it was observed, in seconds.
        published_at: u64,
    },
    /// A redemption rate.
    Rate {
        /// What the contract said, base tokens per token.
        told: Fraction,
        /// What counts of it: at most the growth cap.
        counted: Fraction,
        /// As of when it is, in seconds.
        as_of: u64,
        /// The rate that growth is measured against …
        anchor_rate: Fraction,
        /// … since this block time, in seconds.
        anchor_at: u64,
    },
}

/// A source that said nothing usable when it was asked last.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct FailedPull {
    /// Why.
    pub reason: SourceFailure,
    /// Block time in seconds.
    pub at: u64,
}

/// What one source of a feed says.
#[cw_serde]
pub struct SourceReport {
    /// What it said last; none if it never said anything usable. For `posted` what the posts
    /// that are fresh come to, once there is a quorum.
    pub last: Option<SourceReading>,
    /// Whether that still counts.
    pub fresh: bool,
    /// Its failure, if it failed when it was asked last.
    pub failure: Option<FailedPull>,
}

/// How one asset is priced.
#[cw_serde]
pub struct FeedResponse {
    /// Asset.
    pub asset: String,
    /// Its configuration.
    pub feed: Feed,
    /// Where its record stands.
    pub slot: Slot,
    /// Whether a vault may take the asset as a deposit: its configuration says so, and a source
    /// of it follows a market.
    pub depositable: bool,
    /// What each source says, in the order of the feed's sources.
    pub sources: Vec<SourceReport>,
    /// The latest post of each feeder.
    pub posts: Vec<FeederPost>,
    /// A jump that waits.
    pub pending: Option<PendingJump>,
    /// When a halt ends by itself, in seconds.
    pub halted_until: Option<u64>,
}

/// The part of a [`FeedResponse`] that a vault reads.
#[cw_serde]
#[derive(Copy)]
pub struct Placement {
    /// Where the asset's record stands.
    pub slot: Slot,
    /// Whether a vault may take the asset as a deposit.
    pub depositable: bool,
}

/// A page of feeds.
#[cw_serde]
pub struct FeedsResponse {
    /// The feeds.
    pub feeds: Vec<FeedResponse>,
    /// `start_after` of the next page; none at the end.
    pub next: Option<String>,
}

/// Roles and delay.
#[cw_serde]
pub struct ConfigResponse {
    /// Who may halt feeds and cancel changes.
    pub guardian: Option<String>,
    /// Who may post.
    pub feeders: Vec<String>,
    /// How many fresh posts make a price.
    pub quorum: u8,
    /// Seconds that changes wait.
    pub owner_delay: u64,
}

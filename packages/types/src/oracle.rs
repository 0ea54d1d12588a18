//! The oracle contract's messages, its public record, and a handle to it.

use bulwark_risk::ramp::{RampSpeed, VolatilityRamp};
use bulwark_risk::units::{Fraction, Price};
use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, QuerierWrapper, StdResult};

use crate::governance::{OwnershipAction, OwnershipResponse, PendingChange};
pub use crate::migration::MigrateMsg;
use crate::packed::PackedMap;

/// Boards of up to [`BOARD_SIZE`] price records, by number. **Public interface**: other
/// contracts read them raw, `boards` + big-endian `u16`, one postcard-packed [`Board`] each.
pub const BOARDS: PackedMap<u16, Board> = PackedMap::new("boards");

/// Records on a board.
pub const BOARD_SIZE: u8 = 16;

/// Layout of a [`Board`] that this crate reads and writes.
pub const BOARD_VERSION: u8 = 1;

/// Prices above this (10^12 USD per whole token) are refused as absurd.
pub const PRICE_LIMIT: Price = Price(1_000_000_000_000_000_000_000_000_000_000);

/// What the oracle says of one asset.
#[cw_serde]
#[derive(Copy)]
pub struct PriceRecord {
    /// Price in force, USD per whole token.
    pub mid: Price,
    /// Opening price of deposits: `min(mid − confidence, ema)`, lower while a jump waits.
    pub low: Price,
    /// Opening price of debts: `max(mid + confidence, ema)`, higher while a jump waits.
    pub high: Price,
    /// Exponential average of the price.
    pub ema: Price,
    /// Volatility per √day: in force on its way to the newest.
    pub volatility: VolatilityRamp,
    /// When the price in force was observed, in seconds.
    pub published_at: u64,
    /// The price is stale after this block time, in seconds.
    pub expires_at: u64,
    /// Status of the feed.
    pub status: PriceStatus,
}

/// Status of a feed.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum PriceStatus {
    /// The price can be used for everything, until it is stale.
    Ok,
    /// A jump waits to be confirmed: nothing can be opened at this price.
    Pending,
    /// The sources disagree too much: nothing can be opened at this price.
    Wide,
    /// The guardian has stopped the feed: its last price counts, but no longer trades.
    Halted,
}

impl PriceStatus {
    /// The status as it stands in JSON and in events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Pending => "pending",
            Self::Wide => "wide",
            Self::Halted => "halted",
        }
    }
}

impl PriceRecord {
    /// Whether the price can be traded at: neither stale nor halted.
    #[must_use]
    pub fn is_priced(&self, now: u64) -> bool {
        now <= self.expires_at && self.status != PriceStatus::Halted
    }

    /// Whether positions can be opened at this price.
    #[must_use]
    pub fn is_openable(&self, now: u64) -> bool {
        now <= self.expires_at && self.status == PriceStatus::Ok
    }
}

/// Up to [`BOARD_SIZE`] records, packed together because one large read is cheaper than
/// many small ones.
#[cw_serde]
pub struct Board {
    /// [`BOARD_VERSION`].
    pub version: u8,
    /// Records by slot; none for a feed without a first price.
    pub records: Vec<Option<PriceRecord>>,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            version: BOARD_VERSION,
            records: Vec::new(),
        }
    }
}

impl Board {
    /// The record in a slot, if it has a first price and the layout is known.
    #[must_use]
    pub fn record(&self, slot: u8) -> Option<&PriceRecord> {
        let known = self.version == BOARD_VERSION;
        self.records
            .get(usize::from(slot))
            .and_then(Option::as_ref)
            .filter(|_| known)
    }
}

/// Where an asset's record stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Slot {
    /// Number of the board.
    pub board: u16,
    /// Place on the board.
    pub slot: u8,
}

/// Where a feed's prices come from.
#[cw_serde]
pub enum Source {
    /// Feeders post; the median of the fresh posts counts once there is a quorum.
    Posted {},
    /// A constant; never for an asset that can be deposited.
    Fixed {
        /// USD per whole token.
        price: Price,
    },
}

/// How one asset is priced.
#[cw_serde]
pub struct Feed {
    /// Where prices come from.
    pub source: Source,
    /// Seconds after its publication during which a price can be used.
    pub max_age: u64,
    /// An observation further than this part from the EMA has to be confirmed.
    pub max_jump: Fraction,
    /// Seconds until a jump can be confirmed.
    pub jump_wait: u64,
    /// Confidence beyond this part of the price makes the feed wide.
    pub max_conf: Fraction,
    /// Confidence is at least this part of the price.
    pub min_conf: Fraction,
    /// Time constant of the EMA, in seconds.
    pub ema_tau: u64,
    /// Variance is sampled at most once in this many seconds.
    pub sample_interval: u64,
    /// Volatility per √day that a new feed starts with.
    pub initial_volatility: Fraction,
    /// How fast the volatility in force follows the newest.
    pub volatility_speed: RampSpeed,
}

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

/// Messages of the oracle. None takes funds.
#[cw_serde]
pub enum ExecuteMsg {
    /// Feeders: posts observations; all are taken or none.
    PostPrices {
        /// Each asset at most once.
        prices: Vec<PostedPrice>,
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

/// How one asset is priced.
#[cw_serde]
pub struct FeedResponse {
    /// Asset.
    pub asset: String,
    /// Its configuration.
    pub feed: Feed,
    /// Where its record stands.
    pub slot: Slot,
    /// The latest post of each feeder.
    pub posts: Vec<FeederPost>,
    /// A jump that waits.
    pub pending: Option<PendingJump>,
    /// When a halt ends by itself, in seconds.
    pub halted_until: Option<u64>,
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

/// The oracle as another contract sees it.
#[derive(Clone, Copy)]
pub struct Oracle<'a> {
    /// Its address.
    pub address: &'a Addr,
}

impl Oracle<'_> {
    /// A board, read raw.
    ///
    /// # Errors
    /// If the query fails or the bytes are of another layout.
    pub fn board(&self, querier: QuerierWrapper, board: u16) -> StdResult<Option<Board>> {
        BOARDS.query(querier, self.address, board)
    }

    /// A feed, by smart query.
    ///
    /// # Errors
    /// If the query fails.
    pub fn feed(&self, querier: QuerierWrapper, asset: &str) -> StdResult<FeedResponse> {
        querier.query_wasm_smart(
            self.address.as_str(),
            &QueryMsg::Feed {
                asset: asset.into(),
            },
        )
    }

    /// Records in the order of the assets, by smart query.
    ///
    /// # Errors
    /// If the query fails.
    pub fn prices(
        &self,
        querier: QuerierWrapper,
        assets: Vec<String>,
    ) -> StdResult<Vec<PriceResponse>> {
        querier.query_wasm_smart(self.address.as_str(), &QueryMsg::Prices { assets })
    }
}

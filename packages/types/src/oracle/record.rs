//! What the oracle says of assets, as other contracts and clients read it.

use bulwark_risk::ramp::VolatilityRamp;
use bulwark_risk::units::Price;
use cosmwasm_schema::cw_serde;

use crate::packed::PackedMap;

/// Boards of up to [`BOARD_SIZE`] price records, by number. **Public interface**: other
/// contracts read them raw, `boards` + big-endian `u16`, one postcard-packed [`Board`] each. A
/// [`bulwark_risk::units::Fraction`] in it is 19 times its atomics without the zeros at their end,
/// plus how many zeros these are.
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

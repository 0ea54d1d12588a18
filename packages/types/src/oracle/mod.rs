//! The oracle contract's messages, its public record, and a handle to it.

mod execute;
mod feed;
mod handle;
mod query;
mod record;

pub use crate::migration::MigrateMsg;
pub use execute::{Change, ExecuteMsg, InstantiateMsg, MAX_FEEDERS, MAX_REFRESHED, PostedPrice};
pub use feed::{
    Feed, MAX_SOURCES, RATE_HEADROOM, RATE_LIMIT, RedemptionRate, Source, SourceFailure, YEAR,
};
pub use handle::Oracle;
pub use query::{
    ConfigResponse, FailedPull, FeedResponse, FeederPost, FeedsResponse, PendingJump, Placement,
    PriceResponse, QueryMsg, SourceReading, SourceReport,
};
pub use record::{
    BOARD_SIZE, BOARD_VERSION, BOARDS, Board, PRICE_LIMIT, PriceRecord, PriceStatus, Slot,
};

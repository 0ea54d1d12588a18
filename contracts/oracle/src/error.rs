//! What the oracle refuses.

use bulwark_risk::RiskError;
use bulwark_types::governance::GovernanceError;
use bulwark_types::migration::MigrationError;
use bulwark_types::wire::wire;
use cosmwasm_std::StdError;
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

/// Every error of the oracle. Displays as `<name>: <sentence> {json fields}`.
#[derive(Error, Serialize, JsonSchema, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ContractError {
    /// A chain library failed: an address that does not validate, bytes that do not unpack.
    #[error("{}", wire(self, "the chain's library refused this"))]
    Std {
        /// In its own words.
        detail: String,
    },
    /// Tokens came with a message; none takes any.
    #[error("{}", wire(self, "no message of the oracle takes funds"))]
    FundsSent {
        /// The coins.
        funds: Vec<String>,
    },
    /// The asset has no feed.
    #[error("{}", wire(self, "the asset has no feed"))]
    UnknownFeed {
        /// Asset.
        asset: String,
    },
    /// The feed has not had a first price.
    #[error("{}", wire(self, "the feed has not had a first price"))]
    NoPrice {
        /// Asset.
        asset: String,
    },
    /// More assets were named than one query or message takes.
    #[error("{}", wire(self, "too many assets at once"))]
    TooManyAssets {
        /// How many were named.
        count: usize,
        /// How many may be.
        limit: usize,
    },
    /// A message of prices without any.
    #[error("{}", wire(self, "the message has no prices"))]
    NothingPosted {},
    /// A refresh of no asset.
    #[error("{}", wire(self, "the message names no asset"))]
    NothingRefreshed {},
    /// No source of this asset is asked for its prices.
    #[error("{}", wire(self, "no source of this asset is asked for its prices"))]
    NotRefreshed {
        /// Asset.
        asset: String,
    },
    /// One message names an asset twice.
    #[error("{}", wire(self, "the asset stands twice in the message"))]
    DuplicateAsset {
        /// Asset.
        asset: String,
    },
    /// Prices of this asset are not posted.
    #[error("{}", wire(self, "prices of this asset are not posted"))]
    NotPosted {
        /// Asset.
        asset: String,
    },
    /// A posted price is zero or absurdly high.
    #[error("{}", wire(self, "a price must be above zero and at most the limit"))]
    PriceOutOfRange {
        /// Asset.
        asset: String,
        /// The posted price, USD per whole token.
        price: String,
        /// The highest that is taken, USD per whole token.
        limit: String,
    },
    /// A feeder's own uncertainty exceeds its price.
    #[error("{}", wire(self, "the confidence must be at most the price"))]
    ConfidenceOutOfRange {
        /// Asset.
        asset: String,
        /// The posted confidence, USD per whole token.
        conf: String,
        /// The posted price, USD per whole token.
        price: String,
    },
    /// A post is dated later than the block.
    #[error("{}", wire(self, "the observation lies in the future"))]
    FuturePost {
        /// Asset.
        asset: String,
        /// When it was observed, in seconds.
        published_at: u64,
        /// Block time in seconds.
        now: u64,
    },
    /// A post is older than the feed takes.
    #[error("{}", wire(self, "the observation is too old"))]
    StalePost {
        /// Asset.
        asset: String,
        /// When it was observed, in seconds.
        published_at: u64,
        /// The oldest that is taken, in seconds.
        oldest: u64,
    },
    /// The feeder has posted an observation as new as this one, or newer.
    #[error(
        "{}",
        wire(self, "the feeder's previous observation is not older than this one")
    )]
    NotNewer {
        /// Asset.
        asset: String,
        /// When it was observed, in seconds.
        published_at: u64,
        /// When the feeder's previous one was, in seconds.
        previous: u64,
    },
    /// An asset's name is empty, too long, or has control characters.
    #[error(
        "{}",
        wire(
            self,
            "an asset has 1 to 128 characters, none of them a control character"
        )
    )]
    InvalidAsset {
        /// Asset.
        asset: String,
    },
    /// A value of a feed's configuration is refused.
    #[error("{}", wire(self, "a value of the feed is refused"))]
    InvalidFeed {
        /// Which field.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it has to satisfy.
        bound: &'static str,
    },
    /// A fixed feed cannot become another kind, nor another kind fixed, and what may be
    /// deposited stays so: a vault that listed the asset for deposits would not notice.
    #[error(
        "{}",
        wire(self, "a feed stays fixed or not fixed, and stays depositable")
    )]
    SourceKindChanged {
        /// Asset.
        asset: String,
    },
    /// All slots of all boards are taken.
    #[error("{}", wire(self, "all boards are full"))]
    BoardsFull {
        /// Feeds that there are.
        feeds: u32,
    },
    /// A value of the oracle's own configuration is refused.
    #[error("{}", wire(self, "a value of the configuration is refused"))]
    InvalidConfig {
        /// Which field.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it has to satisfy.
        bound: &'static str,
    },
    /// One address stands twice among the feeders.
    #[error("{}", wire(self, "a feeder has one voice"))]
    DuplicateFeeder {
        /// The address.
        feeder: String,
    },
    /// The feed is not halted.
    #[error("{}", wire(self, "the feed is not halted"))]
    NotHalted {
        /// Asset.
        asset: String,
    },
    /// Ownership, delays and halts.
    #[error(transparent)]
    #[serde(untagged)]
    Governance(#[from] GovernanceError),
    /// Migration.
    #[error(transparent)]
    #[serde(untagged)]
    Migration(#[from] MigrationError),
    /// The arithmetic. Its own sentence would hide the name from who parses the text.
    #[error("{}", wire(.0, "the arithmetic refuses this"))]
    #[serde(untagged)]
    Risk(#[from] Box<RiskError>),
}

impl From<StdError> for ContractError {
    fn from(error: StdError) -> Self {
        Self::Std {
            detail: error.to_string(),
        }
    }
}

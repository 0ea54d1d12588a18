//! How an asset is priced.

use bulwark_risk::ramp::RampSpeed;
use bulwark_risk::units::{Fraction, Price};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Binary;

/// Sources of one feed at most.
pub const MAX_SOURCES: usize = 5;

/// A redemption rate above this (10^6 of the base asset for one) is refused as absurd.
pub const RATE_LIMIT: Fraction = Fraction(1_000_000_000_000_000_000_000_000);

/// A year of the growth cap, in seconds (365 days).
pub const YEAR: u64 = 365 * 86_400;

/// A redemption rate may run this many seconds (a day) of growth ahead of its cap: many rates
/// move in one step a day, and anyone who nudged the rate just before the step would otherwise
/// have used the day's growth up.
pub const RATE_HEADROOM: u64 = 86_400;

/// Where a feed's prices come from. `posted` and `pyth` are market prices.
#[cw_serde]
pub enum Source {
    /// Feeders post; the median of the fresh posts counts once there is a quorum.
    Posted {},
    /// A constant; the only source of its feed, which is not depositable.
    Fixed {
        /// USD per whole token.
        price: Price,
    },
    /// A Pyth contract, asked by `refresh`. Its price, confidence and publish time count; its
    /// own average does not: the guards need one definition of the EMA for all sources, and a
    /// median of sources has no average that one of them could tell.
    Pyth {
        /// The Pyth contract.
        contract: String,
        /// Pyth's id of the price: 64 hexadecimal digits.
        feed_id: String,
    },
    /// What the asset can be redeemed for: the price of its base asset times a rate that a
    /// contract tells, asked by `refresh`. At most one in a feed.
    RedemptionRate(RedemptionRate),
}

/// A redemption rate that a contract tells.
///
/// Of Stride's and Drop's adapters: `query` `{"redemption_rate":{"denom":"…","params":null}}`,
/// `path` `["redemption_rate"]`, `time_path` `["update_time"]`. Of Drop's core: `query`
/// `{"exchange_rate":{}}`, an empty `path`. Of an Eris hub: `query` `{"state":{}}`, `path`
/// `["exchange_rate"]`.
#[cw_serde]
pub struct RedemptionRate {
    /// What one token is redeemed into: the asset of another feed of this oracle, which has
    /// market sources only.
    pub base: String,
    /// The contract that tells the rate.
    pub contract: String,
    /// The smart query that it is asked, as JSON.
    pub query: Binary,
    /// The keys under which the rate stands in the answer, from the outside in; empty where the
    /// answer is the rate itself. The rate is a decimal number in a string: base tokens per
    /// token, both whole. (Where both do not have the same decimals, the contract's rate in
    /// smallest units is not that and cannot be used.)
    pub path: Vec<String>,
    /// The keys under which the answer says as of when the rate is, in seconds. Without them a
    /// rate is as of when it was asked for. A time in the future counts as now.
    pub time_path: Option<Vec<String>>,
    /// Seconds during which a rate can be used.
    pub max_rate_age: u64,
    /// What the rate can grow by in a year, as a part of itself; it is measured continuously,
    /// so that `0.2` allows at most `e^0.2 − 1` = 22.1 % in a year. What is above counts as the
    /// cap, a fall counts at once. The first rate is taken as it is.
    pub growth_cap: Fraction,
}

/// Why a source did not say anything usable when it was asked.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum SourceFailure {
    /// The query failed: no such contract, or it refused.
    Unreachable,
    /// The answer is not of the source's form, or has nothing at the configured path.
    Malformed,
    /// The price or rate is zero, negative or absurdly high.
    OutOfRange,
    /// The answer is dated later than the block.
    Future,
    /// The answer is older than the feed takes.
    Stale,
    /// The answer is older than the one that was taken last.
    Older,
}

impl SourceFailure {
    /// The reason as it stands in JSON and in events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Malformed => "malformed",
            Self::OutOfRange => "out_of_range",
            Self::Future => "future",
            Self::Stale => "stale",
            Self::Older => "older",
        }
    }
}

/// How one asset is priced.
#[cw_serde]
pub struct Feed {
    /// Where prices come from: 1 to [`MAX_SOURCES`]. The median of the fresh market sources
    /// counts, or the redemption value where that is lower.
    pub sources: Vec<Source>,
    /// Whether a vault may take the asset as a deposit. It needs a market source then: what can
    /// be bought below its fixed or redemption price could be borrowed against at that price.
    pub depositable: bool,
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

impl Source {
    /// Whether the source says what the asset trades at.
    #[must_use]
    pub const fn is_market(&self) -> bool {
        matches!(self, Self::Posted {} | Self::Pyth { .. })
    }

    /// Whether the source is asked by `refresh`.
    #[must_use]
    pub const fn is_pulled(&self) -> bool {
        matches!(self, Self::Pyth { .. } | Self::RedemptionRate(_))
    }

    /// Whether what this source said last is also the last word of `other`: the same question
    /// to the same contract.
    #[must_use]
    pub fn asks_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::RedemptionRate(one), Self::RedemptionRate(two)) => {
                (&one.contract, &one.query, &one.path) == (&two.contract, &two.query, &two.path)
            }
            _ => self == other,
        }
    }
}

impl Feed {
    /// Whether a vault may take the asset as a deposit: the feed says so, and follows a market.
    #[must_use]
    pub fn is_depositable(&self) -> bool {
        self.depositable && self.sources.iter().any(Source::is_market)
    }

    /// Whether the price is what markets say, and nothing else.
    #[must_use]
    pub fn is_market_priced(&self) -> bool {
        self.sources.iter().all(Source::is_market)
    }

    /// Whether feeders post prices of the asset.
    #[must_use]
    pub fn is_posted(&self) -> bool {
        self.sources.contains(&Source::Posted {})
    }

    /// The constant, of a feed that has one.
    #[must_use]
    pub fn fixed_price(&self) -> Option<Price> {
        self.sources.iter().find_map(|source| match source {
            Source::Fixed { price } => Some(*price),
            _ => None,
        })
    }

    /// The redemption rate, of a feed that has one.
    #[must_use]
    pub fn redemption_rate(&self) -> Option<&RedemptionRate> {
        self.sources.iter().find_map(|source| match source {
            Source::RedemptionRate(rate) => Some(rate),
            _ => None,
        })
    }
}

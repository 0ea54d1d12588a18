//! Messages: what the stand-in shall say, and the queries of the contracts it stands for.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Binary, Decimal, Int64, Uint64};

/// Creates the stand-in, which knows nothing.
#[cw_serde]
pub struct InstantiateMsg {}

/// Anyone: says what it shall answer from now on.
#[cw_serde]
pub enum ExecuteMsg {
    /// As Pyth: the price of a feed.
    SetPrice {
        /// Pyth's id of the feed, hexadecimal.
        id: String,
        /// The price.
        price: PythPrice,
    },
    /// As an adapter, a core or a hub: the rate.
    SetRate {
        /// Base tokens per token.
        rate: Decimal,
        /// As of when, in seconds; an adapter tells it.
        update_time: u64,
    },
    /// How it behaves.
    Behave(Behaviour),
}

/// How the stand-in answers queries.
#[cw_serde]
#[derive(Default)]
pub enum Behaviour {
    /// With what it was told to say.
    #[default]
    Answer,
    /// With an error.
    Refuse,
    /// With these bytes, whatever the question.
    Say(Binary),
}

/// The queries of all contracts that it stands for.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Pyth.
    #[returns(PriceFeedResponse)]
    PriceFeed {
        /// Id of the feed, hexadecimal.
        id: String,
    },
    /// The adapters of Stride (`ica-oracle`) and Drop.
    #[returns(RedemptionRateResponse)]
    RedemptionRate {
        /// The staked token.
        denom: String,
        /// Parameters of the query.
        params: Option<Binary>,
    },
    /// Drop's core: the answer is the rate itself.
    #[returns(Decimal)]
    ExchangeRate {},
    /// An Eris hub.
    #[returns(StateResponse)]
    State {},
}

/// Answer of Pyth.
#[cw_serde]
pub struct PriceFeedResponse {
    /// The feed.
    pub price_feed: PriceFeed,
}

/// A feed of Pyth.
#[cw_serde]
pub struct PriceFeed {
    /// Its id, hexadecimal.
    pub id: String,
    /// Its price.
    pub price: PythPrice,
    /// Its own average.
    pub ema_price: PythPrice,
}

/// `price × 10^expo` USD.
#[cw_serde]
#[derive(Copy)]
pub struct PythPrice {
    /// The mantissa of the price.
    pub price: Int64,
    /// The mantissa of its confidence.
    pub conf: Uint64,
    /// The exponent of both.
    pub expo: i32,
    /// Seconds.
    pub publish_time: i64,
}

/// Answer of an adapter.
#[cw_serde]
pub struct RedemptionRateResponse {
    /// Base tokens per token.
    pub redemption_rate: Decimal,
    /// Seconds.
    pub update_time: u64,
}

/// Answer of an Eris hub, as far as it matters.
#[cw_serde]
pub struct StateResponse {
    /// Staked tokens that there are.
    pub total_ustake: String,
    /// Base tokens per token.
    pub exchange_rate: Decimal,
    /// Other numbers, among which the rate has to be found.
    pub unlocked_coins: Vec<String>,
}

//! Messages of the exchange. Assets are bank denoms; amounts are smallest units.

use bulwark_risk::units::Amount;
use bulwark_types::vault::AssetAmount;
use cosmwasm_schema::cw_serde;

/// Creates an empty exchange.
#[cw_serde]
pub struct InstantiateMsg {
    /// The oracle whose prices count.
    pub oracle: String,
    /// What can be swapped: two coins at least.
    pub assets: Vec<Listed>,
    /// The exchange's part of what is paid, in basis points, rounded up.
    pub fee_bps: u16,
}

/// A coin that can be swapped.
#[cw_serde]
pub struct Listed {
    /// Its denom.
    pub asset: String,
    /// Smallest units in a whole token, as a power of ten.
    pub decimals: u8,
}

/// Messages of the exchange.
#[cw_serde]
pub enum ExecuteMsg {
    /// Anyone, with listed coins: a gift to the exchange.
    Provide {},
    /// Anyone, with one listed coin: swaps it for another one, which goes to the sender.
    Swap {
        /// What to pay.
        ask: String,
        /// Fails if less than this would be paid.
        min_return: Option<Amount>,
    },
}

/// Queries of the exchange.
#[cw_serde]
pub enum QueryMsg {
    /// How it was created: [`ConfigResponse`].
    Config {},
    /// What a swap would pay now: [`QuoteResponse`]. Fails where the swap would.
    Quote {
        /// What is offered.
        offer: AssetAmount,
        /// What is asked for.
        ask: String,
    },
}

/// How the exchange was created.
#[cw_serde]
pub struct ConfigResponse {
    /// The oracle whose prices count.
    pub oracle: String,
    /// What can be swapped.
    pub assets: Vec<Listed>,
    /// The exchange's part of what is paid, in basis points.
    pub fee_bps: u16,
}

/// What a swap would pay.
#[cw_serde]
pub struct QuoteResponse {
    /// Smallest units of what was asked for.
    pub amount: Amount,
}

//! Messages of the pool. Assets are bank denoms or `cw20:<address>`; amounts are smallest units.

use bulwark_risk::units::Amount;
use bulwark_types::token::Cw20ReceiveMsg;
use bulwark_types::vault::AssetAmount;
use cosmwasm_schema::cw_serde;

/// Creates an empty pool.
#[cw_serde]
pub struct InstantiateMsg {
    /// The two assets.
    pub assets: (String, String),
    /// The pool's part of what is offered, in basis points, rounded up.
    pub fee_bps: u16,
}

/// Messages of the pool.
#[cw_serde]
pub enum ExecuteMsg {
    /// Anyone, with coins of either asset or of both, in any proportion: a gift to the pool.
    Provide {},
    /// Anyone, with one coin: swaps it for the other asset, which goes to the sender.
    Swap {
        /// Fails if less than this would be paid.
        min_return: Option<Amount>,
    },
    /// A CW20 token of the pool: see [`Cw20Hook`].
    Receive(Cw20ReceiveMsg),
}

/// What the sender of CW20 tokens wants. In JSON the same as the message of the same name, so
/// that who sends either kind of asset need not tell them apart.
#[cw_serde]
pub enum Cw20Hook {
    /// A gift to the pool.
    Provide {},
    /// Swaps the tokens for the other asset, which goes to who sent them.
    Swap {
        /// Fails if less than this would be paid.
        min_return: Option<Amount>,
    },
}

/// Queries of the pool.
#[cw_serde]
pub enum QueryMsg {
    /// What the pool has: [`PoolResponse`].
    Pool {},
    /// What a swap would pay now: `AssetAmount`.
    Quote {
        /// What is offered.
        offer: AssetAmount,
    },
}

/// What the pool has.
#[cw_serde]
pub struct PoolResponse {
    /// Reserves in the order of the assets.
    pub reserves: (AssetAmount, AssetAmount),
    /// The pool's part of what is offered, in basis points.
    pub fee_bps: u16,
}

//! Messages of the keeper's contract.

use bulwark_types::vault::BulwarkCallback;
use cosmwasm_schema::cw_serde;

/// Creates a keeper's contract; its owner is whoever creates it.
#[cw_serde]
pub struct InstantiateMsg {
    /// The only vault that it serves.
    pub vault: String,
}

/// Messages of the keeper's contract.
#[cw_serde]
pub enum ExecuteMsg {
    /// The vault, in the middle of a liquidation that the owner sent: sells what was seized and
    /// repays. Has the form of `bulwark_types::vault::KeeperMsg`.
    BulwarkCallback(BulwarkCallback),
    /// Owner: takes the whole balance of an asset.
    Withdraw {
        /// Asset.
        asset: String,
    },
}

/// The `data` of a callback.
#[cw_serde]
pub struct CallbackData {
    /// The pool at which to sell what was seized.
    pub pool: String,
}

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Coin, StdResult, WasmMsg, to_json_binary};

use super::query::AssetAmount;

/// Whom `liquidate` calls between seizing and being repaid.
#[cw_serde]
pub struct Callback {
    /// Address of the keeper's contract.
    pub contract: String,
    /// Passed on to it as it is.
    pub data: Binary,
}

/// What a keeper's contract has to understand: the one message that the vault itself sends to
/// a contract of somebody else's choice. Its form is fixed, so that it can be nothing else.
#[cw_serde]
pub enum KeeperMsg {
    /// `{"bulwark_callback": {…}}`. The seized tokens have arrived. Before the call ends,
    /// `debt` has to be transferred to the sender, which is the vault: as a plain transfer,
    /// because the vault takes no message meanwhile.
    BulwarkCallback(BulwarkCallback),
}

/// A liquidation that waits to be repaid.
#[cw_serde]
pub struct BulwarkCallback {
    /// Who sent `liquidate`, by the word of the sender of this message: a keeper's contract has
    /// to check that this is the vault, and then serve its own keeper only.
    pub initiator: String,
    /// What was sent to the contract.
    pub seized: AssetAmount,
    /// What has to be repaid, exactly; more of it goes back to the contract.
    pub debt: AssetAmount,
    /// As the initiator gave it.
    pub data: Binary,
}

impl BulwarkCallback {
    /// The message to a keeper's contract, with the seized coins.
    ///
    /// # Errors
    /// None in practice.
    pub fn call(self, contract: &Addr, funds: Vec<Coin>) -> StdResult<WasmMsg> {
        Ok(WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg: to_json_binary(&KeeperMsg::BulwarkCallback(self))?,
            funds,
        })
    }
}

use cosmwasm_std::{Addr, Coin, QuerierWrapper, StdResult, WasmMsg, to_json_binary};
use serde::de::DeserializeOwned;

use super::execute::ExecuteMsg;
use super::query::QueryMsg;

/// The vault as a client or another contract sees it.
#[derive(Clone, Debug)]
pub struct Vault {
    /// Its address.
    pub address: Addr,
}

impl Vault {
    /// A message to the vault.
    ///
    /// # Errors
    /// None in practice.
    pub fn call(&self, message: &ExecuteMsg, funds: Vec<Coin>) -> StdResult<WasmMsg> {
        Ok(WasmMsg::Execute {
            contract_addr: self.address.to_string(),
            msg: to_json_binary(message)?,
            funds,
        })
    }

    /// A query of the vault; the response type is the one that [`QueryMsg`] names.
    ///
    /// # Errors
    /// If the query fails.
    pub fn query<R: DeserializeOwned>(
        &self,
        querier: QuerierWrapper,
        message: &QueryMsg,
    ) -> StdResult<R> {
        querier.query_wasm_smart(self.address.as_str(), message)
    }
}

//! One file per message, and what they share.

pub mod callback;
pub mod sell;
pub mod settle;

use bulwark_types::liquidator::ExecuteMsg;
use cosmwasm_std::{Env, MessageInfo, WasmMsg, to_json_binary};

use crate::error::ContractError;

/// Refuses coins that would stay.
pub fn refuse_funds(info: &MessageInfo) -> Result<(), ContractError> {
    if info.funds.is_empty() {
        return Ok(());
    }
    Err(ContractError::FundsSent {
        funds: info.funds.iter().map(ToString::to_string).collect(),
    })
}

/// Refuses everybody else.
pub fn only_itself(env: &Env, info: &MessageInfo) -> Result<(), ContractError> {
    if info.sender == env.contract.address {
        return Ok(());
    }
    Err(ContractError::OnlyItself {
        sender: info.sender.to_string(),
    })
}

/// A message to itself: it is carried out after everything that was asked for before it, and sees
/// what that brought.
pub fn to_itself(env: &Env, message: &ExecuteMsg) -> Result<WasmMsg, ContractError> {
    Ok(WasmMsg::Execute {
        contract_addr: env.contract.address.to_string(),
        msg: to_json_binary(message)?,
        funds: vec![],
    })
}

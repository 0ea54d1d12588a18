//! `run`: a call on behalf of the sender, and what it brought back to the sender.

use bulwark_types::caller::{ExecuteMsg, MAX_RETURNS};
use bulwark_types::sorted::first_repeated;
use bulwark_types::token::TokenKind;
use cosmwasm_std::{
    Api, Binary, DepsMut, Env, MessageInfo, Response, SubMsg, WasmMsg, to_json_binary,
};

use crate::error::ContractError;
use crate::running::RUNNING;

/// The reply after the last transfer of a run.
pub const AFTER_SWEEP: u64 = 1;

/// Emits the call, and then a message to itself: only after the call is it known what there is
/// to send back. One that fails fails the whole run. Until everything has been sent back no other
/// run begins: whoever is called could have it send what came back so far to somebody else.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: MessageInfo,
    contract: String,
    msg: Binary,
    returns: Vec<String>,
) -> Result<Response, ContractError> {
    // Validated first: an address in another spelling would pass for another contract.
    let target = deps.api.addr_validate(&contract)?;
    if target == env.contract.address {
        // The call would count as sent by the caller itself, and pass for a sweep.
        return Err(ContractError::CallsItself { contract });
    }
    check_returns(deps.api, &returns)?;
    if RUNNING.may_load(deps.storage)?.is_some() {
        return Err(ContractError::RunsAlready {});
    }
    RUNNING.save(deps.storage, &true)?;

    let call = WasmMsg::Execute {
        contract_addr: contract,
        msg,
        funds: info.funds,
    };
    let sweep = WasmMsg::Execute {
        contract_addr: env.contract.address.to_string(),
        msg: to_json_binary(&ExecuteMsg::Sweep {
            returns,
            to: info.sender.into_string(),
        })?,
        funds: vec![],
    };
    Ok(Response::new()
        .add_message(call)
        .add_submessage(SubMsg::reply_on_success(sweep, AFTER_SWEEP)))
}

/// Refuses an asset that is named twice, because the second transfer would fail for want of
/// what the first one sent; too many; and a CW20 whose address is none.
fn check_returns(api: &dyn Api, returns: &[String]) -> Result<(), ContractError> {
    if returns.len() > MAX_RETURNS {
        return Err(ContractError::TooManyReturns {
            count: returns.len(),
            limit: MAX_RETURNS,
        });
    }
    if let Some(asset) = first_repeated(returns) {
        return Err(ContractError::DuplicateReturn {
            asset: asset.clone(),
        });
    }
    for asset in returns {
        TokenKind::of(asset).validate(api)?;
    }
    Ok(())
}

//! Entry points: which message is handled where. There are no queries and no migration: there
//! is nothing to ask for and nothing to move.

use bulwark_types::caller::{ExecuteMsg, InstantiateMsg};
use bulwark_types::decode::Decoded;
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Reply, Response};
use cw2::set_contract_version;

use crate::error::ContractError;
use crate::execute::{refuse_funds, run, sweep};
use crate::running::RUNNING;

/// Name under which cw2 stores the contract.
pub const CONTRACT_NAME: &str = env!("CARGO_PKG_NAME");

/// Version under which cw2 stores the contract.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the caller.
///
/// # Errors
/// [`ContractError::FundsSent`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    info: MessageInfo,
    Decoded(_msg): Decoded<InstantiateMsg>,
) -> Result<Response, ContractError> {
    refuse_funds(&info)?;
    set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new())
}

/// Carries out a message.
///
/// # Errors
/// [`ContractError`], naming the offending value.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    Decoded(msg): Decoded<ExecuteMsg>,
) -> Result<Response, ContractError> {
    match msg {
        ExecuteMsg::Run {
            contract,
            msg,
            returns,
        } => run::execute(deps, &env, info, contract, msg, returns),
        ExecuteMsg::Sweep { returns, to } => {
            sweep::execute(deps.as_ref(), &env, &info, &returns, &to)
        }
    }
}

/// Everything has been sent back: the run is over.
///
/// # Errors
/// [`ContractError::UnknownReply`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut<'_>, _env: Env, reply: Reply) -> Result<Response, ContractError> {
    if reply.id != run::AFTER_SWEEP {
        return Err(ContractError::UnknownReply { id: reply.id });
    }
    RUNNING.remove(deps.storage);
    Ok(Response::new())
}

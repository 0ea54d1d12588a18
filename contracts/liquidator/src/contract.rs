//! Entry points: which message is handled where. There is no migration: there is nothing to move.

use bulwark_types::decode::Decoded;
use bulwark_types::liquidator::{ConfigResponse, ExecuteMsg, InstantiateMsg, QueryMsg};
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, to_json_binary};
use cw2::set_contract_version;

use crate::error::ContractError;
use crate::execute::{callback, only_itself, refuse_funds, sell, settle};
use crate::state::VAULT;

/// Name under which cw2 stores the contract.
pub const CONTRACT_NAME: &str = env!("CARGO_PKG_NAME");

/// Version under which cw2 stores the contract.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the liquidator of a vault.
///
/// # Errors
/// [`ContractError::FundsSent`], or an address that does not validate.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    info: MessageInfo,
    Decoded(msg): Decoded<InstantiateMsg>,
) -> Result<Response, ContractError> {
    refuse_funds(&info)?;
    let vault = deps.api.addr_validate(&msg.vault)?;
    VAULT.save(deps.storage, &vault)?;
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
        ExecuteMsg::BulwarkCallback(call) => callback::execute(deps.as_ref(), &env, &info, call),
        ExecuteMsg::Sell { offer, step } => {
            only_itself(&env, &info)?;
            sell::execute(deps.as_ref(), &env, &offer, &step)
        }
        ExecuteMsg::Settle {
            debt,
            min_profit,
            assets,
            keeper,
        } => {
            only_itself(&env, &info)?;
            settle::execute(deps.as_ref(), &env, &debt, min_profit, &assets, &keeper)
        }
    }
}

/// Answers a query.
///
/// # Errors
/// None in practice.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(
    deps: Deps<'_>,
    _env: Env,
    Decoded(msg): Decoded<QueryMsg>,
) -> Result<Binary, ContractError> {
    match msg {
        QueryMsg::Config {} => {
            let vault = VAULT.load(deps.storage)?.into_string();
            Ok(to_json_binary(&ConfigResponse { vault })?)
        }
    }
}

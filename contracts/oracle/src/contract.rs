//! Entry points: which message is handled where.

use bulwark_types::decode::Decoded;
use bulwark_types::oracle::{Change, ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, to_json_binary};

use crate::error::ContractError;
use crate::execute::{change, halt, post_prices, refresh, refuse_funds, resume, update_ownership};
use crate::{instantiate as creation, migrate as migration, query as queries};

/// Name under which cw2 stores the contract.
pub const CONTRACT_NAME: &str = env!("CARGO_PKG_NAME");

/// Version under which cw2 stores the contract.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the oracle.
///
/// # Errors
/// [`ContractError`], naming the offending value.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    info: MessageInfo,
    Decoded(msg): Decoded<InstantiateMsg>,
) -> Result<Response, ContractError> {
    refuse_funds(&info)?;
    creation::instantiate(deps, msg)
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
    refuse_funds(&info)?;
    match msg {
        ExecuteMsg::PostPrices { prices } => post_prices::execute(deps, &env, &info, &prices),
        ExecuteMsg::Refresh { assets } => refresh::execute(deps, &env, &assets),
        ExecuteMsg::SetFeed { asset, feed } => {
            change::submit(deps, &env, &info, Change::SetFeed { asset, feed })
        }
        ExecuteMsg::UpdateFeeders { feeders, quorum } => {
            change::submit(deps, &env, &info, Change::UpdateFeeders { feeders, quorum })
        }
        ExecuteMsg::UpdateConfig {
            guardian,
            owner_delay,
        } => change::submit(
            deps,
            &env,
            &info,
            Change::UpdateConfig {
                guardian,
                owner_delay,
            },
        ),
        ExecuteMsg::UpdateOwnership(action) => update_ownership::execute(deps, &info, action),
        ExecuteMsg::Apply { change } => change::apply(deps, &env, &info, change),
        ExecuteMsg::Cancel { change } => change::cancel(deps, &env, &info, change),
        ExecuteMsg::Halt { asset } => halt::execute(deps, &env, &info, asset),
        ExecuteMsg::Resume { asset } => resume::execute(deps, &env, &info, asset),
    }
}

/// Answers a query.
///
/// # Errors
/// [`ContractError`], naming the offending value.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(
    deps: Deps<'_>,
    env: Env,
    Decoded(msg): Decoded<QueryMsg>,
) -> Result<Binary, ContractError> {
    let now = env.block.time.seconds();
    let answer = match msg {
        QueryMsg::Price { asset } => to_json_binary(&queries::price(deps, asset, now)?),
        QueryMsg::Prices { assets } => to_json_binary(&queries::prices(deps, assets, now)?),
        QueryMsg::Feed { asset } => to_json_binary(&queries::feed(deps, asset, now)?),
        QueryMsg::Feeds { start_after, limit } => {
            to_json_binary(&queries::feeds(deps, start_after.as_deref(), limit, now)?)
        }
        QueryMsg::Config {} => to_json_binary(&queries::config(deps)?),
        QueryMsg::Changes { start_after, limit } => {
            to_json_binary(&queries::changes(deps, start_after, limit)?)
        }
        QueryMsg::Ownership {} => to_json_binary(&queries::ownership(deps)?),
    };
    Ok(answer?)
}

/// Moves the contract's state to this version of the code.
///
/// # Errors
/// [`ContractError::Migration`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    migration::migrate(deps)
}

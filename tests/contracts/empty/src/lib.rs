//! A contract that does nothing: what a call costs before anything is done.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{DepsMut, Empty, Env, MessageInfo, Response, StdResult};

/// Creates it.
///
/// # Errors
/// None.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(_: DepsMut<'_>, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

/// Does nothing.
///
/// # Errors
/// None.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(_: DepsMut<'_>, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

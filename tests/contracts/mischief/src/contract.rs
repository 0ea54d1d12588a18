//! Entry points.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response, StdResult, SubMsg, to_json_binary,
};

use crate::msg::{AnyMsg, ExecuteMsg, InstantiateMsg, QueryMsg};
use crate::state::{PLAN, Plan};

/// Every message that may be refused is followed by the same reply.
const REFUSED: u64 = 1;

/// Creates the contract.
///
/// # Errors
/// None in practice.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    _info: MessageInfo,
    _msg: InstantiateMsg,
) -> StdResult<Response> {
    PLAN.save(deps.storage, &Plan::default())?;
    Ok(Response::new())
}

/// Takes a plan, or carries it out.
///
/// # Errors
/// What the messages meet, unless it is swallowed.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    _env: Env,
    _info: MessageInfo,
    msg: AnyMsg,
) -> StdResult<Response> {
    if let AnyMsg::Known(ExecuteMsg::Set { on_call, swallow }) = msg {
        let plan = Plan {
            on_call,
            swallow,
            errors: vec![],
        };
        PLAN.save(deps.storage, &plan)?;
        return Ok(Response::new());
    }
    let mut plan = PLAN.load(deps.storage)?;
    // Used up: a message that leads back here would otherwise never end.
    let messages = std::mem::take(&mut plan.on_call);
    PLAN.save(deps.storage, &plan)?;
    if plan.swallow {
        let attempts = messages
            .into_iter()
            .map(|message| SubMsg::reply_on_error(message, REFUSED));
        Ok(Response::new().add_submessages(attempts))
    } else {
        Ok(Response::new().add_messages(messages))
    }
}

/// Writes down why a message was refused.
///
/// # Errors
/// None in practice.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut<'_>, _env: Env, reply: Reply) -> StdResult<Response> {
    if let Some(error) = reply.result.into_result().err() {
        let mut plan = PLAN.load(deps.storage)?;
        plan.errors.push(error);
        PLAN.save(deps.storage, &plan)?;
    }
    Ok(Response::new())
}

/// Answers a query.
///
/// # Errors
/// None in practice.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let plan = PLAN.load(deps.storage)?;
    match msg {
        QueryMsg::Errors {} => to_json_binary(&plan.errors),
        QueryMsg::Waiting {} => to_json_binary(&plan.on_call.len()),
    }
}

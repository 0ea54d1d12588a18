use bulwark_types::events::ChangeMoved;
use bulwark_types::vault::Change;
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response};

use super::{assert_guardian, listing, market, parameters};
use crate::error::{ContractError, ContractResult};
use crate::execute::funds::assert_none;
use crate::state::{CHANGES, OWNERSHIP, SETTINGS};

/// Owner: proposes a change. What only tightens is carried out at once, the rest waits
/// `owner_delay`. Either way it has to be valid now.
pub fn propose(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    change: Change,
) -> ContractResult<Response> {
    assert_none(info)?;
    OWNERSHIP.assert_owner::<Box<ContractError>>(deps.storage, &info.sender)?;
    let settings = SETTINGS.load(deps.storage)?;
    let now = env.block.time.seconds();
    let delay = settings.parameters.owner_delay;
    let at_once = delay == 0 || only_tightens(&deps, &change)?;
    let ready_at = if at_once {
        now
    } else {
        now.saturating_add(delay)
    };
    let moved = |id: u64, action: &str| ChangeMoved {
        change: id,
        action: action.into(),
        ready_at,
        sender: info.sender.to_string(),
    };
    if at_once {
        let events = carry_out(deps, env, change)?;
        return Ok(Response::new()
            .add_event(moved(0, "applied"))
            .add_events(events));
    }
    validate(&deps, env, &change)?;
    let id = CHANGES.propose(deps.storage, change, ready_at)?;
    Ok(Response::new().add_event(moved(id, "proposed")))
}

/// Anyone: carries out a change that has waited. It has to be valid still.
pub fn apply(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
) -> ContractResult<Response> {
    assert_none(info)?;
    let now = env.block.time.seconds();
    let change = CHANGES.take_ready::<Box<ContractError>>(deps.storage, id, now)?;
    let events = carry_out(deps, env, change)?;
    let moved = ChangeMoved {
        change: id,
        action: "applied".into(),
        ready_at: now,
        sender: info.sender.to_string(),
    };
    Ok(Response::new().add_event(moved).add_events(events))
}

/// Guardian or owner: drops a pending change.
pub fn cancel(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
) -> ContractResult<Response> {
    assert_none(info)?;
    let is_owner = OWNERSHIP.load(deps.storage)?.owner.as_ref() == Some(&info.sender);
    if !is_owner {
        assert_guardian(&SETTINGS.load(deps.storage)?, &info.sender)?;
    }
    CHANGES.cancel::<Box<ContractError>>(deps.storage, id)?;
    Ok(Response::new().add_event(ChangeMoved {
        change: id,
        action: "cancelled".into(),
        ready_at: env.block.time.seconds(),
        sender: info.sender.to_string(),
    }))
}

fn only_tightens(deps: &DepsMut<'_>, change: &Change) -> ContractResult<bool> {
    match change {
        Change::ListMarket(_) => Ok(false),
        Change::UpdateMarket { asset, update } => {
            market::only_tightens(deps.as_ref(), asset, update)
        }
        Change::UpdateParams(update) => parameters::only_tightens(deps.as_ref(), update),
    }
}

fn validate(deps: &DepsMut<'_>, env: &Env, change: &Change) -> ContractResult<()> {
    match change {
        Change::ListMarket(listing) => listing::check(deps.as_ref(), listing),
        Change::UpdateMarket { asset, update } => {
            market::prepare(deps.as_ref(), env, asset, update).map(|_| ())
        }
        Change::UpdateParams(update) => parameters::prepare(deps.as_ref(), env, update).map(|_| ()),
    }
}

fn carry_out(deps: DepsMut<'_>, env: &Env, change: Change) -> ContractResult<Vec<Event>> {
    match change {
        Change::ListMarket(listing) => listing::carry_out(deps, env, &listing),
        Change::UpdateMarket { asset, update } => market::carry_out(deps, env, &asset, &update),
        Change::UpdateParams(update) => parameters::carry_out(deps, env, &update),
    }
}

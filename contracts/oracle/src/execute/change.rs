//! Changes by the owner: they wait in the open, anyone carries them out, guardian or owner
//! can drop them.

use bulwark_types::events::{ChangeMoved, PriceMoved};
use bulwark_types::governance::GovernanceError;
use bulwark_types::oracle::Change;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::{assert_guardian, set_feed, unauthorized, update_config, update_feeders};
use crate::error::ContractError;
use crate::state::{CHANGES, CONFIG, OWNERSHIP};

/// Lets a change wait; without a delay, carries it out at once.
pub fn submit(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    change: Change,
) -> Result<Response, ContractError> {
    OWNERSHIP.assert_owner::<ContractError>(deps.storage, &info.sender)?;
    let now = env.block.time.seconds();
    let delay = CONFIG.load(deps.storage)?.owner_delay;
    if delay == 0 {
        let moved = carry_out(deps, change, now)?;
        return Ok(response(0, "applied", now, info).add_events(moved));
    }
    match &change {
        Change::SetFeed { asset, feed } => {
            set_feed::check(deps.storage, deps.api, asset, feed)?;
        }
        Change::UpdateFeeders { feeders, quorum } => {
            update_feeders::check(deps.api, feeders, *quorum).map(|_| ())?;
        }
        Change::UpdateConfig {
            guardian,
            owner_delay,
        } => update_config::check(deps.api, guardian.as_deref(), *owner_delay).map(|_| ())?,
    }
    let ready_at = now.saturating_add(delay);
    let id = CHANGES.propose(deps.storage, change, ready_at)?;
    Ok(response(id, "proposed", ready_at, info))
}

/// Anyone: carries out a change that has waited.
pub fn apply(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let now = env.block.time.seconds();
    let change = CHANGES.take_ready::<ContractError>(deps.storage, id, now)?;
    let moved = carry_out(deps, change, now)?;
    Ok(response(id, "applied", now, info).add_events(moved))
}

/// Guardian or owner: drops a pending change.
pub fn cancel(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    id: u64,
) -> Result<Response, ContractError> {
    let is_owner = OWNERSHIP.load(deps.storage)?.owner.as_ref() == Some(&info.sender);
    if !is_owner && assert_guardian(deps.storage, &info.sender).is_err() {
        return Err(unauthorized(&info.sender, "guardian or the owner").into());
    }
    CHANGES.cancel::<GovernanceError>(deps.storage, id)?;
    Ok(response(id, "cancelled", env.block.time.seconds(), info))
}

/// Checks the change again, for the state may have moved while it waited, and makes it.
fn carry_out(
    deps: DepsMut<'_>,
    change: Change,
    now: u64,
) -> Result<Option<PriceMoved>, ContractError> {
    match change {
        Change::SetFeed { asset, feed } => set_feed::apply(deps, &asset, feed, now),
        Change::UpdateFeeders { feeders, quorum } => {
            update_feeders::apply(deps, &feeders, quorum).map(|()| None)
        }
        Change::UpdateConfig {
            guardian,
            owner_delay,
        } => update_config::apply(deps, guardian.as_deref(), owner_delay).map(|()| None),
    }
}

fn response(change: u64, action: &str, ready_at: u64, info: &MessageInfo) -> Response {
    Response::new().add_event(ChangeMoved {
        change,
        action: action.into(),
        ready_at,
        sender: info.sender.to_string(),
    })
}

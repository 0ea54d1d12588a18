//! Owner or proposed owner: a step of handing over.

use bulwark_types::governance::OwnershipAction;
use cosmwasm_std::{DepsMut, MessageInfo, Response};

use crate::error::ContractError;
use crate::state::OWNERSHIP;

pub fn execute(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    action: OwnershipAction,
) -> Result<Response, ContractError> {
    let moved = OWNERSHIP.update::<ContractError>(deps.storage, deps.api, &info.sender, action)?;
    Ok(Response::new().add_event(moved))
}

use bulwark_types::events::OperatorMoved;
use bulwark_types::vault::OperatorGrant;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use crate::error::{ContractError, ContractResult};
use crate::state::OPERATORS;

/// Grants that one owner can have given.
const LIMIT: usize = 16;

/// `set_operator`: an owner lets somebody act for its accounts, or takes that right away. What
/// has expired leaves the record. Nobody can do this for somebody else.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    operator: &str,
    id: Option<u16>,
    expires: Option<u64>,
    revoke: bool,
) -> ContractResult<Response> {
    assert_none(info)?;
    let operator = deps.api.addr_validate(operator)?;
    if operator == info.sender || operator == env.contract.address {
        let operator = operator.into_string();
        return Err(ContractError::InvalidOperator { operator });
    }
    let owner = info.sender.as_str();
    let now = env.block.time.seconds();
    let mut grants = OPERATORS.may_load(deps.storage, owner)?.unwrap_or_default();
    grants.retain(|grant| grant.expires.is_none_or(|expires| now < expires));
    let grant = OperatorGrant {
        operator: operator.into_string(),
        id,
        expires,
    };
    let place = grants
        .binary_search_by(|other| (&other.operator, other.id).cmp(&(&grant.operator, grant.id)));
    match (place, revoke) {
        (Ok(at), true) => {
            grants.remove(at);
        }
        (Err(_), true) => {
            let OperatorGrant { operator, id, .. } = grant;
            return Err(ContractError::UnknownOperator { operator, id });
        }
        (place, false) => {
            if let Some(expires) = expires.filter(|expires| *expires <= now) {
                return Err(ContractError::ExpiryPassed { expires, now });
            }
            let at = place.unwrap_or_else(|at| at);
            if place.is_ok() {
                grants.remove(at);
            }
            grants.insert(at, grant.clone());
        }
    }
    if grants.len() > LIMIT {
        let limit = u64::try_from(LIMIT).unwrap_or(u64::MAX);
        return Err(ContractError::TooManyOperators { limit });
    }
    if grants.is_empty() {
        OPERATORS.remove(deps.storage, owner);
    } else {
        OPERATORS.save(deps.storage, owner, &grants)?;
    }
    let event = OperatorMoved {
        owner: owner.into(),
        operator: grant.operator,
        account: id.map_or_else(|| "all".into(), |id| id.to_string()),
        action: if revoke { "revoked" } else { "granted" }.into(),
        expires: expires.unwrap_or(0),
    };
    Ok(Response::new().add_event(event))
}

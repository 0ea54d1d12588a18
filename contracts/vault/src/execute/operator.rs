use bulwark_types::events::OperatorMoved;
use bulwark_types::vault::OperatorGrant;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use crate::error::{ContractError, ContractResult};
use crate::state::{OPERATORS, SETTINGS};

/// Grants that one owner can have given.
const LIMIT: usize = 16;

/// `set_operator`: an owner lets somebody act for its accounts, or takes that right away: for one
/// account, or for all, which ends the grants for single accounts, too. What has expired leaves
/// the record. Nobody can do this for somebody else.
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
    let caller = SETTINGS.load(deps.storage)?.caller;
    if [&info.sender, &env.contract.address, &caller].contains(&&operator) {
        let operator = operator.into_string();
        return Err(Box::new(ContractError::InvalidOperator { operator }));
    }
    let owner = info.sender.as_str();
    let now = env.block.time.seconds();
    let mut grants = OPERATORS.may_load(deps.storage, owner)?.unwrap_or_default();
    grants.retain(|grant| grant.expires.is_none_or(|expires| now < expires));
    let covered = |grant: &OperatorGrant| {
        grant.operator == operator.as_str() && (id.is_none() || grant.id == id)
    };
    if revoke {
        if !grants.iter().any(covered) {
            let operator = operator.into_string();
            return Err(Box::new(ContractError::UnknownOperator { operator, id }));
        }
        grants.retain(|grant| !covered(grant));
    } else {
        if let Some(expires) = expires.filter(|expires| *expires <= now) {
            return Err(Box::new(ContractError::ExpiryPassed { expires, now }));
        }
        grants.retain(|grant| grant.operator != operator.as_str() || grant.id != id);
        grants.push(OperatorGrant {
            operator: operator.to_string(),
            id,
            expires,
        });
    }
    if grants.len() > LIMIT {
        let limit = u64::try_from(LIMIT).unwrap_or(u64::MAX);
        return Err(Box::new(ContractError::TooManyOperators { limit }));
    }
    if grants.is_empty() {
        OPERATORS.remove(deps.storage, owner);
    } else {
        OPERATORS.save(deps.storage, owner, &grants)?;
    }
    let event = OperatorMoved {
        owner: owner.into(),
        operator: operator.into_string(),
        account: id.map_or_else(|| "all".into(), |id| id.to_string()),
        action: if revoke { "revoked" } else { "granted" }.into(),
        expires: expires.unwrap_or(0),
    };
    Ok(Response::new().add_event(event))
}

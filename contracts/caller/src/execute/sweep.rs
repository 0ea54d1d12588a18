//! `sweep`: the caller's whole balance of some assets to whoever asked for the run.

use bulwark_types::token::TokenKind;
use cosmwasm_std::{CosmosMsg, Deps, Env, MessageInfo, Response};

use crate::error::ContractError;

/// Sends what there is. A balance of zero is passed over, because banks and tokens refuse
/// transfers of nothing.
pub fn execute(
    deps: Deps<'_>,
    env: &Env,
    info: &MessageInfo,
    returns: &[String],
    to: &str,
) -> Result<Response, ContractError> {
    if info.sender != env.contract.address {
        return Err(ContractError::OnlyItself {
            sender: info.sender.to_string(),
        });
    }
    let holder = env.contract.address.as_str();
    let mut transfers: Vec<CosmosMsg> = Vec::with_capacity(returns.len());
    for asset in returns {
        let token = TokenKind::of(asset);
        let balance = token.balance(deps.querier, holder)?;
        if !balance.is_zero() {
            transfers.push(token.transfer(to, balance)?);
        }
    }
    Ok(Response::new().add_messages(transfers))
}

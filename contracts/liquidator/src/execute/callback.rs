//! `bulwark_callback`: the vault has sent what was seized and waits to be repaid.

use bulwark_types::decode::from_json;
use bulwark_types::liquidator::{ExecuteMsg, MAX_STEPS, Route, Step};
use bulwark_types::token::TokenKind;
use bulwark_types::vault::BulwarkCallback;
use cosmwasm_std::{Deps, Env, MessageInfo, Response};

use super::{sell, to_itself};
use crate::error::ContractError;
use crate::state::VAULT;

/// Begins the route. Whoever sent the `liquidate` is served, because nothing here is anybody's:
/// everything that is left goes to them. No other callback runs meanwhile: the vault is locked, and
/// no other vault is served.
pub fn execute(
    deps: Deps<'_>,
    env: &Env,
    info: &MessageInfo,
    call: BulwarkCallback,
) -> Result<Response, ContractError> {
    if info.sender != VAULT.load(deps.storage)? {
        return Err(ContractError::OnlyVault {
            sender: info.sender.to_string(),
        });
    }
    let BulwarkCallback {
        initiator,
        seized,
        debt,
        data,
    } = call;
    let Route { steps, min_profit } = from_json(&data)?;
    check(deps, env, &steps, &debt.asset)?;

    let mut assets = vec![seized.asset.clone()];
    let mut response = Response::new();
    let mut offer = seized.asset;
    for (number, step) in steps.into_iter().enumerate() {
        let ask = step.ask.clone();
        response = if number == 0 {
            response.add_message(sell::message(deps, env, &offer, &step)?)
        } else {
            response.add_message(to_itself(env, &ExecuteMsg::Sell { offer, step })?)
        };
        if !assets.contains(&ask) {
            assets.push(ask.clone());
        }
        offer = ask;
    }
    let settle = ExecuteMsg::Settle {
        debt,
        min_profit,
        assets,
        keeper: initiator,
    };
    Ok(response.add_message(to_itself(env, &settle)?))
}

/// Refuses a route that cannot end well before anything moves.
fn check(deps: Deps<'_>, env: &Env, steps: &[Step], owed: &str) -> Result<(), ContractError> {
    let length = ContractError::RouteLength {
        steps: steps.len(),
        limit: MAX_STEPS,
    };
    let Some(last) = steps.last().filter(|_| steps.len() <= MAX_STEPS) else {
        return Err(length);
    };
    if last.ask != owed {
        return Err(ContractError::RouteEnd {
            asset: last.ask.clone(),
            owed: owed.into(),
        });
    }
    for step in steps {
        // Validated first: an address in another spelling would pass for another contract.
        if deps.api.addr_validate(&step.contract)? == env.contract.address {
            // The call would count as sent by the liquidator itself.
            return Err(ContractError::CallsItself {
                contract: step.contract.clone(),
            });
        }
        TokenKind::of(&step.ask).validate(deps.api)?;
    }
    Ok(())
}

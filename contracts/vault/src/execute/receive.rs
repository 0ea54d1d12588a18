use bulwark_risk::units::Amount;
use bulwark_types::decode::from_json;
use bulwark_types::token::{Cw20ReceiveMsg, TokenKind};
use bulwark_types::vault::Cw20Hook;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::{Payment, above_zero, assert_none};
use super::liquidate::{self, Terms, Wish};
use super::{deposit, repay};
use crate::error::{ContractError, ContractResult};

/// `receive`: a CW20 token tells that somebody has sent of it. Whoever calls is taken for the
/// token: if it is none that is listed, no market is found for it.
///
/// A token can lie about the sender and the amount. It then gives its own units away, or lets
/// an account have what is somebody's gift: nothing here takes from an account on its word.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    received: &Cw20ReceiveMsg,
) -> ContractResult<Response> {
    assert_none(info)?;
    let token = TokenKind::Cw20 {
        contract: info.sender.as_str(),
    };
    let asset = token.asset();
    let payment = Payment {
        sender: deps.api.addr_validate(&received.sender)?,
        amount: above_zero(&asset, Amount(received.amount.u128()))?,
        asset,
    };
    let hook = from_json(&received.msg).map_err(|error| ContractError::MalformedHook {
        detail: error.to_string(),
    })?;
    match hook {
        Cw20Hook::Deposit { account, lend } => {
            deposit::execute(deps, env, &payment, account, lend.unwrap_or(false))
        }
        Cw20Hook::Repay { account } => repay::execute(deps, env, &payment, account),
        Cw20Hook::Liquidate {
            account,
            seize,
            min_seized,
            receive,
            to,
        } => {
            let wish = Wish {
                account,
                seize,
                min_seized,
                terms: Terms { receive, to },
            };
            liquidate::execute(deps, env, &payment, wish)
        }
        Cw20Hook::LiquidateMany {
            targets,
            receive,
            to,
        } => {
            let keeper = payment.sender.clone();
            let terms = Terms { receive, to };
            liquidate::many::execute(deps, env, &keeper, vec![payment], targets, &terms)
        }
    }
}

//! Entry points.

use bulwark_test_swap::msg::ExecuteMsg as PoolMsg;
use bulwark_types::token::TokenKind;
use bulwark_types::vault::BulwarkCallback;
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, from_json, to_json_binary};

use crate::error::KeeperError;
use crate::msg::{CallbackData, ExecuteMsg, InstantiateMsg};
use crate::state::{CONFIG, Config};

/// Creates a keeper's contract.
///
/// # Errors
/// [`KeeperError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, KeeperError> {
    let config = Config {
        owner: info.sender,
        vault: deps.api.addr_validate(&msg.vault)?,
    };
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new())
}

/// Carries out a message.
///
/// # Errors
/// [`KeeperError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, KeeperError> {
    let config = CONFIG.load(deps.storage)?;
    match msg {
        ExecuteMsg::BulwarkCallback(callback) => {
            if info.sender != config.vault {
                return Err(KeeperError::NotVault {
                    sender: info.sender.into_string(),
                });
            }
            // The vault serves anybody: a stranger's liquidation could choose the pool.
            assert_owner(&config.owner, &callback.initiator)?;
            sell_and_repay(&config.vault, callback)
        }
        ExecuteMsg::Withdraw { asset } => {
            assert_owner(&config.owner, info.sender.as_str())?;
            let token = TokenKind::of(&asset);
            let balance = token.balance(deps.querier, env.contract.address.as_str())?;
            Ok(Response::new().add_message(token.transfer(config.owner.as_str(), balance)?))
        }
    }
}

/// Sells all that was seized for at least the debt, then repays: the keeper never pays from its
/// own pocket.
fn sell_and_repay(vault: &Addr, callback: BulwarkCallback) -> Result<Response, KeeperError> {
    let CallbackData { pool } = from_json(&callback.data)?;
    let BulwarkCallback { seized, debt, .. } = callback;
    let swap = to_json_binary(&PoolMsg::Swap {
        min_return: Some(debt.amount),
    })?;
    let sale = TokenKind::of(&seized.asset).send(&pool, seized.amount, swap)?;
    let repayment = TokenKind::of(&debt.asset).transfer(vault.as_str(), debt.amount)?;
    Ok(Response::new().add_message(sale).add_message(repayment))
}

fn assert_owner(owner: &Addr, sender: &str) -> Result<(), KeeperError> {
    if sender == owner.as_str() {
        return Ok(());
    }
    Err(KeeperError::NotOwner {
        sender: sender.into(),
    })
}

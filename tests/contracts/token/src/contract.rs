//! Entry points, and where a token that was told to misbehave does so.

use bulwark_types::token::{Cw20BalanceResponse, Cw20ReceiveMsg, Cw20TokenInfoResponse};
use cosmwasm_schema::cw_serde;
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    Addr, Binary, Decimal, Deps, DepsMut, Env, MessageInfo, Response, Storage, Uint128, WasmMsg,
    to_json_binary,
};

use crate::error::TokenError;
use crate::ledger;
use crate::msg::{ExecuteMsg, InstantiateMsg, Misbehaviour, QueryMsg};
use crate::state::{BALANCES, CONFIG, Config, MISBEHAVIOUR, SUPPLY};

const BASIS_POINTS: u16 = 10_000;

/// How a contract is told of tokens that were sent to it.
#[cw_serde]
enum HookMsg {
    Receive(Cw20ReceiveMsg),
}

/// Creates a token.
///
/// # Errors
/// [`TokenError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    _info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, TokenError> {
    let config = Config {
        name: msg.name,
        symbol: msg.symbol,
        decimals: msg.decimals,
        minter: deps.api.addr_validate(&msg.minter)?,
    };
    CONFIG.save(deps.storage, &config)?;
    SUPPLY.save(deps.storage, &Uint128::zero())?;
    MISBEHAVIOUR.save(deps.storage, &Misbehaviour::default())?;
    for balance in msg.initial_balances {
        let holder = deps.api.addr_validate(&balance.address)?;
        ledger::mint(deps.storage, &holder, balance.amount)?;
    }
    Ok(Response::new())
}

/// Carries out a message.
///
/// # Errors
/// [`TokenError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    _env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, TokenError> {
    match msg {
        ExecuteMsg::Transfer { recipient, amount } => {
            let recipient = deps.api.addr_validate(&recipient)?;
            move_tokens(deps.storage, &info.sender, &recipient, amount)
        }
        ExecuteMsg::Send {
            contract,
            amount,
            msg,
        } => {
            let contract = deps.api.addr_validate(&contract)?;
            send(deps.storage, &info.sender, &contract, amount, msg)
        }
        ExecuteMsg::IncreaseAllowance { spender, amount } => {
            let spender = deps.api.addr_validate(&spender)?;
            ledger::allow(deps.storage, &info.sender, &spender, amount)?;
            Ok(Response::new())
        }
        ExecuteMsg::TransferFrom {
            owner,
            recipient,
            amount,
        } => {
            let owner = deps.api.addr_validate(&owner)?;
            let recipient = deps.api.addr_validate(&recipient)?;
            ledger::use_allowance(deps.storage, &owner, &info.sender, amount)?;
            move_tokens(deps.storage, &owner, &recipient, amount)
        }
        ExecuteMsg::Mint { recipient, amount } => {
            assert_minter(deps.storage, &info)?;
            let recipient = deps.api.addr_validate(&recipient)?;
            ledger::mint(deps.storage, &recipient, amount)?;
            Ok(Response::new())
        }
        ExecuteMsg::Misbehave(misbehaviour) => {
            assert_minter(deps.storage, &info)?;
            if misbehaviour.fee_bps > BASIS_POINTS {
                return Err(TokenError::FeeTooHigh {
                    fee_bps: misbehaviour.fee_bps,
                });
            }
            MISBEHAVIOUR.save(deps.storage, &misbehaviour)?;
            Ok(Response::new())
        }
    }
}

/// Moves tokens, less the fee, with the messages that the token was told to send then.
fn move_tokens(
    storage: &mut dyn Storage,
    from: &Addr,
    to: &Addr,
    amount: Uint128,
) -> Result<Response, TokenError> {
    let misbehaviour = MISBEHAVIOUR.load(storage)?;
    if misbehaviour.refuse_transfers {
        return Err(TokenError::TransfersRefused {});
    }
    if amount.is_zero() {
        return Err(TokenError::ZeroAmount {});
    }
    ledger::transfer(storage, from, to, amount)?;
    ledger::burn(storage, to, fee_ceil(amount, misbehaviour.fee_bps))?;
    Ok(Response::new().add_messages(misbehaviour.on_transfer))
}

/// The fee on an amount, rounded up: at most the amount.
fn fee_ceil(amount: Uint128, fee_bps: u16) -> Uint128 {
    amount.mul_ceil(Decimal::bps(fee_bps.into()))
}

/// Moves tokens and tells the recipient, the truth or what the token was told to say.
fn send(
    storage: &mut dyn Storage,
    from: &Addr,
    contract: &Addr,
    amount: Uint128,
    msg: Binary,
) -> Result<Response, TokenError> {
    let moved = move_tokens(storage, from, contract, amount)?;
    let misbehaviour = MISBEHAVIOUR.load(storage)?;
    let hook = HookMsg::Receive(Cw20ReceiveMsg {
        sender: misbehaviour.claimed_sender.unwrap_or(from.to_string()),
        amount: misbehaviour.claimed_amount.unwrap_or(amount),
        msg,
    });
    Ok(moved.add_message(WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(&hook)?,
        funds: vec![],
    }))
}

fn assert_minter(storage: &dyn Storage, info: &MessageInfo) -> Result<(), TokenError> {
    if info.sender == CONFIG.load(storage)?.minter {
        return Ok(());
    }
    Err(TokenError::NotMinter {
        sender: info.sender.to_string(),
    })
}

/// Answers a query.
///
/// # Errors
/// [`TokenError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, _env: Env, msg: QueryMsg) -> Result<Binary, TokenError> {
    let answer = match msg {
        QueryMsg::Balance { address } => {
            let holder = deps.api.addr_validate(&address)?;
            let held = BALANCES.may_load(deps.storage, &holder)?;
            let claimed = MISBEHAVIOUR.load(deps.storage)?.claimed_balance;
            let balance = claimed.or(held).unwrap_or_default();
            to_json_binary(&Cw20BalanceResponse { balance })
        }
        QueryMsg::TokenInfo {} => {
            let config = CONFIG.load(deps.storage)?;
            to_json_binary(&Cw20TokenInfoResponse {
                name: config.name,
                symbol: config.symbol,
                decimals: config.decimals,
                total_supply: SUPPLY.load(deps.storage)?,
            })
        }
    };
    Ok(answer?)
}

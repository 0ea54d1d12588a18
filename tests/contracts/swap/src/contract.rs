//! Entry points.

use bulwark_risk::units::Amount;
use bulwark_types::token::{Cw20ReceiveMsg, TokenKind};
use bulwark_types::vault::AssetAmount;
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    Addr, Binary, Coin, Deps, DepsMut, Env, MessageInfo, Response, Storage, Uint128, from_json,
    to_json_binary,
};

use crate::curve::returned_floor;
use crate::error::SwapError;
use crate::msg::{Cw20Hook, ExecuteMsg, InstantiateMsg, PoolResponse, QueryMsg};
use crate::state::{POOL, Pool};

const BASIS_POINTS: u16 = 10_000;

/// Creates an empty pool.
///
/// # Errors
/// [`SwapError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    _info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, SwapError> {
    let (first, second) = &msg.assets;
    if first == second {
        return Err(SwapError::SameAsset {
            asset: first.clone(),
        });
    }
    TokenKind::of(first).validate(deps.api)?;
    TokenKind::of(second).validate(deps.api)?;
    if msg.fee_bps > BASIS_POINTS {
        return Err(SwapError::FeeTooHigh {
            fee_bps: msg.fee_bps,
        });
    }
    let pool = Pool {
        assets: msg.assets,
        reserves: (Amount(0), Amount(0)),
        fee_bps: msg.fee_bps,
    };
    POOL.save(deps.storage, &pool)?;
    Ok(Response::new())
}

/// Carries out a message.
///
/// # Errors
/// [`SwapError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    _env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, SwapError> {
    match msg {
        ExecuteMsg::Provide {} => {
            for coin in &info.funds {
                provide(deps.storage, &offered(coin, &info)?)?;
            }
            Ok(Response::new())
        }
        ExecuteMsg::Swap { min_return } => {
            let [coin] = info.funds.as_slice() else {
                return Err(wrong_funds(&info));
            };
            let offer = offered(coin, &info)?;
            swap(deps.storage, &info.sender, &offer, min_return)
        }
        ExecuteMsg::Receive(receive) => {
            // The sender of this message is the token: any other contract is not in the pool.
            let Cw20ReceiveMsg {
                sender,
                amount,
                msg,
            } = receive;
            let token = TokenKind::Cw20 {
                contract: info.sender.as_str(),
            };
            let offer = AssetAmount {
                asset: token.asset(),
                amount: Amount(amount.u128()),
            };
            match from_json(msg)? {
                Cw20Hook::Provide {} => {
                    provide(deps.storage, &offer)?;
                    Ok(Response::new())
                }
                Cw20Hook::Swap { min_return } => {
                    let sender = deps.api.addr_validate(&sender)?;
                    swap(deps.storage, &sender, &offer, min_return)
                }
            }
        }
    }
}

/// Puts what was brought into the pool.
fn provide(storage: &mut dyn Storage, offer: &AssetAmount) -> Result<(), SwapError> {
    let mut pool = POOL.load(storage)?;
    let direction = pool.toward(&offer.asset)?;
    *direction.offer_reserve = direction.offer_reserve.plus(offer.amount)?;
    POOL.save(storage, &pool)?;
    Ok(())
}

/// Takes what is offered and pays the other asset to `sender`.
fn swap(
    storage: &mut dyn Storage,
    sender: &Addr,
    offer: &AssetAmount,
    min_return: Option<Amount>,
) -> Result<Response, SwapError> {
    let mut pool = POOL.load(storage)?;
    let paid = take(&mut pool, offer)?;
    let wanted = min_return.unwrap_or_default().max(Amount(1));
    if paid.amount < wanted {
        return Err(SwapError::TooLittle {
            returned: paid.amount,
            wanted,
        });
    }
    POOL.save(storage, &pool)?;
    let payment = TokenKind::of(&paid.asset).transfer(sender.as_str(), paid.amount)?;
    Ok(Response::new().add_message(payment))
}

/// Moves the reserves by a swap; what it pays. Query and message share this.
fn take(pool: &mut Pool, offer: &AssetAmount) -> Result<AssetAmount, SwapError> {
    let fee_bps = pool.fee_bps;
    let direction = pool.toward(&offer.asset)?;
    let amount = returned_floor(
        *direction.offer_reserve,
        *direction.ask_reserve,
        offer.amount,
        fee_bps,
    );
    *direction.offer_reserve = direction.offer_reserve.plus(offer.amount)?;
    *direction.ask_reserve = direction.ask_reserve.minus(amount)?;
    Ok(AssetAmount {
        asset: direction.asked.into(),
        amount,
    })
}

/// A coin as an amount of an asset. One whose denom reads as a CW20 is not that token.
fn offered(coin: &Coin, info: &MessageInfo) -> Result<AssetAmount, SwapError> {
    let TokenKind::Native { denom } = TokenKind::of(&coin.denom) else {
        return Err(wrong_funds(info));
    };
    let amount = Uint128::try_from(coin.amount).map_err(|_| wrong_funds(info))?;
    Ok(AssetAmount {
        asset: denom.into(),
        amount: Amount(amount.u128()),
    })
}

fn wrong_funds(info: &MessageInfo) -> SwapError {
    SwapError::WrongFunds {
        funds: info.funds.iter().map(ToString::to_string).collect(),
    }
}

/// Answers a query.
///
/// # Errors
/// [`SwapError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, _env: Env, msg: QueryMsg) -> Result<Binary, SwapError> {
    let mut pool = POOL.load(deps.storage)?;
    let answer = match msg {
        QueryMsg::Pool {} => {
            let (first, second) = pool.assets;
            let (first_reserve, second_reserve) = pool.reserves;
            let reserve = |asset, amount| AssetAmount { asset, amount };
            to_json_binary(&PoolResponse {
                reserves: (
                    reserve(first, first_reserve),
                    reserve(second, second_reserve),
                ),
                fee_bps: pool.fee_bps,
            })
        }
        QueryMsg::Quote { offer } => to_json_binary(&take(&mut pool, &offer)?),
    };
    Ok(answer?)
}

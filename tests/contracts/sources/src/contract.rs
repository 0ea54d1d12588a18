//! Entry points. What it shall say is stored as the JSON that it then answers with.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    Binary, Decimal, Deps, DepsMut, Env, MessageInfo, Response, StdError, StdResult, Storage,
    from_json, to_json_binary, to_json_vec,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::msg::{
    Behaviour, ExecuteMsg, InstantiateMsg, PriceFeed, PriceFeedResponse, PythPrice, QueryMsg,
    RedemptionRateResponse, StateResponse,
};

const BEHAVIOUR: &str = "behaviour";
const RATE: &str = "rate";

/// Creates the stand-in.
///
/// # Errors
/// None in practice.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    _deps: DepsMut<'_>,
    _env: Env,
    _info: MessageInfo,
    _msg: InstantiateMsg,
) -> StdResult<Response> {
    Ok(Response::new())
}

/// Stores what it shall say.
///
/// # Errors
/// None in practice.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    _env: Env,
    _info: MessageInfo,
    msg: ExecuteMsg,
) -> StdResult<Response> {
    match msg {
        ExecuteMsg::SetPrice { id, price } => save(deps.storage, &price_key(&id), &price)?,
        ExecuteMsg::SetRate { rate, update_time } => {
            save(deps.storage, RATE, &(rate, update_time))?;
        }
        ExecuteMsg::Behave(behaviour) => save(deps.storage, BEHAVIOUR, &behaviour)?,
    }
    Ok(Response::new())
}

/// Answers as the contract that it stands for.
///
/// # Errors
/// If it shall refuse, or was not told what to say.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match load(deps.storage, BEHAVIOUR).unwrap_or_default() {
        Behaviour::Answer => {}
        Behaviour::Refuse => return Err(StdError::msg("the stand-in refuses")),
        Behaviour::Say(bytes) => return Ok(bytes),
    }
    let rate = || load::<(Decimal, u64)>(deps.storage, RATE);
    match msg {
        QueryMsg::PriceFeed { id } => {
            let price: PythPrice = load(deps.storage, &price_key(&id))?;
            let price_feed = PriceFeed {
                id,
                price,
                ema_price: price,
            };
            to_json_binary(&PriceFeedResponse { price_feed })
        }
        QueryMsg::RedemptionRate { .. } => {
            let (redemption_rate, update_time) = rate()?;
            to_json_binary(&RedemptionRateResponse {
                redemption_rate,
                update_time,
            })
        }
        QueryMsg::ExchangeRate {} => to_json_binary(&rate()?.0),
        QueryMsg::State {} => to_json_binary(&StateResponse {
            total_ustake: "123456789".into(),
            exchange_rate: rate()?.0,
            unlocked_coins: Vec::new(),
        }),
    }
}

fn price_key(id: &str) -> String {
    format!("price {id}")
}

fn save(storage: &mut dyn Storage, key: &str, value: &impl Serialize) -> StdResult<()> {
    storage.set(key.as_bytes(), &to_json_vec(value)?);
    Ok(())
}

fn load<T: DeserializeOwned>(storage: &dyn Storage, key: &str) -> StdResult<T> {
    let bytes = storage
        .get(key.as_bytes())
        .ok_or_else(|| StdError::msg(format_args!("the stand-in knows nothing of {key}")))?;
    from_json(bytes)
}

//! Entry points.

use bulwark_risk::units::Amount;
use bulwark_types::oracle::{Oracle, PriceStatus};
use bulwark_types::token::TokenKind;
use bulwark_types::vault::AssetAmount;
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    BankMsg, Binary, Coin, Deps, DepsMut, Env, MessageInfo, QuerierWrapper, Response, Uint128,
    coins, to_json_binary,
};

use crate::error::ExchangeError;
use crate::msg::{ConfigResponse, ExecuteMsg, InstantiateMsg, QueryMsg, QuoteResponse};
use crate::price::{Priced, returned_floor};
use crate::state::{CONFIG, Config};

const BASIS_POINTS: u16 = 10_000;

/// Ten to the power of more does not fit what amounts are computed with.
const MAX_DECIMALS: u8 = 30;

/// Creates an empty exchange.
///
/// # Errors
/// [`ExchangeError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    _env: Env,
    _info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ExchangeError> {
    let names = || msg.assets.iter().map(|listed| listed.asset.clone());
    let mut different: Vec<String> = names().collect();
    different.sort_unstable();
    different.dedup();
    let is_native = |asset: &String| matches!(TokenKind::of(asset), TokenKind::Native { .. });
    if msg.assets.len() < 2
        || different.len() < msg.assets.len()
        || !names().all(|it| is_native(&it))
    {
        return Err(ExchangeError::BadListing {
            assets: names().collect(),
        });
    }
    if let Some(listed) = msg.assets.iter().find(|it| it.decimals > MAX_DECIMALS) {
        return Err(ExchangeError::TooManyDecimals {
            asset: listed.asset.clone(),
            decimals: listed.decimals,
        });
    }
    if msg.fee_bps > BASIS_POINTS {
        return Err(ExchangeError::FeeTooHigh {
            fee_bps: msg.fee_bps,
        });
    }
    let config = Config {
        oracle: deps.api.addr_validate(&msg.oracle)?,
        assets: msg.assets,
        fee_bps: msg.fee_bps,
    };
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new())
}

/// Carries out a message.
///
/// # Errors
/// [`ExchangeError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ExchangeError> {
    let config = CONFIG.load(deps.storage)?;
    match msg {
        ExecuteMsg::Provide {} => {
            for coin in &info.funds {
                config.listed(&coin.denom)?;
            }
            Ok(Response::new())
        }
        ExecuteMsg::Swap { ask, min_return } => {
            let [coin] = info.funds.as_slice() else {
                return Err(wrong_funds(&info));
            };
            let offer = AssetAmount {
                asset: coin.denom.clone(),
                amount: amount_of(coin).ok_or_else(|| wrong_funds(&info))?,
            };
            let returned = quote(deps.querier, &env, &config, &offer, &ask)?;
            let wanted = min_return.unwrap_or_default().max(Amount(1));
            if returned < wanted {
                return Err(ExchangeError::TooLittle { returned, wanted });
            }
            Ok(Response::new().add_message(BankMsg::Send {
                to_address: info.sender.into_string(),
                amount: coins(returned.0, ask),
            }))
        }
    }
}

/// What a swap pays. Query and message share this.
fn quote(
    querier: QuerierWrapper<'_>,
    env: &Env,
    config: &Config,
    offer: &AssetAmount,
    ask: &str,
) -> Result<Amount, ExchangeError> {
    if offer.asset == ask {
        return Err(ExchangeError::SameAsset { asset: ask.into() });
    }
    let (offered, asked) = (config.listed(&offer.asset)?, config.listed(ask)?);
    let oracle = Oracle {
        address: &config.oracle,
    };
    let names = vec![offered.asset.clone(), asked.asset.clone()];
    let mut prices = oracle.prices(querier, names)?.into_iter();
    let mut priced = |asset: &str, decimals| {
        let answer = prices.next();
        let tradable = answer.filter(|it| !it.stale && it.record.status != PriceStatus::Halted);
        tradable
            .map(|it| Priced {
                price: it.record.mid,
                decimals,
            })
            .ok_or_else(|| ExchangeError::Unpriced {
                asset: asset.into(),
            })
    };
    let offered = priced(&offered.asset, offered.decimals)?;
    let asked = priced(&asked.asset, asked.decimals)?;
    let wanted = returned_floor(offered, offer.amount, asked, config.fee_bps)?;
    let held = querier.query_balance(&env.contract.address, ask)?;
    // More than any amount is enough for every amount.
    let held = amount_of(&held).unwrap_or(Amount(u128::MAX));
    if held < wanted {
        return Err(ExchangeError::SoldOut {
            asset: ask.into(),
            held,
            wanted,
        });
    }
    Ok(wanted)
}

fn amount_of(coin: &Coin) -> Option<Amount> {
    let amount = Uint128::try_from(coin.amount).ok()?;
    Some(Amount(amount.u128()))
}

fn wrong_funds(info: &MessageInfo) -> ExchangeError {
    ExchangeError::WrongFunds {
        funds: info.funds.iter().map(ToString::to_string).collect(),
    }
}

/// Answers a query.
///
/// # Errors
/// [`ExchangeError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, msg: QueryMsg) -> Result<Binary, ExchangeError> {
    let config = CONFIG.load(deps.storage)?;
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&ConfigResponse {
            oracle: config.oracle.into_string(),
            assets: config.assets,
            fee_bps: config.fee_bps,
        }),
        QueryMsg::Quote { offer, ask } => {
            let amount = quote(deps.querier, &env, &config, &offer, &ask)?;
            to_json_binary(&QuoteResponse { amount })
        }
    };
    Ok(answer?)
}

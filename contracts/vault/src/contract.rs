//! Entry points: a table from messages to the functions that carry them out.

use bulwark_types::decode::Decoded;
use bulwark_types::vault::{Change, ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use cw2::set_contract_version;

use crate::error::{ContractError, ContractResult};
use crate::execute::liquidate::{self, Terms, Wish};
use crate::execute::{
    accrue, batch, borrow, deposit, funds, lend, operator, recall, receive, repay, transfer,
    withdraw, write_off,
};
use crate::governance::{change, pause, reserve, settings_of};
use crate::state::{OWNERSHIP, SETTINGS};
use crate::{lock, migrate as migration, query, reply as continuation};

/// Name under which cw2 stores the contract.
pub const NAME: &str = "bulwark-vault";

/// Version under which cw2 stores the contract.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the vault.
///
/// # Errors
/// A configuration outside of its bounds, an address that does not validate.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    Decoded(msg): Decoded<InstantiateMsg>,
) -> ContractResult<Response> {
    funds::assert_none(&info)?;
    set_contract_version(deps.storage, NAME, VERSION)?;
    let settings = settings_of(deps.as_ref(), &env, &msg)?;
    SETTINGS.save(deps.storage, &settings)?;
    let owner = deps.api.addr_validate(&msg.owner)?;
    OWNERSHIP.initialize(deps.storage, owner)?;
    Ok(Response::new())
}

/// Carries out a message.
///
/// # Errors
/// [`ContractError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    Decoded(msg): Decoded<ExecuteMsg>,
) -> ContractResult<Response> {
    lock::assert_unlocked(deps.storage)?;
    match msg {
        ExecuteMsg::Deposit { account, lend } => {
            let payment = funds::one_coin(&info)?;
            deposit::execute(deps, &env, &payment, account, lend.unwrap_or(false))
        }
        ExecuteMsg::Withdraw {
            account,
            asset,
            amount,
            to,
        } => withdraw::execute(deps, &env, &info, account, &asset, amount, to),
        ExecuteMsg::Lend {
            account,
            asset,
            amount,
        } => lend::execute(deps, &env, &info, account, &asset, amount),
        ExecuteMsg::Recall {
            account,
            asset,
            amount,
        } => recall::execute(deps, &env, &info, account, &asset, amount),
        ExecuteMsg::Borrow {
            account,
            asset,
            amount,
            to,
        } => borrow::execute(deps, &env, &info, account, &asset, amount, to),
        ExecuteMsg::Repay { account } => {
            let payment = funds::one_coin(&info)?;
            repay::execute(deps, &env, &payment, account)
        }
        ExecuteMsg::Transfer {
            account,
            to,
            asset,
            amount,
        } => transfer::execute(deps, &env, &info, account, to, &asset, amount),
        ExecuteMsg::Batch { account, actions } => {
            batch::execute(deps, &env, &info, account, actions)
        }
        ExecuteMsg::Receive(received) => receive::execute(deps, &env, &info, &received),
        ExecuteMsg::Liquidate {
            account,
            seize,
            min_seized,
            receive,
            to,
            debt,
            callback,
        } => {
            let wish = Wish {
                account,
                seize,
                min_seized,
                terms: Terms { receive, to },
            };
            liquidate::with_coin_or_callback(deps, &env, &info, wish, debt, callback)
        }
        ExecuteMsg::LiquidateMany {
            targets,
            receive,
            to,
        } => {
            let coins = funds::coins(&info)?;
            let terms = Terms { receive, to };
            liquidate::many::execute(deps, &env, &info.sender, coins, targets, &terms)
        }
        ExecuteMsg::WriteOff { account } => write_off::execute(deps, &env, &info, account),
        ExecuteMsg::Accrue { assets } => accrue::execute(deps, &env, &info, &assets),
        ExecuteMsg::SetOperator {
            operator,
            id,
            expires,
            revoke,
        } => {
            let revoke = revoke.unwrap_or(false);
            operator::execute(deps, &env, &info, &operator, id, expires, revoke)
        }
        ExecuteMsg::ListMarket(listing) => {
            change::propose(deps, &env, &info, Change::ListMarket(listing))
        }
        ExecuteMsg::UpdateMarket { asset, update } => {
            change::propose(deps, &env, &info, Change::UpdateMarket { asset, update })
        }
        ExecuteMsg::UpdateParams(update) => {
            change::propose(deps, &env, &info, Change::UpdateParams(update))
        }
        ExecuteMsg::CollectReserve { asset, amount, to } => {
            reserve::collect(deps, &env, &info, asset, amount, &to)
        }
        ExecuteMsg::UpdateOwnership(action) => {
            funds::assert_none(&info)?;
            let event = OWNERSHIP.update::<Box<ContractError>>(
                deps.storage,
                deps.api,
                &info.sender,
                action,
            )?;
            Ok(Response::new().add_event(event))
        }
        ExecuteMsg::Pause { asset, actions } => pause::pause(deps, &env, &info, asset, &actions),
        ExecuteMsg::Unpause { asset, actions } => pause::unpause(deps, &info, asset, &actions),
        ExecuteMsg::Cancel { change } => change::cancel(deps, &env, &info, change),
        ExecuteMsg::Apply { change } => change::apply(deps, &env, &info, change),
    }
}

/// Goes on when an outside call has ended.
///
/// # Errors
/// [`ContractError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut<'_>, env: Env, reply: Reply) -> ContractResult<Response> {
    continuation::reply(deps, &env, &reply)
}

/// Answers a query.
///
/// # Errors
/// [`ContractError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps<'_>, env: Env, Decoded(msg): Decoded<QueryMsg>) -> ContractResult<Binary> {
    query::answer(deps, &env, msg)
}

/// Moves the contract's state to this version of the code.
///
/// # Errors
/// [`ContractError::Migration`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut<'_>, _env: Env, _msg: MigrateMsg) -> ContractResult<Response> {
    migration::migrate(deps)
}

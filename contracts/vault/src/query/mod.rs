//! Queries. They open the same books as the messages, and drop them.

mod account;
mod config;
mod limits;
mod liquidation;
mod market;
mod simulate;

use bulwark_types::governance::OwnershipResponse;
use bulwark_types::page::page_limit;
use bulwark_types::vault::{AccountRef, OperatorsResponse, QueryMsg};
use cosmwasm_std::{Addr, Binary, Deps, Env, to_json_binary};

use crate::books::{AccountKey, Books};
use crate::error::ContractResult;
use crate::state::{CHANGES, OPERATORS, OWNERSHIP};

/// A table from queries to the functions that answer them.
pub fn answer(deps: Deps<'_>, env: &Env, msg: QueryMsg) -> ContractResult<Binary> {
    let mut books = Books::open(deps, env)?;
    let key = |account: AccountRef| checked(deps, account);
    let binary = match msg {
        QueryMsg::Config {} => to_json_binary(&config::config(&mut books)?),
        QueryMsg::Market { asset } => to_json_binary(&market::market(&mut books, &asset)?),
        QueryMsg::Markets { start_after, limit } => to_json_binary(&market::markets(
            deps,
            &mut books,
            start_after,
            page_limit(limit),
        )?),
        QueryMsg::Account { account } => {
            to_json_binary(&account::account(&mut books, &key(account)?)?)
        }
        QueryMsg::Accounts {
            owner,
            start_after,
            limit,
        } => {
            let after = start_after.map(key).transpose()?;
            let owner = owner
                .map(|owner| deps.api.addr_validate(&owner))
                .transpose()?;
            let limit = page_limit(limit);
            to_json_binary(&account::accounts(deps, &mut books, owner, after, limit)?)
        }
        QueryMsg::Margin { account } => {
            to_json_binary(&account::margin(&mut books, &key(account)?)?)
        }
        QueryMsg::Simulate { account, actions } => {
            to_json_binary(&simulate::simulate(&books, &key(account)?, &actions)?)
        }
        QueryMsg::MaxBorrow { account, asset } => {
            to_json_binary(&limits::max_borrow(&mut books, &key(account)?, &asset)?)
        }
        QueryMsg::MaxWithdraw { account, asset } => {
            to_json_binary(&limits::max_withdraw(&mut books, &key(account)?, &asset)?)
        }
        QueryMsg::LiquidationPrice { account, asset } => to_json_binary(
            &limits::liquidation_price(&mut books, &key(account)?, &asset)?,
        ),
        QueryMsg::LiquidationPlan { account } => {
            to_json_binary(&liquidation::plan(&mut books, &key(account)?)?)
        }
        QueryMsg::SimulateLiquidation {
            account,
            debt,
            seize,
            receive,
            to,
        } => {
            let (account, to) = (key(account)?, to.map(key).transpose()?);
            to_json_binary(&liquidation::simulate(
                books, env, account, &debt, &seize, receive, to,
            )?)
        }
        QueryMsg::AccountsAtRisk {
            max_ratio,
            start_after,
            limit,
        } => {
            let after = start_after.map(key).transpose()?;
            let limit = page_limit(limit);
            to_json_binary(&account::at_risk(
                deps, &mut books, max_ratio, after, limit,
            )?)
        }
        QueryMsg::Solvency {
            asset,
            start_after,
            limit,
        } => {
            let limit = page_limit(limit);
            let contract = &env.contract.address;
            to_json_binary(&market::solvency(
                deps,
                &mut books,
                contract,
                asset.as_deref(),
                start_after,
                limit,
            )?)
        }
        QueryMsg::Changes { start_after, limit } => {
            to_json_binary(&CHANGES.page(deps.storage, start_after, page_limit(limit))?)
        }
        QueryMsg::Operators { owner } => {
            let owner = deps.api.addr_validate(&owner)?;
            to_json_binary(&operators(&books, deps, &owner)?)
        }
        QueryMsg::Ownership {} => {
            to_json_binary(&OwnershipResponse::from(OWNERSHIP.load(deps.storage)?))
        }
    };
    Ok(binary?)
}

fn operators(books: &Books<'_>, deps: Deps<'_>, owner: &Addr) -> ContractResult<OperatorsResponse> {
    let grants = OPERATORS.may_load(deps.storage, owner.as_str())?;
    let mut operators = grants.unwrap_or_default();
    operators.retain(|grant| grant.expires.is_none_or(|expires| books.now < expires));
    Ok(OperatorsResponse { operators })
}

fn checked(deps: Deps<'_>, account: AccountRef) -> ContractResult<AccountKey> {
    Ok(AccountKey {
        owner: deps.api.addr_validate(&account.owner)?,
        id: account.id,
    })
}

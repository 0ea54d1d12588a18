use bulwark_risk::account::Side;
use bulwark_risk::units::{Amount, Fraction};
use bulwark_types::token::TokenKind;
use bulwark_types::vault::{
    FamilyResponse, MarketResponse, MarketsResponse, Solvency, SolvencyResponse,
};
use cosmwasm_std::{Addr, Deps};

use super::config::pauses;
use crate::books::Books;
use crate::error::{ContractError, ContractResult};
use crate::state::{MARKETS, Market, MarketConfig};

pub fn market(books: &mut Books<'_>, asset: &str) -> ContractResult<MarketResponse> {
    let id = books.market_id(asset)?;
    describe(books, id)
}

pub fn markets(
    deps: Deps<'_>,
    books: &mut Books<'_>,
    start_after: Option<u16>,
    limit: usize,
) -> ContractResult<MarketsResponse> {
    let (ids, next) = page(deps, start_after, limit)?;
    let markets = ids
        .into_iter()
        .map(|id| describe(books, id))
        .collect::<ContractResult<_>>()?;
    Ok(MarketsResponse { markets, next })
}

pub fn solvency(
    deps: Deps<'_>,
    books: &mut Books<'_>,
    contract: &Addr,
    asset: Option<&str>,
    start_after: Option<u16>,
    limit: usize,
) -> ContractResult<SolvencyResponse> {
    let (ids, next) = match asset {
        Some(asset) => (vec![books.market_id(asset)?], None),
        None => page(deps, start_after, limit)?,
    };
    let mut assets = Vec::with_capacity(ids.len());
    for id in ids {
        let asset = books.asset(id)?;
        let held = TokenKind::of(&asset).balance(deps.querier, contract.as_str())?;
        let Market { idle, pool, .. } = *books.market(id)?;
        let owed = idle.plus(pool.cash())?;
        assets.push(Solvency {
            asset,
            held,
            idle,
            supplied: pool.supplied,
            borrowed: pool.borrowed,
            owed,
            surplus: Amount(held.0.saturating_sub(owed.0)),
            missing: Amount(owed.0.saturating_sub(held.0)),
        });
    }
    let locked = books.is_locked()?;
    Ok(SolvencyResponse {
        assets,
        next,
        locked,
    })
}

/// Numbers of the markets on a page, and where the next one starts.
fn page(
    deps: Deps<'_>,
    start_after: Option<u16>,
    limit: usize,
) -> ContractResult<(Vec<u16>, Option<u16>)> {
    let page = MARKETS.page(deps.storage, start_after, limit)?;
    let ids: Vec<u16> = page.into_iter().map(|(id, _)| id).collect();
    let next = ids.last().copied().filter(|_| ids.len() == limit);
    Ok((ids, next))
}

fn describe(books: &mut Books<'_>, id: u16) -> ContractResult<MarketResponse> {
    let now = books.now;
    let config: MarketConfig = books.config(id)?.clone();
    let mut market: Market = books.market(id)?.clone();
    market.pool.reprice(&config.interest)?;
    let pool = market.pool;
    let family = books.family(id)?;
    let group = books
        .settings
        .groups
        .get(usize::from(family.group))
        .cloned()
        .unwrap_or_default();
    // A market without a price can still be looked at.
    let haircuts = match books.valued(id, Side::Deposit, Amount::ZERO) {
        Ok(valued) => Some((valued.holding.haircut, valued.holding.newest_haircut)),
        Err(error) if matches!(*error, ContractError::NoPrice { .. }) => None,
        Err(error) => return Err(error),
    };
    let utilisation = pool.utilisation_floor()?;
    let kept = Fraction::ONE.minus(pool.reserve_factor)?;
    let (outflow, outflow_limit) = books.outflow(id, pool.supplied)?;
    Ok(MarketResponse {
        market: id,
        asset: config.asset,
        decimals: market.decimals,
        family: FamilyResponse {
            group,
            base: books.asset(market.base)?,
            group_correlation: family.group_correlation,
            family_correlation: family.family_correlation,
            haircut_rule: family.haircut.at(now)?,
            haircut_rule_target: family.haircut.target,
        },
        risk: market.risk.at(now)?,
        risk_target: market.risk.target,
        ramp_end: family.haircut.end().max(market.risk.end()),
        haircut: haircuts.map(|(in_force, _)| in_force),
        newest_haircut: haircuts.map(|(_, newest)| newest),
        interest: config.interest,
        reserve_factor: pool.reserve_factor,
        limits: config.limits,
        deposit_enabled: config.deposit_enabled,
        borrow_enabled: config.borrow_enabled,
        pauses: pauses(&books.settings.pauses, &config.pauses, now),
        slot: market.slot,
        idle: market.idle,
        supplied: pool.supplied,
        borrowed: pool.borrowed,
        cash: pool.cash(),
        reserve: pool.supply_floor(pool.reserve_shares)?,
        supply_shares: pool.supply_shares,
        debt_shares: pool.debt_shares,
        reserve_shares: pool.reserve_shares,
        utilisation,
        borrow_rate: pool.borrow_rate,
        supply_rate: pool.borrow_rate.mul_floor(utilisation)?.mul_floor(kept)?,
        wiped_out: pool.is_wiped_out(),
        outflow,
        outflow_limit,
        locked: books.is_locked()?,
    })
}

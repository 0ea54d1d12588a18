use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::pool::Accrual;
use bulwark_types::events::MarketChanged;
use bulwark_types::vault::{Limits, MarketUpdate};
use cosmwasm_std::{Deps, DepsMut, Env, Event};

use super::invalid;
use super::listing::{NO_DEPOSITS_BY_FEED, validate_limits, validate_reserve_factor};
use crate::books::accrued;
use crate::error::ContractResult;
use crate::state::{MARKETS, Market, MarketConfig, SETTINGS};

/// A market as it will be.
pub struct Prepared {
    id: u16,
    market: Market,
    config: MarketConfig,
    accrual: Accrual,
    effective_at: u64,
}

/// Checks an update and carries it out on a copy: interest is brought up to date first, so
/// that a new reserve factor or model counts from now on only.
/// A target that is named again leaves its ramp alone: restarting it would put it off.
pub fn prepare(
    deps: Deps<'_>,
    env: &Env,
    asset: &str,
    update: &MarketUpdate,
) -> ContractResult<Prepared> {
    let settings = SETTINGS.load(deps.storage)?;
    let (id, mut market, mut config) = load(deps, asset)?;
    let now = env.block.time.seconds();
    let ramp_time = settings.parameters.ramp_time;
    let accrual = market.pool.accrue(now)?;
    let mut effective_at = now;

    if let Some(rule) = update.haircut {
        rule.validate(&settings.bounds)?;
        let bound = "only the base asset of a family has a haircut rule";
        let family = market
            .family
            .as_mut()
            .ok_or_else(|| invalid("haircut", asset, bound))?;
        if rule != family.haircut.target {
            family.haircut = family.haircut.toward(rule, now, ramp_time)?;
        }
        effective_at = family.haircut.end();
    }
    if let Some(risk) = update.risk {
        risk.validate(&settings.bounds)?;
        if risk != market.risk.target {
            market.risk = market.risk.toward(risk, now, ramp_time)?;
        }
        effective_at = market.risk.end();
    }
    if let Some(interest) = update.interest {
        interest.validate()?;
        config.interest = interest;
    }
    if let Some(factor) = update.reserve_factor {
        validate_reserve_factor(factor)?;
        market.pool.reserve_factor = factor;
    }
    if let Some(limits) = update.limits {
        config.limits = limits;
    }
    // While the liquidity rises, size is still charged against the smaller one.
    let liquidity = market
        .risk
        .at(now)?
        .liquidity
        .min(market.risk.target.liquidity);
    validate_limits(&settings, &config.limits, liquidity)?;
    if let Some(enabled) = update.deposit_enabled {
        if enabled && config.no_deposits {
            return Err(Box::new(invalid(
                "deposit_enabled",
                true,
                NO_DEPOSITS_BY_FEED,
            )));
        }
        config.deposit_enabled = enabled;
    }
    if let Some(enabled) = update.borrow_enabled {
        config.borrow_enabled = enabled;
    }
    market.pool.reprice(&config.interest)?;
    Ok(Prepared {
        id,
        market,
        config,
        accrual,
        effective_at,
    })
}

/// Changes a market.
pub fn carry_out(
    deps: DepsMut<'_>,
    env: &Env,
    asset: &str,
    update: &MarketUpdate,
) -> ContractResult<Vec<Event>> {
    let Prepared {
        id,
        market,
        config,
        accrual,
        effective_at,
    } = prepare(deps.as_ref(), env, asset, update)?;
    MARKETS.save(deps.storage, id, &market)?;
    config.save(deps.storage)?;
    let mut events = Vec::new();
    if !accrual.interest.is_zero() {
        events.push(accrued(config.asset.clone(), &accrual, &market.pool).into());
    }
    let (asset, action) = (config.asset, "updated".to_owned());
    events.push(
        MarketChanged {
            asset,
            market: id,
            action,
            effective_at,
        }
        .into(),
    );
    Ok(events)
}

/// Whether an update makes nothing easier: then it need not wait.
pub fn only_tightens(deps: Deps<'_>, asset: &str, update: &MarketUpdate) -> ContractResult<bool> {
    let (_, market, config) = load(deps, asset)?;
    let rule_tightens = match (&update.haircut, &market.family) {
        (Some(rule), Some(family)) => haircut_tightens(&family.haircut.target, rule),
        (Some(_), None) => false,
        (None, _) => true,
    };
    Ok(rule_tightens
        && update
            .risk
            .is_none_or(|risk| risk_tightens(&market.risk.target, &risk))
        && update
            .limits
            .is_none_or(|limits| limits_tighten(&config.limits, &limits))
        && update.interest.is_none()
        && update.reserve_factor.is_none()
        && update.deposit_enabled != Some(true)
        && update.borrow_enabled != Some(true))
}

const fn at_least(new: u128, old: u128) -> bool {
    new >= old
}

const fn haircut_tightens(old: &HaircutRule, new: &HaircutRule) -> bool {
    at_least(new.volatility_multiple.0, old.volatility_multiple.0)
        && at_least(new.floor.0, old.floor.0)
        && at_least(new.cap.0, old.cap.0)
}

const fn risk_tightens(old: &AssetRisk, new: &AssetRisk) -> bool {
    at_least(new.extra_haircut.0, old.extra_haircut.0)
        && at_least(new.size_cap.0, old.size_cap.0)
        && at_least(old.liquidity.0, new.liquidity.0)
}

const fn limits_tighten(old: &Limits, new: &Limits) -> bool {
    at_least(old.deposit_cap.0, new.deposit_cap.0)
        && at_least(old.borrow_cap.0, new.borrow_cap.0)
        && at_least(old.max_utilisation.0, new.max_utilisation.0)
        && at_least(old.counterparty_share.0, new.counterparty_share.0)
        // What may leave is part of what lenders rely on: less of it waits, too.
        && old.outflow_share.0 == new.outflow_share.0
}

fn load(deps: Deps<'_>, asset: &str) -> ContractResult<(u16, Market, MarketConfig)> {
    let config = MarketConfig::load(deps.storage, asset)?;
    let market = MARKETS.load(deps.storage, config.market)?;
    Ok((config.market, market, config))
}

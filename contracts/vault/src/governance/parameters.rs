use bulwark_risk::units::Fraction;
use bulwark_types::vault::{InstantiateMsg, OracleConfig, Parameters, ParametersUpdate};
use cosmwasm_std::{Addr, Deps, DepsMut, Env, Event};

use super::invalid;
use crate::error::ContractResult;
use crate::execute::list::assert_distinct;
use crate::state::{Pauses, Ramped, SETTINGS, Settings};

/// Assets in one account at most, whatever the parameters say: a liquidation has to stay
/// affordable.
const MOST_HOLDINGS: u8 = 32;

/// Caps are never more than this many times a market's liquidity.
const LARGEST_CAP_MULTIPLE: Fraction = Fraction(1_000_000 * Fraction::ONE.0);

/// Ramps last at least this many seconds (1 h) unless changes do not wait at all.
const SHORTEST_RAMP: u64 = 3600;

/// Ramps and delays last at most this many seconds (90 days).
const LONGEST: u64 = 90 * 86_400;

/// The settings of a new vault, checked.
pub fn settings_of(deps: Deps<'_>, env: &Env, msg: &InstantiateMsg) -> ContractResult<Settings> {
    msg.bounds.validate()?;
    validate_groups(&msg.groups)?;
    if msg.unpriced_grace == 0 || msg.unpriced_grace > LONGEST {
        return Err(Box::new(invalid(
            "unpriced_grace",
            msg.unpriced_grace,
            "must be 1 s to 90 days",
        )));
    }
    let settings = Settings {
        oracle: deps.api.addr_validate(&msg.oracle.address)?,
        oracle_mode: msg.oracle.mode,
        oracle_generation: 0,
        caller: caller_of(deps, env, &msg.caller)?,
        guardian: msg
            .guardian
            .as_deref()
            .map(|text| deps.api.addr_validate(text))
            .transpose()?,
        gross_factor: Ramped::resting(msg.parameters.margin.gross_factor),
        parameters: msg.parameters.clone(),
        pauses: Pauses::default(),
        groups: msg.groups.clone(),
        bounds: msg.bounds,
        cap_multiple: msg.cap_multiple,
        unpriced_grace: msg.unpriced_grace,
    };
    validate(&settings, 0)?;
    Ok(settings)
}

/// The settings as an update will make them.
pub fn prepare(deps: Deps<'_>, env: &Env, update: &ParametersUpdate) -> ContractResult<Settings> {
    let mut settings = SETTINGS.load(deps.storage)?;
    let now = env.block.time.seconds();
    if let Some(OracleConfig { address, mode }) = &update.oracle {
        settings.oracle = deps.api.addr_validate(address)?;
        settings.oracle_mode = *mode;
        settings.oracle_generation = settings.oracle_generation.wrapping_add(1);
    }
    if let Some(guardian) = &update.guardian {
        settings.guardian = Some(deps.api.addr_validate(guardian)?);
    }
    if let Some(caller) = &update.caller {
        settings.caller = caller_of(deps, env, caller)?;
    }
    let ramp_time = settings.parameters.ramp_time;
    if let Some(margin) = update.margin {
        if margin.gross_factor != settings.parameters.margin.gross_factor {
            settings.gross_factor =
                settings
                    .gross_factor
                    .toward(margin.gross_factor, now, ramp_time)?;
        }
        settings.parameters.margin = margin;
    }
    let Parameters {
        liquidation,
        max_holdings,
        ramp_time,
        owner_delay,
        outflow_window,
        ..
    } = &mut settings.parameters;
    *liquidation = update.liquidation.unwrap_or(*liquidation);
    *max_holdings = update.max_holdings.unwrap_or(*max_holdings);
    *ramp_time = update.ramp_time.unwrap_or(*ramp_time);
    *owner_delay = update.owner_delay.unwrap_or(*owner_delay);
    *outflow_window = update.outflow_window.unwrap_or(*outflow_window);
    validate(&settings, now)?;
    Ok(settings)
}

/// Changes the parameters.
pub fn carry_out(
    deps: DepsMut<'_>,
    env: &Env,
    update: &ParametersUpdate,
) -> ContractResult<Vec<Event>> {
    let settings = prepare(deps.as_ref(), env, update)?;
    SETTINGS.save(deps.storage, &settings)?;
    Ok(Vec::new())
}

/// Whether an update makes nothing easier: only higher margin factors do not wait.
pub fn only_tightens(deps: Deps<'_>, update: &ParametersUpdate) -> ContractResult<bool> {
    let old = SETTINGS.load(deps.storage)?.parameters.margin;
    let ParametersUpdate {
        oracle,
        guardian,
        margin,
        liquidation,
        max_holdings,
        ramp_time,
        owner_delay,
        outflow_window,
        caller,
    } = update;
    let nothing_else = oracle.is_none()
        && guardian.is_none()
        && liquidation.is_none()
        && max_holdings.is_none()
        && ramp_time.is_none()
        && owner_delay.is_none()
        && outflow_window.is_none()
        && caller.is_none();
    Ok(nothing_else
        && margin.is_none_or(|new| {
            new.initial_factor >= old.initial_factor && new.gross_factor >= old.gross_factor
        }))
}

fn validate(settings: &Settings, now: u64) -> ContractResult<()> {
    let Parameters {
        margin,
        liquidation,
        max_holdings,
        ramp_time,
        owner_delay,
        outflow_window,
    } = &settings.parameters;
    margin.validate(&settings.bounds)?;
    // While the gross factor rises, the smaller one is still in force.
    liquidation.validate(margin.gross_factor.min(settings.gross_factor.at(now)?))?;
    if *max_holdings < 2 || *max_holdings > MOST_HOLDINGS {
        return Err(Box::new(invalid(
            "max_holdings",
            max_holdings,
            "must be 2 to 32",
        )));
    }
    for (field, span) in [
        ("ramp_time", *ramp_time),
        ("owner_delay", *owner_delay),
        ("outflow_window", *outflow_window),
    ] {
        if span > LONGEST {
            return Err(Box::new(invalid(field, span, "must be at most 90 days")));
        }
    }
    if *outflow_window == 0 {
        return Err(Box::new(invalid(
            "outflow_window",
            outflow_window,
            "must be above 0",
        )));
    }
    // Where changes wait, margins move slowly too; a network without delay is for trying out.
    if *owner_delay > 0 && *ramp_time < SHORTEST_RAMP {
        return Err(Box::new(invalid(
            "ramp_time",
            ramp_time,
            "must be at least 1 h where changes wait",
        )));
    }
    if settings.cap_multiple.is_zero() || settings.cap_multiple > LARGEST_CAP_MULTIPLE {
        return Err(Box::new(invalid(
            "cap_multiple",
            settings.cap_multiple,
            "must be above 0 and at most 1000000",
        )));
    }
    Ok(())
}

/// The caller must not be the vault: calls would run with the vault as their sender.
fn caller_of(deps: Deps<'_>, env: &Env, text: &str) -> ContractResult<Addr> {
    let caller = deps.api.addr_validate(text)?;
    if caller == env.contract.address {
        return Err(Box::new(invalid(
            "caller",
            caller,
            "must not be the vault itself",
        )));
    }
    Ok(caller)
}

fn validate_groups(groups: &[String]) -> ContractResult<()> {
    if groups.is_empty() || groups.len() > 16 {
        return Err(Box::new(invalid(
            "groups",
            groups.len(),
            "there must be 1 to 16",
        )));
    }
    for group in groups {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if group.is_empty() || group.len() > 32 || !group.chars().all(plain) {
            return Err(Box::new(invalid(
                "groups",
                group,
                "must be 1 to 32 of a-z, 0-9 and _",
            )));
        }
    }
    assert_distinct(groups)
}

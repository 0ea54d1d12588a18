use bulwark_risk::margin::FamilyFactors;
use bulwark_risk::outflow::Outflow;
use bulwark_risk::pool::Pool;
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction, Price, Usd};
use bulwark_risk::wide::mul_floor;
use bulwark_types::events::MarketChanged;
use bulwark_types::oracle::{Oracle, Slot};
use bulwark_types::token::TokenKind;
use bulwark_types::vault::{FamilyListing, Limits, MarketListing, OracleMode};
use cosmwasm_std::{Deps, DepsMut, Env, Event};

use super::invalid;
use crate::error::{ContractError, ContractResult};
use crate::state::{
    ASSETS, Family, MARKET_CONFIGS, MARKET_COUNT, MARKETS, Market, MarketConfig, Pauses, Ramped,
    SETTINGS, Settings,
};

/// Checks a listing by itself, as far as that is possible before it is carried out: its feed
/// and its base asset may still be waiting for their own turn.
pub fn check(deps: Deps<'_>, listing: &MarketListing) -> ContractResult<()> {
    let settings = SETTINGS.load(deps.storage)?;
    let MarketListing {
        asset,
        decimals,
        risk,
        interest,
        reserve_factor,
        limits,
        ..
    } = listing;
    assert_token(deps, asset, *decimals)?;
    if MARKET_CONFIGS.has(deps.storage, asset) {
        return Err(Box::new(ContractError::MarketExists {
            asset: asset.clone(),
        }));
    }
    if *decimals > 18 {
        return Err(Box::new(invalid(
            "decimals",
            decimals,
            "must be at most 18",
        )));
    }
    risk.validate(&settings.bounds)?;
    interest.validate()?;
    validate_reserve_factor(*reserve_factor)?;
    validate_limits(&settings, limits, risk.liquidity)?;
    if let FamilyListing::Base { .. } = &listing.family {
        place_in_family(deps, &settings, 0, &listing.family)?;
    }
    Ok(())
}

/// Lists a market. From here on it has a price record, and a record never vanishes: an
/// account that holds the asset can always be valued.
pub fn carry_out(
    deps: DepsMut<'_>,
    env: &Env,
    listing: &MarketListing,
) -> ContractResult<Vec<Event>> {
    check(deps.as_ref(), listing)?;
    let settings = SETTINGS.load(deps.storage)?;
    let now = env.block.time.seconds();
    let asset = listing.asset.clone();
    let id = MARKET_COUNT.may_load(deps.storage)?.unwrap_or(0);
    if id == u16::MAX {
        return Err(Box::new(invalid(
            "asset",
            &asset,
            "there is no place for another market",
        )));
    }
    let Quoted {
        price,
        slot,
        no_deposits,
    } = find_price(deps.as_ref(), &settings, &asset)?;
    assert_divisible(&settings, price, listing.decimals)?;
    if no_deposits && listing.deposit_enabled {
        return Err(Box::new(invalid(
            "deposit_enabled",
            true,
            NO_DEPOSITS_BY_FEED,
        )));
    }
    let (base, family) = place_in_family(deps.as_ref(), &settings, id, &listing.family)?;
    let pool = Pool {
        reserve_factor: listing.reserve_factor,
        accrued_at: now,
        borrow_rate: listing.interest.rate(Fraction::ZERO)?,
        ..Pool::default()
    };
    let market = Market {
        decimals: listing.decimals,
        base,
        family,
        risk: Ramped::resting(listing.risk),
        slot,
        slot_generation: settings.oracle_generation,
        idle: Amount::ZERO,
        pool,
        outflow: Outflow::default(),
    };
    let config = MarketConfig {
        asset: asset.clone(),
        market: id,
        interest: listing.interest,
        limits: listing.limits,
        deposit_enabled: listing.deposit_enabled,
        borrow_enabled: listing.borrow_enabled,
        no_deposits,
        pauses: Pauses::default(),
    };
    MARKETS.save(deps.storage, id, &market)?;
    config.save(deps.storage)?;
    ASSETS.save(deps.storage, id, &asset)?;
    MARKET_COUNT.save(deps.storage, &id.saturating_add(1))?;
    let action = "listed".to_owned();
    Ok(vec![
        MarketChanged {
            asset,
            market: id,
            action,
            effective_at: now,
        }
        .into(),
    ])
}

/// What the oracle tells of an asset when it is listed.
struct Quoted {
    /// Its price.
    price: Price,
    /// Where its record stands.
    slot: Slot,
    /// Whether its feed is not for deposits.
    no_deposits: bool,
}

/// Asks the oracle for an asset. One of another make tells prices only; what it does behind them
/// is not known.
fn find_price(deps: Deps<'_>, settings: &Settings, asset: &str) -> ContractResult<Quoted> {
    let oracle = Oracle {
        address: &settings.oracle,
    };
    let no_price = |_| ContractError::NoPrice {
        asset: asset.into(),
    };
    let prices = oracle
        .prices(deps.querier, vec![asset.into()])
        .map_err(no_price)?;
    let price = match prices.first() {
        Some(found) if !found.record.mid.is_zero() => found.record.mid,
        _ => {
            return Err(Box::new(ContractError::NoPrice {
                asset: asset.into(),
            }));
        }
    };
    let (slot, no_deposits) = match settings.oracle_mode {
        OracleMode::Smart => (Slot { board: 0, slot: 0 }, false),
        OracleMode::Raw => {
            let placement = oracle.placement(deps.querier, asset).map_err(no_price)?;
            (placement.slot, !placement.depositable)
        }
    };
    Ok(Quoted {
        price,
        slot,
        no_deposits,
    })
}

/// Refuses a token of which one smallest unit is worth more than dust, or than 1 USD where dust
/// is less. A keeper cannot buy a part of a unit: a debt below its worth would be stranded
/// beside it. This way such a debt is dust (as long as the price stays).
fn assert_divisible(settings: &Settings, price: Price, decimals: u8) -> ContractResult<()> {
    let most = settings
        .parameters
        .liquidation
        .dust_value
        .max(Usd::whole(1));
    if price.value_ceil(Amount(1), decimals)? > most {
        let bound = format!("one smallest unit must be worth at most {most} USD");
        return Err(Box::new(invalid("decimals", decimals, &bound)));
    }
    Ok(())
}

/// The number of the family's base market, and the family itself for its base.
fn place_in_family(
    deps: Deps<'_>,
    settings: &Settings,
    id: u16,
    listing: &FamilyListing,
) -> ContractResult<(u16, Option<Family>)> {
    match listing {
        FamilyListing::Base {
            group,
            group_correlation,
            family_correlation,
            haircut,
        } => {
            let known = settings.groups.iter().position(|name| name == group);
            let group = known
                .and_then(|at| u8::try_from(at).ok())
                .ok_or_else(|| invalid("group", group, "must be one of the vault's groups"))?;
            let (group_correlation, family_correlation) = (*group_correlation, *family_correlation);
            FamilyFactors {
                group,
                family: id,
                group_correlation,
                family_correlation,
            }
            .validate()?;
            haircut.validate(&settings.bounds)?;
            let haircut = Ramped::resting(*haircut);
            Ok((
                id,
                Some(Family {
                    group,
                    group_correlation,
                    family_correlation,
                    haircut,
                }),
            ))
        }
        FamilyListing::Member { of } => {
            let base = MarketConfig::load(deps.storage, of)?.market;
            if MARKETS.load(deps.storage, base)?.family.is_none() {
                return Err(Box::new(invalid(
                    "of",
                    of,
                    "must be the base asset of a family",
                )));
            }
            Ok((base, None))
        }
    }
}

/// Why an asset whose price is a constant takes no deposits: the constant may be above the market.
pub const NO_DEPOSITS_BY_FEED: &str = "an asset whose feed is not depositable takes no deposits";

/// A bank denom as the chain allows it, 3 to 128 characters, a letter first, then letters,
/// digits and `/ : . _ -`; or a CW20 contract with the decimals that it declares.
fn assert_token(deps: Deps<'_>, asset: &str, decimals: u8) -> ContractResult<()> {
    let token = TokenKind::of(asset);
    match token {
        TokenKind::Native { denom } => {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "/:._-".contains(c);
            let well_formed = (3..=128).contains(&denom.len())
                && denom.starts_with(|c: char| c.is_ascii_alphabetic())
                && denom.chars().all(allowed);
            if well_formed {
                return Ok(());
            }
            Err(Box::new(invalid(
                "asset",
                asset,
                "must be a bank denom or cw20:<address>",
            )))
        }
        TokenKind::Cw20 { .. } => {
            let no_token = |_| invalid("asset", asset, "must be a token that tells its decimals");
            token.validate(deps.api).map_err(no_token)?;
            let declared = token.decimals(deps.querier).map_err(no_token)?;
            if declared == Some(decimals) {
                return Ok(());
            }
            Err(Box::new(invalid(
                "decimals",
                decimals,
                "must be those that the token declares",
            )))
        }
    }
}

/// Lenders can always leave, in twenty windows at most: nobody can lock them in.
const LEAST_OUTFLOW_SHARE: Fraction = Fraction::percent(5);

pub fn validate_reserve_factor(factor: Fraction) -> ContractResult<()> {
    if factor > Fraction::percent(50) {
        return Err(Box::new(invalid(
            "reserve_factor",
            factor,
            "must be at most 0.5",
        )));
    }
    Ok(())
}

/// Caps are at most `cap_multiple × liquidity`: the size term can be evaded by splitting
/// over accounts, the caps cannot. Amounts stay a factor of 16 below 2^104, which leaves
/// room for interest.
pub fn validate_limits(
    settings: &Settings,
    limits: &Limits,
    liquidity: Amount,
) -> ContractResult<()> {
    let most = mul_floor(liquidity.0, settings.cap_multiple.0)?.min(AMOUNT_LIMIT / 16);
    for (field, cap) in [
        ("deposit_cap", limits.deposit_cap),
        ("borrow_cap", limits.borrow_cap),
    ] {
        if cap.0 > most {
            let bound = format!("must be at most cap_multiple × liquidity and 2^100: {most}");
            return Err(Box::new(invalid(field, cap, &bound)));
        }
    }
    if limits.outflow_share < LEAST_OUTFLOW_SHARE {
        return Err(Box::new(invalid(
            "outflow_share",
            limits.outflow_share,
            "must be at least 0.05",
        )));
    }
    for (field, share) in [
        ("max_utilisation", limits.max_utilisation),
        ("counterparty_share", limits.counterparty_share),
        ("outflow_share", limits.outflow_share),
    ] {
        if share > Fraction::ONE {
            return Err(Box::new(invalid(field, share, "must be at most 1")));
        }
    }
    Ok(())
}

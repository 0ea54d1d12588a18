//! Which feeds are refused at the door.

use bulwark_risk::units::Fraction;
use bulwark_types::oracle::{Feed, PRICE_LIMIT, Source};

use crate::error::ContractError;

/// Spans of time in a feed are at most 7 days.
const LONGEST: u64 = 7 * 86_400;

/// Samples closer than a minute would measure the noise of posts.
const SHORTEST_SAMPLE: u64 = 60;

/// An asset's name has at most this many characters, as a bank denom.
const LONGEST_NAME: usize = 128;

/// Refuses names that are empty, too long, or have control characters.
///
/// # Errors
/// [`ContractError::InvalidAsset`].
pub fn check_asset(asset: &str) -> Result<(), ContractError> {
    let length = asset.chars().count();
    if length == 0 || length > LONGEST_NAME || asset.chars().any(char::is_control) {
        return Err(ContractError::InvalidAsset {
            asset: asset.into(),
        });
    }
    Ok(())
}

/// Refuses values with which a guard would not guard or an average not move.
///
/// # Errors
/// [`ContractError::InvalidFeed`], or [`ContractError::Risk`] for the volatility's speeds.
pub fn check_feed(feed: &Feed) -> Result<(), ContractError> {
    if let Source::Fixed { price } = feed.source {
        require(
            !price.is_zero() && price <= PRICE_LIMIT,
            "price",
            price,
            "must be above 0 and at most 10^12 USD",
        )?;
    }
    require(
        (1..=LONGEST).contains(&feed.max_age),
        "max_age",
        feed.max_age,
        "must be 1 to 604800 seconds",
    )?;
    require(
        !feed.max_jump.is_zero() && feed.max_jump <= Fraction::ONE,
        "max_jump",
        feed.max_jump,
        "must be above 0 and at most 1",
    )?;
    // At 0 two messages in one block would confirm; beyond the age of a price, the price in
    // force would be stale before its successor could be confirmed.
    require(
        (1..=feed.max_age).contains(&feed.jump_wait),
        "jump_wait",
        feed.jump_wait,
        "must be 1 to max_age seconds",
    )?;
    require(
        feed.max_conf <= Fraction::ONE,
        "max_conf",
        feed.max_conf,
        "must be at most 1",
    )?;
    require(
        feed.min_conf <= feed.max_conf,
        "min_conf",
        feed.min_conf,
        "must be at most max_conf",
    )?;
    require(
        (1..=LONGEST).contains(&feed.ema_tau),
        "ema_tau",
        feed.ema_tau,
        "must be 1 to 604800 seconds",
    )?;
    require(
        (SHORTEST_SAMPLE..=LONGEST).contains(&feed.sample_interval),
        "sample_interval",
        feed.sample_interval,
        "must be 60 to 604800 seconds",
    )?;
    require(
        !feed.initial_volatility.is_zero() && feed.initial_volatility <= Fraction::ONE,
        "initial_volatility",
        feed.initial_volatility,
        "must be above 0 and at most 1 per root of a day",
    )?;
    feed.volatility_speed.validate()?;
    Ok(())
}

fn require(
    holds: bool,
    field: &'static str,
    value: impl ToString,
    bound: &'static str,
) -> Result<(), ContractError> {
    if holds {
        return Ok(());
    }
    Err(ContractError::InvalidFeed {
        field,
        value: value.to_string(),
        bound,
    })
}

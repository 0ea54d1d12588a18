//! Which feeds are refused at the door, as far as each says so by itself.

use bulwark_risk::units::Fraction;
use bulwark_types::oracle::{Feed, MAX_SOURCES, PRICE_LIMIT, RedemptionRate, Source};

use cosmwasm_std::from_json;
use serde::de::IgnoredAny;

use crate::error::ContractError;

/// Spans of time in a feed are at most 7 days.
const LONGEST: u64 = 7 * 86_400;

/// Samples closer than a minute would measure the noise of posts.
const SHORTEST_SAMPLE: u64 = 60;

/// An asset's name has at most this many characters, as a bank denom.
const LONGEST_NAME: usize = 128;

/// A Pyth id has 32 bytes.
const FEED_ID_LENGTH: usize = 64;

/// A rate's query has at most this many bytes.
const LONGEST_QUERY: usize = 1024;

/// A value stands under at most this many keys.
const DEEPEST_PATH: usize = 8;

/// A rate is usable for at most 30 days: some move only once in an unbonding period.
const LONGEST_RATE_AGE: u64 = 30 * 86_400;

/// Beyond this growth in a year the cap would not be one.
const HIGHEST_GROWTH: Fraction = Fraction::percent(1_000);

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
    check_sources(feed)?;
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

/// Refuses combinations of sources that no price could be made of, or not one to lend against.
fn check_sources(feed: &Feed) -> Result<(), ContractError> {
    let Feed {
        sources,
        depositable,
        ..
    } = feed;
    require(
        (1..=MAX_SOURCES).contains(&sources.len()),
        "sources",
        sources.len(),
        "must be 1 to 5",
    )?;
    for (place, source) in sources.iter().enumerate() {
        let mut earlier = sources.iter().take(place);
        let is_rate = matches!(source, Source::RedemptionRate(_));
        require(
            !earlier.any(|other| {
                other.asks_as(source) || is_rate && matches!(other, Source::RedemptionRate(_))
            }),
            "sources",
            place,
            "must differ, with one redemption_rate at most",
        )?;
        match source {
            Source::Posted {} => {}
            Source::Fixed { price } => {
                require(
                    sources.len() == 1,
                    "sources",
                    sources.len(),
                    "must be 1 with a fixed price",
                )?;
                require(
                    !price.is_zero() && *price <= PRICE_LIMIT,
                    "price",
                    price,
                    "must be above 0 and at most 10^12 USD",
                )?;
            }
            Source::Pyth { feed_id, .. } => require(
                feed_id.len() == FEED_ID_LENGTH && feed_id.bytes().all(|c| c.is_ascii_hexdigit()),
                "feed_id",
                feed_id,
                "must be 64 hexadecimal digits",
            )?,
            Source::RedemptionRate(rate) => check_rate(rate)?,
        }
    }
    require(
        !depositable || feed.is_depositable(),
        "depositable",
        depositable,
        "needs a posted or pyth source",
    )
}

fn check_rate(rate: &RedemptionRate) -> Result<(), ContractError> {
    require(
        rate.query.len() <= LONGEST_QUERY && from_json::<IgnoredAny>(&rate.query).is_ok(),
        "query",
        &rate.query,
        "must be JSON of at most 1024 bytes",
    )?;
    let is_path = |path: &[String]| {
        path.len() <= DEEPEST_PATH && path.iter().all(|key| key.len() <= LONGEST_NAME)
    };
    require(
        is_path(&rate.path),
        "path",
        rate.path.join("."),
        "must be at most 8 keys of at most 128 bytes",
    )?;
    let time_path = rate.time_path.as_deref().unwrap_or_default();
    require(
        is_path(time_path),
        "time_path",
        time_path.join("."),
        "must be at most 8 keys of at most 128 bytes",
    )?;
    require(
        (1..=LONGEST_RATE_AGE).contains(&rate.max_rate_age),
        "max_rate_age",
        rate.max_rate_age,
        "must be 1 to 2592000 seconds",
    )?;
    require(
        !rate.growth_cap.is_zero() && rate.growth_cap <= HIGHEST_GROWTH,
        "growth_cap",
        rate.growth_cap,
        "must be above 0 and at most 10 per year",
    )
}

/// Refuses a value of a feed.
///
/// # Errors
/// [`ContractError::InvalidFeed`].
pub fn require(
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

//! A constant price.

use bulwark_risk::RiskResult;
use bulwark_risk::ramp::VolatilityRamp;
use bulwark_risk::units::Price;
use bulwark_types::oracle::{Feed, PriceRecord, PriceStatus};

/// The record of a fixed price that is set at `now`. It is never stale.
///
/// Its volatility is `initial_volatility`: at once for a new feed, on the ramp for one that
/// had a record, because the volatility in force is continuous whatever the owner does.
///
/// # Errors
/// None for a feed that was validated.
pub fn record(
    feed: &Feed,
    price: Price,
    before: Option<&PriceRecord>,
    now: u64,
) -> RiskResult<PriceRecord> {
    let volatility = match before {
        None => VolatilityRamp::flat(feed.initial_volatility, now),
        Some(before) => {
            before
                .volatility
                .toward(feed.initial_volatility, &feed.volatility_speed, now)?
        }
    };
    let halted = before.is_some_and(|before| before.status == PriceStatus::Halted);
    Ok(PriceRecord {
        mid: price,
        low: price,
        high: price,
        ema: price,
        volatility,
        published_at: now,
        expires_at: u64::MAX,
        status: if halted {
            PriceStatus::Halted
        } else {
            PriceStatus::Ok
        },
    })
}

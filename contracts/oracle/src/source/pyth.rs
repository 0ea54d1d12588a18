//! Prices of a Pyth contract.
//!
//! The query and its answer, from Pyth's CosmWasm contract: `{"price_feed":{"id":"<hex>"}}` →
//! `{"price_feed":{"id":"<hex>","price":{"price":"<i64>","conf":"<u64>","expo":<i32>,
//! "publish_time":<i64>},"ema_price":{…}}}`. A price is `price × 10^expo` USD.

use bulwark_risk::units::Price;
use bulwark_risk::wide::ten_to;
use bulwark_types::oracle::{Feed, PRICE_LIMIT, SourceFailure};
use cosmwasm_std::{Binary, Int64, QuerierWrapper, Uint64, from_json, to_json_binary};
use serde::{Deserialize, Serialize};

use super::{Observation, answer};

/// Decimals of a [`Price`].
const DECIMALS: i32 = 18;

/// The query.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Question<'a> {
    /// The newest price of one feed.
    PriceFeed {
        /// Its id.
        id: &'a str,
    },
}

/// The answer, as far as it counts.
#[derive(Deserialize)]
struct Answer {
    price_feed: PriceFeed,
}

#[derive(Deserialize)]
struct PriceFeed {
    id: String,
    price: PythPrice,
}

/// A price in Pyth's notation.
#[derive(Deserialize, Clone, Copy)]
struct PythPrice {
    price: Int64,
    conf: Uint64,
    expo: i32,
    publish_time: i64,
}

/// Asks a Pyth contract.
///
/// # Errors
/// Every [`SourceFailure`]. [`SourceFailure::Older`] if the answer is older than `last`.
pub fn ask(
    querier: QuerierWrapper<'_>,
    contract: &str,
    feed_id: &str,
    feed: &Feed,
    last: Option<&Observation>,
    now: u64,
) -> Result<Observation, SourceFailure> {
    let question = to_json_binary(&Question::PriceFeed { id: feed_id })
        .map_err(|_| SourceFailure::Malformed)?;
    let answer = answer::ask(querier, contract, question)?;
    let observation = understand(&answer, feed_id)?;
    if observation.published_at > now {
        return Err(SourceFailure::Future);
    }
    if !observation.is_fresh(feed.max_age, now) {
        return Err(SourceFailure::Stale);
    }
    if last.is_some_and(|last| observation.published_at < last.published_at) {
        return Err(SourceFailure::Older);
    }
    Ok(observation)
}

fn understand(answer: &Binary, feed_id: &str) -> Result<Observation, SourceFailure> {
    let Answer { price_feed } = from_json(answer).map_err(|_| SourceFailure::Malformed)?;
    if !price_feed.id.eq_ignore_ascii_case(feed_id) {
        return Err(SourceFailure::Malformed);
    }
    price_feed.price.observation()
}

impl PythPrice {
    /// The price rounded down, its confidence rounded up. A confidence beyond the price is
    /// taken: it makes the feed wide at once, where a failure would leave the price before it
    /// in force for a while.
    fn observation(&self) -> Result<Observation, SourceFailure> {
        let out_of_range = SourceFailure::OutOfRange;
        let price = u64::try_from(self.price.i64()).map_err(|_| out_of_range)?;
        let (price, _) = scaled(price, self.expo).ok_or(out_of_range)?;
        let (conf, rest) = scaled(self.conf.u64(), self.expo).ok_or(out_of_range)?;
        if price == 0 || price > PRICE_LIMIT.0 {
            return Err(out_of_range);
        }
        Ok(Observation {
            price: Price(price),
            conf: Price(conf.saturating_add(u128::from(rest))),
            published_at: u64::try_from(self.publish_time).map_err(|_| SourceFailure::Malformed)?,
        })
    }
}

/// `mantissa × 10^expo` with 18 decimals, rounded down, and whether something was cut off; none
/// where it overflows.
fn scaled(mantissa: u64, expo: i32) -> Option<(u128, bool)> {
    let mantissa = u128::from(mantissa);
    let shift = expo.checked_add(DECIMALS)?;
    let distance = u8::try_from(shift.unsigned_abs()).ok()?;
    let power = ten_to(distance).ok();
    if shift >= 0 {
        return mantissa.checked_mul(power?).map(|scaled| (scaled, false));
    }
    // Below 10^-38 of one unit nothing is left of 64 bits.
    let power = power.unwrap_or(u128::MAX);
    let quotient = mantissa.checked_div(power)?;
    Some((quotient, quotient.checked_mul(power)? != mantissa))
}

#[cfg(test)]
mod tests;

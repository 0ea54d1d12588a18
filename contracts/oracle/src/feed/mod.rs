//! What an observation does to a feed: data in, data out.

mod average;
mod jump;
#[cfg(test)]
mod tests;
mod validate;
mod volatility;

pub use jump::confirmable_at;
pub use validate::{check_asset, check_feed};

use bulwark_risk::RiskResult;
use bulwark_risk::ramp::VolatilityRamp;
use bulwark_risk::units::Price;
use bulwark_risk::volatility::Variances;
use bulwark_types::oracle::{Feed, PriceRecord, PriceStatus};

use crate::source::Observation;
use crate::state::{Anchor, Sample, Track};
use average::advanced;
use jump::Verdict;

/// A feed's public record and what its guards remember. They move together or not at all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeedState {
    /// What others read.
    pub record: PriceRecord,
    /// What the guards remember.
    pub track: Track,
}

/// When something happens.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Block time in seconds.
    pub now: u64,
    /// Block height.
    pub height: u64,
}

/// The state of a feed after an observation; none where it changes nothing.
///
/// - The first observation is accepted and seeds the averages.
/// - One that is not newer than the price in force changes nothing: no quorum has spoken
///   since. A single feeder's post beside older ones of the others would otherwise use up
///   the block, with a price that lags behind by a round of posts.
/// - Nor does one that comes after another was accepted in the same block: a price that
///   moves by just under the limit again and again would walk through.
/// - One further than `max_jump` from the EMA, which nothing has confirmed, only widens
///   `low` and `high` and sets the status and the anchor: everything else stays, so that
///   what the guards remember and what is in force never fall apart.
/// - Every other one is accepted. Acceptance alone moves `mid`, `published_at`, `expires_at`,
///   EMA and volatility, and ends a halt.
///
/// # Errors
/// None for feeds and observations that were validated.
pub fn take_in(
    feed: &Feed,
    before: Option<&FeedState>,
    observation: &Observation,
    moment: Moment,
) -> RiskResult<Option<FeedState>> {
    let Some(before) = before else {
        return first(feed, observation, moment).map(Some);
    };
    let FeedState { record, track } = before;
    let is_newer = observation.published_at > record.published_at;
    if !is_newer || moment.height <= track.accepted_height {
        return Ok(None);
    }
    let elapsed = moment.now.saturating_sub(track.accepted_at);
    let ema = advanced(record.ema, record.mid, elapsed, feed.ema_tau)?;
    match jump::judge(feed, ema, track.anchor.as_ref(), observation, moment.now)? {
        Verdict::Accept => {
            let (volatility, sample) =
                volatility::sampled(feed, before, observation.price, moment.now)?;
            accepted(feed, observation, ema, volatility, sample, moment).map(Some)
        }
        Verdict::Wait(anchor) => Ok(Some(waiting(before, observation, anchor))),
    }
}

/// The first price of a feed: averages and volatility begin here.
fn first(feed: &Feed, observation: &Observation, moment: Moment) -> RiskResult<FeedState> {
    let sample = Sample {
        variances: Variances::seeded(feed.initial_volatility)?,
        price: observation.price,
        taken_at: moment.now,
    };
    let volatility = VolatilityRamp::flat(feed.initial_volatility, moment.now);
    accepted(
        feed,
        observation,
        observation.price,
        volatility,
        sample,
        moment,
    )
}

fn accepted(
    feed: &Feed,
    observation: &Observation,
    ema: Price,
    volatility: VolatilityRamp,
    sample: Sample,
    moment: Moment,
) -> RiskResult<FeedState> {
    let mid = observation.price;
    let (low, high) = band(observation);
    let is_wide = observation.conf > mid.scaled_ceil(feed.max_conf)?;
    Ok(FeedState {
        record: PriceRecord {
            mid,
            low: low.min(ema),
            high: high.max(ema),
            ema,
            volatility,
            published_at: observation.published_at,
            expires_at: observation.published_at.saturating_add(feed.max_age),
            status: if is_wide {
                PriceStatus::Wide
            } else {
                PriceStatus::Ok
            },
        },
        track: Track {
            accepted_at: moment.now,
            accepted_height: moment.height,
            sample,
            anchor: None,
        },
    })
}

/// A jump waits: opening prices widen to include it, and only a halt stays a halt.
fn waiting(before: &FeedState, observation: &Observation, anchor: Anchor) -> FeedState {
    let (low, high) = band(observation);
    let record = before.record;
    FeedState {
        record: PriceRecord {
            low: record.low.min(low),
            high: record.high.max(high),
            status: match record.status {
                PriceStatus::Halted => PriceStatus::Halted,
                _ => PriceStatus::Pending,
            },
            ..record
        },
        track: Track {
            anchor: Some(anchor),
            ..before.track
        },
    }
}

/// `price ± conf`. The lower end stays at one unit of 10^-18 USD, so that nobody who divides
/// by an opening price meets a zero.
fn band(observation: &Observation) -> (Price, Price) {
    let Observation { price, conf, .. } = observation;
    (
        Price(price.0.saturating_sub(conf.0).max(1)),
        Price(price.0.saturating_add(conf.0)),
    )
}

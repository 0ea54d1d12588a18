//! What an observation does to a feed: data in, data out.

mod average;
mod jump;
#[cfg(test)]
mod tests;
mod validate;
mod volatility;

pub use jump::confirmable_at;
pub use validate::{check_asset, check_feed, require};

use bulwark_risk::RiskResult;
use bulwark_risk::ramp::VolatilityRamp;
use bulwark_risk::units::Price;
use bulwark_risk::volatility::Variances;
use bulwark_types::oracle::{Feed, PriceRecord, PriceStatus};
use cosmwasm_std::Env;

use crate::source::Reading;
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

impl Moment {
    /// The time and height of a block.
    pub fn of(env: &Env) -> Self {
        Self {
            now: env.block.time.seconds(),
            height: env.block.height,
        }
    }
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
    reading: &Reading,
    moment: Moment,
) -> RiskResult<Option<FeedState>> {
    let Some(before) = before else {
        return first(feed, reading, moment).map(Some);
    };
    let FeedState { record, track } = before;
    let is_newer = reading.published_at > record.published_at;
    if !is_newer || moment.height <= track.accepted_height {
        return Ok(None);
    }
    let elapsed = moment.now.saturating_sub(track.accepted_at);
    let ema = advanced(record.ema, record.mid, elapsed, feed.ema_tau)?;
    match jump::judge(feed, ema, track.anchor.as_ref(), reading, moment.now)? {
        Verdict::Accept => {
            let (volatility, sample) =
                volatility::sampled(feed, before, reading.price, moment.now)?;
            Ok(Some(accepted(reading, ema, volatility, sample, moment)))
        }
        Verdict::Wait(anchor) => Ok(Some(waiting(before, reading, anchor))),
    }
}

/// The first price of a feed: averages and volatility begin here.
fn first(feed: &Feed, reading: &Reading, moment: Moment) -> RiskResult<FeedState> {
    let sample = Sample {
        variances: Variances::seeded(feed.initial_volatility)?,
        price: reading.price,
        taken_at: moment.now,
    };
    let volatility = VolatilityRamp::flat(feed.initial_volatility, moment.now);
    Ok(accepted(reading, reading.price, volatility, sample, moment))
}

fn accepted(
    reading: &Reading,
    ema: Price,
    volatility: VolatilityRamp,
    sample: Sample,
    moment: Moment,
) -> FeedState {
    FeedState {
        record: PriceRecord {
            mid: reading.price,
            low: reading.low.min(ema),
            high: reading.high.max(ema),
            ema,
            volatility,
            published_at: reading.published_at,
            expires_at: reading.expires_at,
            status: if reading.is_wide {
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
    }
}

/// The state of a feed while nothing can be opened at its base's price: nothing can be at this
/// one either, until the next acceptance. Opening prices widen to include what the sources say,
/// if they say enough; everything else stays.
pub fn shut(before: &FeedState, reading: Option<&Reading>) -> FeedState {
    let record = before.record;
    FeedState {
        record: PriceRecord {
            low: reading.map_or(record.low, |reading| record.low.min(reading.low)),
            high: reading.map_or(record.high, |reading| record.high.max(reading.high)),
            status: match record.status {
                PriceStatus::Ok => PriceStatus::Wide,
                stopped => stopped,
            },
            ..record
        },
        ..*before
    }
}

/// A jump waits: opening prices widen to include it, and only a halt stays a halt.
fn waiting(before: &FeedState, reading: &Reading, anchor: Anchor) -> FeedState {
    let record = before.record;
    FeedState {
        record: PriceRecord {
            low: record.low.min(reading.low),
            high: record.high.max(reading.high),
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

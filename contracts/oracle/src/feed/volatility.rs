//! When the variance is sampled, and what the volatility in force does then.

use bulwark_risk::RiskResult;
use bulwark_risk::ramp::VolatilityRamp;
use bulwark_risk::units::Price;
use bulwark_types::oracle::Feed;

use super::FeedState;
use crate::state::Sample;

/// Ramp and sample after a price has been accepted.
///
/// At most once per `sample_interval` the return since the last sample enters the averages
/// with the block time that it took: the noise of posts every few seconds would otherwise
/// read as volatility. After a gap there is one return over the whole gap; of a burst only
/// the price that is accepted when the interval is over counts. The ramp turns toward the
/// newest volatility from the value in force, so nothing jumps.
///
/// # Errors
/// None for feeds that were validated.
pub fn sampled(
    feed: &Feed,
    before: &FeedState,
    price: Price,
    now: u64,
) -> RiskResult<(VolatilityRamp, Sample)> {
    let (ramp, last) = (&before.record.volatility, &before.track.sample);
    let elapsed = now.saturating_sub(last.taken_at);
    if elapsed < feed.sample_interval {
        return Ok((*ramp, *last));
    }
    let variances = last.variances.sample(last.price, price, elapsed)?;
    let ramp = ramp.toward(variances.volatility()?, &feed.volatility_speed, now)?;
    let sample = Sample {
        variances,
        price,
        taken_at: now,
    };
    Ok((ramp, sample))
}

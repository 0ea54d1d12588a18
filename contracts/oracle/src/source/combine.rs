//! What the sources of a feed come to together: the median of the market sources that are
//! fresh, and beside it what the asset can be redeemed for.

use bulwark_risk::RiskResult;
use bulwark_risk::units::{Fraction, Price};
use bulwark_types::oracle::Feed;

use super::Observation;
use super::redemption::Redemption;

/// What all sources of a feed say, before the feed's guards have judged it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// USD per whole token; above zero.
    pub price: Price,
    /// Lower end of what it may be; at least 10^-18, at most the price.
    pub low: Price,
    /// Upper end of what it may be; at least the price.
    pub high: Price,
    /// Whether opening has to stop, because the price is too uncertain or the base asset's is.
    pub is_wide: bool,
    /// When it was observed, in seconds; not after the block time.
    pub published_at: u64,
    /// The last block time in seconds at which it can be used.
    pub expires_at: u64,
}

impl Reading {
    /// What a market says alone: `price ± conf`, wide beyond `max_conf` (rounded up). The lower
    /// end stays at one unit of 10^-18 USD, so that nobody who divides by an opening price
    /// meets a zero.
    ///
    /// # Errors
    /// None for observations and feeds that were validated.
    pub fn of_market(observation: &Observation, feed: &Feed) -> RiskResult<Self> {
        let Observation {
            price,
            conf,
            published_at,
        } = *observation;
        Ok(Self {
            price,
            low: Price(price.0.saturating_sub(conf.0).max(1)),
            high: Price(price.0.saturating_add(conf.0)),
            is_wide: conf > price.scaled_ceil(feed.max_conf)?,
            published_at,
            expires_at: published_at.saturating_add(feed.max_age),
        })
    }

    /// What the asset can be redeemed for, where no market says anything. It is as old as the
    /// base asset's price and expires with it.
    fn of_redemption(redemption: &Redemption, feed: &Feed) -> Self {
        let published_at = redemption.published_at;
        Self {
            price: redemption.mid,
            low: redemption.low,
            high: redemption.high,
            is_wide: false,
            published_at,
            expires_at: published_at
                .saturating_add(feed.max_age)
                .min(redemption.expires_at),
        }
    }

    /// The lower of this market price and the redemption value, and a range that spans both: an
    /// asset that is bought below what it is redeemed for is worth what it was bought for, and
    /// one that is bid above it is worth no more than that. It is ordered by the market's time,
    /// and expires when the first of the two does.
    fn capped_by(self, redemption: &Redemption) -> Self {
        Self {
            price: self.price.min(redemption.mid),
            low: self.low.min(redemption.low),
            high: self.high.max(redemption.high),
            expires_at: self.expires_at.min(redemption.expires_at),
            ..self
        }
    }
}

/// What the sources of a feed say at `now`, if they say enough.
///
/// - Of the fresh market sources the [`combined`] price counts, once one of them is fresh.
/// - A redemption value that can be told bounds it, see [`Reading::capped_by`]. Where it cannot
///   be told (the rate too old, the base stale or halted), the market counts alone.
/// - The redemption value counts alone only in a feed that is not depositable.
/// - While nothing can be opened at the base's price (stale, pending, wide, halted), nothing
///   can be at this one: `base_opens` is false.
///
/// # Errors
/// None for observations and feeds that were validated.
pub fn read(
    feed: &Feed,
    markets: &[Observation],
    redemption: Option<&Redemption>,
    base_opens: bool,
    in_force: Option<Price>,
    now: u64,
) -> RiskResult<Option<Reading>> {
    let fresh: Vec<Observation> = markets
        .iter()
        .filter(|market| market.is_fresh(feed.max_age, now))
        .copied()
        .collect();
    let most = (fresh.len() / 2).saturating_add(1);
    let market = combined(&fresh, most, feed.min_conf, in_force)?;
    let reading = match (market, redemption) {
        (Some(market), None) => Reading::of_market(&market, feed)?,
        (Some(market), Some(value)) => Reading::of_market(&market, feed)?.capped_by(value),
        (None, Some(value)) if !feed.depositable => Reading::of_redemption(value, feed),
        (None, _) => return Ok(None),
    };
    // A base's price that its own feed still takes may be too old for this one.
    let is_fresh = reading.expires_at >= now;
    Ok(is_fresh.then_some(Reading {
        is_wide: reading.is_wide || !base_opens,
        ..reading
    }))
}

/// What several observations that are fresh come to, if there are as many as `enough`.
///
/// The price is their median: with `m ≥ 2f + 1` of them it lies between two honest ones
/// whatever `f` of them say. The confidence is the largest of half their range, `min_conf` of
/// the price (both rounded up) and the median of their own confidences (an even count takes the
/// upper middle one).
///
/// It counts as published when the `enough`-th newest was: so many have spoken since. As each
/// only gets newer, and those that are no longer fresh are the oldest, this does not go
/// backwards while the same ones speak.
///
/// # Errors
/// None for prices below the limit.
pub fn combined(
    fresh: &[Observation],
    enough: usize,
    min_conf: Fraction,
    in_force: Option<Price>,
) -> RiskResult<Option<Observation>> {
    if fresh.len() < enough {
        return Ok(None);
    }
    let mut prices: Vec<Price> = fresh.iter().map(|one| one.price).collect();
    let mut confs: Vec<Price> = fresh.iter().map(|one| one.conf).collect();
    let mut times: Vec<u64> = fresh.iter().map(|one| one.published_at).collect();
    prices.sort_unstable();
    confs.sort_unstable();
    times.sort_unstable_by(|a, b| b.cmp(a));

    let (Some(lowest), Some(highest), Some(price), Some(own), Some(published_at)) = (
        prices.first(),
        prices.last(),
        median(&prices, in_force),
        confs.get(confs.len() / 2),
        times.get(enough.saturating_sub(1)),
    ) else {
        return Ok(None);
    };
    let half_range = Price(highest.0.abs_diff(lowest.0).div_ceil(2));
    let least = price.scaled_ceil(min_conf)?;
    Ok(Some(Observation {
        price,
        conf: half_range.max(least).max(*own),
        published_at: *published_at,
    }))
}

/// The middle one of sorted prices. Of two, the one nearer to the price in force; without
/// such a price, or at the same distance, the lower.
fn median(sorted: &[Price], in_force: Option<Price>) -> Option<Price> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(middle.checked_sub(1)?)?;
    let is_nearer = |mid: Price| upper.0.abs_diff(mid.0) < lower.0.abs_diff(mid.0);
    Some(if in_force.is_some_and(is_nearer) {
        upper
    } else {
        lower
    })
}

//! Which observations wait to be confirmed.

use bulwark_risk::RiskResult;
use bulwark_risk::units::Price;
use bulwark_types::oracle::Feed;

use crate::source::Reading;
use crate::state::Anchor;

/// What the guard says of an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It counts, and whatever waited is done with.
    Accept,
    /// It waits, or helps the jump that waits since the anchor.
    Wait(Anchor),
}

/// Judges an observation against the EMA as of now.
///
/// Within `max_jump` of the EMA it counts. Further away it counts only as the confirmation
/// of an earlier one on the same side: at least `jump_wait` after that one, and published
/// after it, so that the posts that made the jump do not confirm it. *Its* value counts, not
/// the earlier one's: if it had to lie near the earlier one, a price that keeps falling
/// would never be confirmed. An observation on the other side starts over.
///
/// # Errors
/// None for feeds that were validated.
pub fn judge(
    feed: &Feed,
    ema: Price,
    anchor: Option<&Anchor>,
    reading: &Reading,
    now: u64,
) -> RiskResult<Verdict> {
    let distance = reading.price.0.abs_diff(ema.0);
    if distance <= ema.scaled_floor(feed.max_jump)?.0 {
        return Ok(Verdict::Accept);
    }
    let upward = reading.price > ema;
    let Some(anchor) = anchor.filter(|anchor| anchor.upward == upward) else {
        return Ok(Verdict::Wait(Anchor {
            price: reading.price,
            upward,
            seen_at: now,
            published_at: reading.published_at,
        }));
    };
    let has_waited = now >= confirmable_at(anchor, feed);
    let is_new = reading.published_at > anchor.published_at;
    Ok(if has_waited && is_new {
        Verdict::Accept
    } else {
        Verdict::Wait(*anchor)
    })
}

/// Block time in seconds from which a jump can be confirmed.
pub fn confirmable_at(anchor: &Anchor, feed: &Feed) -> u64 {
    anchor.seen_at.saturating_add(feed.jump_wait)
}

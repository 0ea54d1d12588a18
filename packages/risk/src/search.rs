//! Limits found by bisection: how much can be borrowed or withdrawn, at which price an
//! account becomes liquidatable.

use crate::account::{Holding, Side, assess};
use crate::config::MarginParameters;
use crate::error::{RiskError, RiskResult};
use crate::units::{Amount, Price};

/// Steps that halve any 128-bit span to one unit.
pub const EXACT: u32 = 128;

/// Doublings of a price after which an account counts as safe upward.
const PRICE_DOUBLINGS: u32 = 20;

/// The largest value in `low ..= high` that passes, given that `low` does and that what
/// passes is an interval; after fewer than [`EXACT`] steps a value close below it.
///
/// # Errors
/// What `passes` answers.
pub fn largest_floor<E>(
    low: u128,
    high: u128,
    steps: u32,
    passes: &mut impl FnMut(u128) -> Result<bool, E>,
) -> Result<u128, E> {
    if passes(high)? {
        return Ok(high);
    }
    let (mut passing, mut failing) = (low, high);
    for _ in 0..steps {
        let middle = u128::midpoint(passing, failing);
        if middle == passing {
            break;
        }
        if passes(middle)? {
            passing = middle;
        } else {
            failing = middle;
        }
    }
    Ok(passing)
}

/// The largest amount up to `room`, smallest units, by which the holding at `position` can change
/// for the worse (a debt rise, a deposit fall) and the initial margin is met afterwards; nothing
/// if it is not met as things are.
///
/// What passes is an interval that begins at nothing, for equity less margin is concave. One unit
/// is kept back: a debt rounds up and can end one unit above what was borrowed, and shares are
/// taken rounded up, so that a deposit can end one unit lower.
///
/// # Errors
/// [`RiskError`], but for [`RiskError::ValueTooLarge`]: such a change does not pass.
pub fn largest_change(
    holdings: &[Holding],
    margin: &MarginParameters,
    position: usize,
    room: Amount,
) -> RiskResult<Amount> {
    let mut changed = holdings.to_vec();
    let mut passes = |step: u128| -> RiskResult<bool> {
        if let (Some(after), Some(before)) = (changed.get_mut(position), holdings.get(position)) {
            let step = step.saturating_add(1);
            after.amount = Amount(match before.side {
                Side::Debt => before.amount.0.saturating_add(step),
                Side::Deposit => before.amount.0.saturating_sub(step),
            });
        }
        match assess(&changed, margin) {
            Ok(assessment) => Ok(assessment.meets_initial()),
            Err(error) if matches!(*error, RiskError::ValueTooLarge { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    };
    if !passes(0)? {
        return Ok(Amount::ZERO);
    }
    largest_floor(0, room.0, EXACT, &mut passes).map(Amount)
}

/// Prices of one asset, the others standing still, between which an account stays clear of
/// liquidation. Under parameters that pass validation more value never hurts: a deposit can
/// only have the first, a debt only the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiquidationPrices {
    /// At or below this price the account is liquidatable, one unit above it is not.
    pub below: Option<Price>,
    /// At or above this price the account is liquidatable, one unit below it is not;
    /// none if twenty doublings of the price do not make it so.
    pub above: Option<Price>,
}

/// The liquidation prices of the holding at `position`; none for an account that is
/// liquidatable already, or for a position that does not exist.
///
/// `E` is linear and `M` convex in a price, so the prices without liquidation form an interval.
///
/// # Errors
/// [`RiskError`].
pub fn liquidation_prices(
    holdings: &[Holding],
    margin: &MarginParameters,
    position: usize,
) -> RiskResult<LiquidationPrices> {
    let safe_at = |price: u128| -> RiskResult<bool> {
        let mut moved = holdings.to_vec();
        if let Some(holding) = moved.get_mut(position) {
            holding.quote.mid = Price(price);
        }
        Ok(!assess(&moved, margin)?.is_liquidatable())
    };
    let Some(now) = holdings.get(position).map(|holding| holding.quote.mid.0) else {
        return Ok(LiquidationPrices::default());
    };
    if !safe_at(now)? {
        return Ok(LiquidationPrices::default());
    }

    let fall = largest_floor(0, now, EXACT, &mut |fall| safe_at(now.saturating_sub(fall)))?;
    let below = (fall < now).then(|| Price(now.saturating_sub(fall).saturating_sub(1)));

    let mut safe = now;
    let mut above = None;
    for _ in 0..PRICE_DOUBLINGS {
        let next = safe.saturating_mul(2);
        // A price at which the account outgrows its limits is no liquidation price.
        match safe_at(next) {
            Ok(true) => safe = next,
            Ok(false) => {
                let last = largest_floor(safe, next, EXACT, &mut |price| safe_at(price))?;
                above = Some(Price(last.saturating_add(1)));
                break;
            }
            Err(_) => break,
        }
    }
    Ok(LiquidationPrices { below, above })
}

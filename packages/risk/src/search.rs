//! Limits found by bisection: how much can be borrowed or withdrawn, at which price an
//! account becomes liquidatable.

use crate::account::{Holding, assess};
use crate::config::MarginParameters;
use crate::error::RiskResult;
use crate::units::Price;

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
/// [`crate::RiskError`].
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

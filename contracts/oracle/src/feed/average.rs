//! The exponential average of the price.

use bulwark_risk::RiskResult;
use bulwark_risk::units::Price;
use bulwark_risk::volatility::decay;
use bulwark_risk::wide::{ONE, mul_ceil};

/// The average after `elapsed` seconds at the price `mid`: `ema + (1 − e^(−elapsed/τ)) (mid − ema)`.
///
/// `mid` is the price that was in force during that time, never the one that comes now: a
/// single post after a quiet hour would otherwise carry the average most of the way. The
/// step is rounded up, toward `mid`, so that the average of a price of few units arrives.
///
/// # Errors
/// None in practice; `tau` is above zero in every feed.
pub fn advanced(ema: Price, mid: Price, elapsed: u64, tau: u64) -> RiskResult<Price> {
    let weight = ONE.saturating_sub(decay(elapsed, tau)?.0);
    let step = mul_ceil(ema.0.abs_diff(mid.0), weight)?;
    Ok(Price(if mid > ema {
        ema.0.saturating_add(step)
    } else {
        ema.0.saturating_sub(step)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_covers_what_an_exponential_covers_and_rounds_toward_the_price() {
        let (one, two) = (Price(ONE), Price(2 * ONE));
        let covered = advanced(one, two, 1800, 1800).unwrap();
        assert!(covered.0.abs_diff(1_632_120_558_828_557_678) < 100);
        let back = advanced(two, one, 1800, 1800).unwrap();
        assert!(back.0.abs_diff(1_367_879_441_171_442_322) < 100);
        assert_eq!(advanced(one, two, 0, 1800).unwrap(), one);
        assert_eq!(advanced(one, two, u64::MAX, 1).unwrap(), two);
        assert_eq!(advanced(Price(10), Price(11), 1, 1800).unwrap(), Price(11));
        assert_eq!(advanced(Price(10), Price(1), 1, 1800).unwrap(), Price(9));
    }

    #[test]
    fn many_small_steps_go_as_far_as_one_large_one() {
        let (mut ema, mid) = (Price(ONE), Price(3 * ONE));
        for _ in 0..600 {
            ema = advanced(ema, mid, 6, 1800).unwrap();
        }
        let once = advanced(Price(ONE), mid, 3600, 1800).unwrap();
        assert!(ema.0.abs_diff(once.0) < 10_000);
    }
}

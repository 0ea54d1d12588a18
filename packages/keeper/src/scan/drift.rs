//! How far markets may move until an account has to be looked at again.
//!
//! Between two moments market `i` *drifts* by `w_i`: no surplus of an account, `E − M` or
//! `E_open − I`, moves by more than `Σ |x_i| w_i ≤ G max w_i`. Gross value itself grows by at most
//! the factor `1 + max w_i`. After drifts `w_1, w_2, …` a surplus has therefore moved by at most
//! `G (Π (1 + w_k) − 1) ≤ G (e^{Σ w_k} − 1)`, and the bound on its error has grown by at most the
//! factor `e^{Σ w_k}`. So a surplus `d` with error `b` keeps its sign while
//! `Σ w_k ≤ ln(1 + (|d| − 2b) / (G + b))`: one number an account, compared with one sum.
//!
//! The sum is kept once for all accounts where markets drift slowly (interest, ramps, decay, prices as
//! they tick); what a market moves faster is taken off the numbers of its holders.

use super::table::{Table, View};

/// A drift beyond this is answered by evaluating every holder: linear bounds say little of it.
const MOST_DRIFT: f64 = 0.25;

/// Room for the rounding of a drift itself.
const ROUNDING: f64 = 1.0 + 1e-9;

/// How every market drifts from one table to the next: infinitely where its holders have to be
/// evaluated. None if everybody has.
pub fn drifts(before: &Table, after: &Table) -> Option<Vec<f64>> {
    if before.initial_factor != after.initial_factor {
        return None;
    }
    let half_gross_factor = before.half_gross_factor.max(after.half_gross_factor);
    let of_gross_factor = (after.half_gross_factor - before.half_gross_factor).abs();
    let factor = after.initial_factor;
    let sides = after.views.mid.len();
    let mut drifts = vec![0.0; sides.div_ceil(2)];
    for (before, after) in before.views.all().into_iter().zip(after.views.all()) {
        for (side, after) in after.iter().enumerate() {
            let drift = match before.get(side) {
                Some(before) if before == after && of_gross_factor == 0.0 => continue,
                Some(before) => {
                    let drift = drift(before, after, half_gross_factor, factor);
                    (drift + factor * of_gross_factor) * ROUNDING
                }
                None => f64::INFINITY,
            };
            let known: &mut f64 = &mut drifts[side / 2];
            // What is not a number, where a market cannot be valued, is beyond the limit, too.
            *known = if drift <= MOST_DRIFT {
                known.max(drift)
            } else {
                f64::INFINITY
            };
        }
    }
    Some(drifts)
}

/// The exposure moves first, at the old parameters, and then the parameters. A size term with
/// liquidity `L` changes by at most `½ size_cap |x| |ln L'/L|`.
fn drift(before: &View, after: &View, half_gross_factor: f64, factor: f64) -> f64 {
    let moved = relative(before.unit, after.unit).max(relative(before.share, after.share));
    let loadings = before.loading.iter().zip(after.loading);
    let reweighed: f64 = loadings.map(|(before, after)| (after - before).abs()).sum();
    let size_cap = before.size_cap.max(after.size_cap);
    let resized = size_cap * relative(before.liquidity, after.liquidity)
        + (after.size_cap - before.size_cap).abs();
    let steepness = before.steepness(half_gross_factor);
    moved * (1.0 + factor * steepness) + (1.0 + moved) * factor * (reweighed + resized)
}

/// The change per what there was; infinite where there was nothing.
fn relative(before: f64, after: f64) -> f64 {
    if before == after {
        return 0.0;
    }
    ((after - before) / before).abs()
}

/// A number of 24 bits that is not above the one given.
pub fn floor(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) <= value {
        return near;
    }
    match near.total_cmp(&0.0) {
        std::cmp::Ordering::Greater => f32::from_bits(near.to_bits() - 1),
        std::cmp::Ordering::Equal => -f32::MIN_POSITIVE,
        std::cmp::Ordering::Less => f32::from_bits(near.to_bits() + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_is_never_above_and_hardly_below() {
        for value in [
            0.0,
            1.0,
            0.1,
            -0.1,
            1e-12,
            -1e-12,
            3.000_000_001,
            -7.3,
            f64::INFINITY,
        ] {
            let floor = f64::from(floor(value));
            assert!(floor <= value, "{value}: {floor}");
            assert!(
                floor == value || value - floor < value.abs() * 1.3e-7,
                "{value}: {floor}"
            );
        }
    }
}

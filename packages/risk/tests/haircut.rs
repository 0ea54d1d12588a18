//! Haircuts in time: continuous and bounded in speed, whatever volatility
//! and the owner do.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests fail loudly and compare with floating point"
)]

mod common;

use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::ramp::{RampSpeed, VolatilityRamp, interpolate_floor};
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction};
use bulwark_risk::volatility::{Variances, blend, decay};
use bulwark_risk::wide::{ONE, mul_div_ceil};
use common::{cases, log_uniform, part, price};
use proptest::prelude::*;

fn speed() -> impl Strategy<Value = RampSpeed> {
    // Slower ramps than 10^-9 an hour end beyond the range of block times.
    let one = || log_uniform(1_000_000_000, ONE).prop_map(Fraction);
    (one(), one()).prop_map(|(rise, fall)| RampSpeed { rise, fall })
}

fn rule() -> impl Strategy<Value = HaircutRule> {
    (log_uniform(0, 100 * ONE), part(), part()).prop_map(|(z, one, other)| HaircutRule {
        volatility_multiple: Fraction(z),
        floor: one.min(other),
        cap: one.max(other),
    })
}

fn asset_risk() -> impl Strategy<Value = AssetRisk> {
    (part(), log_uniform(1, AMOUNT_LIMIT - 1), part()).prop_map(|(extra, liquidity, size_cap)| {
        AssetRisk {
            extra_haircut: extra,
            liquidity: Amount(liquidity),
            size_cap,
        }
    })
}

/// Whether a number moves steadily from one end to the other, never past either.
fn runs_steadily(values: &[u128], from: u128, to: u128) -> bool {
    let rises = to >= from;
    values
        .iter()
        .all(|value| (from.min(to)..=from.max(to)).contains(value))
        && values.windows(2).all(|pair| {
            if rises {
                pair[0] <= pair[1]
            } else {
                pair[0] >= pair[1]
            }
        })
}

proptest! {
    #![proptest_config(cases(1000))]

    /// Whatever sequence of targets, the volatility in force is continuous and moves by at most
    /// `rise` or `fall` per hour.
    #[test]
    fn the_volatility_in_force_never_jumps(
        speed in speed(),
        start in log_uniform(0, 1000 * ONE),
        targets in prop::collection::vec((log_uniform(0, 1000 * ONE), log_uniform(0, 100_000_000)), 1..20),
    ) {
        let mut now = 1_700_000_000;
        let mut ramp = VolatilityRamp::flat(Fraction(start), now);
        for (target, wait) in targets {
            let before = ramp.at(now).unwrap();
            ramp = ramp.toward(Fraction(target), &speed, now).unwrap();
            prop_assert_eq!(ramp.at(now).unwrap(), before, "restarts from the value in force");
            for seconds in [1, wait as u64 / 2, wait as u64] {
                let later = ramp.at(now + seconds).unwrap();
                // Rounding down moves a value by one unit at most.
                let most = |per_hour: Fraction| mul_div_ceil(per_hour.0, u128::from(seconds), 3600).unwrap() + 1;
                prop_assert!(later.0 <= before.0 + most(speed.rise));
                prop_assert!(later.0 + most(speed.fall) >= before.0);
                let reached = ramp.end_time <= now + seconds;
                prop_assert!(!reached || later == Fraction(target), "arrives in the end");
            }
            now += wait as u64;
        }
    }

    /// Touching a ramp every block without a new target changes nothing beyond rounding.
    #[test]
    fn bending_a_ramp_toward_its_own_target_changes_nothing(
        speed in speed(), start in log_uniform(0, 10 * ONE), target in log_uniform(0, 10 * ONE),
        blocks in 1u64..100,
    ) {
        let straight = VolatilityRamp::flat(Fraction(start), 0).toward(Fraction(target), &speed, 0).unwrap();
        let mut touched = straight;
        for block in 1..=blocks {
            touched = touched.toward(Fraction(target), &speed, 6 * block).unwrap();
        }
        let now = 6 * blocks;
        let apart = straight.at(now).unwrap().0.abs_diff(touched.at(now).unwrap().0);
        // Each touch rounds the remaining time up to a second.
        let second = speed.rise.max(speed.fall).0 / 3600 + 1;
        prop_assert!(apart <= second * u128::from(blocks) + u128::from(blocks), "{apart}");
    }

    /// `h = clamp(z × σ, floor, cap)`, rising with σ.
    #[test]
    fn a_haircut_is_clamped_and_rises_with_volatility(
        rule in rule(), low in log_uniform(0, u128::MAX), more in log_uniform(0, u128::MAX),
    ) {
        let haircut = rule.haircut(Fraction(low)).unwrap();
        prop_assert!(rule.floor <= haircut && haircut <= rule.cap);
        prop_assert!(rule.haircut(Fraction(low.saturating_add(more))).unwrap() >= haircut);
        let product = float(rule.volatility_multiple.0) * float(low);
        if float(rule.floor.0) < product && product < float(rule.cap.0) {
            prop_assert!((float(haircut.0) - product).abs() < 1e-9);
        }
    }

    /// Floor, cap, z, e, liquidity and size_cap move linearly over the ramp, up or down, and
    /// what passes at both ends passes on the way.
    #[test]
    fn parameters_ramp_in_both_directions(
        from in rule(), to in rule(), risk_from in asset_risk(), risk_to in asset_risk(),
        span in 1u64..10_000_000, start in 0u64..2_000_000_000,
    ) {
        let end = start + span;
        let times: Vec<u64> = (0..=8).map(|eighth| start + span / 8 * eighth).chain([end]).collect();
        let rules: Vec<_> = times.iter()
            .map(|now| HaircutRule::between(&from, &to, start, end, *now).unwrap()).collect();
        let risks: Vec<_> = times.iter()
            .map(|now| AssetRisk::between(&risk_from, &risk_to, start, end, *now).unwrap()).collect();
        for pick in [|r: &HaircutRule| r.floor.0, |r: &HaircutRule| r.cap.0, |r: &HaircutRule| r.volatility_multiple.0] {
            let values: Vec<_> = rules.iter().map(pick).collect();
            prop_assert!(runs_steadily(&values, pick(&from), pick(&to)));
        }
        for pick in [|r: &AssetRisk| r.extra_haircut.0, |r: &AssetRisk| r.liquidity.0, |r: &AssetRisk| r.size_cap.0] {
            let values: Vec<_> = risks.iter().map(pick).collect();
            prop_assert!(runs_steadily(&values, pick(&risk_from), pick(&risk_to)));
        }
        prop_assert!(rules.iter().all(|rule| rule.floor <= rule.cap));
        let worst = |r: &AssetRisk| r.extra_haircut.0 + r.size_cap.0;
        prop_assert!(risks.iter().all(|r| worst(r) <= worst(&risk_from).max(worst(&risk_to))));
        prop_assert_eq!((rules[0], rules[9]), (from, to));
        prop_assert_eq!((risks[0], risks[9]), (risk_from, risk_to));
    }

    /// One second of a ramp moves a number by its distance over the ramp's length, no more.
    #[test]
    fn a_ramp_has_no_step(from in log_uniform(0, 1 << 110), to in log_uniform(0, 1 << 110), span in 1u64..10_000_000, at in any::<u64>()) {
        let now = at % span;
        let value = |now| interpolate_floor(from, to, 0, span, now).unwrap();
        let step = value(now).abs_diff(value(now + 1));
        prop_assert!(step <= from.abs_diff(to) / u128::from(span) + 1);
    }

    /// An average of variance stays between the old value and the sample, and no elapsed time
    /// means no change.
    #[test]
    fn an_average_stays_between_its_parts(old in log_uniform(0, 1000 * ONE), new in log_uniform(0, 1000 * ONE), elapsed in log_uniform(0, 10_000_000_000), tau in 1u64..100_000_000) {
        let kept = decay(elapsed as u64, tau).unwrap();
        prop_assert!(kept <= Fraction::ONE);
        let blended = blend(Fraction(old), Fraction(new), kept).unwrap().0;
        prop_assert!(blended <= old.max(new) && blended + 2 >= old.min(new));
        prop_assert_eq!(blend(Fraction(old), Fraction(new), Fraction::ONE).unwrap(), Fraction(old));
    }

    /// Splitting a price's move over a gap or a burst never fails, and a still price only calms.
    #[test]
    fn a_sample_is_always_taken(from in price(), to in price(), volatility in log_uniform(0, 10 * ONE), elapsed in any::<u32>()) {
        let seeded = Variances::seeded(Fraction(volatility)).unwrap();
        prop_assert!(seeded.sample(from, to, u64::from(elapsed)).unwrap().volatility().is_ok());
        let still = seeded.sample(from, from, u64::from(elapsed)).unwrap();
        prop_assert!(still.fast <= seeded.fast && still.slow <= seeded.slow);
    }
}

fn float(value: u128) -> f64 {
    value as f64 / 1e18
}

//! The margin formula: a norm, plus a size term, split into contributions.

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

use bulwark_risk::account::maintenance_exposures;
use bulwark_risk::margin::{
    Exposure, FamilyFactors, Loading, SizeTerm, contributions, margin_ceil,
};
use bulwark_risk::units::{Fraction, Usd};
use bulwark_risk::wide::ONE;
use common::{account, cases, default_config, float, log_uniform, part, slack, without_size};
use proptest::prelude::*;

/// Any basket of exposures with its gross factor, without size terms.
fn basket() -> impl Strategy<Value = (Vec<Exposure>, Fraction)> {
    sized_basket().prop_map(|(exposures, c)| (without_size(&exposures), c))
}

fn sized_basket() -> impl Strategy<Value = (Vec<Exposure>, Fraction)> {
    account().prop_map(|account| {
        let exposures = maintenance_exposures(&account.holdings).unwrap();
        (exposures, account.config.margin.gross_factor)
    })
}

fn scaled(exposures: &[Exposure], by: impl Fn(i128) -> i128) -> Vec<Exposure> {
    let value = |exposure: &Exposure| Usd(by(exposure.value.0));
    exposures
        .iter()
        .map(|e| Exposure {
            value: value(e),
            ..*e
        })
        .collect()
}

fn margin(exposures: &[Exposure], c: Fraction) -> i128 {
    margin_ceil(exposures, c).unwrap().0
}

/// The formula as the module's documentation writes it, in floating point.
fn formula(basket: &[(FamilyFactors, f64, f64, f64)], c: f64) -> f64 {
    let part = |f: Fraction| f.0 as f64 / 1e18;
    let mut groups = std::collections::BTreeMap::<u8, f64>::new();
    let mut families = std::collections::BTreeMap::<u16, f64>::new();
    let (mut own, mut gross) = (0.0, 0.0);
    for (factors, h, e, x) in basket {
        let (rho, phi) = (
            part(factors.group_correlation),
            part(factors.family_correlation),
        );
        *groups.entry(factors.group).or_default() += rho * h * x;
        *families.entry(factors.family).or_default() += (1.0 - rho * rho).sqrt() * phi * h * x;
        let shared = rho * rho + (1.0 - rho * rho) * phi * phi;
        own += ((h + e).powi(2) - shared * h * h).max(0.0) * x * x;
        gross += x.abs();
    }
    let group_total: f64 = groups.values().map(|g| g.abs()).sum();
    let family_squares: f64 = families.values().map(|f| f * f).sum();
    (group_total.powi(2) + family_squares + own)
        .sqrt()
        .max(c * gross / 2.0)
}

proptest! {
    #![proptest_config(cases(1500))]

    /// The code computes the documented formula.
    #[test]
    fn the_margin_is_the_formula(account in account()) {
        let c = account.config.margin.gross_factor;
        let exposures = without_size(&maintenance_exposures(&account.holdings).unwrap());
        let floats: Vec<_> = account.holdings.iter().zip(&exposures).map(|(holding, exposure)| (
            holding.factors,
            float(holding.haircut.0 as i128),
            float(holding.risk.extra_haircut.0 as i128),
            float(exposure.value.0),
        )).collect();
        let expected = formula(&floats, float(c.0 as i128));
        let gross: f64 = floats.iter().map(|(.., x)| x.abs()).sum();
        // Floating point loses about half of its digits where own moves cancel.
        let found = float(margin(&exposures, c));
        prop_assert!((found - expected).abs() <= 1e-7 * gross + 1e-16, "{found} {expected}");
    }

    /// `M(tx) = |t| M(x)` without the size term.
    #[test]
    fn the_margin_scales_with_the_account(
        (exposures, c) in basket(),
        t in prop_oneof![Just(-1i128), -1000i128..=1000],
    ) {
        let few = slack(exposures.len());
        let smaller = scaled(&exposures, |x| x / 1000);
        let direct = margin(&scaled(&smaller, |x| x * t), c);
        let by_norm = margin(&smaller, c) * t.abs();
        prop_assert!((direct - by_norm).abs() <= few * t.abs().max(1), "{direct} {by_norm}");
    }

    /// `M(x+y) ≤ M(x) + M(y)` without the size term: joining accounts never costs margin.
    #[test]
    fn the_margin_of_a_sum_is_at_most_the_sum_of_margins(
        (exposures, c) in basket(),
        other in prop::collection::vec((any::<bool>(), log_uniform(1, common::LARGEST_HOLDING)), 10),
    ) {
        let signed = |(owed, value): (bool, u128)| if owed { -(value as i128) } else { value as i128 };
        let added: Vec<_> = exposures.iter().zip(&other)
            .map(|(e, y)| Exposure { value: Usd(signed(*y)), ..*e }).collect();
        let sum: Vec<_> = exposures.iter().zip(&added)
            .map(|(x, y)| Exposure { value: Usd(x.value.0 + y.value.0), ..*x }).collect();
        let parts = margin(&exposures, c) + margin(&added, c);
        prop_assert!(margin(&sum, c) <= parts + slack(exposures.len()));
    }

    /// A single asset gives `M = (h+e)|x|` whatever ρ and φ.
    #[test]
    fn one_asset_alone_costs_its_haircut(account in account()) {
        let holding = account.holdings[0];
        let exposures = without_size(&maintenance_exposures(&account.holdings[..1]).unwrap());
        let haircut = Fraction(holding.haircut.0 + holding.risk.extra_haircut.0);
        let exact = Usd(exposures[0].value.0.abs()).mul_ceil(haircut).unwrap().0;
        let found = margin(&exposures, account.config.margin.gross_factor);
        prop_assert!(found >= exact && found <= exact + slack(1), "{found} {exact}");
    }

    /// A hedge inside a family nets: equal long and short cost their own moves at most.
    #[test]
    fn a_hedge_inside_a_family_nets(
        rho in part(), phi in part(), h in part(), c in part(),
        value in log_uniform(1, common::LARGEST_HOLDING),
    ) {
        let factors = FamilyFactors {
            group: 0, family: 0, group_correlation: rho, family_correlation: phi,
        };
        let leg = |value: i128| Exposure {
            value: Usd(value),
            loading: Loading::new(&factors, h, Fraction::ZERO).unwrap(),
            size: SizeTerm { liquidity: Usd::ZERO, size_cap: Fraction::ZERO },
        };
        let value = value as i128;
        let found = float(margin(&[leg(value), leg(-value)], c));
        let f = |fraction: Fraction| float(fraction.0 as i128);
        let own_square = (1.0 - f(rho).powi(2)) * (1.0 - f(phi).powi(2));
        let own = f(h) * (2.0 * own_square).sqrt() * float(value);
        let expected = own.max(f(c) * float(value));
        prop_assert!((found - expected).abs() <= 1e-8 * float(value) + 1e-17, "{found} {expected}");
        if phi == Fraction::ONE {
            prop_assert!(found <= f(c) * float(value) * (1.0 + 1e-15) + 1e-17);
        }
    }

    /// Groups add up without any relief between them: turning a whole group around changes nothing.
    #[test]
    fn no_group_hedges_another(account in account(), turned in 0u8..3) {
        let of_group: Vec<bool> = account.holdings.iter()
            .map(|holding| holding.factors.group == turned).collect();
        let c = account.config.margin.gross_factor;
        let mut exposures = maintenance_exposures(&account.holdings).unwrap();
        let before = margin(&exposures, c);
        for (exposure, turn) in exposures.iter_mut().zip(of_group) {
            if turn {
                exposure.value = exposure.value.negated();
            }
        }
        prop_assert_eq!(margin(&exposures, c), before);
    }

    /// The contributions add up to `M`, size terms included, to the last unit.
    #[test]
    fn contributions_add_up_exactly((exposures, c) in sized_basket()) {
        let parts = contributions(&exposures, c).unwrap();
        prop_assert_eq!(parts.len(), exposures.len());
        prop_assert_eq!(parts.iter().map(|part| part.0).sum::<i128>(), margin(&exposures, c));
    }

    /// A contribution is `x_i ∂M/∂x_i`: the margin lies above its tangent on both sides.
    #[test]
    fn contributions_are_the_slope_of_the_margin((exposures, c) in basket(), per_mille in 1i128..=1000) {
        let before = margin(&exposures, c);
        let parts = contributions(&exposures, c).unwrap();
        let few = slack(exposures.len()) * 4;
        for (position, part) in parts.iter().enumerate() {
            for sign in [-1, 1] {
                let mut moved = exposures.clone();
                let value = moved[position].value.0;
                let step = value / 1000 * per_mille * sign;
                moved[position].value = Usd(value + step);
                let tangent = before + part.0 / 1000 * per_mille * sign;
                let lost = 3 * per_mille; // by the two divisions above
                prop_assert!(margin(&moved, c) + few + lost >= tangent, "{position} {sign}");
            }
        }
    }

    /// `M` is at least `c × ½ Σ|x|`, however well the account is netted.
    #[test]
    fn the_gross_size_is_a_floor((exposures, c) in sized_basket()) {
        let gross: i128 = exposures.iter().map(|exposure| exposure.value.0.abs()).sum();
        let floor = Usd(gross).mul_floor(c).unwrap().0 / 2;
        prop_assert!(margin(&exposures, c) >= floor);
    }

    /// The size term is convex and its slope never exceeds `size_cap`.
    #[test]
    fn the_size_term_is_convex_with_a_bounded_slope(
        liquidity in log_uniform(0, i128::MAX as u128), size_cap in part(),
        low in log_uniform(0, common::LARGEST_HOLDING), step in log_uniform(0, common::LARGEST_HOLDING),
    ) {
        let size = SizeTerm { liquidity: Usd(liquidity as i128), size_cap };
        let charge = |value: u128| size.charge(Usd(value as i128)).unwrap().0;
        let (first, middle, last) = (charge(low), charge(low + step), charge(low + 2 * step));
        prop_assert!(2 * middle <= first + last + 2, "{first} {middle} {last}");
        let steepest = Usd(step as i128).mul_ceil(size_cap).unwrap().0;
        for rise in [middle - first, last - middle] {
            prop_assert!((0..=steepest + 1).contains(&rise), "{rise} {steepest}");
        }
        prop_assert_eq!(size.charge(Usd(-(low as i128))).unwrap().0, first);
    }

    /// The size term is continuous where the parabola meets its tangent, at `size_cap × L / 2`.
    #[test]
    fn the_size_term_is_continuous_at_the_kink(
        liquidity in log_uniform(0, common::LARGEST_HOLDING), size_cap in part(),
    ) {
        let liquidity = Usd(liquidity as i128);
        let size = SizeTerm { liquidity, size_cap };
        let kink = liquidity.mul_floor(size_cap).unwrap().0 / 2;
        let quarter = liquidity.mul_floor(size_cap).unwrap().mul_floor(size_cap).unwrap().0 / 4;
        for value in kink - 2..=kink + 2 {
            let charge = size.charge(Usd(value)).unwrap().0;
            prop_assert!((charge - quarter).abs() <= 4, "{charge} {quarter} at {value}");
        }
    }
}

/// stETH against ETH at φ = 0.95: the margin is 3.8 % of the position at a haircut of 14.3 %.
#[test]
fn a_staked_asset_against_its_base_costs_what_the_study_says() {
    let factors = FamilyFactors {
        group: 0,
        family: 0,
        group_correlation: Fraction::percent(80),
        family_correlation: Fraction::percent(95),
    };
    let leg = |usd: i128| Exposure {
        value: Usd(usd * ONE as i128),
        loading: Loading::new(&factors, Fraction::basis_points(1434), Fraction::ZERO).unwrap(),
        size: SizeTerm {
            liquidity: Usd::ZERO,
            size_cap: Fraction::ZERO,
        },
    };
    let found = margin(&[leg(1000), leg(-1000)], Fraction::ZERO);
    assert!((float(found) - 38.0).abs() < 0.1, "{}", float(found));
}

/// `M` is not monotone in haircuts: a larger one on the shorter leg strengthens the hedge.
#[test]
fn a_larger_haircut_can_lower_the_margin() {
    let c = default_config().margin.gross_factor;
    let leg = |family, haircut, usd: i128| {
        let factors = FamilyFactors {
            group: 0,
            family,
            group_correlation: Fraction::percent(80),
            family_correlation: Fraction::percent(95),
        };
        Exposure {
            value: Usd(usd * ONE as i128),
            loading: Loading::new(&factors, Fraction::percent(haircut), Fraction::ZERO).unwrap(),
            size: SizeTerm {
                liquidity: Usd::ZERO,
                size_cap: Fraction::ZERO,
            },
        }
    };
    let calm = margin(&[leg(0, 30, 1000), leg(1, 15, -1000)], c);
    let wild = margin(&[leg(0, 30, 1000), leg(1, 18, -1000)], c);
    assert!(wild < calm, "{wild} {calm}");
}

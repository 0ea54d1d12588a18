//! Invariant 19: whatever numbers come in, every public function answers with a value or a
//! typed error, and none panics; and every unit survives JSON and binary records.

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

use std::fmt::Debug;

use bulwark_risk::account::{
    Holding, MarginRatio, Quote, Side, Tradable, assess, maintenance_exposures,
};
use bulwark_risk::config::{Bounds, LiquidationParameters, MarginParameters};
use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::interest::{InterestModel, utilisation_floor};
use bulwark_risk::liquidation::{Pair, best_pair, liquidate, terms};
use bulwark_risk::margin::{FamilyFactors, Loading, SizeTerm, contributions, margin_ceil};
use bulwark_risk::pool::Pool;
use bulwark_risk::ramp::{RampSpeed, VolatilityRamp, interpolate_floor};
use bulwark_risk::search::liquidation_prices;
use bulwark_risk::units::{Amount, DebtShares, Fraction, Price, SupplyShares, Usd};
use bulwark_risk::volatility::{Variances, blend, decay};
use bulwark_risk::wide::{ONE, exp_neg, mul_ceil, mul_div_ceil, mul_floor, sqrt_floor, ten_to};
use common::{cases, log_uniform};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Any 128 bits, small and round numbers and both ends often.
fn raw() -> impl Strategy<Value = u128> {
    prop_oneof![
        Just(0),
        Just(1),
        Just(ONE),
        Just(ONE + 1),
        Just(u128::MAX),
        Just(i128::MAX as u128),
        log_uniform(0, u128::MAX),
        0..=ONE,
        any::<u128>(),
    ]
}

fn fraction() -> impl Strategy<Value = Fraction> {
    raw().prop_map(Fraction)
}

/// Fractions that pass the checks of a correlation or a haircut, mostly.
fn likely() -> impl Strategy<Value = Fraction> {
    prop_oneof![5 => (0..=ONE / 2).prop_map(Fraction), 1 => fraction()]
}

fn usd() -> impl Strategy<Value = Usd> {
    prop_oneof![
        raw().prop_map(|value| Usd(value as i128)),
        Just(Usd(i128::MIN))
    ]
}

fn seconds() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(u64::MAX), 0u64..10_000_000_000, any::<u64>()]
}

prop_compose! {
    fn holding()(
        owed in any::<bool>(),
        numbers in prop::array::uniform6(raw()),
        decimals in prop_oneof![5 => 0u8..=18, 1 => any::<u8>()],
        tradable in 0u8..3,
        fractions in prop::array::uniform7(likely()),
        group in 0u8..3,
        family in 0u16..3,
    ) -> Holding {
        Holding {
            side: if owed { Side::Debt } else { Side::Deposit },
            amount: Amount(numbers[0]),
            decimals,
            quote: Quote {
                mid: Price(numbers[1]),
                low: Price(numbers[2]),
                high: Price(numbers[3]),
                tradable: match tradable {
                    0 => Tradable::Yes,
                    1 => Tradable::No,
                    _ => Tradable::InDistress { discount: fractions[0] },
                },
            },
            factors: FamilyFactors {
                group,
                family,
                group_correlation: fractions[1],
                family_correlation: fractions[2],
            },
            haircut: fractions[3],
            newest_haircut: fractions[4],
            risk: AssetRisk {
                extra_haircut: fractions[5],
                liquidity: Amount(numbers[4]),
                size_cap: fractions[6],
            },
        }
    }
}

prop_compose! {
    /// Holdings of values that an account may have, with parameters of any kind.
    fn sane_holding()(holding in holding(), usd in log_uniform(0, 1 << 100), price in log_uniform(0, 1 << 90), decimals in 0u8..=18) -> Holding {
        let quote = Quote { mid: Price(price), low: Price(price), high: Price(price), ..holding.quote };
        let amount = quote.mid.amount_floor(Usd(usd as i128), decimals).unwrap_or(Amount(usd));
        Holding { amount, decimals, quote, ..holding }
    }
}

fn parameters() -> impl Strategy<Value = (MarginParameters, LiquidationParameters)> {
    (
        prop::array::uniform8(prop_oneof![likely(), fraction()]),
        usd(),
    )
        .prop_map(|(f, dust_value)| {
            let margin = MarginParameters {
                initial_factor: f[0],
                gross_factor: f[1],
            };
            let liquidation = LiquidationParameters {
                base_bonus: f[2],
                slope: f[3],
                max_bonus: f[4],
                equity_share: f[5],
                target_ratio: f[6],
                protocol_fee: f[7],
                dust_value,
            };
            (margin, liquidation)
        })
}

fn round_trips<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value, "{json}");
    let bytes = postcard::to_allocvec(value).unwrap();
    assert_eq!(
        &postcard::from_bytes::<T>(&bytes).unwrap(),
        value,
        "{bytes:?}"
    );
}

proptest! {
    #![proptest_config(cases(3000))]

    /// Accounts of any numbers are assessed, priced, split and liquidated, or refused.
    #[test]
    fn accounts_of_any_numbers(
        holdings in prop::collection::vec(prop_oneof![holding(), sane_holding()], 0..6),
        other in prop::collection::vec(sane_holding(), 0..6),
        (margin, rules) in parameters(), offered in raw(), debt in 0usize..7, deposit in 0usize..7,
    ) {
        let pair = Pair { debt, deposit };
        for holdings in [&holdings, &other] {
            if let (Ok(found), Ok(than)) = (assess(holdings, &margin), assess(&other, &margin)) {
                let _ = (found.status(), found.margin_ratio(), found.collateral_ratio(), found.meets_initial());
                let _ = (found.may_follow(&than), found.compare_ratio(&than), terms(&found, &rules));
            }
            if let Ok(exposures) = maintenance_exposures(holdings) {
                let _ = margin_ceil(&exposures, margin.gross_factor);
                if let Ok(parts) = contributions(&exposures, margin.gross_factor) {
                    let sum: i128 = parts.iter().map(|part| part.0).sum();
                    prop_assert_eq!(sum, margin_ceil(&exposures, margin.gross_factor).unwrap().0);
                }
            }
            let _ = liquidate(holdings, &margin, &rules, pair, Amount(offered));
            let _ = best_pair(holdings, &margin, &rules);
        }
        let _ = liquidation_prices(&other, &margin, debt);
    }

    /// Configurations of any numbers are accepted or refused.
    #[test]
    fn configurations_of_any_numbers(f in prop::array::uniform8(fraction()), amount in raw(), (margin, rules) in parameters()) {
        let bounds = Bounds {
            initial_factor_max: f[0], haircut_cap_max: f[1], extra_max: f[2], gross_factor_max: f[3],
        };
        let _ = (bounds.validate(), margin.validate(&bounds), rules.validate(f[4]));
        let rule = HaircutRule { volatility_multiple: f[4], floor: f[5], cap: f[6] };
        let risk = AssetRisk { extra_haircut: f[5], liquidity: Amount(amount), size_cap: f[6] };
        let factors = FamilyFactors { group: 0, family: 0, group_correlation: f[0], family_correlation: f[1] };
        let _ = (rule.validate(&bounds), risk.validate(&bounds), factors.validate());
        let _ = (rule.haircut(f[7]), Loading::new(&factors, f[2], f[3]));
        let model = InterestModel::Kinked { base: f[0], slope: f[1], steep_slope: f[2], optimal: f[3] };
        let _ = (model.validate(), model.rate(f[4]), utilisation_floor(Amount(amount), Amount(f[5].0)));
        let speed = RampSpeed { rise: f[6], fall: f[7] };
        let _ = speed.validate();
    }

    /// Time-dependent numbers of any size move or are refused.
    #[test]
    fn ramps_and_averages_of_any_numbers(f in prop::array::uniform6(fraction()), times in prop::array::uniform3(seconds())) {
        let [start_time, end_time, now] = times;
        let ramp = VolatilityRamp { from: f[0], target: f[1], start_time, end_time };
        let _ = (ramp.at(now), ramp.toward(f[2], &RampSpeed { rise: f[3], fall: f[4] }, now));
        let _ = interpolate_floor(f[0].0, f[1].0, start_time, end_time, now);
        let rule = |f: &[Fraction; 6]| HaircutRule { volatility_multiple: f[0], floor: f[1], cap: f[2] };
        let _ = HaircutRule::between(&rule(&f), &HaircutRule { floor: f[5], ..rule(&f) }, start_time, end_time, now);
        let _ = (decay(start_time, end_time), blend(f[0], f[1], f[2]), Variances::seeded(f[0]));
        let variances = Variances { fast: f[3], slow: f[4] };
        let _ = (variances.sample(Price(f[0].0), Price(f[1].0), now), variances.volatility());
    }

    /// Pools of any totals answer or refuse.
    #[test]
    fn pools_of_any_totals(n in prop::array::uniform9(raw()), now in seconds(), accrued_at in seconds(), remainder in any::<u64>()) {
        let pool = Pool {
            supplied: Amount(n[0]),
            borrowed: Amount(n[1]),
            supply_shares: SupplyShares(n[2]),
            debt_shares: DebtShares(n[3]),
            reserve_shares: SupplyShares(n[4]),
            interest_remainder: remainder,
            fee_remainder: Amount(n[5]),
            borrow_rate: Fraction(n[6]),
            reserve_factor: Fraction(n[7]),
            accrued_at,
        };
        let (amount, supply, debt) = (Amount(n[8]), SupplyShares(n[8]), DebtShares(n[8]));
        let _ = (pool.cash(), pool.utilisation_floor(), pool.is_wiped_out());
        let _ = (pool.supply_floor(supply), pool.debt_ceil(debt), pool.recall_cost_ceil(amount));
        let _ = (pool.clone().accrue(now), pool.clone().lend(amount), pool.clone().borrow(amount));
        let _ = (pool.clone().recall(amount, supply), pool.clone().repay(debt, Amount(n[0])));
        let _ = (pool.clone().write_off(debt), pool.clone().credit_reserve(amount), pool.clone().give_to_reserve(supply));
    }

    /// Arithmetic of any numbers rounds as its name says, or refuses.
    #[test]
    fn arithmetic_of_any_numbers(a in raw(), b in raw(), c in raw(), exponent in any::<u8>(), x in usd(), y in usd()) {
        let (down, up) = (bulwark_risk::wide::mul_div_floor(a, b, c), mul_div_ceil(a, b, c));
        if let (Ok(down), Ok(up)) = (down, up) {
            prop_assert!(up == down || up == down + 1);
        }
        let _ = (ten_to(exponent), exp_neg(a), mul_floor(a, b), mul_ceil(a, b));
        let root = sqrt_floor(a).unwrap();
        prop_assert!(mul_floor(root, root).unwrap() <= a);
        // The next root's square may be beyond 128 bits, which is above `a`, too.
        prop_assert!(mul_ceil(root + 1, root + 1).is_ok_and(|square| square >= a) || a > u128::MAX / 2);
        let _ = (x.plus(y), x.minus(y), x.mul_floor(Fraction(a)), x.mul_ceil(Fraction(a)), x.negated());
        let _ = SizeTerm { liquidity: x, size_cap: Fraction(a) }.charge(y);
        let price = Price(a);
        let _ = (price.amount_floor(x, exponent), price.amount_ceil(x, exponent), price.scaled_ceil(Fraction(b)));
        if let (Ok(down), Ok(up)) = (price.value_floor(Amount(b), exponent), price.value_ceil(Amount(b), exponent)) {
            prop_assert!(down <= up && up.0 - down.0 <= 1);
        }
    }

    /// What an amount is worth buys no more than that amount, for all decimals and prices.
    #[test]
    fn values_and_amounts_never_gain_in_a_round_trip(price in common::price(), amount in log_uniform(0, 1 << 103), decimals in 0u8..=18) {
        if let (Ok(down), Ok(up)) = (price.value_floor(Amount(amount), decimals), price.value_ceil(Amount(amount), decimals)) {
            prop_assert!(price.amount_floor(down, decimals).unwrap().0 <= amount);
            prop_assert!(price.amount_ceil(down, decimals).unwrap().0 <= amount);
            prop_assert!(price.amount_floor(up, decimals).unwrap().0 >= amount);
        }
    }

    /// Every unit is the same after JSON and after a binary record; of fractions, those up to
    /// 10^19.
    #[test]
    fn units_survive_json_and_records(value in raw(), usd in usd()) {
        round_trips(&Fraction(value / 19));
        round_trips(&Price(value));
        round_trips(&Amount(value));
        round_trips(&SupplyShares(value));
        round_trips(&DebtShares(value));
        round_trips(&usd);
        round_trips(&MarginRatio::Finite(usd));
    }
}

/// Clients parse these forms.
#[test]
fn a_margin_ratio_has_two_forms_in_json() {
    let json = |ratio: MarginRatio| serde_json::to_string(&ratio).unwrap();
    let finite = MarginRatio::Finite("1.23".parse().unwrap());
    assert_eq!(json(finite), r#"{"finite":"1.23"}"#);
    assert_eq!(json(MarginRatio::Unbounded), r#""unbounded""#);
    round_trips(&MarginRatio::Unbounded);
}

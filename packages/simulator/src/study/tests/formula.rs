//! The study asks the contracts' formulas, and nothing else.

use bulwark_risk::account::{Side, assess};
use bulwark_risk::units::Usd;

use super::fixture::generated;
use crate::engine::numbers;
use crate::study::calibrate::{Natural, deposits};
use crate::study::config::Settings;
use crate::study::owners::owners;
use crate::study::terms::Terms;
use crate::study::variant::{Haircuts, Variant};

#[test]
fn equity_and_margins_are_those_of_the_contracts_under_every_variant() {
    let (path, settings) = (generated(72), Settings::default());
    let natural = Natural::new(&path, &settings).unwrap();
    // In the middle of the crash the newest volatility is above the one in force.
    let moment = &natural.moments[40];
    for variant in Variant::all() {
        let rules = natural.rules(&settings, variant.haircuts, 1.0).unwrap();
        let mut terms = Terms::new(&path, &settings, variant, &rules);
        terms
            .update(&moment.market, &moment.feeds, moment.now)
            .unwrap();
        for owner in owners(&path, 20, 3) {
            let wish = owner.wish(&path, &moment.open, 0).unwrap();
            let mut positions = deposits(&terms, &wish, 500_000.0);
            positions.extend(terms.debts(&wish.debts, 300_000.0));
            let assessed = assess(&terms.holdings(&positions), &settings.margin).unwrap();
            assert_eq!(terms.equity(&positions).unwrap(), assessed.equity);
            assert_eq!(terms.maintenance(&positions).unwrap(), assessed.maintenance);
            assert_eq!(terms.initial(&positions).unwrap(), assessed.initial);
            if terms.is_plainly_safe(&positions) {
                assert!(assessed.equity >= assessed.maintenance);
            }
        }
    }
}

#[test]
fn without_netting_and_size_the_margin_is_the_sum_of_haircuts() {
    let (path, settings) = (generated(30), Settings::default());
    let natural = Natural::new(&path, &settings).unwrap();
    let moment = &natural.moments[29];
    let variant = Variant {
        haircuts: Haircuts::Volatility,
        netting: false,
        size: false,
    };
    let rules = natural.rules(&settings, variant.haircuts, 1.0).unwrap();
    let mut terms = Terms::new(&path, &settings, variant, &rules);
    terms
        .update(&moment.market, &moment.feeds, moment.now)
        .unwrap();
    let number = |symbol: &str| path.assets.iter().position(|a| a.symbol == symbol).unwrap();
    let positions = [
        terms.position(number("STATOM"), Side::Deposit, 1_000.0),
        terms.position(number("BTC"), Side::Deposit, 500.0),
        terms.position(number("ATOM"), Side::Debt, 800.0),
    ];
    let sum: f64 = positions
        .iter()
        .map(|p| terms.haircut(p.asset) * terms.usd(p.asset, p.amount))
        .sum();
    let margin = terms.maintenance(&positions).unwrap();
    assert!((numbers::usd(margin) - sum).abs() < 1e-6, "{margin} {sum}");
    assert!(margin > Usd::ZERO);
}

#[test]
fn a_limit_is_where_the_initial_margin_is_just_covered() {
    let (path, settings) = (generated(30), Settings::default());
    let natural = Natural::new(&path, &settings).unwrap();
    let moment = &natural.moments[0];
    let rules = natural.rules(&settings, Haircuts::Volatility, 1.0).unwrap();
    let mut terms = Terms::new(&path, &settings, Variant::FULL, &rules);
    terms
        .update(&moment.market, &moment.feeds, moment.now)
        .unwrap();
    for owner in owners(&path, 20, 5) {
        let wish = owner.wish(&path, &moment.open, 0).unwrap();
        let held = deposits(&terms, &wish, 10_000.0);
        let limit = terms.limit(&held, &wish.debts).unwrap();
        let covered = |owed: f64| {
            let positions = [held.clone(), terms.debts(&wish.debts, owed)].concat();
            terms.equity(&positions).unwrap() >= terms.initial(&positions).unwrap()
        };
        assert!(
            limit > 1_000.0 && covered(limit) && !covered(limit + 1.0),
            "{limit}"
        );
    }
}

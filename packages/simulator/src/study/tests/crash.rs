//! Protection protects: without it a crash leaves more bad debt.

use bulwark_risk::haircut::HaircutRule;
use bulwark_risk::units::Fraction;

use super::fixture::{cliff, outcome, table};
use crate::study::config::Settings;
use crate::study::path::StudyPath;
use crate::study::variant::{Haircuts, Variant};

fn flat(percent: u32) -> HaircutRule {
    HaircutRule {
        volatility_multiple: Fraction::ZERO,
        floor: Fraction::percent(percent),
        cap: Fraction::percent(percent),
    }
}

#[test]
fn haircuts_below_the_fall_leave_bad_debt_and_haircuts_above_it_none() {
    let (path, settings) = (cliff(0.2), Settings::default());
    let with = |percent| {
        let rules = vec![flat(percent); path.assets.len()];
        outcome(&path, &settings, Variant::FULL, |_| rules.clone(), false)
    };
    let (protected, exposed) = (with(25), with(4));
    assert!(exposed.bad_debt_rate() > 0.005, "{exposed:?}");
    assert_eq!(protected.bad_debt_usd(), 0.0);
    assert!(protected.borrowing_power_usd < exposed.borrowing_power_usd);
    // Reserves and suppliers bear it all between them.
    let borne = exposed.reserve_paid_usd + exposed.suppliers_loss_usd;
    assert!((borne - exposed.written_off_usd).abs() < 1.0, "{exposed:?}");
    assert!(exposed.suppliers_loss_usd > 0.0);
}

#[test]
fn price_impact_makes_a_fall_worse() {
    let (path, settings) = (cliff(0.14), Settings::default());
    let with = |impact| {
        outcome(
            &path,
            &settings,
            Variant::FULL,
            |natural| natural.rules(&settings, Haircuts::Volatility, 1.0).unwrap(),
            impact,
        )
    };
    let (without, with) = (with(false), with(true));
    assert_eq!(without.deepest_impact, 0.0);
    assert!(with.deepest_impact > 0.02, "{with:?}");
    assert!(with.liquidated_usd > without.liquidated_usd);
    assert!(with.bad_debt_usd() > without.bad_debt_usd());
}

#[test]
fn an_asset_that_ends_takes_solvent_owners_out_and_counts_what_the_others_miss() {
    let mut prices = vec![100.0; 20];
    prices.extend([40.0; 4]);
    let mut table = table(&[("BTC", vec![100.0; 48]), ("ATOM", prices.clone())]);
    // No figure after the fall: nobody can be liquidated any more at it.
    let column = &mut table.columns[1];
    column.prices = prices.iter().take(19).copied().map(Some).collect();
    column.prices.resize(48, None);
    let path = StudyPath::new("ends", true, table).unwrap();
    let settings = Settings::default();
    let rules = |natural: &crate::study::calibrate::Natural<'_>| {
        natural.rules(&settings, Haircuts::Volatility, 1.0).unwrap()
    };
    let ended = outcome(&path, &settings, Variant::FULL, rules, false);
    assert_eq!(ended.bad_debt_usd(), 0.0);
    assert_eq!(ended.liquidations, 0);
    assert!(ended.openings >= 20);
}

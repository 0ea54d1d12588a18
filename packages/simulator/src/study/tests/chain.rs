//! The study speaks of the real contracts: the same accounts on the embedded chain are liquidated
//! alike.

use bulwark_risk::units::{Amount, Fraction};
use bulwark_testing::World;

use super::fixture::generated;
use crate::engine::market_setup::market_spec;
use crate::engine::numbers;
use crate::prices::symbols::describe_all;
use crate::study::calibrate::{self, Natural};
use crate::study::config::Settings;
use crate::study::engine::{RunSpec, Simulation};
use crate::study::owners::{Owner, owners};
use crate::study::path::StudyPath;
use crate::study::variant::{Haircuts, Variant};

/// Owners leave this part of what they want, so that the guards of opening prices refuse nobody.
const MODEST: f64 = 0.97;

/// Deposits are this part of the usual, so that they fit under the caps beside the suppliers.
const SMALL: f64 = 0.3;

/// The part of each pool that is lent out when all have opened, as in the study.
const UTILISATION: f64 = 0.6;

/// By how much liquidated debt and bad debt may differ: the chain posts each row a minute after
/// its time, once more a minute later, and rounds interest by the second.
const TOLERANCE: f64 = 0.02;

/// The same for what a single account owes in the end.
const ACCOUNT_TOLERANCE: f64 = 0.05;

#[test]
fn the_same_accounts_are_liquidated_alike_on_the_embedded_chain() {
    let (path, settings) = (generated(60), Settings::default());
    let natural = Natural::new(&path, &settings).unwrap();
    let rules = natural.rules(&settings, Haircuts::Volatility, 1.0).unwrap();
    let wanting = owners(&path, 40, 11);
    // They open by hand below, not by the calendar.
    let waiting: Vec<Owner> = wanting
        .iter()
        .map(|owner| {
            let mut waiting = *owner;
            waiting.begins = u64::MAX;
            waiting
        })
        .collect();
    let mut study = Simulation::new(RunSpec {
        path: &path,
        natural: &natural,
        settings: &settings,
        owners: &waiting,
        variant: Variant::FULL,
        rules: &rules,
        with_impact: false,
        identical: None,
    });
    study.step(0).unwrap();
    for (number, owner) in wanting.iter().enumerate() {
        let open = &natural.moments[0].open;
        let mut wish = owner.wish(&path, open, 0).unwrap();
        wish.appetite *= MODEST;
        let usd = SMALL * calibrate::deposit_usd(&path, open, owner);
        study.open(number, 0, &wish, usd).unwrap();
    }

    let mut chain = chain(&path, &study);
    let (mut liquidated, mut calls) = (0.0, 0);
    for row in 1..path.table.steps() {
        study.step(row).unwrap();
        post(&mut chain, &path, row);
        let (usd, count) = liquidate(&mut chain, wanting.len());
        liquidated += usd;
        calls += count;
    }
    let outcome = &study.outcome;
    let differs = (outcome.liquidated_usd / liquidated - 1.0).abs();
    assert!(calls > 10, "{calls}");
    assert!(
        differs < TOLERANCE,
        "study {} in {} calls, chain {liquidated} in {calls}",
        outcome.liquidated_usd,
        outcome.liquidations
    );
    assert!(
        outcome.liquidations.abs_diff(calls) <= calls / 20,
        "{} {calls}",
        outcome.liquidations
    );
    for number in 0..wanting.len() {
        let margin = chain.margin(name(number).as_str()).unwrap();
        let owed = study.accounts[number].debts.iter().map(|(asset, shares)| {
            let amount = study.pools.owed(*asset, *shares).unwrap();
            study.terms.usd(*asset, amount)
        });
        let (on_chain, in_study) = (numbers::usd(margin.debts), owed.sum::<f64>());
        assert!(
            (on_chain - in_study).abs() <= ACCOUNT_TOLERANCE * on_chain.max(1_000.0),
            "account {number} owes {on_chain} on the chain, {in_study} in the study"
        );
    }
}

fn name(number: usize) -> String {
    format!("owner-{number}")
}

/// The accounts of the study on an embedded chain.
fn chain(path: &StudyPath, study: &Simulation<'_>) -> World {
    let mut assets = describe_all(&path.table);
    assets.sort_by_key(|asset| !asset.is_base());
    let mut builder = World::builder().with_start_time(path.time(0));
    for asset in &assets {
        let price = path.table.price(&asset.symbol, 0).unwrap();
        // The limits per account and per day are no part of the study.
        let spec = market_spec(asset, price).unwrap().with_listing(|listing| {
            listing.limits.counterparty_share = Fraction::ONE;
            listing.limits.outflow_share = Fraction::ONE;
        });
        builder = builder.with_market(spec);
    }
    let mut world = builder.build().unwrap();
    for asset in &assets {
        let number = path
            .assets
            .iter()
            .position(|other| other.symbol == asset.symbol)
            .unwrap();
        // As much is lent out as in the study, and so interest is the same.
        let owed = study.pools.borrowed(number);
        let amount = numbers::part(Amount(owed.0 * 2), 0.5 / UTILISATION).max(Amount(1_000));
        world.mint("supplier", &asset.symbol, amount).unwrap();
        world
            .deposit_lent("supplier", &asset.symbol, amount)
            .unwrap();
        let kept = numbers::units(
            1e9 / path.table.price(&asset.symbol, 0).unwrap(),
            asset.decimals,
        );
        world.mint("keeper", &asset.symbol, kept).unwrap();
    }
    for (number, account) in study.accounts.iter().enumerate() {
        let owner = name(number);
        for (asset, amount) in &account.deposits {
            let symbol = &path.assets[*asset].symbol;
            world.mint(&owner, symbol, *amount).unwrap();
            world.deposit(owner.as_str(), symbol, *amount).unwrap();
        }
        for (asset, shares) in &account.debts {
            let amount = study.pools.owed(*asset, *shares).unwrap();
            let symbol = &path.assets[*asset].symbol;
            world.borrow(owner.as_str(), symbol, amount).unwrap();
        }
    }
    world
}

/// Posts a row twice, a minute apart, so that jumps are confirmed.
fn post(world: &mut World, path: &StudyPath, row: usize) {
    let wait = path.time(row).saturating_sub(world.now());
    world.advance(wait.max(1));
    let prices: Vec<(&str, _)> = path
        .assets
        .iter()
        .enumerate()
        .map(|(number, asset)| {
            let price = path.price(number, row).unwrap();
            (
                asset.symbol.as_str(),
                numbers::price(&asset.symbol, price).unwrap(),
            )
        })
        .collect();
    world.post_price(&prices).unwrap();
    world.advance(60);
    world.post_price(&prices).unwrap();
}

/// Carries out the plans that the vault answers, until there are none: debt repaid, and calls.
fn liquidate(world: &mut World, accounts: usize) -> (f64, u64) {
    let (mut usd, mut calls) = (0.0, 0);
    for number in 0..accounts {
        let owner = name(number);
        while let Some(plan) = world.plan(owner.as_str()).unwrap() {
            let (debt, seize) = (plan.debt.asset.clone(), plan.seize.asset.clone());
            world
                .liquidate("keeper", owner.as_str(), &debt, plan.debt.amount, &seize)
                .unwrap();
            usd += numbers::usd(plan.repaid_value);
            calls += 1;
        }
    }
    (usd, calls)
}

//! What holds of every plan.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_keeper::book::Book;
use bulwark_keeper::plan::{Costs, Inventory, Means, Mode, Plan, SkipReason, SwapTerms, plan};
use bulwark_keeper::population::{Population, Variety};
use bulwark_keeper::scan::{Scan, Standing};
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_types::vault::{AccountRef, LiquidationResponse, QueryMsg};
use cosmwasm_std::Addr;
use proptest::prelude::*;

fn asset(market: u16) -> String {
    format!("ibc/{market:064X}")
}

prop_compose! {
    fn any_costs()(
        swaps in proptest::collection::vec((0u16..22, 0u32..300, 0u32..1_000_000), 0..22),
        kept in proptest::collection::vec(0u16..22, 0..22),
        gas_price in 0i128..10_000_000_000_000,
        gas_limit in 200_000u64..2_000_000,
        routes in proptest::collection::vec((0u16..22, 0u16..22, 0u32..300), 0..200),
        protects in any::<bool>(),
        floor in 0u32..20,
        most_accounts in 0usize..80,
    ) -> Costs {
        let terms = |(market, fee, depth): (u16, u32, u32)| {
            let depth = (depth > 100_000).then(|| Usd::whole(depth));
            (asset(market), SwapTerms { fee: Fraction::basis_points(fee), depth })
        };
        let route = |(seized, owed, fee): (u16, u16, u32)| {
            let terms = SwapTerms { fee: Fraction::basis_points(fee), depth: None };
            ((asset(seized), asset(owed)), terms)
        };
        let floor = Usd::whole(floor);
        Costs {
            swaps: swaps.into_iter().map(terms).collect(),
            kept: kept.into_iter().map(asset).collect(),
            gas_price: Usd(gas_price),
            gas_limit,
            routes: routes.into_iter().map(route).collect(),
            mode: if protects { Mode::Protect { most_loss: floor } } else { Mode::Profit { floor } },
            most_accounts,
            ..Costs::default()
        }
    }
}

fn assert_sound(plan: &Plan, inventory: &Inventory, costs: &Costs, scan: &Scan, book: &Book) {
    let mut sent: BTreeMap<&str, u128> = BTreeMap::new();
    let mut seen: BTreeSet<&AccountRef> = BTreeSet::new();
    for action in &plan.actions {
        let least = match action.means {
            // It earns nothing, and costs its gas.
            Means::WriteOff(_) => costs.of_gas(action.gas).negated(),
            _ => costs.floor(action.accounts().count()),
        };
        assert!(action.profit >= least, "{action:?}");
        assert!(action.gas <= costs.gas_limit, "{action:?}");
        for account in action.accounts() {
            assert!(seen.insert(account), "planned twice: {account:?}");
            let id = book.find(account).unwrap();
            assert_eq!(scan.standing(id), Some(Standing::Liquidatable));
        }
        let debts: u128 = action
            .targets
            .iter()
            .map(|target| target.debt.amount.0)
            .sum();
        match &action.means {
            Means::Inventory(funds) => {
                assert_eq!(funds.amount.0, debts);
                *sent.entry(&funds.asset).or_default() += debts;
                assert!(
                    action
                        .targets
                        .iter()
                        .all(|target| target.debt.asset == funds.asset)
                );
            }
            Means::Callback => {
                assert_eq!(action.targets.len(), 1);
                let target = &action.targets[0];
                let pair = (target.seize.clone(), target.debt.asset.clone());
                assert!(costs.routes.contains_key(&pair));
            }
            Means::WriteOff(_) => assert!(matches!(costs.mode, Mode::Protect { .. })),
        }
    }
    for (asset, amount) in sent {
        assert!(amount <= inventory.available(asset).0, "{asset}");
    }
    for skipped in &plan.skipped {
        assert!(
            seen.insert(&skipped.account),
            "planned and skipped: {skipped:?}"
        );
        assert_ne!(skipped.reason, SkipReason::Healthy);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_plan_is_sound(
        seed in any::<u64>(),
        costs in any_costs(),
        funds in proptest::collection::vec((0u16..22, 0u32..30), 0..12),
    ) {
        let population = Population { accounts: 150, seed, variety: Variety::Wild };
        let mut book = population.book().unwrap();
        let now = Population::moment();
        let mut scan = Scan::new();
        let found = scan.update(&mut book, now).unwrap();
        let mut inventory = Inventory::new(Addr::unchecked("keeper"));
        for (market, digits) in funds {
            inventory = inventory.with(asset(market), Amount(10u128.pow(digits)));
        }
        let planned = plan(&book, now, &found.liquidatable, &inventory, &costs).unwrap();
        assert_sound(&planned, &inventory, &costs, &scan, &book);
        let about: usize = planned.actions.iter().map(|action| action.accounts().count()).sum();
        prop_assert_eq!(about + planned.skipped.len(), found.liquidatable.len());

        let reversed: Vec<_> = found.liquidatable.iter().rev().copied().collect();
        let again = plan(&book, now, &reversed, &inventory, &costs).unwrap();
        prop_assert_eq!(&again, &planned, "the order of the list does not matter");

        // The first transaction's first account meets the vault as it is.
        let Some(first) = planned.actions.first().and_then(|action| action.targets.first()) else {
            return Ok(());
        };
        let message = QueryMsg::SimulateLiquidation {
            account: first.account.clone(),
            debt: first.debt.clone(),
            seize: first.seize.clone(),
            receive: None,
            to: None,
        };
        if planned.actions.iter().any(|action| matches!(action.means, Means::WriteOff(_))) {
            return Ok(());
        }
        let told: LiquidationResponse = book.at(now).query(message).unwrap();
        prop_assert_eq!(told.repaid, first.expected.repaid);
        prop_assert_eq!(told.tokens, first.expected.tokens);
        prop_assert_eq!(told.lent, first.expected.lent);
    }
}

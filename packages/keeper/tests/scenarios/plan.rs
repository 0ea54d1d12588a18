//! What is planned about accounts that can be liquidated.

use std::collections::BTreeSet;

use bulwark_keeper::book::{Book, Moment};
use bulwark_keeper::plan::{
    Action, Costs, Inventory, Means, Mode, Plan, SkipReason, SwapTerms, plan,
};
use bulwark_keeper::scan::Scan;
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_testing::{MarketSpec, World};
use bulwark_types::vault::{AccountRef, Callback, ExecuteMsg};
use cosmwasm_std::Binary;

use crate::chain::{book_of, moment};

const OWNERS: [&str; 4] = ["alice", "carol", "dora", "erik"];

/// Four accounts that owe USDC against ATOM, each ten times as large as the one before, after ATOM
/// has fallen by an eighth: all below maintenance margin, none in distress.
fn fallen() -> World {
    let mut world = World::builder()
        .with_actor("dora")
        .with_actor("erik")
        .with_market(MarketSpec::usd("USDC"))
        .with_market(MarketSpec::crypto("ATOM").with_price(10))
        .build()
        .unwrap();
    world.deposit_lent("bob", "USDC", 5_000_000).unwrap();
    for (owner, atom) in OWNERS.into_iter().zip([10, 100, 1_000, 10_000]) {
        world.deposit(owner, "ATOM", atom).unwrap();
        world.borrow(owner, "USDC", atom / 10 * 79).unwrap();
    }
    world.advance(30);
    world.post(&[("USDC", "1"), ("ATOM", "8.75")]).unwrap();
    world
}

/// Whose wallet has so many USDC.
fn wallet(world: &World, usdc: u32) -> Inventory {
    let amount = world.units("USDC", usdc).unwrap();
    Inventory::new(world.address("keeper")).with(world.asset("USDC"), amount)
}

/// ATOM can be swapped for 0.3 %, USDC is as good as any; gas costs 1 cent for 100,000.
fn costs(world: &World) -> Costs {
    let terms = SwapTerms {
        fee: Fraction::basis_points(30),
        depth: None,
    };
    Costs {
        swaps: [(world.asset("ATOM"), terms)].into(),
        kept: [world.asset("USDC")].into(),
        gas_price: Usd(100_000_000_000),
        ..Costs::default()
    }
}

fn plan_all(world: &World, inventory: &Inventory, costs: &Costs) -> Plan {
    let mut book = book_of(world);
    let found = Scan::new().update(&mut book, moment(world)).unwrap();
    plan(&book, moment(world), &found.liquidatable, inventory, costs).unwrap()
}

/// Sends what is planned as the keeper. The wallet has to change as expected, to the last unit.
fn carry_out(world: &mut World, action: &Action) {
    let before = ["USDC", "ATOM"].map(|asset| world.balance("keeper", asset).0);
    let message = action.message(None).unwrap();
    match &action.means {
        Means::Inventory(sent) => {
            let funds = world.coins(&sent.asset, sent.amount).unwrap();
            world.execute("keeper", message, funds).unwrap();
        }
        Means::Callback | Means::WriteOff(_) => {
            world.execute("keeper", message, Vec::new()).unwrap();
        }
    }
    let sum = |of: fn(&bulwark_keeper::plan::Expected) -> Amount| -> u128 {
        let amounts = action.targets.iter().map(|target| of(&target.expected).0);
        amounts.sum()
    };
    let after = ["USDC", "ATOM"].map(|asset| world.balance("keeper", asset).0);
    assert_eq!(before[0] - after[0], sum(|expected| expected.repaid));
    assert_eq!(after[1] - before[1], sum(|expected| expected.tokens));
}

fn owners(world: &World, action: &Action) -> Vec<&'static str> {
    let name = |account: &AccountRef| {
        let named = |owner: &&&str| world.address(owner).as_str() == account.owner;
        *OWNERS.iter().find(named).unwrap()
    };
    action.accounts().map(name).collect()
}

fn reason(world: &World, plan: &Plan, owner: &str) -> SkipReason {
    let account = world.account_ref(owner);
    let skipped = plan
        .skipped
        .iter()
        .find(|skipped| skipped.account == account);
    skipped.unwrap().reason.clone()
}

#[test]
fn the_chain_does_what_is_planned_and_pays_what_is_expected() {
    let mut world = fallen();
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &costs(&world));
    assert_eq!(plan.skipped, []);
    let [action] = plan.actions.as_slice() else {
        panic!("{plan:#?}");
    };
    assert_eq!(owners(&world, action), ["erik", "dora", "carol", "alice"]);
    assert!(action.profit > Usd::whole(100), "{}", action.profit);
    carry_out(&mut world, action);
    for owner in OWNERS {
        let status = world.margin(owner).unwrap().status;
        assert_ne!(
            status,
            bulwark_risk::account::Status::Liquidatable,
            "{owner}"
        );
    }
}

#[test]
fn the_profit_is_what_the_wallet_gains_less_swaps_and_gas() {
    let world = fallen();
    let costs = costs(&world);
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &costs);
    let mut gained = costs.of_gas(plan.actions[0].gas).negated();
    for target in &plan.actions[0].targets {
        let expected = target.expected;
        let received = world.price("ATOM").unwrap().record.mid;
        assert_eq!(
            received.value_floor(expected.tokens, 6).unwrap(),
            expected.received_value
        );
        let fee = expected
            .received_value
            .mul_ceil(Fraction::basis_points(30))
            .unwrap();
        assert_eq!(expected.swap_cost, fee, "USDC is kept, ATOM is sold");
        assert_eq!(expected.lent, Amount::ZERO);
        gained = gained.plus(expected.received_value).unwrap();
        gained = gained
            .minus(expected.repaid_value)
            .unwrap()
            .minus(fee)
            .unwrap();
    }
    assert_eq!(plan.actions[0].profit, gained);
}

#[test]
fn transactions_keep_to_the_gas_limit() {
    let mut world = fallen();
    let limited = Costs {
        gas_limit: 116_652 + 2 * 103_542,
        ..costs(&world)
    };
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &limited);
    let parts: Vec<_> = plan
        .actions
        .iter()
        .map(|action| owners(&world, action))
        .collect();
    assert_eq!(parts, [["erik", "dora"], ["carol", "alice"]]);
    for action in &plan.actions {
        assert!(action.gas <= limited.gas_limit);
        carry_out(&mut world, action);
    }
    let tight = Costs {
        gas_limit: 200_000,
        ..limited
    };
    let mut world = fallen();
    world.advance(6);
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &tight);
    assert_eq!(plan.actions, []);
    let gas = 116_652 + 103_542;
    assert_eq!(
        reason(&world, &plan, "erik"),
        SkipReason::TooMuchGas { gas }
    );
}

#[test]
fn the_wallet_is_used_once_and_for_what_earns_most() {
    let world = fallen();
    let all = plan_all(&world, &wallet(&world, 1_000_000), &costs(&world));
    let of_erik = all.actions[0].targets[0].debt.amount;
    let asset = world.asset("USDC");
    let just = Inventory::new(world.address("keeper")).with(&asset, of_erik);
    let plan = plan_all(&world, &just, &costs(&world));
    assert_eq!(owners(&world, &plan.actions[0]), ["erik"]);
    let debts = vec![asset.clone()];
    assert_eq!(reason(&world, &plan, "dora"), SkipReason::NoFunds { debts });

    // What is left is used for a part of the next.
    let more = just.with(&asset, Amount(100_000_000));
    let plan = plan_all(&world, &more, &costs(&world));
    assert_eq!(owners(&world, &plan.actions[0]), ["erik", "dora"]);
    assert_eq!(plan.actions[0].targets[1].debt.amount, Amount(100_000_000));
    let Means::Inventory(sent) = &plan.actions[0].means else {
        panic!("{plan:#?}");
    };
    assert_eq!(sent.amount.0, of_erik.0 + 100_000_000);
}

#[test]
fn what_does_not_pay_for_its_gas_is_left_alone() {
    let world = fallen();
    // 10 USD an account, and 12 for the transaction.
    let dear = Costs {
        gas_price: Usd(100_000_000_000_000),
        ..costs(&world)
    };
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &dear);
    assert_eq!(owners(&world, &plan.actions[0]), ["erik", "dora", "carol"]);
    let SkipReason::Unprofitable { best } = reason(&world, &plan, "alice") else {
        panic!("{plan:#?}");
    };
    assert!(best.is_negative());
    let greedy = Costs {
        mode: Mode::Profit {
            floor: Usd::whole(1_000_000),
        },
        ..costs(&world)
    };
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &greedy);
    assert_eq!(plan.actions, []);
    assert_eq!(plan.skipped.len(), 4);
}

#[test]
fn small_accounts_share_what_a_transaction_costs() {
    let mut world = fallen();
    // The two large ones are gone; of the others neither alone pays for a transaction.
    let all = plan_all(&world, &wallet(&world, 1_000_000), &costs(&world));
    carry_out(
        &mut world,
        &Action {
            means: match &all.actions[0].means {
                Means::Inventory(sent) => Means::Inventory(sent.clone()),
                other => panic!("{other:?}"),
            },
            targets: all.actions[0].targets[..2].to_vec(),
            ..all.actions[0].clone()
        },
    );
    let cheap = plan_all(&world, &wallet(&world, 1_000_000), &costs(&world));
    let earned = |at: usize| cheap.actions[0].targets[at].expected;
    let (carol, alice) = (earned(0), earned(1));
    let gross = |of: bulwark_keeper::plan::Expected| of.profit.0 + of.gas_cost.0;
    // What carol earns alone does not pay for the transaction, with alice it does.
    let floor = gross(carol) + gross(alice) / 2;
    let sharing = Costs {
        gas_price: Usd::ZERO,
        mode: Mode::Profit { floor: Usd(floor) },
        ..costs(&world)
    };
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &sharing);
    assert_eq!(owners(&world, &plan.actions[0]), ["carol", "alice"]);
    let only_carol = wallet_of(&world, carol.repaid);
    let plan = plan_all(&world, &only_carol, &sharing);
    assert_eq!(plan.actions, [], "carol alone does not do");
}

fn wallet_of(world: &World, usdc: Amount) -> Inventory {
    Inventory::new(world.address("keeper")).with(world.asset("USDC"), usdc)
}

#[test]
fn to_protect_the_pools_accounts_are_liquidated_at_a_loss() {
    let world = fallen();
    let dear = Costs {
        gas_price: Usd(100_000_000_000_000),
        mode: Mode::Protect {
            most_loss: Usd::whole(30),
        },
        ..costs(&world)
    };
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &dear);
    assert_eq!(plan.skipped, []);
    let profits: Vec<Usd> = plan.actions[0]
        .targets
        .iter()
        .map(|target| target.expected.profit)
        .collect();
    assert!(
        profits.iter().any(|profit| profit.is_negative()),
        "{profits:?}"
    );
    let bounded = Costs {
        mode: Mode::Protect {
            most_loss: Usd::whole(2),
        },
        ..dear
    };
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &bounded);
    assert!(matches!(
        reason(&world, &plan, "alice"),
        SkipReason::Unprofitable { .. }
    ));
}

#[test]
fn without_a_wallet_a_callback_repays() {
    let world = fallen();
    let terms = SwapTerms {
        fee: Fraction::basis_points(30),
        depth: None,
    };
    let mut costs = costs(&world);
    let way = |from, to| (world.asset(from), world.asset(to));
    costs.routes.insert(way("USDC", "ATOM"), terms);
    let empty = Inventory::new(world.address("keeper"));
    let plan = plan_all(&world, &empty, &costs);
    assert_eq!(plan.actions, [], "there is only the way back");
    assert!(matches!(
        reason(&world, &plan, "erik"),
        SkipReason::NoFunds { .. }
    ));

    costs.routes.insert(way("ATOM", "USDC"), terms);
    let plan = plan_all(&world, &empty, &costs);
    assert_eq!(plan.actions.len(), 4, "one transaction each");
    let action = &plan.actions[0];
    assert_eq!(
        (&action.means, owners(&world, action)),
        (&Means::Callback, vec!["erik"])
    );
    assert_eq!(action.message(None), None);
    let callback = Callback {
        contract: "swapper".into(),
        data: Binary::default(),
    };
    let Some(ExecuteMsg::Liquidate {
        debt,
        callback: Some(_),
        ..
    }) = action.message(Some(callback))
    else {
        panic!("{action:#?}");
    };
    assert_eq!(debt.as_ref(), Some(&action.targets[0].debt));
    // All that is seized is swapped, and with a wallet it is cheaper.
    let expected = action.targets[0].expected;
    let fees = expected.received_value;
    let fees = fees.mul_ceil(Fraction::basis_points(30)).unwrap();
    assert!((expected.swap_cost.0 - fees.0).abs() <= 2);
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &costs);
    assert!(matches!(plan.actions[0].means, Means::Inventory(_)));
    assert!(plan.actions[0].targets[0].expected.profit > expected.profit);
}

#[test]
fn price_impact_can_make_a_callback_worth_nothing() {
    let world = fallen();
    let shallow = SwapTerms {
        fee: Fraction::ZERO,
        depth: Some(Usd::whole(20_000)),
    };
    let costs = Costs {
        routes: [((world.asset("ATOM"), world.asset("USDC")), shallow)].into(),
        ..costs(&world)
    };
    let plan = plan_all(&world, &Inventory::new(world.address("keeper")), &costs);
    assert_eq!(reason(&world, &plan, "erik"), SkipReason::NotSwappable);
    assert!(
        plan.actions
            .iter()
            .any(|action| owners(&world, action) == ["alice"])
    );
}

#[test]
fn nothing_is_planned_for_whom_the_vault_holds_for_healthy() {
    let mut world = fallen();
    let mut book: Book = book_of(&world);
    let at = moment(&world);
    let found = Scan::new().update(&mut book, at).unwrap();
    assert_eq!(found.liquidatable.len(), 4);
    world.advance(30);
    world.post(&[("USDC", "1"), ("ATOM", "9.9")]).unwrap();
    let book = book_of(&world);
    let inventory = wallet(&world, 1_000_000);
    let plan = plan(
        &book,
        moment(&world),
        &found.liquidatable,
        &inventory,
        &costs(&world),
    )
    .unwrap();
    assert_eq!(plan.actions, []);
    assert!(
        plan.skipped
            .iter()
            .all(|skipped| skipped.reason == SkipReason::Healthy)
    );
}

#[test]
fn an_account_that_cannot_be_reckoned_is_left_alone() {
    let world = fallen();
    let beyond = Costs {
        gas_price: Usd(i128::MIN),
        ..costs(&world)
    };
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &beyond);
    assert_eq!(plan.actions, []);
    let SkipReason::Refused { error } = reason(&world, &plan, "erik") else {
        panic!("{plan:#?}");
    };
    assert!(!error.is_empty());
}

#[test]
fn what_the_chain_refuses_is_not_planned() {
    let world = fallen();
    let all = plan_all(&world, &wallet(&world, 1_000_000), &costs(&world));
    let of_erik = all.actions[0].pair(&all.actions[0].targets[0]);
    let wallet = wallet(&world, 1_000_000).avoiding([(of_erik, "tried before".into())]);
    let plan = plan_all(&world, &wallet, &costs(&world));
    assert_eq!(owners(&world, &plan.actions[0]), ["dora", "carol", "alice"]);
    let error = "tried before".to_owned();
    assert_eq!(reason(&world, &plan, "erik"), SkipReason::Refused { error });
}

#[test]
fn the_rest_has_its_turn_later() {
    let world = fallen();
    let few = Costs {
        most_accounts: 1,
        ..costs(&world)
    };
    let plan = plan_all(&world, &wallet(&world, 1_000_000), &few);
    assert_eq!(owners(&world, &plan.actions[0]), ["erik"]);
    assert_eq!(reason(&world, &plan, "dora"), SkipReason::Later);
    assert_eq!(plan.skipped.len(), 3);
}

#[test]
fn none_waits_for_ever_behind_accounts_that_lack_more() {
    let world = fallen();
    let mut book = book_of(&world);
    let found = Scan::new().update(&mut book, moment(&world)).unwrap();
    let few = Costs {
        most_accounts: 2,
        ..costs(&world)
    };
    let mut dealt_with = BTreeSet::new();
    for height in 0..4 {
        let at = Moment {
            height,
            ..moment(&world)
        };
        let wallet = wallet(&world, 1_000_000);
        let plan = plan(&book, at, &found.liquidatable, &wallet, &few).unwrap();
        let now: Vec<&str> = plan
            .actions
            .iter()
            .flat_map(|action| owners(&world, action))
            .collect();
        assert!(now.contains(&"erik"), "who lacks most: {now:?}");
        assert_eq!(now.len(), 2);
        dealt_with.extend(now);
    }
    assert_eq!(dealt_with.len(), found.liquidatable.len());
}

#[test]
fn what_is_left_of_an_insolvent_account_is_written_off_to_protect() {
    let mut world = World::standard().unwrap();
    world.deposit_lent("bob", "USDC", 500_000).unwrap();
    world.deposit("alice", "ATOM", 5).unwrap();
    world.borrow("alice", "USDC", 39).unwrap();
    for price in ["8.6", "7.5", "6.5"] {
        world.advance(60);
        world
            .post_confirmed(&[("ATOM", price), ("USDC", "1")])
            .unwrap();
    }
    let earning = plan_all(&world, &wallet(&world, 1_000), &costs(&world));
    assert!(matches!(earning.actions[0].means, Means::Inventory(_)));
    let protecting = Costs {
        mode: Mode::Protect {
            most_loss: Usd::whole(1),
        },
        ..costs(&world)
    };
    let plan = plan_all(&world, &wallet(&world, 1_000), &protecting);
    let account = world.account_ref("alice");
    assert_eq!(plan.actions[0].means, Means::WriteOff(account));
    assert!(plan.actions[0].profit.is_negative());
    carry_out(&mut world, &plan.actions[0]);
    assert_eq!(world.account("alice").unwrap().holdings, []);
}

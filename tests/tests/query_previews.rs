//! What queries foretell of batches, liquidations and accounts at risk is what happens.

use crate::pitfall_support::{Dice, signed};
use bulwark_risk::units::Amount;
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{
    Tested, assert_books_balance, falls, fund, funded, interest_free, one_holding, refused,
    standard_markets, supply, underwater, world_of,
};
use bulwark_types::events::Liquidated;
use bulwark_types::vault::{
    AccountRef, Action, AssetAmount, ExecuteMsg, LiquidationResponse, QueryMsg, Receive,
    SimulateResponse,
};
use bulwark_types::wire::WireError;
use cosmwasm_std::Coin;
use serde_json::json;

const ASSETS: [&str; 3] = ["USDC", "ATOM", "BTC"];

/// Alice holds ATOM idle and lent and owes USDC, in pools whose shares are worth odd numbers.
fn odd_world() -> Result<World, WireError> {
    let mut world = funded();
    world.deposit("bob", "BTC", 1)?;
    world.borrow("bob", "USDC", 7_000)?;
    world.borrow("bob", "ATOM", 900)?;
    world.advance(7_654_321);
    world.repost()?;
    world.deposit("alice", "ATOM", 60)?;
    world.deposit_lent("alice", "ATOM", 40)?;
    world.borrow("alice", "USDC", 500)?;
    Ok(world)
}

fn random_action(world: &World, dice: &mut Dice) -> Action {
    let asset = world.asset(ASSETS[usize::try_from(dice.roll(3)).unwrap()]);
    let some = Amount(u128::from(1 + dice.roll(80_000_000)));
    let amount = (dice.roll(4) > 0).then_some(some);
    let to = (dice.roll(5) == 0).then(|| world.address("carol").into_string());
    match dice.roll(8) {
        0 | 1 => Action::Deposit {
            asset,
            amount,
            lend: Some(dice.roll(2) == 0),
        },
        2 => Action::Withdraw { asset, amount, to },
        3 => Action::Lend { asset, amount },
        4 => Action::Recall { asset, amount },
        5 | 6 => Action::Borrow {
            asset,
            amount: some,
            to,
        },
        _ => Action::Repay { asset, amount },
    }
}

fn coins(amounts: &[AssetAmount]) -> Vec<Coin> {
    amounts
        .iter()
        .map(|AssetAmount { asset, amount }| Coin::new(amount.0, asset))
        .collect()
}

/// Sends what was simulated, with the funds that it named, and compares.
fn assert_foretold(world: &mut World, actions: &[Action]) -> Result<bool, WireError> {
    let simulated: SimulateResponse = world.simulate("alice", actions.to_vec())?;
    let purse = |world: &World| ASSETS.map(|asset| signed(world.balance("alice", asset)));
    let before = purse(world);
    let answer = world.batch("alice", actions.to_vec(), coins(&simulated.funds));
    let refusal = simulated
        .refusal
        .map(|text| WireError::find(&text).unwrap());
    if let Some(refusal) = refusal {
        assert_eq!(answer.unwrap_err(), refusal, "{actions:#?}");
        return Ok(false);
    }
    answer?;
    assert_eq!(
        simulated.after,
        Some(world.margin("alice")?),
        "{actions:#?}"
    );
    let part = |amounts: &[AssetAmount], asset: &str| -> i128 {
        amounts
            .iter()
            .filter(|part| part.asset == asset)
            .map(|part| signed(part.amount))
            .sum()
    };
    for ((symbol, before), after) in ASSETS.iter().zip(before).zip(purse(world)) {
        let asset = world.asset(symbol);
        let moved = part(&simulated.returned, &asset) - part(&simulated.funds, &asset);
        assert_eq!(after - before, moved, "{symbol}: {actions:#?}");
    }
    Ok(true)
}

#[test]
fn a_simulated_batch_is_the_batch_whatever_it_does() -> Tested {
    let mut dice = Dice::new(4);
    let mut world = odd_world()?;
    let mut passed = 0;
    for _ in 0..1_500 {
        let actions: Vec<Action> = (0..=dice.roll(5))
            .map(|_| random_action(&world, &mut dice))
            .collect();
        // Half of what passes stays, so that the next begins elsewhere.
        let keep = dice.roll(2) == 0;
        let stood = if keep {
            assert_foretold(&mut world, &actions)?
        } else {
            world.fork(|world| assert_foretold(world, &actions))?
        };
        passed += usize::from(stood);
        if keep && dice.roll(20) == 0 {
            world.advance_and_repost(dice.roll(100_000))?;
        }
    }
    assert!(passed > 250, "{passed} passed");
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn what_is_sent_is_in_hand_from_the_beginning() -> Tested {
    let world = odd_world()?;
    let asset = world.asset("ATOM");
    // The deposit of everything in hand takes what was sent for the next one, too.
    let actions = [
        Action::Withdraw {
            asset: asset.clone(),
            amount: Some(Amount(5)),
            to: None,
        },
        Action::Deposit {
            asset: asset.clone(),
            amount: None,
            lend: None,
        },
        Action::Deposit {
            asset: asset.clone(),
            amount: Some(Amount(7)),
            lend: None,
        },
    ];
    let simulated = world.simulate("alice", actions.to_vec())?;
    let refusal = simulated.refusal.expect("as the message");
    refused::<()>(
        Err(WireError::find(&refusal).unwrap()),
        "insufficient_hand",
        json!({"asset": asset, "available": "0", "requested": "7"}),
    );
    Ok(())
}

fn simulate_liquidation(
    world: &World,
    receive: Receive,
    to: Option<(&str, u16)>,
) -> Result<LiquidationResponse, WireError> {
    world.query(&QueryMsg::SimulateLiquidation {
        account: world.account_ref("alice"),
        debt: AssetAmount {
            asset: world.asset("USDC"),
            amount: Amount(200_000_000),
        },
        seize: world.asset("ATOM"),
        receive: Some(receive),
        to: to.map(|to| world.account_ref(to)),
    })
}

#[test]
fn pitfall_19_a_simulated_liquidation_knows_who_is_paid() -> Tested {
    let mut world = underwater();
    // Bob owes ATOM: what he is given repays it.
    world.deposit("bob", "BTC", 1)?;
    world.borrow("bob", "ATOM", 7)?;
    // ATOM of alice's lie in a pool without cash: what is not there comes as shares.
    for (receive, to) in [
        (Receive::Tokens, None),
        (Receive::Tokens, Some(("bob", 0))),
        (Receive::Account, Some(("bob", 0))),
        (Receive::Account, Some(("keeper", 3))),
    ] {
        let shown = simulate_liquidation(&world, receive, to)?;
        world.fork(|world| {
            let message = ExecuteMsg::Liquidate {
                account: world.account_ref("alice"),
                seize: world.asset("ATOM"),
                min_seized: Some(Amount(shown.tokens.0 + shown.idle.0 + shown.lent.0)),
                receive: Some(receive),
                to: to.map(|to| world.account_ref(to)),
                debt: None,
                callback: None,
            };
            let sent = world.coins("USDC", 200)?;
            let owner = to.map_or("keeper", |(owner, _)| owner);
            let before = world.balance(owner, "ATOM");
            let response = world.execute("keeper", message, sent)?;
            let event: Liquidated = events_of(&response).remove(0);
            assert_eq!(
                (
                    event.repaid,
                    event.seized,
                    event.tokens,
                    event.shares,
                    event.protocol_fee
                ),
                (
                    shown.repaid,
                    shown.seized,
                    shown.tokens,
                    shown.shares,
                    shown.protocol_fee
                )
            );
            assert_eq!(world.balance(owner, "ATOM").0 - before.0, shown.tokens.0);
            if let (Receive::Account, Some(("keeper", 3))) = (receive, to) {
                let idle = one_holding(world, ("keeper", 3), "ATOM").idle;
                assert_eq!(idle, shown.idle);
            }
            Ok::<_, WireError>(())
        })?;
    }
    // Into the account itself it is refused as by the message.
    let alice = world.address("alice").into_string();
    refused(
        simulate_liquidation(&world, Receive::Account, Some(("alice", 0))),
        "same_account",
        json!({"owner": alice, "id": 0}),
    );
    Ok(())
}

#[test]
fn pitfall_19_a_plan_of_any_account_is_what_liquidating_does() -> Tested {
    let mut dice = Dice::new(19);
    let mut planned = 0;
    for _ in 0..25 {
        let [usdc, atom, btc, eth] = standard_markets();
        let markets = [usdc, atom.as_cw20(), btc, eth];
        let mut world = world_of(markets.map(interest_free)).build()?;
        fund(&mut world);
        world.deposit("alice", "ATOM", 1_000)?;
        world.deposit("alice", "BTC", "0.1")?;
        world.borrow("alice", "ETH", 1 + u32::try_from(dice.roll(4)).unwrap())?;
        let most = world.max_borrow("alice", "USDC")?;
        world.borrow("alice", "USDC", most)?;
        let atom = format!("{}", 7 + dice.roll(3));
        let btc = format!("{}", 45_000 + dice.roll(18_000));
        falls(&mut world, &[("ATOM", &atom), ("BTC", &btc)]);
        let Some(plan) = world.plan("alice")? else {
            continue;
        };
        planned += 1;
        let symbol = plan.debt.asset.clone();
        let response = world.liquidate(
            "keeper",
            "alice",
            &symbol,
            plan.debt.amount,
            &plan.seize.asset,
        )?;
        let event: Liquidated = events_of(&response).remove(0);
        assert_eq!(event.repaid, plan.debt.amount);
        assert_eq!(event.tokens, plan.seize.amount);
        assert_eq!(event.protocol_fee, plan.protocol_fee);
        assert_eq!(
            (event.bonus, event.distressed),
            (plan.bonus, plan.distressed)
        );
    }
    assert!(planned > 10, "{planned}");
    Ok(())
}

#[test]
fn pitfall_38_accounts_at_risk_come_in_pages_of_at_most_a_hundred() -> Tested {
    let mut world = world_of([
        interest_free(MarketSpec::usd("USDC")),
        interest_free(MarketSpec::crypto("ATOM").with_price(10)),
    ])
    .build()?;
    supply(&mut world, "USDC", 1_000_000);
    for id in 0..115 {
        world.deposit(("alice", id), "ATOM", 100)?;
        world.borrow(("alice", id), "USDC", if id % 3 == 0 { 100 } else { 800 })?;
    }
    falls(&mut world, &[("ATOM", "9.5")]);
    for limit in [Some(1), Some(7), None, Some(100), Some(101), Some(u32::MAX)] {
        // The default is 30; carol's account is scanned, too.
        let size = limit.map_or(30, |limit| limit.min(100));
        let (mut found, mut start_after, mut pages) = (Vec::new(), None, 0);
        loop {
            let page = world.at_risk(None, start_after, limit)?;
            assert!(page.accounts.len() <= usize::try_from(size).unwrap());
            found.extend(page.accounts.into_iter().map(|at_risk| at_risk.account));
            pages += 1;
            start_after = page.next;
            if start_after.is_none() {
                break;
            }
        }
        assert_eq!(pages, 116 / size + 1, "{limit:?}");
        let expected: Vec<AccountRef> = (0..115)
            .filter(|id| id % 3 != 0)
            .map(|id| world.account_ref(("alice", id)))
            .collect();
        assert_eq!(found, expected, "{limit:?}");
    }
    Ok(())
}

//! `simulate`: its answer is what the messages lead to, its refusal is theirs.

use bulwark_risk::units::Amount;
use bulwark_testing::World;
use bulwark_tests::{Tested, falls, funded, levered, refused, standard_markets, supply, world_of};
use bulwark_types::vault::{Action, ExecuteMsg, PausableAction};
use bulwark_types::wire::WireError;
use serde_json::json;

#[test]
fn every_action_leads_where_its_message_leads() -> Tested {
    let mut world = odd_world()?;
    let plan = [
        deposit(&world, "ATOM", 5_000_001, false),
        deposit(&world, "ATOM", 7_000_003, true),
        deposit(&world, "USDC", 90_000_000, false),
        withdraw(&world, "ATOM", Some(3_000_000)),
        lend(&world, "ATOM", Some(1_234_567)),
        lend(&world, "ATOM", None),
        recall(&world, "ATOM", Some(765_433)),
        recall(&world, "ATOM", None),
        borrow(&world, "USDC", 11_111_111),
        borrow(&world, "ETH", 1_000_000_000_000_001),
        repay(&world, "USDC", 5_000_000),
        repay(&world, "USDC", 1_000_000_000),
    ];
    // One by one, from the state that the ones before have led to.
    for action in &plan {
        let simulated = world.simulate("alice", vec![action.clone()])?;
        assert_eq!(simulated.before, world.margin("alice")?, "{action:?}");
        assert_eq!(simulated.refusal, None, "{action:?}");
        carry_out(&mut world, action)?;
        assert_eq!(simulated.after, Some(world.margin("alice")?), "{action:?}");
    }
    // And all at once, from the beginning.
    let mut world = odd_world()?;
    let simulated = world.simulate("alice", plan.to_vec())?;
    for action in &plan {
        carry_out(&mut world, action)?;
    }
    assert_eq!(simulated.after, Some(world.margin("alice")?));
    assert_eq!(simulated.refusal, None);
    Ok(())
}

#[test]
fn a_refusal_is_the_messages_own() -> Tested {
    let mut world = odd_world()?;
    let actions = [
        deposit(&world, "ATOM", 0, false),
        deposit(&world, "ATOM", 1 << 104, false),
        deposit(&world, "ATOM", 6_000_000_000_000, false),
        withdraw(&world, "ATOM", Some(u128::MAX)),
        withdraw(&world, "ATOM", Some(0)),
        withdraw(&world, "ATOM", Some(60_000_000)),
        withdraw(&world, "ATOM", None),
        withdraw(&world, "USDC", None),
        withdraw(&world, "BTC", Some(1)),
        lend(&world, "ATOM", Some(1_000_000_000)),
        lend(&world, "BTC", None),
        recall(&world, "ATOM", Some(1_000_000_000)),
        recall(&world, "USDC", None),
        borrow(&world, "USDC", 0),
        borrow(&world, "USDC", u128::MAX),
        borrow(&world, "USDC", 900_000_000),
        borrow(&world, "USDC", 1_000_000_000_000),
        borrow(&world, "ATOM", 1),
        borrow(&world, "ETH", 300_000_000_000_000_000_000),
        repay(&world, "BTC", 1),
        repay(&world, "ATOM", 1),
        borrow_unlisted(),
    ];
    for action in actions {
        let simulated = world.simulate("alice", vec![action.clone()])?;
        let text = simulated
            .refusal
            .unwrap_or_else(|| panic!("{action:?} would pass"));
        let error = world.fork(|world| {
            // What is refused before the vault sees it, as the bank does nothing, has no
            // message to compare with.
            match carry_out(world, &action) {
                Err(error) if error.name == "chain" => None,
                Err(error) => Some(error),
                Ok(()) => panic!("{action:?} passes"),
            }
        });
        let parsed = WireError::find(&text).expect("the displayed form");
        match error {
            Some(error) => assert_eq!(parsed, error, "{action:?}"),
            None => assert!(
                ["zero_amount", "amount_too_large"].contains(&parsed.name.as_str()),
                "{action:?}: {text}"
            ),
        }
        // A margin that is not met is shown; what cannot be carried out leads nowhere.
        let shown = parsed.name == "below_initial_margin";
        assert_eq!(simulated.after.is_some(), shown, "{action:?}");
    }
    Ok(())
}

#[test]
fn pauses_and_stale_prices_are_refused_as_by_the_messages() -> Tested {
    let mut world = odd_world()?;
    let actions = [
        deposit(&world, "ATOM", 1, false),
        withdraw(&world, "ATOM", Some(1)),
        borrow(&world, "USDC", 1),
    ];
    world.fork(|world| {
        let all = [
            PausableAction::Deposit,
            PausableAction::Borrow,
            PausableAction::Withdraw,
        ];
        world.pause(None, &all)?;
        for action in &actions {
            assert_eq!(refusal(world, action)?.name, "paused");
            assert_eq!(
                refusal(world, action)?,
                carry_out(world, action).unwrap_err()
            );
        }
        // Neither lending nor recalling can be paused.
        let lend = lend(world, "ATOM", Some(1_000));
        assert_eq!(world.simulate("alice", vec![lend.clone()])?.refusal, None);
        carry_out(world, &lend)
    })?;
    world.advance(121);
    for action in &actions[1..] {
        assert_eq!(refusal(&world, action)?.name, "price_not_openable");
        assert_eq!(
            refusal(&world, action)?,
            carry_out(&mut world, action).unwrap_err()
        );
    }
    // A deposit needs no price.
    assert_eq!(
        world.simulate("alice", vec![actions[0].clone()])?.refusal,
        None
    );
    carry_out(&mut world, &actions[0])?;
    Ok(())
}

#[test]
fn the_margin_is_checked_once_at_the_end() -> Tested {
    let world = funded();
    // Borrowing before there is anything: as one transaction it would pass.
    let actions = vec![
        borrow(&world, "USDC", 800_000_000),
        deposit(&world, "ATOM", 100_000_000, false),
    ];
    let simulated = world.simulate("alice", actions)?;
    assert_eq!(simulated.refusal, None);
    assert_eq!(simulated.before.holdings, []);
    let after = simulated.after.expect("it can be carried out");
    assert_eq!(after.equity, bulwark_tests::usd("200"));
    Ok(())
}

#[test]
fn an_account_at_margin_call_may_only_improve() -> Tested {
    let mut world = levered();
    falls(&mut world, &[("ATOM", "9.7")]);
    let worse = withdraw(&world, "ATOM", Some(1));
    assert_eq!(refusal(&world, &worse)?.name, "below_initial_margin");
    let better = vec![
        withdraw(&world, "ATOM", Some(1_000_000)),
        repay(&world, "USDC", 100_000_000),
    ];
    assert_eq!(world.simulate("alice", better)?.refusal, None);
    Ok(())
}

#[test]
fn it_changes_nothing() -> Tested {
    let world = odd_world()?;
    let before = (world.account("alice")?, world.market("USDC")?);
    world.simulate("alice", vec![borrow(&world, "USDC", 1_000_000)])?;
    assert_eq!((world.account("alice")?, world.market("USDC")?), before);
    let none = world.simulate("alice", Vec::new());
    refused(none, "list_length", json!({ "length": 0, "limit": 32 }));
    Ok(())
}

#[test]
fn thirty_two_actions_are_the_most() -> Tested {
    let world = odd_world()?;
    let action = deposit(&world, "ATOM", 1, false);
    world.simulate("alice", vec![action.clone(); 32])?;
    let answer = world.simulate("alice", vec![action; 33]);
    refused(answer, "list_length", json!({ "length": 33, "limit": 32 }));
    Ok(())
}

/// Alice has idle and lent ATOM and owes USDC, in pools whose shares are worth odd numbers.
fn odd_world() -> Result<World, WireError> {
    let mut world = world_of(standard_markets()).build()?;
    supply(&mut world, "USDC", 3_000);
    supply(&mut world, "ATOM", 1_000);
    supply(&mut world, "ETH", 10);
    world.deposit("bob", "BTC", 1)?;
    world.borrow("bob", "USDC", 700)?;
    world.borrow("bob", "ATOM", 200)?;
    world.borrow("bob", "ETH", 2)?;
    world.advance(7_654_321);
    world.repost()?;
    world.deposit("alice", "ATOM", 60)?;
    world.deposit_lent("alice", "ATOM", 20)?;
    world.borrow("alice", "USDC", 500)?;
    world.advance(60);
    world.repost()?;
    Ok(world)
}

fn refusal(world: &World, action: &Action) -> Result<WireError, WireError> {
    let simulated = world.simulate("alice", vec![action.clone()])?;
    let text = simulated
        .refusal
        .unwrap_or_else(|| panic!("{action:?} would pass"));
    Ok(WireError::find(&text).expect("the displayed form"))
}

fn carry_out(world: &mut World, action: &Action) -> Tested {
    let account = Some(world.account_ref("alice"));
    let (message, paid) = match action.clone() {
        Action::Deposit {
            asset,
            amount,
            lend,
        } => (ExecuteMsg::Deposit { account, lend }, Some((asset, amount))),
        Action::Repay { asset, amount } => (ExecuteMsg::Repay { account }, Some((asset, amount))),
        Action::Withdraw { asset, amount, to } => (
            ExecuteMsg::Withdraw {
                account,
                asset,
                amount,
                to,
            },
            None,
        ),
        Action::Lend { asset, amount } => (
            ExecuteMsg::Lend {
                account,
                asset,
                amount,
            },
            None,
        ),
        Action::Recall { asset, amount } => (
            ExecuteMsg::Recall {
                account,
                asset,
                amount,
            },
            None,
        ),
        Action::Borrow { asset, amount, to } => (
            ExecuteMsg::Borrow {
                account,
                asset,
                amount,
                to,
            },
            None,
        ),
        Action::Call { contract, .. } => panic!("no message calls {contract} without a batch"),
    };
    let funds = match paid {
        Some((asset, amount)) => world.coins(&asset, amount.unwrap_or_default())?,
        None => Vec::new(),
    };
    world.execute("alice", message, funds).map(drop)
}

fn deposit(world: &World, asset: &str, units: u128, lend: bool) -> Action {
    Action::Deposit {
        asset: world.asset(asset),
        amount: Some(Amount(units)),
        lend: Some(lend),
    }
}

fn withdraw(world: &World, asset: &str, units: Option<u128>) -> Action {
    Action::Withdraw {
        asset: world.asset(asset),
        amount: units.map(Amount),
        to: None,
    }
}

fn lend(world: &World, asset: &str, units: Option<u128>) -> Action {
    Action::Lend {
        asset: world.asset(asset),
        amount: units.map(Amount),
    }
}

fn recall(world: &World, asset: &str, units: Option<u128>) -> Action {
    Action::Recall {
        asset: world.asset(asset),
        amount: units.map(Amount),
    }
}

fn borrow(world: &World, asset: &str, units: u128) -> Action {
    Action::Borrow {
        asset: world.asset(asset),
        amount: Amount(units),
        to: None,
    }
}

fn borrow_unlisted() -> Action {
    Action::Borrow {
        asset: "unlisted".into(),
        amount: Amount(1),
        to: None,
    }
}

fn repay(world: &World, asset: &str, units: u128) -> Action {
    Action::Repay {
        asset: world.asset(asset),
        amount: Some(Amount(units)),
    }
}

//! `set_operator` and `operators`: who may act for whom, for how long.

use crate::pitfall_support::{Answer, wealth};
use bulwark_risk::units::Amount;
use bulwark_testing::{World, events_of};
use bulwark_tests::{Tested, assert_books_balance, falls, funded, interest_free, refused};
use bulwark_types::events::OperatorMoved;
use bulwark_types::vault::{
    AccountRef, Action, ExecuteMsg, OperatorGrant, OperatorsResponse, QueryMsg, Receive,
};
use serde_json::json;

/// Alice has 100 ATOM idle, 50 lent and owes 100 USDC in account 0; 20 ATOM in account 1.
fn world() -> World {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100).unwrap();
    world.deposit_lent("alice", "ATOM", 50).unwrap();
    world.borrow("alice", "USDC", 100).unwrap();
    world.deposit(("alice", 1), "ATOM", 20).unwrap();
    world
}

fn operators(world: &World, owner: &str) -> Vec<OperatorGrant> {
    let owner = world.address(owner).into_string();
    let found: OperatorsResponse = world.query(&QueryMsg::Operators { owner }).unwrap();
    found.operators
}

fn revoke(world: &mut World, owner: &str, operator: &str, id: Option<u16>) -> Answer {
    let message = ExecuteMsg::SetOperator {
        operator: world.address(operator).into_string(),
        id,
        expires: None,
        revoke: Some(true),
    };
    world.execute(owner, message, vec![])
}

fn withdraw(world: &mut World, sender: &str, account: (&str, u16)) -> Answer {
    let message = ExecuteMsg::Withdraw {
        account: Some(world.account_ref(account)),
        asset: world.asset("ATOM"),
        amount: Some(Amount(1)),
        to: None,
    };
    world.execute(sender, message, vec![])
}

/// Whether somebody may act for an account; refused for no other reason.
#[track_caller]
fn may_act(world: &mut World, sender: &str, account: (&str, u16)) -> bool {
    match world.fork(|world| withdraw(world, sender, account)) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.name, "not_account_owner", "{error:?}");
            false
        }
    }
}

/// Every message that only an account's owner may send, and what it is refused with from others.
fn owner_messages(world: &World) -> Vec<(ExecuteMsg, &'static str)> {
    let account = || Some(world.account_ref("alice"));
    let [atom, usdc] = ["ATOM", "USDC"].map(|symbol| world.asset(symbol));
    let some = Some(Amount(1_000_000));
    let not_owner = "not_account_owner";
    let borrow = Action::Borrow {
        asset: usdc.clone(),
        amount: Amount(1_000_000),
        to: None,
    };
    vec![
        (
            ExecuteMsg::Withdraw {
                account: account(),
                asset: atom.clone(),
                amount: some,
                to: None,
            },
            not_owner,
        ),
        (
            ExecuteMsg::Lend {
                account: account(),
                asset: atom.clone(),
                amount: some,
            },
            not_owner,
        ),
        (
            ExecuteMsg::Recall {
                account: account(),
                asset: atom.clone(),
                amount: some,
            },
            not_owner,
        ),
        (
            ExecuteMsg::Borrow {
                account: account(),
                asset: usdc,
                amount: Amount(1_000_000),
                to: None,
            },
            not_owner,
        ),
        (
            ExecuteMsg::Transfer {
                account: account(),
                to: world.account_ref(("alice", 1)),
                asset: atom.clone(),
                amount: some,
            },
            not_owner,
        ),
        (
            ExecuteMsg::Batch {
                account: account(),
                actions: vec![borrow],
            },
            not_owner,
        ),
        // A new asset: its one BTC comes as funds.
        (
            ExecuteMsg::Deposit {
                account: account(),
                lend: None,
            },
            "foreign_asset",
        ),
        // And into an account that does not hold anything yet.
        (
            ExecuteMsg::Transfer {
                account: Some(world.account_ref(("alice", 1))),
                to: world.account_ref(("alice", 9)),
                asset: atom,
                amount: some,
            },
            not_owner,
        ),
    ]
}

fn send(world: &mut World, sender: &str, message: ExecuteMsg) -> Answer {
    let funds = match message {
        ExecuteMsg::Deposit { .. } => world.coins("BTC", 1)?,
        _ => vec![],
    };
    world.execute(sender, message, funds)
}

#[test]
fn an_operator_may_send_what_the_owner_may_and_nobody_else() -> Tested {
    let mut world = world();
    for (message, refusal) in owner_messages(&world) {
        let answer = world.fork(|world| send(world, "bob", message.clone()));
        assert_eq!(answer.unwrap_err().name, refusal, "{message:?}");
    }
    world.set_operator("alice", "bob", None, None)?;
    for (message, refusal) in owner_messages(&world) {
        let stranger = world.fork(|world| send(world, "mallory", message.clone()));
        assert_eq!(stranger.unwrap_err().name, refusal, "{message:?}");
        send(&mut world, "bob", message)?;
    }
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn what_leaves_goes_to_who_sent_the_message() -> Tested {
    let mut world = world();
    world.set_operator("alice", "bob", None, None)?;
    let (bob, alice) = (world.balance("bob", "ATOM"), world.balance("alice", "ATOM"));
    withdraw(&mut world, "bob", ("alice", 0))?;
    assert_eq!(world.balance("bob", "ATOM").0, bob.0 + 1);
    assert_eq!(world.balance("alice", "ATOM"), alice);
    Ok(())
}

#[test]
fn a_grant_for_one_account_covers_no_other() -> Tested {
    let mut world = world();
    world.set_operator("alice", "bob", Some(1), None)?;
    assert!(may_act(&mut world, "bob", ("alice", 1)));
    assert!(!may_act(&mut world, "bob", ("alice", 0)));
    // A transfer takes from the account that the sender acts for only.
    let steal = ExecuteMsg::Transfer {
        account: Some(world.account_ref("alice")),
        to: world.account_ref(("alice", 1)),
        asset: world.asset("ATOM"),
        amount: None,
    };
    let alice = world.address("alice").into_string();
    let bob = world.address("bob").into_string();
    refused(
        world.execute("bob", steal, vec![]),
        "not_account_owner",
        json!({"sender": bob, "owner": alice, "id": 0}),
    );
    // Beside one for all, it goes and leaves that one.
    world.set_operator("alice", "bob", None, None)?;
    assert_eq!(operators(&world, "alice").len(), 2);
    revoke(&mut world, "alice", "bob", Some(1))?;
    assert!(may_act(&mut world, "bob", ("alice", 0)));
    assert!(may_act(&mut world, "bob", ("alice", 1)));
    Ok(())
}

#[test]
fn a_grant_is_nobody_elses_and_is_not_handed_on() -> Tested {
    let mut world = world();
    world.deposit("carol", "ATOM", 5)?;
    world.set_operator("alice", "bob", None, None)?;
    world.set_operator("bob", "mallory", None, None)?;
    assert!(!may_act(&mut world, "bob", ("carol", 0)));
    assert!(
        !may_act(&mut world, "mallory", ("alice", 0)),
        "an operator's operator"
    );
    world.deposit("bob", "ATOM", 5)?;
    assert!(may_act(&mut world, "mallory", ("bob", 0)));
    assert!(!may_act(&mut world, "alice", ("bob", 0)), "not mutual");
    // Bob can neither renew his grant nor take it away: what he sends is about his own.
    let missing = revoke(&mut world, "bob", "bob", None);
    assert_eq!(missing.unwrap_err().name, "invalid_operator");
    let grant = OperatorGrant {
        operator: world.address("bob").into_string(),
        id: None,
        expires: None,
    };
    assert_eq!(operators(&world, "alice"), [grant]);
    Ok(())
}

#[test]
fn a_grant_ends_to_the_second_and_can_be_renewed() -> Tested {
    let mut world = world();
    let end = world.now() + 100;
    let response = world.set_operator("alice", "bob", None, Some(end))?;
    let event: OperatorMoved = events_of(&response).remove(0);
    assert_eq!((event.action.as_str(), event.expires), ("granted", end));
    world.advance(99);
    world.repost()?;
    assert!(may_act(&mut world, "bob", ("alice", 0)));
    assert_eq!(operators(&world, "alice").len(), 1);
    world.fork(|world| {
        world.set_operator("alice", "bob", None, Some(end + 50))?;
        assert_eq!(
            operators(world, "alice").len(),
            1,
            "renewed, not given twice"
        );
        world.advance(50);
        world.repost()?;
        assert!(may_act(world, "bob", ("alice", 0)));
        Ok::<_, bulwark_types::wire::WireError>(())
    })?;
    world.advance(1);
    world.repost()?;
    assert!(!may_act(&mut world, "bob", ("alice", 0)));
    assert_eq!(operators(&world, "alice"), []);
    let (now, bob) = (world.now(), world.address("bob").into_string());
    refused(
        world.set_operator("alice", "bob", None, Some(now)),
        "expiry_passed",
        json!({"expires": now, "now": now}),
    );
    // What has expired is not there to be taken away.
    refused(
        revoke(&mut world, "alice", "bob", None),
        "unknown_operator",
        json!({"operator": bob, "id": null}),
    );
    Ok(())
}

#[test]
fn a_revoked_operator_may_nothing_at_once() -> Tested {
    let mut world = world();
    world.set_operator("alice", "bob", None, None)?;
    assert!(may_act(&mut world, "bob", ("alice", 0)));
    let response = revoke(&mut world, "alice", "bob", None)?;
    let event: OperatorMoved = events_of(&response).remove(0);
    assert_eq!(event.action, "revoked");
    assert!(!may_act(&mut world, "bob", ("alice", 0)));
    assert_eq!(operators(&world, "alice"), []);
    Ok(())
}

#[test]
fn sixteen_grants_and_what_expired_makes_room() -> Tested {
    let mut world = world();
    let end = world.now() + 10;
    for number in 0..16_u16 {
        let expires = (number < 3).then_some(end);
        // Grants of one operator for several accounts count one by one.
        let operator = format!("operator-{}", number / 2);
        world.set_operator("alice", &operator, Some(number), expires)?;
    }
    refused(
        world.set_operator("alice", "bob", None, None),
        "too_many_operators",
        json!({"limit": 16}),
    );
    // Another owner's are not in the way, and a renewal is not one more.
    world.set_operator("bob", "carol", None, None)?;
    world.set_operator("alice", "operator-7", Some(15), Some(end + 1_000))?;
    world.advance(10);
    for operator in ["bob", "carol", "mallory"] {
        world.set_operator("alice", operator, None, None)?;
    }
    assert_eq!(operators(&world, "alice").len(), 16);
    let full = world.set_operator("alice", "owner", None, None);
    assert_eq!(full.unwrap_err().name, "too_many_operators");
    Ok(())
}

#[test]
fn neither_oneself_nor_the_vault_nor_what_is_no_address() -> Tested {
    let mut world = world();
    let vault = world.vault().to_string();
    for operator in [world.address("alice").into_string(), vault] {
        refused(
            world.set_operator("alice", &operator, None, None),
            "invalid_operator",
            json!({"operator": operator}),
        );
    }
    let shouted = ExecuteMsg::SetOperator {
        operator: world.address("bob").into_string().to_uppercase(),
        id: None,
        expires: None,
        revoke: None,
    };
    let answer = world.execute("alice", shouted.clone(), vec![]);
    assert_eq!(answer.unwrap_err().name, "std");
    let paid = world.coins("USDC", 1)?;
    let answer = world.execute("alice", shouted, paid);
    assert_eq!(answer.unwrap_err().name, "wrong_funds");
    Ok(())
}

#[test]
fn an_operator_gains_no_power_over_the_vault() -> Tested {
    let mut world = world();
    world.set_operator("owner", "mallory", None, None)?;
    let collect = ExecuteMsg::CollectReserve {
        asset: world.asset("USDC"),
        amount: None,
        to: world.address("mallory").into_string(),
    };
    let answer = world.execute("mallory", collect, vec![]);
    assert_eq!(answer.unwrap_err().name, "unauthorized");
    Ok(())
}

#[test]
fn pitfall_17_nobody_gains_by_liquidating_himself_through_an_operator() -> Tested {
    for (receive, to) in [
        (Receive::Tokens, ("bob", 0)),
        (Receive::Account, ("bob", 0)),
        (Receive::Account, ("alice", 1)),
    ] {
        for price in ["9.5", "9", "8.5"] {
            let markets = bulwark_tests::standard_markets().map(interest_free);
            let mut world = bulwark_tests::world_of(markets).build()?;
            bulwark_tests::fund(&mut world);
            world.deposit("alice", "ATOM", 100)?;
            world.deposit(("alice", 1), "ATOM", 1)?;
            world.borrow("alice", "USDC", 800)?;
            world.set_operator("alice", "bob", None, None)?;
            falls(&mut world, &[("ATOM", price)]);
            let both = |world: &World| wealth(world, "alice") + wealth(world, "bob");
            let before = both(&world);
            let account: AccountRef = world.account_ref("alice");
            let message = ExecuteMsg::Liquidate {
                account,
                seize: world.asset("ATOM"),
                min_seized: None,
                receive: Some(receive),
                to: Some(world.account_ref(to)),
                debt: None,
                callback: None,
            };
            let paid = world.coins("USDC", 400)?;
            world.execute("bob", message, paid)?;
            // And takes what it can of the rest as an operator.
            let rest = withdraw(&mut world, "bob", ("alice", 0));
            assert!(both(&world) < before, "{price} {receive:?}: {rest:?}");
        }
    }
    Ok(())
}

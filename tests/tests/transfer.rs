//! `transfer`: deposits move between accounts, no token moves, the giver's margin holds.

use bulwark_risk::units::{Amount, SupplyShares};
use bulwark_testing::{World, events_of};
use bulwark_tests::{
    Purses, Tested, assert_books_balance, falls, funded, levered, one_holding, refused,
    standard_markets, world_of,
};
use bulwark_types::events::Transferred;
use bulwark_types::vault::{AccountRef, ExecuteMsg, PausableAction};
use serde_json::json;

#[test]
fn between_ones_own_accounts_idle_deposits_move_first() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 60)?;
    world.deposit_lent("alice", "ATOM", 40)?;
    let (purses, market) = (Purses::of(&world), world.market("ATOM")?);

    let response = world.transfer("alice", ("alice", 3), "ATOM", 75)?;

    purses.assert_moved(&world, &[]);
    let (left, moved) = (
        one_holding(&world, ("alice", 0), "ATOM"),
        one_holding(&world, ("alice", 3), "ATOM"),
    );
    assert_eq!((left.idle, left.lent), (Amount::ZERO, Amount(25_000_000)));
    assert_eq!(
        (moved.idle, moved.lent),
        (Amount(60_000_000), Amount(15_000_000))
    );
    assert_eq!(
        events_of::<Transferred>(&response),
        [Transferred {
            owner: world.address("alice").into_string(),
            id: 0,
            to_owner: world.address("alice").into_string(),
            to_id: 3,
            asset: world.asset("ATOM"),
            amount: Amount(75_000_000),
            idle: Amount(60_000_000),
            shares: SupplyShares(15_000_000_000_000),
            repaid: Amount::ZERO,
        }]
    );
    assert_eq!(world.market("ATOM")?, market, "the market's totals stay");
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn everything_leaves_no_record_behind() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 60)?;
    world.deposit_lent("alice", "ATOM", 40)?;
    transfer_all(&mut world, "alice", ("alice", 1), "ATOM")?;
    assert_eq!(world.account("alice")?.holdings, []);
    let moved = one_holding(&world, ("alice", 1), "ATOM");
    assert_eq!(
        (moved.idle, moved.lent),
        (Amount(60_000_000), Amount(40_000_000))
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn anothers_account_takes_what_it_holds_already() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 10)?;
    world.deposit("bob", "USDC", 10)?;

    let answer = world.transfer("alice", "bob", "ATOM", 1);
    let fields = json!({
        "asset": world.asset("ATOM"),
        "owner": world.address("bob"),
        "id": 0,
    });
    refused(answer, "foreign_asset", fields);

    world.deposit("bob", "ATOM", 1)?;
    world.transfer("alice", "bob", "ATOM", 4)?;
    assert_eq!(
        one_holding(&world, ("bob", 0), "ATOM").idle,
        Amount(5_000_000)
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn ones_own_full_account_takes_no_further_asset() -> Tested {
    let mut world = world_of(standard_markets())
        .with_parameters(|parameters| parameters.max_holdings = 2)
        .build()?;
    world.deposit("alice", "ATOM", 10)?;
    world.deposit(("alice", 1), "BTC", 1)?;
    world.deposit(("alice", 1), "ETH", 1)?;
    let answer = world.transfer("alice", ("alice", 1), "ATOM", 1);
    let fields = json!({ "asset": world.asset("ATOM"), "limit": 2 });
    refused(answer, "too_many_holdings", fields);
    Ok(())
}

#[test]
fn lent_deposits_move_without_cash() -> Tested {
    let mut world = levered();
    world.withdraw("carol", "USDC", Amount(999_200_000_000))?;
    assert_eq!(world.market("USDC")?.cash, Amount::ZERO);
    let shares = one_holding(&world, ("carol", 0), "USDC").lent_shares;

    transfer_all(&mut world, "carol", ("carol", 9), "USDC")?;

    let moved = one_holding(&world, ("carol", 9), "USDC");
    assert_eq!(
        (moved.idle, moved.lent),
        (Amount::ZERO, Amount(800_000_000))
    );
    assert_eq!(moved.lent_shares, shares);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn what_arrives_repays_the_receivers_debt_first() -> Tested {
    let mut world = levered();
    world.deposit("bob", "USDC", 100)?;
    world.deposit_lent("bob", "USDC", 1_000)?;
    let purses = Purses::of(&world);
    let supplied = world.market("USDC")?.supplied;

    let response = world.transfer("bob", "alice", "USDC", 400)?;

    assert_eq!(
        events_of::<Transferred>(&response)[0].repaid,
        Amount(400_000_000)
    );
    assert_eq!(
        one_holding(&world, ("alice", 0), "USDC").debt,
        Amount(400_000_000)
    );
    let market = world.market("USDC")?;
    assert_eq!(market.borrowed, Amount(400_000_000));
    // 100 had been idle: they are the pool's cash now. 300 shares' worth are burned.
    assert_eq!(market.supplied.0 + 300_000_000, supplied.0);
    assert_eq!(market.idle, Amount::ZERO);

    transfer_all(&mut world, "bob", "alice", "USDC")?;

    let holding = one_holding(&world, ("alice", 0), "USDC");
    assert_eq!((holding.debt, holding.idle), (Amount::ZERO, Amount::ZERO));
    assert_eq!(holding.lent, Amount(300_000_000));
    purses.assert_moved(&world, &[]);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn the_givers_initial_margin_has_to_hold() -> Tested {
    let mut world = levered();
    let before = world.account("alice")?;
    let answer = world.transfer("alice", ("alice", 1), "ATOM", 20);
    assert_eq!(answer.unwrap_err().name, "below_initial_margin");
    assert_eq!(world.account("alice")?, before);
    assert_eq!(world.account(("alice", 1))?.holdings, []);
    world.transfer("alice", ("alice", 1), "ATOM", Amount(1))?;

    // A gift by somebody who owes nothing needs no price.
    world.advance(86_400);
    assert!(world.price("ATOM")?.stale);
    world.deposit("bob", "ATOM", 1)?;
    world.transfer("bob", ("alice", 0), "ATOM", 1)?;
    let answer = world.transfer("alice", ("alice", 1), "ATOM", Amount(1));
    assert_eq!(answer.unwrap_err().name, "price_not_openable");
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn whoever_is_under_water_gives_nothing_away() -> Tested {
    let mut world = levered();
    falls(&mut world, &[("ATOM", "9.5")]);
    let answer = world.transfer("alice", ("alice", 1), "ATOM", Amount(1));
    assert_eq!(answer.unwrap_err().name, "below_initial_margin");
    Ok(())
}

#[test]
fn a_pause_of_withdrawals_holds_transfers_too() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 10)?;
    world.pause(Some("ATOM"), &[PausableAction::Withdraw])?;
    let answer = world.transfer("alice", ("alice", 1), "ATOM", 1);
    let fields = json!({
        "action": "withdraw",
        "asset": world.asset("ATOM"),
        "until": world.now() + 72 * 3600,
    });
    refused(answer, "paused", fields);
    Ok(())
}

#[test]
fn strangers_and_nonsense_are_refused() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 10)?;
    let (asset, alice) = (world.asset("ATOM"), world.address("alice"));

    let answer = world.transfer("alice", "alice", "ATOM", 1);
    refused(answer, "same_account", json!({ "owner": alice, "id": 0 }));

    let message = |account: AccountRef, to: AccountRef| ExecuteMsg::Transfer {
        account: Some(account),
        to,
        asset: asset.clone(),
        amount: None,
    };
    let (victim, thief) = (world.account_ref("alice"), world.account_ref("mallory"));
    let steal = message(victim.clone(), thief);
    let answer = world.execute("mallory", steal, Vec::new());
    let fields = json!({ "sender": world.address("mallory"), "owner": alice, "id": 0 });
    refused(answer, "not_account_owner", fields);

    let nowhere = AccountRef {
        owner: "nobody".into(),
        id: 0,
    };
    let answer = world.execute("alice", message(victim, nowhere), Vec::new());
    assert_eq!(answer.unwrap_err().name, "std");

    let answer = world.transfer("alice", ("alice", 1), "ATOM", Amount(10_000_001));
    let fields = json!({ "asset": asset, "available": "10000000", "requested": "10000001" });
    refused(answer, "insufficient_deposit", fields);
    let answer = world.transfer("alice", ("alice", 1), "ATOM", Amount::ZERO);
    refused(answer, "zero_amount", json!({ "asset": asset }));
    let answer = world.transfer("alice", ("alice", 1), "USDC", 1);
    refused(
        answer,
        "no_deposit",
        json!({ "asset": world.asset("USDC") }),
    );
    Ok(())
}

fn transfer_all(
    world: &mut World,
    from: &str,
    to: impl Into<bulwark_testing::Account>,
    asset: &str,
) -> Tested {
    let message = ExecuteMsg::Transfer {
        account: None,
        to: world.account_ref(to),
        asset: world.asset(asset),
        amount: None,
    };
    world.execute(from, message, Vec::new())?;
    Ok(())
}

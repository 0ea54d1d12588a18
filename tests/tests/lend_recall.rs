//! `lend` and `recall`: deposits move between idle and the pool, no token moves.

use bulwark_risk::units::{Amount, SupplyShares};
use bulwark_testing::{World, events_of};
use bulwark_tests::{
    Purses, Tested, assert_books_balance, funded, levered, one_holding, refused, standard_markets,
    supply, world_of,
};
use bulwark_types::events::{Lent, Recalled};
use bulwark_types::vault::{ExecuteMsg, PausableAction};
use serde_json::json;

#[test]
fn idle_deposits_become_shares_and_come_back() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    let purses = Purses::of(&world);

    let response = world.lend("alice", "ATOM", 30)?;

    let holding = one_holding(&world, ("alice", 0), "ATOM");
    assert_eq!(
        (holding.idle, holding.lent),
        (Amount(70_000_000), Amount(30_000_000))
    );
    assert_eq!(
        events_of::<Lent>(&response),
        [Lent {
            owner: world.address("alice").into_string(),
            id: 0,
            asset: world.asset("ATOM"),
            amount: Amount(30_000_000),
            shares: SupplyShares(30_000_000_000_000),
        }]
    );
    let market = world.market("ATOM")?;
    assert_eq!(
        (market.idle, market.supplied),
        (Amount(70_000_000), Amount(100_030_000_000))
    );

    let response = world.recall("alice", "ATOM", 10)?;

    let holding = one_holding(&world, ("alice", 0), "ATOM");
    assert_eq!(
        (holding.idle, holding.lent),
        (Amount(80_000_000), Amount(20_000_000))
    );
    assert_eq!(
        events_of::<Recalled>(&response),
        [Recalled {
            owner: world.address("alice").into_string(),
            id: 0,
            asset: world.asset("ATOM"),
            amount: Amount(10_000_000),
            shares: SupplyShares(10_000_000_000_000),
        }]
    );
    purses.assert_moved(&world, &[]);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn everything_is_the_default() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    world.lend_all("alice", "ATOM")?;
    let holding = one_holding(&world, ("alice", 0), "ATOM");
    assert_eq!(
        (holding.idle, holding.lent),
        (Amount::ZERO, Amount(100_000_000))
    );
    world.recall_all("alice", "ATOM")?;
    let holding = one_holding(&world, ("alice", 0), "ATOM");
    assert_eq!(holding.idle, Amount(100_000_000));
    assert_eq!(
        (holding.lent, holding.lent_shares),
        (Amount::ZERO, SupplyShares::ZERO)
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn what_is_recalled_is_paid_by_the_pools_cash() -> Tested {
    let mut world = levered();
    world.deposit("carol", "USDC", 3)?;
    let answer = world.recall_all("carol", "USDC");
    assert_eq!(answer.unwrap_err().name, "insufficient_cash");
    let answer = world.recall("carol", "USDC", Amount(999_200_000_001));
    assert_eq!(answer.unwrap_err().name, "insufficient_cash");

    world.recall("carol", "USDC", Amount(999_200_000_000))?;

    let market = world.market("USDC")?;
    assert_eq!(market.cash, Amount::ZERO);
    assert_eq!(market.idle, Amount(999_203_000_000));
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn only_what_is_idle_is_lent_and_only_what_is_lent_is_recalled() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 5)?;
    world.deposit_lent("alice", "ATOM", 7)?;
    let asset = world.asset("ATOM");

    let answer = world.lend("alice", "ATOM", Amount(5_000_001));
    let fields = json!({ "asset": asset, "available": "5000000", "requested": "5000001" });
    refused(answer, "insufficient_deposit", fields);

    let answer = world.recall("alice", "ATOM", Amount(7_000_001));
    let fields = json!({ "asset": asset, "available": "7000000", "requested": "7000001" });
    refused(answer, "insufficient_deposit", fields);

    for answer in [
        world.lend("alice", "ATOM", Amount::ZERO),
        world.recall("alice", "ATOM", Amount::ZERO),
    ] {
        refused(answer, "zero_amount", json!({ "asset": asset }));
    }

    world.recall_all("alice", "ATOM")?;
    let answer = world.recall_all("alice", "ATOM");
    refused(answer, "no_deposit", json!({ "asset": asset }));
    world.lend_all("alice", "ATOM")?;
    let answer = world.lend_all("alice", "ATOM");
    refused(answer, "no_deposit", json!({ "asset": asset }));
    let answer = world.lend_all("bob", "ATOM");
    refused(answer, "no_deposit", json!({ "asset": asset }));
    Ok(())
}

#[test]
fn only_the_owner_lends_and_recalls() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 5)?;
    world.deposit_lent("alice", "ATOM", 5)?;
    let fields = json!({
        "sender": world.address("mallory"),
        "owner": world.address("alice"),
        "id": 0,
    });
    let (account, asset) = (Some(world.account_ref("alice")), world.asset("ATOM"));
    let lend = ExecuteMsg::Lend {
        account: account.clone(),
        asset: asset.clone(),
        amount: None,
    };
    let recall = ExecuteMsg::Recall {
        account,
        asset,
        amount: None,
    };
    for message in [lend, recall] {
        let answer = world.execute("mallory", message, Vec::new());
        refused(answer, "not_account_owner", fields.clone());
    }
    Ok(())
}

#[test]
fn neither_pauses_nor_prices_matter_without_debts() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 5)?;
    let all = [
        PausableAction::Deposit,
        PausableAction::Borrow,
        PausableAction::Withdraw,
    ];
    world.pause(None, &all)?;
    world.advance(86_400);
    assert!(world.price("ATOM")?.stale);
    world.lend_all("alice", "ATOM")?;
    world.recall_all("alice", "ATOM")?;
    Ok(())
}

#[test]
fn lent_deposits_are_collateral_as_idle_ones_are() -> Tested {
    let mut world = levered();
    let idle = world.margin("alice")?;
    world.lend_all("alice", "ATOM")?;
    let lent = world.margin("alice")?;
    assert_eq!(lent.holdings, idle.holdings);
    assert_eq!((lent.equity, lent.initial), (idle.equity, idle.initial));
    assert_eq!(lent.maintenance, idle.maintenance);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn lent_deposits_earn_and_idle_ones_do_not() -> Tested {
    let mut world = world_of(standard_markets()).build()?;
    supply(&mut world, "USDC", 1_000);
    world.deposit("bob", "USDC", 1_000)?;
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 250)?;

    world.advance(365 * 86_400);

    // A quarter is used: 6 % × 0.25 / 0.8 = 1.875 % a year; e^0.01875 − 1 to third order
    // on 250 USDC is 4.731719 USDC, of which the suppliers get 85 %.
    let carol = one_holding(&world, ("carol", 0), "USDC");
    assert_eq!(carol.lent, Amount(1_004_021_961));
    assert_eq!(
        one_holding(&world, ("alice", 0), "USDC").debt,
        Amount(254_731_719)
    );
    assert_eq!(
        one_holding(&world, ("bob", 0), "USDC").idle,
        Amount(1_000_000_000)
    );
    Ok(())
}

#[test]
fn lending_and_recalling_again_and_again_gains_nothing() -> Tested {
    let mut world = World::standard()?;
    supply(&mut world, "USDC", 1_000);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 249)?;
    world.advance(5_000_000);
    world.deposit("bob", "USDC", Amount(1_000_003))?;
    for round in 0..30u128 {
        world.lend("bob", "USDC", Amount(round + 1))?;
        if one_holding(&world, ("bob", 0), "USDC").lent > Amount::ZERO {
            world.recall_all("bob", "USDC")?;
        }
        let bob = one_holding(&world, ("bob", 0), "USDC");
        assert!(
            bob.idle.0 + bob.lent.0 <= 1_000_003,
            "round {round}: {bob:?}"
        );
    }
    assert_books_balance(&world);
    Ok(())
}

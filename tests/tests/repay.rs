//! `repay`: anyone may, what is too much goes back, nothing holds it up.

use bulwark_risk::units::{Amount, DebtShares};
use bulwark_testing::events_of;
use bulwark_tests::{
    Purses, Tested, assert_books_balance, falls, levered, one_holding, refused, standard_markets,
    supply, world_of,
};
use bulwark_types::events::Repaid;
use bulwark_types::vault::{ExecuteMsg, MarketUpdate, PausableAction};
use serde_json::json;

#[test]
fn a_part_lowers_the_debt_by_exactly_what_was_paid() -> Tested {
    let mut world = levered();
    let purses = Purses::of(&world);

    let response = world.repay("alice", "USDC", 300)?;

    purses.assert_moved(
        &world,
        &[
            ("alice", "USDC", -300_000_000),
            ("vault", "USDC", 300_000_000),
        ],
    );
    assert_eq!(
        one_holding(&world, ("alice", 0), "USDC").debt,
        Amount(500_000_000)
    );
    assert_eq!(
        events_of::<Repaid>(&response),
        [Repaid {
            owner: world.address("alice").into_string(),
            id: 0,
            sender: world.address("alice").into_string(),
            asset: world.asset("USDC"),
            amount: Amount(300_000_000),
            shares: DebtShares(300_000_000_000_000),
            refunded: Amount::ZERO,
        }]
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn the_whole_debt_leaves_no_shares_and_the_excess_goes_back_to_who_paid() -> Tested {
    let mut world = levered();
    let purses = Purses::of(&world);

    let response = world.repay_for("bob", "alice", "USDC", 1_000)?;

    purses.assert_moved(
        &world,
        &[
            ("bob", "USDC", -800_000_000),
            ("vault", "USDC", 800_000_000),
        ],
    );
    let event = &events_of::<Repaid>(&response)[0];
    assert_eq!(event.sender, world.address("bob").as_str());
    assert_eq!(
        (event.amount, event.refunded),
        (Amount(800_000_000), Amount(200_000_000))
    );
    let account = world.account("alice")?;
    assert_eq!(account.holdings.len(), 1, "{account:?}");
    let market = world.market("USDC")?;
    assert_eq!(
        (market.borrowed, market.debt_shares),
        (Amount::ZERO, DebtShares::ZERO)
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn the_last_unit_can_be_repaid() -> Tested {
    let mut world = levered();
    world.repay("alice", "USDC", Amount(799_999_999))?;
    assert_eq!(one_holding(&world, ("alice", 0), "USDC").debt, Amount(1));
    world.repay("alice", "USDC", Amount(1))?;
    assert_eq!(world.market("USDC")?.debt_shares, DebtShares::ZERO);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn interest_is_repaid_with_the_debt() -> Tested {
    let mut world = world_of(standard_markets()).build()?;
    supply(&mut world, "USDC", 1_000);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 250)?;
    world.advance(365 * 86_400);
    let purses = Purses::of(&world);

    world.repay("alice", "USDC", 300)?;

    // 1.875 % a year on 250 USDC, compounded.
    purses.assert_moved(
        &world,
        &[
            ("alice", "USDC", -254_731_719),
            ("vault", "USDC", 254_731_719),
        ],
    );
    let market = world.market("USDC")?;
    assert_eq!(
        (market.borrowed, market.debt_shares),
        (Amount::ZERO, DebtShares::ZERO)
    );
    assert_eq!(market.supplied.0, 1_004_731_719);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn nothing_holds_a_repayment_up() -> Tested {
    let mut world = levered();
    let all = [
        PausableAction::Deposit,
        PausableAction::Borrow,
        PausableAction::Withdraw,
    ];
    world.pause(None, &all)?;
    let update = MarketUpdate {
        deposit_enabled: Some(false),
        borrow_enabled: Some(false),
        ..MarketUpdate::default()
    };
    let asset = world.asset("USDC");
    world.execute(
        "owner",
        ExecuteMsg::UpdateMarket { asset, update },
        Vec::new(),
    )?;
    world.advance(86_400);
    assert!(world.price("USDC")?.stale);
    world.repay("alice", "USDC", 1)?;
    falls(&mut world, &[("ATOM", "5")]);
    world.repay("alice", "USDC", 1)?;
    assert_eq!(
        one_holding(&world, ("alice", 0), "USDC").debt,
        Amount(798_000_000)
    );
    Ok(())
}

#[test]
fn nothing_owed_nothing_taken() -> Tested {
    let mut world = levered();
    let purses = Purses::of(&world);
    let answer = world.repay("alice", "BTC", 1);
    refused(answer, "no_debt", json!({ "asset": world.asset("BTC") }));
    let answer = world.repay("alice", "ATOM", 1);
    refused(answer, "no_debt", json!({ "asset": world.asset("ATOM") }));
    let answer = world.repay_for("bob", ("alice", 1), "USDC", 1);
    refused(answer, "no_debt", json!({ "asset": world.asset("USDC") }));
    purses.assert_moved(&world, &[]);
    Ok(())
}

#[test]
fn funds_are_exactly_one_coin_of_a_listed_asset() -> Tested {
    let mut world = levered();
    let answer = world.execute("alice", ExecuteMsg::Repay { account: None }, Vec::new());
    let fields = json!({ "expected": "exactly one coin", "sent": [] });
    refused(answer, "wrong_funds", fields);
    world.mint("alice", "unlisted", Amount(5))?;
    let answer = world.repay("alice", "unlisted", Amount(5));
    refused(answer, "unknown_market", json!({ "asset": "unlisted" }));
    Ok(())
}

#[test]
fn without_an_account_the_senders_own_is_meant() -> Tested {
    let mut world = levered();
    let funds = world.coins("USDC", 1)?;
    world.execute("alice", ExecuteMsg::Repay { account: None }, funds)?;
    assert_eq!(
        one_holding(&world, ("alice", 0), "USDC").debt,
        Amount(799_000_000)
    );
    Ok(())
}

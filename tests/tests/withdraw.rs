//! `withdraw`: idle deposits first, then lent ones out of the cash; when a margin is needed.

use bulwark_risk::units::{Amount, SupplyShares};
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{
    Purses, Tested, amount, assert_books_balance, every_account, funded, interest_free, levered,
    one_holding, refused, standard_markets, supply, world_of,
};
use bulwark_types::events::Withdrawn;
use bulwark_types::vault::{Action, ExecuteMsg, PausableAction};
use serde_json::json;

#[test]
fn idle_deposits_leave_first_then_lent_ones() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 60)?;
    world.deposit_lent("alice", "ATOM", 40)?;
    let purses = Purses::of(&world);

    let response = world.withdraw("alice", "ATOM", 80)?;

    purses.assert_moved(
        &world,
        &[
            ("alice", "ATOM", 80_000_000),
            ("vault", "ATOM", -80_000_000),
        ],
    );
    let holding = one_holding(&world, ("alice", 0), "ATOM");
    assert_eq!(
        (holding.idle, holding.lent),
        (Amount::ZERO, Amount(20_000_000))
    );
    assert_eq!(
        events_of::<Withdrawn>(&response),
        [Withdrawn {
            owner: world.address("alice").into_string(),
            id: 0,
            recipient: world.address("alice").into_string(),
            asset: world.asset("ATOM"),
            amount: Amount(80_000_000),
            idle: Amount(60_000_000),
            shares: SupplyShares(20_000_000_000_000),
        }]
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn tokens_can_go_to_another() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 10)?;
    let purses = Purses::of(&world);

    let message = withdrawal(&world, "ATOM", 4, Some("bob"))?;
    world.execute("alice", message, Vec::new())?;

    purses.assert_moved(
        &world,
        &[("bob", "ATOM", 4_000_000), ("vault", "ATOM", -4_000_000)],
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn whoever_withdraws_everything_leaves_no_record() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 60)?;
    world.deposit_lent("alice", "ATOM", 40)?;
    let purses = Purses::of(&world);

    world.withdraw_all("alice", "ATOM")?;

    purses.assert_moved(
        &world,
        &[
            ("alice", "ATOM", 100_000_000),
            ("vault", "ATOM", -100_000_000),
        ],
    );
    assert_eq!(every_account(&world), []);
    let market = world.market("ATOM")?;
    assert_eq!((market.idle, market.supplied), (Amount::ZERO, Amount::ZERO));
    assert_eq!(market.supply_shares, SupplyShares::ZERO);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn lent_deposits_leave_as_far_as_the_cash_goes() -> Tested {
    let mut world = levered();
    world.deposit("carol", "USDC", 5)?;

    let answer = world.withdraw_all("carol", "USDC");
    let fields = json!({
        "asset": world.asset("USDC"),
        "available": "999205000000",
        "requested": "1000005000000",
    });
    refused(answer, "insufficient_cash", fields);
    let answer = world.withdraw("carol", "USDC", Amount(999_205_000_001));
    assert_eq!(answer.unwrap_err().name, "insufficient_cash");

    world.withdraw("carol", "USDC", Amount(999_205_000_000))?;

    let holding = one_holding(&world, ("carol", 0), "USDC");
    assert_eq!(
        (holding.idle, holding.lent),
        (Amount::ZERO, Amount(800_000_000))
    );
    assert_eq!(world.market("USDC")?.cash, Amount::ZERO);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn idle_deposits_leave_a_pool_that_is_lent_out() -> Tested {
    let mut world = levered();
    world.deposit("bob", "USDC", 500)?;
    world.withdraw("carol", "USDC", Amount(999_200_000_000))?;
    assert_eq!(world.market("USDC")?.cash, Amount::ZERO);
    world.withdraw("bob", "USDC", 500)?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn without_debts_no_price_is_needed() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 10)?;
    world.deposit("alice", "BTC", 1)?;
    world.advance(30 * 86_400);
    assert!(world.price("ATOM")?.stale);
    world.withdraw("alice", "ATOM", 4)?;
    world.withdraw_all("carol", "ATOM")?;
    world.withdraw_all("alice", "BTC")?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn without_debts_not_even_a_value_beyond_the_limit_holds_it_up() -> Tested {
    let token = MarketSpec::crypto("TOK")
        .with_price(1_000_000)
        .with_liquidity("10000000000");
    let mut world = world_of([token]).build()?;
    world.mint("alice", "TOK", 2_000_000_000)?;
    // Twice 10^15 USD: what cannot be valued can still leave.
    world.deposit("alice", "TOK", 2_000_000_000)?;
    assert_eq!(world.margin("alice").unwrap_err().name, "value_too_large");
    world.withdraw("alice", "TOK", 1)?;
    world.lend_all("alice", "TOK")?;
    world.withdraw_all("alice", "TOK")?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn with_debts_every_price_has_to_be_in_force() -> Tested {
    let mut world = levered();
    world.deposit("alice", "BTC", 1)?;
    world.advance(121);
    world.post(&[("ATOM", "10"), ("USDC", "1")])?;

    let answer = world.withdraw("alice", "ATOM", 1);
    let fields = json!({ "asset": world.asset("BTC"), "status": "ok", "stale": true });
    refused(answer, "price_not_openable", fields);

    // The stale holding itself may leave: afterwards every price is in force.
    world.withdraw_all("alice", "BTC")?;
    Ok(())
}

#[test]
fn with_debts_the_initial_margin_has_to_be_met() -> Tested {
    let mut world = levered();
    let asset = world.asset("ATOM");
    let amount = Some(world.units("ATOM", 20)?);
    let after = world
        .simulate(
            "alice",
            vec![Action::Withdraw {
                asset,
                amount,
                to: None,
            }],
        )?
        .after
        .expect("it can be carried out");
    let purses = Purses::of(&world);

    let answer = world.withdraw("alice", "ATOM", 20);

    let fields = json!({ "equity_open": after.equity_open, "initial": after.initial });
    refused(answer, "below_initial_margin", fields);
    // 80 ATOM at 9.99 less 800 USDC at 1.001.
    assert_eq!(after.equity_open, bulwark_tests::usd("-1.6"));
    purses.assert_moved(&world, &[]);
    let whole = world.withdraw_all("alice", "ATOM");
    assert_eq!(whole.unwrap_err().name, "below_initial_margin");
    Ok(())
}

#[test]
fn a_margin_call_can_only_be_improved() -> Tested {
    let mut world = levered();
    world.deposit("alice", "BTC", "0.001")?;
    bulwark_tests::falls(&mut world, &[("ATOM", "9.2")]);
    let margin = world.margin("alice")?;
    assert_eq!(margin.status, bulwark_risk::account::Status::MarginCall);
    let answer = world.withdraw("alice", "ATOM", Amount(1));
    assert_eq!(answer.unwrap_err().name, "below_initial_margin");
    Ok(())
}

#[test]
fn a_pause_of_withdrawals_ends_after_72_hours() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 10)?;
    world.pause(None, &[PausableAction::Withdraw])?;

    let answer = world.withdraw("alice", "ATOM", 1);
    let fields = json!({
        "action": "withdraw",
        "asset": world.asset("ATOM"),
        "until": world.now() + 72 * 3600,
    });
    refused(answer, "paused", fields);

    world.advance(72 * 3600 - 1);
    assert_eq!(
        world.withdraw("alice", "ATOM", 1).unwrap_err().name,
        "paused"
    );
    world.advance(1);
    world.withdraw("alice", "ATOM", 1)?;
    Ok(())
}

#[test]
fn other_pauses_and_closed_markets_do_not_hold_withdrawals_up() -> Tested {
    let mut world = funded();
    world.pause(None, &[PausableAction::Deposit, PausableAction::Borrow])?;
    let update = bulwark_types::vault::MarketUpdate {
        deposit_enabled: Some(false),
        borrow_enabled: Some(false),
        ..Default::default()
    };
    let asset = world.asset("ATOM");
    world.execute(
        "owner",
        ExecuteMsg::UpdateMarket { asset, update },
        Vec::new(),
    )?;
    world.withdraw_all("carol", "ATOM")?;
    Ok(())
}

#[test]
fn only_the_owner_withdraws_only_what_is_there() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 10)?;
    let atom = world.asset("ATOM");

    let account = Some(world.account_ref("alice"));
    let message = ExecuteMsg::Withdraw {
        account,
        asset: atom.clone(),
        amount: None,
        to: None,
    };
    let answer = world.execute("mallory", message, Vec::new());
    let fields = json!({
        "sender": world.address("mallory"),
        "owner": world.address("alice"),
        "id": 0,
    });
    refused(answer, "not_account_owner", fields);

    let answer = world.withdraw("alice", "ATOM", Amount(10_000_001));
    let fields = json!({
        "asset": atom,
        "available": "10000000",
        "requested": "10000001",
    });
    refused(answer, "insufficient_deposit", fields);

    let answer = world.withdraw("alice", "ATOM", Amount::ZERO);
    refused(answer, "zero_amount", json!({ "asset": atom }));

    let usdc = world.asset("USDC");
    let answer = world.withdraw_all("alice", "USDC");
    refused(answer, "no_deposit", json!({ "asset": usdc }));

    let answer = world.withdraw("alice", "unlisted", Amount(1));
    refused(answer, "unknown_market", json!({ "asset": "unlisted" }));

    let message = withdrawal(&world, "ATOM", 1, None)?;
    let funds = world.coins("USDC", 1)?;
    let sent = funds[0].to_string();
    let answer = world.execute("alice", message, funds);
    refused(
        answer,
        "wrong_funds",
        json!({ "expected": "nothing", "sent": [sent] }),
    );
    Ok(())
}

#[test]
fn a_debt_is_no_deposit() -> Tested {
    let mut world = levered();
    let answer = world.withdraw("alice", "USDC", 1);
    refused(
        answer,
        "no_deposit",
        json!({ "asset": world.asset("USDC") }),
    );
    Ok(())
}

#[test]
fn tokens_cannot_be_sent_to_nobody() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 10)?;
    let vault = world.vault().to_string();

    let message = withdrawal(&world, "ATOM", 1, Some(&vault))?;
    let answer = world.execute("alice", message, Vec::new());
    refused(answer, "invalid_recipient", json!({ "recipient": vault }));

    let asset = world.asset("ATOM");
    let (account, amount, to) = (None, Some(Amount(1)), Some("nobody".to_owned()));
    let message = ExecuteMsg::Withdraw {
        account,
        asset,
        amount,
        to,
    };
    let answer = world.execute("alice", message, Vec::new());
    assert_eq!(answer.unwrap_err().name, "std");
    Ok(())
}

#[test]
fn interest_is_paid_out_rounded_down_and_the_pool_keeps_the_rest() -> Tested {
    let mut world = world_of(standard_markets()).build()?;
    supply(&mut world, "USDC", 1_000);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 250)?;
    world.advance(1_000_003);
    let lent = one_holding(&world, ("carol", 0), "USDC").lent;
    assert!(lent > Amount(1_000_000_000), "{lent}");
    world.repay("alice", "USDC", 300)?;
    let purses = Purses::of(&world);

    world.withdraw_all("carol", "USDC")?;

    let paid = i128::try_from(lent.0).expect("fits");
    purses.assert_moved(&world, &[("carol", "USDC", paid), ("vault", "USDC", -paid)]);
    assert!(
        world.market("USDC")?.supplied > Amount::ZERO,
        "the reserve's part stays"
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn decimals_do_not_matter_to_the_unit() -> Tested {
    for decimals in [0, 6, 8, 18] {
        let token = MarketSpec::crypto("TOK")
            .with_decimals(decimals)
            .with_price(10);
        let mut world = world_of([interest_free(token)]).build()?;
        supply(&mut world, "TOK", 1_000);
        world.deposit("alice", "TOK", 7)?;
        world.deposit_lent("alice", "TOK", 5)?;
        let purses = Purses::of(&world);

        world.withdraw("alice", "TOK", 8)?;
        world.withdraw("alice", "TOK", Amount(1))?;

        let moved = amount(&world, "TOK", 8) + 1;
        purses.assert_moved(&world, &[("alice", "TOK", moved), ("vault", "TOK", -moved)]);
        let left = one_holding(&world, ("alice", 0), "TOK");
        assert_eq!(left.lent.0 + 1, world.units("TOK", 4)?.0);
        assert_books_balance(&world);
    }
    Ok(())
}

fn withdrawal(
    world: &World,
    asset: &str,
    tokens: u32,
    to: Option<&str>,
) -> Result<ExecuteMsg, bulwark_types::wire::WireError> {
    Ok(ExecuteMsg::Withdraw {
        account: None,
        asset: world.asset(asset),
        amount: Some(world.units(asset, tokens)?),
        to: to.map(|name| world.address(name).into_string()),
    })
}

//! `deposit`: who may credit which account, where the tokens go, what is refused.

use bulwark_risk::units::{Amount, DebtShares, SupplyShares};
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{
    Purses, Tested, amount, assert_books_balance, funded, interest_free, levered, one_holding,
    refused, standard_markets, supply, world_of,
};
use bulwark_types::events::Deposited;
use bulwark_types::vault::{ExecuteMsg, Limits, MarketUpdate, PausableAction};
use cosmwasm_std::Coin;
use serde_json::json;

#[test]
fn an_idle_deposit_stays_idle() -> Tested {
    let mut world = World::standard()?;
    let purses = Purses::of(&world);

    let response = world.deposit("alice", "ATOM", 100)?;

    purses.assert_moved(
        &world,
        &[
            ("alice", "ATOM", -100_000_000),
            ("vault", "ATOM", 100_000_000),
        ],
    );
    let holding = one_holding(&world, ("alice", 0), "ATOM");
    assert_eq!(holding.idle, Amount(100_000_000));
    assert_eq!(holding.lent_shares, SupplyShares::ZERO);
    assert_eq!(holding.debt_shares, DebtShares::ZERO);
    let market = world.market("ATOM")?;
    assert_eq!(
        (market.idle, market.supplied),
        (Amount(100_000_000), Amount::ZERO)
    );
    assert_eq!(
        events_of::<Deposited>(&response),
        [Deposited {
            owner: world.address("alice").into_string(),
            id: 0,
            sender: world.address("alice").into_string(),
            asset: world.asset("ATOM"),
            amount: Amount(100_000_000),
            repaid: Amount::ZERO,
            idle: Amount(100_000_000),
            shares: SupplyShares::ZERO,
        }]
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_lent_deposit_buys_a_million_shares_per_unit_in_an_empty_pool() -> Tested {
    let mut world = World::standard()?;
    let purses = Purses::of(&world);

    let response = world.deposit_lent("alice", "ATOM", 100)?;

    purses.assert_moved(
        &world,
        &[
            ("alice", "ATOM", -100_000_000),
            ("vault", "ATOM", 100_000_000),
        ],
    );
    let holding = one_holding(&world, ("alice", 0), "ATOM");
    assert_eq!(holding.idle, Amount::ZERO);
    assert_eq!(holding.lent, Amount(100_000_000));
    assert_eq!(holding.lent_shares, SupplyShares(100_000_000_000_000));
    let market = world.market("ATOM")?;
    assert_eq!(
        (market.idle, market.supplied),
        (Amount::ZERO, Amount(100_000_000))
    );
    let event = &events_of::<Deposited>(&response)[0];
    assert_eq!(event.shares, SupplyShares(100_000_000_000_000));
    assert_eq!((event.idle, event.repaid), (Amount::ZERO, Amount::ZERO));
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn idle_and_lent_deposits_of_one_asset_stand_side_by_side() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 60)?;
    world.deposit_lent("alice", "ATOM", 40)?;
    world.deposit("alice", "ATOM", 1)?;
    world.deposit_lent("alice", "ATOM", 2)?;
    let account = world.account("alice")?;
    assert_eq!(account.holdings.len(), 1);
    assert_eq!(account.holdings[0].idle, Amount(61_000_000));
    assert_eq!(account.holdings[0].lent, Amount(42_000_000));
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn without_an_account_the_senders_own_is_credited() -> Tested {
    let mut world = World::standard()?;
    let funds = world.coins("ATOM", 5)?;
    let message = ExecuteMsg::Deposit {
        account: None,
        lend: None,
    };
    world.execute("bob", message, funds)?;
    assert_eq!(
        one_holding(&world, ("bob", 0), "ATOM").idle,
        Amount(5_000_000)
    );
    Ok(())
}

#[test]
fn accounts_of_one_owner_are_apart() -> Tested {
    let mut world = World::standard()?;
    world.deposit(("alice", 0), "ATOM", 1)?;
    world.deposit(("alice", 7), "ATOM", 2)?;
    world.deposit(("alice", u16::MAX), "ATOM", 3)?;
    for (id, units) in [(0, 1_000_000), (7, 2_000_000), (u16::MAX, 3_000_000)] {
        assert_eq!(
            one_holding(&world, ("alice", id), "ATOM").idle,
            Amount(units)
        );
    }
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn anyone_may_top_up_what_an_account_holds() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 100)?;
    let purses = Purses::of(&world);

    world.deposit_for("bob", "alice", "ATOM", 5)?;

    purses.assert_moved(
        &world,
        &[("bob", "ATOM", -5_000_000), ("vault", "ATOM", 5_000_000)],
    );
    assert_eq!(
        one_holding(&world, ("alice", 0), "ATOM").idle,
        Amount(105_000_000)
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn nobody_else_may_add_an_asset_to_an_account() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 100)?;
    let purses = Purses::of(&world);

    let answer = world.deposit_for("mallory", "alice", "USDC", 1);

    let fields = json!({
        "asset": world.asset("USDC"),
        "owner": world.address("alice"),
        "id": 0,
    });
    refused(answer, "foreign_asset", fields);
    purses.assert_moved(&world, &[]);
    Ok(())
}

#[test]
fn a_full_account_takes_no_further_asset_but_more_of_its_own() -> Tested {
    let mut world = world_of(standard_markets())
        .with_parameters(|parameters| parameters.max_holdings = 2)
        .build()?;
    world.deposit("alice", "ATOM", 1)?;
    world.deposit("alice", "BTC", 1)?;

    let answer = world.deposit("alice", "USDC", 1);
    let fields = json!({ "asset": world.asset("USDC"), "limit": 2 });
    refused(answer, "too_many_holdings", fields);

    world.deposit("alice", "ATOM", 1)?;
    world.deposit_for("bob", "alice", "BTC", 1)?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_debt_in_the_asset_is_repaid_first() -> Tested {
    let mut world = levered();
    let purses = Purses::of(&world);

    let response = world.deposit("alice", "USDC", 300)?;

    assert_eq!(
        one_holding(&world, ("alice", 0), "USDC").debt,
        Amount(500_000_000)
    );
    let event = &events_of::<Deposited>(&response)[0];
    assert_eq!(event.repaid, Amount(300_000_000));
    assert_eq!(
        (event.idle, event.shares),
        (Amount::ZERO, SupplyShares::ZERO)
    );

    let response = world.deposit("alice", "USDC", 501)?;

    let holding = one_holding(&world, ("alice", 0), "USDC");
    assert_eq!(holding.idle, Amount(1_000_000));
    assert_eq!(
        (holding.debt, holding.debt_shares),
        (Amount::ZERO, DebtShares::ZERO)
    );
    let event = &events_of::<Deposited>(&response)[0];
    assert_eq!(
        (event.repaid, event.idle),
        (Amount(500_000_000), Amount(1_000_000))
    );
    purses.assert_moved(
        &world,
        &[
            ("alice", "USDC", -801_000_000),
            ("vault", "USDC", 801_000_000),
        ],
    );
    let market = world.market("USDC")?;
    assert_eq!(
        (market.borrowed, market.debt_shares),
        (Amount::ZERO, DebtShares::ZERO)
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn what_a_lent_deposit_leaves_after_the_debt_is_lent() -> Tested {
    let mut world = levered();
    let response = world.deposit_lent("alice", "USDC", 810)?;
    let holding = one_holding(&world, ("alice", 0), "USDC");
    assert_eq!(
        (holding.idle, holding.lent),
        (Amount::ZERO, Amount(10_000_000))
    );
    let event = &events_of::<Deposited>(&response)[0];
    assert_eq!(event.repaid, Amount(800_000_000));
    assert_eq!(event.shares, holding.lent_shares);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_deposit_of_exactly_the_debt_leaves_no_holding() -> Tested {
    let mut world = levered();
    world.deposit("alice", "USDC", 800)?;
    let account = world.account("alice")?;
    assert_eq!(account.holdings.len(), 1);
    assert_eq!(account.holdings[0].asset, world.asset("ATOM"));
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn funds_are_exactly_one_coin_of_a_listed_asset() -> Tested {
    let mut world = World::standard()?;
    let deposit = || ExecuteMsg::Deposit {
        account: None,
        lend: None,
    };

    let answer = world.execute("alice", deposit(), Vec::new());
    refused(
        answer,
        "wrong_funds",
        json!({ "expected": "exactly one coin", "sent": [] }),
    );

    let mut both = [world.coins("ATOM", 1)?, world.coins("USDC", 2)?].concat();
    both.sort_by(|a, b| a.denom.cmp(&b.denom));
    let sent: Vec<String> = both.iter().map(ToString::to_string).collect();
    let answer = world.execute("alice", deposit(), both);
    refused(
        answer,
        "wrong_funds",
        json!({ "expected": "exactly one coin", "sent": sent }),
    );

    world.mint("alice", "unlisted", Amount(5))?;
    let answer = world.execute("alice", deposit(), vec![Coin::new(5u128, "unlisted")]);
    refused(answer, "unknown_market", json!({ "asset": "unlisted" }));
    Ok(())
}

#[test]
fn an_amount_beyond_104_bits_is_refused() -> Tested {
    let mut world = World::standard()?;
    world.mint("alice", "ATOM", Amount(1 << 105))?;
    let answer = world.deposit("alice", "ATOM", Amount(1 << 104));
    refused(
        answer,
        "amount_too_large",
        json!({ "amount": (1u128 << 104).to_string() }),
    );
    Ok(())
}

#[test]
fn an_account_of_no_address_is_refused() -> Tested {
    let mut world = World::standard()?;
    let funds = world.coins("ATOM", 1)?;
    let account = bulwark_types::vault::AccountRef {
        owner: "nobody".into(),
        id: 0,
    };
    let message = ExecuteMsg::Deposit {
        account: Some(account),
        lend: None,
    };
    let error = world.execute("alice", message, funds).unwrap_err();
    assert_eq!(error.name, "std");
    Ok(())
}

#[test]
fn the_deposit_cap_holds_to_the_unit_for_idle_and_lent_together() -> Tested {
    let mut world = World::builder()
        .with_market(
            MarketSpec::crypto("ATOM")
                .with_price(10)
                .with_deposit_cap(100),
        )
        .build()?;
    world.deposit("alice", "ATOM", 60)?;
    world.deposit_lent("bob", "ATOM", 39)?;

    let answer = world.deposit_lent("carol", "ATOM", Amount(1_000_001));
    let fields = json!({
        "asset": world.asset("ATOM"),
        "cap": "100000000",
        "total": "100000001",
    });
    refused(answer, "deposit_cap", fields);

    world.deposit("carol", "ATOM", Amount(1_000_000))?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_pause_of_deposits_is_refused_with_its_end() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 1)?;
    world.pause(Some("ATOM"), &[PausableAction::Deposit])?;

    let answer = world.deposit("alice", "ATOM", 1);
    let fields = json!({
        "action": "deposit",
        "asset": world.asset("ATOM"),
        "until": world.now() + 72 * 3600,
    });
    refused(answer, "paused", fields);

    world.deposit("alice", "USDC", 1)?;
    world.withdraw("alice", "ATOM", 1)?;
    world.advance(72 * 3600);
    world.deposit("alice", "ATOM", 1)?;
    Ok(())
}

#[test]
fn a_market_can_be_closed_to_deposits() -> Tested {
    let mut world = World::standard()?;
    world.deposit("alice", "ATOM", 1)?;
    close_to_deposits(&mut world, "ATOM")?;

    let answer = world.deposit("alice", "ATOM", 1);
    refused(
        answer,
        "deposit_disabled",
        json!({ "asset": world.asset("ATOM") }),
    );

    world.withdraw_all("alice", "ATOM")?;
    Ok(())
}

#[test]
fn a_repayment_by_deposit_passes_every_barrier() -> Tested {
    let mut world = levered();
    world.pause(None, &[PausableAction::Deposit])?;
    close_to_deposits(&mut world, "USDC")?;
    lower_deposit_cap(&mut world, "USDC")?;

    world.deposit("alice", "USDC", 800)?;

    assert_eq!(world.account("alice")?.holdings.len(), 1);
    Ok(())
}

#[test]
fn an_account_below_initial_margin_rescues_itself_past_caps_and_pauses() -> Tested {
    let mut world = levered();
    bulwark_tests::falls(&mut world, &[("ATOM", "9.7")]);
    world.pause(None, &[PausableAction::Deposit])?;
    lower_deposit_cap(&mut world, "BTC")?;

    // Some 20 USD are missing: 600 USD would be a way around the barriers, 30 are a rescue.
    let answer = world.deposit("alice", "BTC", "0.01");
    assert_eq!(answer.unwrap_err().name, "paused");
    world.deposit("alice", "BTC", "0.0005")?;

    // Healthy again: now the barriers bind it, too.
    let answer = world.deposit("alice", "BTC", "0.0005");
    assert_eq!(answer.unwrap_err().name, "paused");
    assert_books_balance(&world);
    Ok(())
}

/// Regression: a halted coin, worth next to nothing outside, rescued an account at its last
/// price.
#[test]
fn what_is_disabled_or_has_no_price_rescues_nobody() -> Tested {
    let mut world = levered();
    bulwark_tests::falls(&mut world, &[("ATOM", "9.7")]);
    close_to_deposits(&mut world, "BTC")?;
    let answer = world.deposit("alice", "BTC", "0.0005");
    assert_eq!(answer.unwrap_err().name, "deposit_disabled");

    world.pause(None, &[PausableAction::Deposit])?;
    let asset = world.asset("ETH");
    let halt = bulwark_types::oracle::ExecuteMsg::Halt { asset };
    world.execute_oracle("guardian", halt)?;
    let answer = world.deposit("alice", "ETH", "0.015");
    assert_eq!(answer.unwrap_err().name, "paused");
    Ok(())
}

#[test]
fn a_deposit_needs_no_price() -> Tested {
    let mut world = levered();
    world.advance(3 * 86_400);
    assert!(world.price("ATOM")?.stale);
    world.deposit("alice", "ATOM", 1)?;
    world.deposit_lent("alice", "BTC", 1)?;
    world.deposit("bob", "ETH", 1)?;
    Ok(())
}

#[test]
fn what_is_sent_without_a_message_belongs_to_nobody() -> Tested {
    let mut world = funded();
    let before = (world.market("ATOM")?, world.account("carol")?);
    let vault = world.vault().to_string();
    world.send("mallory", &vault, "ATOM", 1_000)?;
    assert_eq!((world.market("ATOM")?, world.account("carol")?), before);
    let solvency = &world.solvency(Some("ATOM"))?.assets[0];
    assert_eq!(solvency.surplus, Amount(1_000_000_000));
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
        let purses = Purses::of(&world);

        world.deposit("alice", "TOK", 7)?;
        world.deposit_lent("alice", "TOK", 5)?;
        world.deposit_lent("alice", "TOK", Amount(1))?;

        let moved = amount(&world, "TOK", 12) + 1;
        purses.assert_moved(&world, &[("alice", "TOK", -moved), ("vault", "TOK", moved)]);
        let holding = one_holding(&world, ("alice", 0), "TOK");
        assert_eq!(holding.idle, world.units("TOK", 7)?);
        assert_eq!(holding.lent.0, world.units("TOK", 5)?.0 + 1);
        assert_eq!(holding.lent_shares.0, holding.lent.0 * 1_000_000);
        assert_books_balance(&world);
    }
    Ok(())
}

fn close_to_deposits(world: &mut World, asset: &str) -> Tested {
    let update = MarketUpdate {
        deposit_enabled: Some(false),
        ..MarketUpdate::default()
    };
    let asset = world.asset(asset);
    let message = ExecuteMsg::UpdateMarket { asset, update };
    world.execute("owner", message, Vec::new())?;
    Ok(())
}

fn lower_deposit_cap(world: &mut World, asset: &str) -> Tested {
    let limits = Limits {
        deposit_cap: Amount::ZERO,
        ..world.market(asset)?.limits
    };
    let update = MarketUpdate {
        limits: Some(limits),
        ..MarketUpdate::default()
    };
    let asset = world.asset(asset);
    let message = ExecuteMsg::UpdateMarket { asset, update };
    world.execute("owner", message, Vec::new())?;
    Ok(())
}

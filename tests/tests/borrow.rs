//! `borrow`: who receives what, every limit to the unit, every refusal.

use bulwark_risk::units::{Amount, DebtShares, Fraction};
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{
    Purses, Tested, amount, assert_books_balance, funded, interest_free, one_holding, refused,
    standard_markets, supply, usd, world_of,
};
use bulwark_types::events::Borrowed;
use bulwark_types::oracle;
use bulwark_types::vault::{Action, ExecuteMsg, MarketUpdate, PausableAction};
use serde_json::json;

#[test]
fn tokens_arrive_and_the_account_owes_them() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    let purses = Purses::of(&world);

    let response = world.borrow("alice", "USDC", 500)?;

    purses.assert_moved(
        &world,
        &[
            ("alice", "USDC", 500_000_000),
            ("vault", "USDC", -500_000_000),
        ],
    );
    let holding = one_holding(&world, ("alice", 0), "USDC");
    assert_eq!(holding.debt, Amount(500_000_000));
    assert_eq!(holding.debt_shares, DebtShares(500_000_000_000_000));
    assert_eq!(
        events_of::<Borrowed>(&response),
        [Borrowed {
            owner: world.address("alice").into_string(),
            id: 0,
            recipient: world.address("alice").into_string(),
            asset: world.asset("USDC"),
            amount: Amount(500_000_000),
            shares: DebtShares(500_000_000_000_000),
        }]
    );
    let market = world.market("USDC")?;
    assert_eq!(market.borrowed, Amount(500_000_000));
    assert_eq!(market.supplied, Amount(1_000_000_000_000));
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn tokens_can_go_to_another_but_not_to_the_vault() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    let purses = Purses::of(&world);
    let to = |to: String, world: &World| ExecuteMsg::Borrow {
        account: None,
        asset: world.asset("USDC"),
        amount: Amount(7),
        to: Some(to),
    };

    let message = to(world.address("bob").into_string(), &world);
    world.execute("alice", message, Vec::new())?;
    purses.assert_moved(&world, &[("bob", "USDC", 7), ("vault", "USDC", -7)]);

    let vault = world.vault().to_string();
    let answer = world.execute("alice", to(vault.clone(), &world), Vec::new());
    refused(answer, "invalid_recipient", json!({ "recipient": vault }));
    let answer = world.execute("alice", to("nobody".into(), &world), Vec::new());
    assert_eq!(answer.unwrap_err().name, "std");
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn debts_add_up_and_the_rate_follows_the_utilisation() -> Tested {
    let mut world = world_of(standard_markets()).build()?;
    supply(&mut world, "USDC", 4_000);
    world.deposit("alice", "ATOM", 1_000)?;
    assert_eq!(world.market("USDC")?.borrow_rate, Fraction::ZERO);
    world.borrow("alice", "USDC", 400)?;
    world.borrow("alice", "USDC", 600)?;
    assert_eq!(
        one_holding(&world, ("alice", 0), "USDC").debt,
        Amount(1_000_000_000)
    );
    let market = world.market("USDC")?;
    assert_eq!(market.utilisation, Fraction::percent(25));
    // 6 % × 0.25 / 0.8, of which suppliers get a quarter (what is used) less 15 %.
    assert_eq!(market.borrow_rate.to_string(), "0.01875");
    assert_eq!(market.supply_rate.to_string(), "0.003984375");
    Ok(())
}

#[test]
fn without_collateral_nothing_can_be_borrowed() -> Tested {
    let mut world = funded();
    let answer = world.borrow("mallory", "USDC", Amount(1));
    let error = answer.unwrap_err();
    assert_eq!(error.name, "below_initial_margin");
    assert_eq!(world.account("mallory")?.holdings, []);
    Ok(())
}

#[test]
fn the_initial_margin_bounds_the_debt() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    let asset = world.asset("USDC");
    let amount = world.units("USDC", 900)?;
    let after = world
        .simulate(
            "alice",
            vec![Action::Borrow {
                asset,
                amount,
                to: None,
            }],
        )?
        .after
        .expect("it can be carried out");
    let purses = Purses::of(&world);

    let answer = world.borrow("alice", "USDC", 900);

    // 100 ATOM at 9.99 less 900 USDC at 1.001.
    assert_eq!(after.equity_open, usd("98.1"));
    let fields = json!({ "equity_open": "98.1", "initial": after.initial });
    refused(answer, "below_initial_margin", fields);
    purses.assert_moved(&world, &[]);
    Ok(())
}

#[test]
fn the_borrow_cap_holds_to_the_unit() -> Tested {
    let mut world = capped(|spec| spec.with_borrow_cap(1_000))?;
    world.borrow("alice", "USDC", 900)?;
    let answer = world.borrow("bob", "USDC", Amount(100_000_001));
    let fields = json!({
        "asset": world.asset("USDC"),
        "cap": "1000000000",
        "total": "1000000001",
    });
    refused(answer, "borrow_cap", fields);
    world.borrow("bob", "USDC", 100)?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn the_utilisation_limit_holds_to_the_unit() -> Tested {
    let mut world = capped(|spec| {
        spec.with_listing(|listing| {
            listing.limits.max_utilisation = Fraction::percent(40);
        })
    })?;
    world.borrow("alice", "USDC", 2_500)?;
    let answer = world.borrow("bob", "USDC", Amount(1_500_000_001));
    let fields = json!({
        "asset": world.asset("USDC"),
        "limit": "0.4",
        "utilisation": "0.4000000001",
    });
    refused(answer, "utilisation_limit", fields);
    world.borrow("bob", "USDC", 1_500)?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn one_account_may_owe_a_quarter_of_the_pool() -> Tested {
    let mut world = capped(|spec| spec)?;
    let answer = world.borrow("alice", "USDC", Amount(2_500_000_001));
    let fields = json!({
        "asset": world.asset("USDC"),
        "limit": "2500000000",
        "debt": "2500000001",
    });
    refused(answer, "counterparty_limit", fields);
    world.borrow("alice", "USDC", 2_500)?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_pool_lends_no_more_than_its_cash() -> Tested {
    let mut world = capped(|spec| spec)?;
    let answer = world.borrow("alice", "USDC", Amount(10_000_000_001));
    let fields = json!({
        "asset": world.asset("USDC"),
        "available": "10000000000",
        "requested": "10000000001",
    });
    refused(answer, "insufficient_cash", fields);
    Ok(())
}

#[test]
fn idle_deposits_are_never_lent() -> Tested {
    let mut world = capped(|spec| spec)?;
    world.withdraw_all("carol", "USDC")?;
    world.deposit("carol", "USDC", 10_000)?;
    let answer = world.borrow("alice", "USDC", Amount(1));
    let fields = json!({ "asset": world.asset("USDC"), "available": "0", "requested": "1" });
    refused(answer, "insufficient_cash", fields);
    Ok(())
}

#[test]
fn what_is_deposited_cannot_be_borrowed() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    let answer = world.borrow("alice", "ATOM", 1);
    refused(
        answer,
        "borrow_of_deposit",
        json!({ "asset": world.asset("ATOM") }),
    );
    Ok(())
}

#[test]
fn a_full_account_owes_no_further_asset() -> Tested {
    let mut world = world_of(standard_markets())
        .with_parameters(|parameters| parameters.max_holdings = 2)
        .build()?;
    supply(&mut world, "USDC", 1_000);
    supply(&mut world, "ETH", 10);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 1)?;
    let answer = world.borrow("alice", "ETH", "0.001");
    let fields = json!({ "asset": world.asset("ETH"), "limit": 2 });
    refused(answer, "too_many_holdings", fields);
    world.borrow("alice", "USDC", 1)?;
    Ok(())
}

#[test]
fn zero_strangers_and_unlisted_assets_are_refused() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;

    let answer = world.borrow("alice", "USDC", Amount::ZERO);
    refused(
        answer,
        "zero_amount",
        json!({ "asset": world.asset("USDC") }),
    );

    let answer = world.borrow("alice", "unlisted", Amount(1));
    refused(answer, "unknown_market", json!({ "asset": "unlisted" }));

    let answer = world.borrow("alice", "USDC", Amount(1 << 104));
    let fields = json!({ "amount": (1u128 << 104).to_string() });
    refused(answer, "amount_too_large", fields);
    let answer = world.borrow("alice", "USDC", Amount(u128::MAX));
    assert_eq!(answer.unwrap_err().name, "amount_too_large");

    let message = ExecuteMsg::Borrow {
        account: Some(world.account_ref("alice")),
        asset: world.asset("USDC"),
        amount: Amount(1),
        to: None,
    };
    let answer = world.execute("mallory", message.clone(), Vec::new());
    let fields = json!({
        "sender": world.address("mallory"),
        "owner": world.address("alice"),
        "id": 0,
    });
    refused(answer, "not_account_owner", fields);

    let funds = world.coins("USDC", 1)?;
    let sent = funds[0].to_string();
    let answer = world.execute("alice", message, funds);
    let fields = json!({ "expected": "nothing", "sent": [sent] });
    refused(answer, "wrong_funds", fields);
    Ok(())
}

#[test]
fn a_pause_of_borrowing_is_refused_with_its_end() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    world.pause(None, &[PausableAction::Borrow])?;
    let answer = world.borrow("alice", "USDC", 1);
    let fields = json!({
        "action": "borrow",
        "asset": world.asset("USDC"),
        "until": world.now() + 72 * 3600,
    });
    refused(answer, "paused", fields);
    Ok(())
}

#[test]
fn a_market_can_be_closed_to_borrowing() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    let asset = world.asset("USDC");
    let update = MarketUpdate {
        borrow_enabled: Some(false),
        ..MarketUpdate::default()
    };
    let message = ExecuteMsg::UpdateMarket {
        asset: asset.clone(),
        update,
    };
    world.execute("owner", message, Vec::new())?;
    let answer = world.borrow("alice", "USDC", 1);
    refused(answer, "borrow_disabled", json!({ "asset": asset }));
    Ok(())
}

#[test]
fn nothing_opens_at_a_stale_halted_or_doubtful_price() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    let atom = world.asset("ATOM");

    world.fork(|world| {
        world.advance(121);
        let answer = world.borrow("alice", "USDC", 1);
        let fields = json!({ "asset": world.asset("USDC"), "status": "ok", "stale": true });
        refused(answer, "price_not_openable", fields);
    });
    world.fork(|world| {
        let asset = atom.clone();
        let halted = world.execute_oracle("guardian", oracle::ExecuteMsg::Halt { asset });
        halted.expect("the guardian halts");
        let answer = world.borrow("alice", "USDC", 1);
        let fields = json!({ "asset": atom, "status": "halted", "stale": false });
        refused(answer, "price_not_openable", fields);
    });
    // A jump that nothing has confirmed yet.
    world.advance(6);
    world.post(&[("ATOM", "20")])?;
    let answer = world.borrow("alice", "USDC", 1);
    let fields = json!({ "asset": atom, "status": "pending", "stale": false });
    refused(answer, "price_not_openable", fields);
    Ok(())
}

#[test]
fn borrowing_a_volatile_asset_needs_margin_as_holding_it_does() -> Tested {
    let mut world = funded();
    world.deposit("alice", "USDC", 1_000)?;
    world.deposit("bob", "ATOM", 100)?;
    // The same 1,000 USD against 800 USD of the other: long ATOM, short ATOM.
    world.borrow("alice", "ATOM", 80)?;
    world.borrow("bob", "USDC", 800)?;
    let (short, long) = (world.margin("alice")?, world.margin("bob")?);
    assert_eq!(short.equity, long.equity);
    let ratio = short.maintenance.0 * 100 / long.maintenance.0;
    assert_eq!(ratio, 84, "per cent of a long's margin");
    Ok(())
}

#[test]
fn decimals_do_not_matter_to_the_margin_in_any_pairing() -> Tested {
    let mut margins = Vec::new();
    for deposit_decimals in [0, 6, 8, 18] {
        for debt_decimals in [0, 6, 8, 18] {
            let mut world = pairing(deposit_decimals, debt_decimals)?;
            world.deposit("alice", "COL", 1_000)?;
            let purses = Purses::of(&world);

            world.borrow("alice", "DEB", 700)?;

            let moved = amount(&world, "DEB", 700);
            purses.assert_moved(&world, &[("alice", "DEB", moved), ("vault", "DEB", -moved)]);
            assert_books_balance(&world);
            let refusal = world.borrow("alice", "DEB", 200).unwrap_err();
            assert_eq!(refusal.name, "below_initial_margin");
            let most = world.max_borrow("alice", "DEB")?;
            let tokens = most.0 / 10u128.pow(u32::from(debt_decimals));
            // The query keeps one smallest unit back, here as much as a whole token.
            assert_eq!(tokens, if debt_decimals == 0 { 158 } else { 159 });
            let margin = world.margin("alice")?;
            margins.push((margin.equity, margin.maintenance, margin.initial));
        }
    }
    margins.dedup();
    assert_eq!(margins.len(), 1, "{margins:?}");
    assert_eq!(margins[0].0, usd("3000"));
    Ok(())
}

/// 1 COL is worth 10 USD, so is 1 DEB.
fn pairing(
    deposit_decimals: u8,
    debt_decimals: u8,
) -> Result<World, bulwark_types::wire::WireError> {
    let token = |symbol, decimals| {
        interest_free(MarketSpec::crypto(symbol))
            .with_decimals(decimals)
            .with_price(10)
    };
    let mut world =
        world_of([token("COL", deposit_decimals), token("DEB", debt_decimals)]).build()?;
    supply(&mut world, "DEB", 1_000_000);
    Ok(world)
}

/// A pool of 10,000 USDC, and alice and bob with more than enough margin.
fn capped(
    edit: impl FnOnce(MarketSpec) -> MarketSpec,
) -> Result<World, bulwark_types::wire::WireError> {
    let [usdc, atom, ..] = standard_markets();
    let mut world = world_of([edit(usdc), atom]).build()?;
    supply(&mut world, "USDC", 10_000);
    world.deposit("alice", "ATOM", 100_000)?;
    world.deposit("bob", "ATOM", 100_000)?;
    Ok(world)
}

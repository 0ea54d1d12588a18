//! What a batch of an account below its initial margin cannot be misused for.

use bulwark_risk::units::{Amount, Fraction};
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{Tested, assert_books_balance, falls, interest_free, supply, world_of};
use bulwark_types::vault::{Action, ExecuteMsg, MarketUpdate};

/// Alice has 1,000 ATOM at 10 USD and owes 8,000 USDC; a tenth of a pool may leave in a day.
fn strained() -> World {
    let limited = |market: MarketSpec| {
        interest_free(market)
            .with_listing(|listing| listing.limits.outflow_share = Fraction::percent(10))
    };
    let mut world = world_of([
        limited(MarketSpec::usd("USDC")),
        limited(MarketSpec::crypto("ATOM").with_price(10)),
        limited(MarketSpec::crypto("OSMO").with_price(1)),
    ])
    .build()
    .unwrap();
    supply(&mut world, "USDC", 1_000_000);
    supply(&mut world, "ATOM", 10_000);
    // Until then what was lent may leave again at once.
    world.advance(2 * 86_400);
    world.repost().unwrap();
    world.deposit_lent("alice", "ATOM", 1_000).unwrap();
    world.borrow("alice", "USDC", 8_000).unwrap();
    // Below initial margin, above maintenance margin.
    falls(&mut world, &[("ATOM", "9.6")]);
    world
}

fn borrow(world: &World, asset: &str, tokens: u32) -> Action {
    Action::Borrow {
        asset: world.asset(asset),
        amount: world.units(asset, tokens).unwrap(),
        to: None,
    }
}

fn all_in_hand(world: &World, asset: &str) -> Action {
    Action::Deposit {
        asset: world.asset(asset),
        amount: None,
        lend: None,
    }
}

#[test]
fn bringing_collateral_does_not_lift_the_outflow_limit_of_a_borrower_in_need() -> Tested {
    let mut world = strained();
    let actions = vec![all_in_hand(&world, "ATOM"), borrow(&world, "USDC", 150_000)];
    let funds = world.coins("ATOM", 100_000)?;
    assert_eq!(
        world.batch("alice", actions, funds).unwrap_err().name,
        "outflow_limit"
    );
    Ok(())
}

#[test]
fn what_repays_debts_leaves_past_the_outflow_limit() -> Tested {
    let mut world = strained();
    // Carol takes as much as may leave: a tenth, and what Alice has just lent.
    world.withdraw("carol", "ATOM", 2_100)?;
    let pool = world.open_pool("ATOM", "USDC", 10_000_000, 30)?;
    let withdraw = Action::Withdraw {
        asset: world.asset("ATOM"),
        amount: Some(world.units("ATOM", 400)?),
        to: None,
    };
    assert_eq!(
        world.withdraw("carol", "ATOM", 200).unwrap_err().name,
        "outflow_limit"
    );
    let swap = world.swap_call(&pool, "ATOM", 400)?;
    world.batch("alice", vec![withdraw, swap], Vec::new())?;
    let debt = world.account("alice")?.holdings[0].debt;
    assert!(debt < Amount(4_200_000_000), "{debt}");
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn what_a_call_returns_beyond_the_debt_and_the_cap_stays_in_hand() -> Tested {
    let mut world = strained();
    let asset = world.asset("USDC");
    let update = MarketUpdate {
        deposit_enabled: Some(false),
        ..MarketUpdate::default()
    };
    world.execute(
        "owner",
        ExecuteMsg::UpdateMarket { asset, update },
        Vec::new(),
    )?;
    let pool = world.open_pool("ATOM", "USDC", 10_000_000, 0)?;
    let before = world.balance("alice", "USDC");
    let swap = world.swap_call(&pool, "ATOM", 900)?;
    let funds = world.coins("ATOM", 900)?;
    world.batch("alice", vec![swap], funds)?;
    assert!(
        world
            .account("alice")?
            .holdings
            .iter()
            .all(|h| h.debt.is_zero())
    );
    let kept = world.balance("alice", "USDC").0 - before.0;
    assert!((500_000_000..640_000_000).contains(&kept), "{kept}");
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_coin_that_is_called_like_a_token_is_not_the_token() -> Tested {
    let mut world =
        world_of([MarketSpec::usd("USDC"), MarketSpec::usd("TOK").as_cw20()]).build()?;
    supply(&mut world, "TOK", 1_000);
    world.deposit("mallory", "USDC", 1_000)?;
    world.borrow("mallory", "TOK", 100)?;
    let denom = world.asset("TOK");
    let fakes = vec![cosmwasm_std::Coin::new(100_000_000u128, denom)];
    let mallory = world.address("mallory").into_string();
    let mint = cw_multi_test::BankSudo::Mint {
        to_address: mallory,
        amount: fakes.clone(),
    };
    world.app_mut().sudo(mint.into()).expect("minted");
    let account = None;
    let messages = [
        ExecuteMsg::Deposit {
            account: account.clone(),
            lend: None,
        },
        ExecuteMsg::Repay {
            account: account.clone(),
        },
        ExecuteMsg::Batch {
            account,
            actions: vec![all_in_hand(&world, "TOK")],
        },
    ];
    for message in messages {
        let refusal = world
            .execute("mallory", message, fakes.clone())
            .unwrap_err();
        assert_eq!(refusal.name, "wrong_funds");
    }
    Ok(())
}

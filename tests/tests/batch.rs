//! `batch`: several actions, one margin check at the end, outside calls in between.

use bulwark_risk::units::Amount;
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{Tested, assert_books_balance, interest_free, supply, world_of};
use bulwark_types::vault::Action;

/// USDC in coins, ATOM and ETH, one of them a CW20 token; pools of 10 million USD a side.
fn rich() -> World {
    let mut world = world_of(
        [
            MarketSpec::usd("USDC"),
            MarketSpec::crypto("ATOM").with_price(10),
            MarketSpec::crypto("ETH")
                .with_decimals(18)
                .with_price(2_000)
                .as_cw20(),
        ]
        .map(interest_free),
    )
    .build()
    .unwrap();
    supply(&mut world, "USDC", 1_000_000);
    supply(&mut world, "ATOM", 100_000);
    supply(&mut world, "ETH", 500);
    world
}

fn borrow(world: &World, asset: &str, tokens: u32) -> Action {
    Action::Borrow {
        asset: world.asset(asset),
        amount: world.units(asset, tokens).unwrap(),
        to: None,
    }
}

#[test]
fn leverage_up_in_one_transaction_with_coins_and_with_tokens() -> Tested {
    for collateral in ["ATOM", "ETH"] {
        let mut world = rich();
        let pool = world.open_pool("USDC", collateral, 10_000_000, 30)?;
        let start = if collateral == "ATOM" { 1_000 } else { 5 };
        world.deposit("alice", collateral, start)?;
        let swap = world.swap_call(&pool, "USDC", 12_000)?;
        let actions = vec![borrow(&world, "USDC", 12_000), swap];
        world.batch("alice", actions, Vec::new())?;
        let account = world.account("alice")?;
        let bought = account
            .holdings
            .iter()
            .find(|holding| holding.asset == world.asset(collateral))
            .unwrap()
            .idle
            .0;
        let before = world.units(collateral, start)?.0;
        assert!(bought > before * 2, "{bought}");
        let owed = account.holdings.iter().map(|holding| holding.debt.0).max();
        assert_eq!(owed, Some(12_000_000_000));
        assert_eq!(world.balance("caller", "USDC"), Amount::ZERO);
        assert_books_balance(&world);
    }
    Ok(())
}

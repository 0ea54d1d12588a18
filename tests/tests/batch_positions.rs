//! `batch` against a constant-product pool: a position is opened, closed or exchanged in one
//! transaction, whether its assets are coins, CW20 tokens, or one of each.

use bulwark_risk::units::Amount;
use bulwark_testing::World;
use bulwark_tests::{
    KINDS, Tested, assert_at_rest, borrow, holding, one_holding, quote, trading, withdraw,
    withdraw_all,
};

/// Alice has deposited 1,000 ATOM, worth 10,000 USD.
fn with_collateral(tokens: &[&str]) -> World {
    let mut world = trading(tokens);
    world.deposit("alice", "ATOM", 1_000).unwrap();
    world
}

/// The same, and she owes 4,000 USDC.
fn in_debt(tokens: &[&str]) -> World {
    let mut world = with_collateral(tokens);
    world.borrow("alice", "USDC", 4_000).unwrap();
    world
}

#[test]
fn leverage_goes_up() -> Tested {
    for tokens in KINDS {
        let mut world = with_collateral(tokens);
        let pool = world.open_pool("USDC", "ATOM", 10_000_000, 30)?;
        let bought = quote(&world, &pool, "USDC", 12_000);
        let purse = world.balance("alice", "USDC");

        let swap = world.swap_call(&pool, "USDC", 12_000)?;
        let actions = vec![borrow(&world, "USDC", 12_000), swap];
        world.batch("alice", actions, Vec::new())?;

        let atom = one_holding(&world, ("alice", 0), "ATOM");
        assert_eq!(atom.idle, Amount(1_000_000_000 + bought.0));
        let usdc = one_holding(&world, ("alice", 0), "USDC");
        assert_eq!(usdc.debt, Amount(12_000_000_000));
        assert_eq!(world.balance("alice", "USDC"), purse);
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn leverage_goes_down_and_what_comes_back_repays() -> Tested {
    for tokens in KINDS {
        let mut world = in_debt(tokens);
        let pool = world.open_pool("USDC", "ATOM", 10_000_000, 30)?;
        let sold_for = quote(&world, &pool, "ATOM", 300);

        let swap = world.swap_call(&pool, "ATOM", 300)?;
        let actions = vec![withdraw(&world, "ATOM", 300), swap];
        world.batch("alice", actions, Vec::new())?;

        let atom = one_holding(&world, ("alice", 0), "ATOM");
        assert_eq!(atom.idle, Amount(700_000_000));
        let usdc = one_holding(&world, ("alice", 0), "USDC");
        assert_eq!(usdc.debt, Amount(4_000_000_000 - sold_for.0));
        assert_eq!(usdc.idle, Amount::ZERO);
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn one_deposit_becomes_another_under_the_same_debt() -> Tested {
    for tokens in KINDS {
        let mut world = in_debt(tokens);
        let pool = world.open_pool("ATOM", "ETH", 10_000_000, 30)?;
        let bought = quote(&world, &pool, "ATOM", 1_000);

        let swap = world.swap_call(&pool, "ATOM", 1_000)?;
        let actions = vec![withdraw_all(&world, "ATOM"), swap];
        world.batch("alice", actions, Vec::new())?;

        assert!(holding(&world, ("alice", 0), "ATOM").is_none());
        let eth = one_holding(&world, ("alice", 0), "ETH");
        assert_eq!(eth.idle, bought);
        let usdc = one_holding(&world, ("alice", 0), "USDC");
        assert_eq!(usdc.debt, Amount(4_000_000_000));
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn one_debt_becomes_another_and_what_is_too_much_is_deposited() -> Tested {
    for tokens in KINDS {
        let mut world = in_debt(tokens);
        let pool = world.open_pool("USDC", "ETH", 10_000_000, 30)?;
        let sold_for = quote(&world, &pool, "ETH", "2.1");

        let swap = world.swap_call(&pool, "ETH", "2.1")?;
        let actions = vec![borrow(&world, "ETH", "2.1"), swap];
        world.batch("alice", actions, Vec::new())?;

        let eth = one_holding(&world, ("alice", 0), "ETH");
        assert_eq!(eth.debt, world.units("ETH", "2.1")?);
        let usdc = one_holding(&world, ("alice", 0), "USDC");
        assert_eq!(usdc.debt, Amount::ZERO);
        assert_eq!(usdc.idle, Amount(sold_for.0 - 4_000_000_000));
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn everything_is_closed_and_the_owner_gets_the_rest() -> Tested {
    for tokens in KINDS {
        let mut world = in_debt(tokens);
        let pool = world.open_pool("USDC", "ATOM", 10_000_000, 30)?;
        let sold_for = quote(&world, &pool, "ATOM", 450);
        let purse = |world: &World, asset| world.balance("alice", asset).0;
        let (atom, usdc) = (purse(&world, "ATOM"), purse(&world, "USDC"));

        let swap = world.swap_call(&pool, "ATOM", 450)?;
        let actions = vec![
            withdraw_all(&world, "ATOM"),
            swap,
            withdraw_all(&world, "USDC"),
        ];
        world.batch("alice", actions, Vec::new())?;

        assert_eq!(world.account("alice")?.holdings, []);
        assert_eq!(purse(&world, "ATOM"), atom + 550_000_000);
        assert_eq!(purse(&world, "USDC"), usdc + sold_for.0 - 4_000_000_000);
        assert_eq!(world.market("USDC")?.borrowed, Amount::ZERO);
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn two_calls_follow_each_other() -> Tested {
    for tokens in KINDS {
        let mut world = with_collateral(tokens);
        let first = world.open_pool("USDC", "ETH", 10_000_000, 30)?;
        let second = world.open_pool("ETH", "ATOM", 10_000_000, 30)?;
        let between = quote(&world, &first, "USDC", 12_000);
        let bought = quote(&world, &second, "ETH", between);

        let there = world.swap_call(&first, "USDC", 12_000)?;
        let on = world.swap_call(&second, "ETH", between)?;
        let actions = vec![
            borrow(&world, "USDC", 12_000),
            there,
            withdraw_all(&world, "ETH"),
            on,
        ];
        world.batch("alice", actions, Vec::new())?;

        let atom = one_holding(&world, ("alice", 0), "ATOM");
        assert_eq!(atom.idle, Amount(1_000_000_000 + bought.0));
        assert!(holding(&world, ("alice", 0), "ETH").is_none());
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn a_price_at_the_pool_that_is_too_bad_fails_the_whole() -> Tested {
    for tokens in KINDS {
        let mut world = with_collateral(tokens);
        // So shallow that four fifths of what is swapped are lost.
        let pool = world.open_pool("USDC", "ATOM", 3_000, 30)?;
        let before = world.account("alice")?;

        let swap = world.swap_call(&pool, "USDC", 12_000)?;
        let actions = vec![borrow(&world, "USDC", 12_000), swap];
        let answer = world.batch("alice", actions, Vec::new());

        assert_eq!(answer.unwrap_err().name, "below_initial_margin");
        assert_eq!(world.account("alice")?, before);
        assert_at_rest(&world);
    }
    Ok(())
}

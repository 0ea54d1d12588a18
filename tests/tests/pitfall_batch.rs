//! What broke others, tried by way of batches and callbacks (numbers as in the README).

use crate::pitfall_support::wealth;
use bulwark_risk::units::Amount;
use bulwark_testing::World;
use bulwark_tests::{
    Mischief, Tested, assert_at_rest, assert_books_balance, batch_with, borrow, deposit_all, falls,
    keeper_contract, lend, pay, recall, repay_all, sale, supply, trading, trading_markets,
    withdraw_all, world_of,
};
use bulwark_types::vault::{Action, AssetAmount};

#[test]
fn pitfall_02_an_empty_pool_is_no_toy_for_batches() -> Tested {
    // A unit is lent to an empty pool, the vault is given tokens, and a batch goes round and
    // round: nothing of the donation is the attacker's, and who lends next loses nothing.
    let mut world = world_of(trading_markets(&[])).build()?;
    world.deposit_lent("mallory", "ATOM", Amount(1))?;
    world.send("mallory", world.vault().to_string().as_str(), "ATOM", 1_000)?;
    let before = wealth(&world, "mallory");
    let round = || -> Vec<Action> {
        vec![
            deposit_all(&world, "ATOM", Some(true)),
            recall(&world, "ATOM", None),
            lend(&world, "ATOM", None),
            withdraw_all(&world, "ATOM"),
        ]
    };
    let actions: Vec<Action> = (0..8).flat_map(|_| round()).collect();
    let coins = [("ATOM", "0.000007")];
    batch_with(&mut world, "mallory", &coins, actions.clone())?;
    assert!(wealth(&world, "mallory") <= before);

    world.deposit_lent("alice", "ATOM", 10)?;
    batch_with(&mut world, "mallory", &coins, actions)?;
    assert!(wealth(&world, "mallory") <= before);
    let lent = world.account("alice")?.holdings[0].lent;
    assert!(lent.0 >= 9_999_999, "{lent}");
    Ok(())
}

#[test]
fn pitfall_03_a_donation_during_a_call_moves_no_price_of_a_share() -> Tested {
    let mut world = trading(&[]);
    world.deposit("alice", "ATOM", 100)?;
    let mischief = Mischief::deploy(&mut world);
    world.mint(mischief.address.as_str(), "ATOM", 5_000)?;
    let donation = pay(&world, world.vault(), "ATOM", 5_000);
    mischief.set(&mut world, vec![donation], false);
    let carol = world.account("carol")?;
    let supplied = world.market("ATOM")?.supplied;
    let call = bulwark_tests::call(&world, &mischief.address, "{}", &[], &[]);
    world.batch("alice", vec![call], Vec::new())?;
    assert_eq!(world.account("carol")?, carol);
    assert_eq!(world.market("ATOM")?.supplied, supplied);
    Ok(())
}

#[test]
fn pitfall_05_a_loan_within_a_batch_costs_the_pool_nothing() -> Tested {
    let mut world = trading(&[]);
    world.deposit("bob", "ATOM", 10_000)?;
    world.borrow("bob", "USDC", 50_000)?;
    world.deposit("mallory", "ATOM", 100_000)?;
    let (before, market) = (wealth(&world, "mallory"), world.market("USDC")?);
    for loan in [1_000_000_000, 99_999_999_999, 1_000_000_000] {
        let actions = vec![
            borrow(&world, "USDC", Amount(loan)),
            repay_all(&world, "USDC"),
        ];
        batch_with(&mut world, "mallory", &[("USDC", "0.00001")], actions)?;
    }
    assert!(wealth(&world, "mallory") <= before);
    assert!(world.market("USDC")?.borrowed >= market.borrowed);
    assert!(world.market("USDC")?.supplied >= market.supplied);
    assert_books_balance(&world);
    Ok(())
}

/// Mallory is just below her maintenance margin.
fn called(price: &str) -> World {
    let mut world = trading(&[]);
    world.deposit("mallory", "ATOM", 1_000).unwrap();
    world.borrow("mallory", "USDC", 8_000).unwrap();
    falls(&mut world, &[("ATOM", price)]);
    world
}

fn by_callback(
    world: &mut World,
    mischief: &Mischief,
    usdc: u32,
) -> crate::pitfall_support::Answer {
    let debt = AssetAmount {
        asset: world.asset("USDC"),
        amount: world.units("USDC", usdc)?,
    };
    world.liquidate_by_callback("bob", "mallory", debt, "ATOM", mischief.callback())
}

#[test]
fn pitfall_13_a_callback_takes_no_more_by_being_repeated() -> Tested {
    let mut world = called("9.5");
    let pool = world.open_pool("USDC", "ATOM", 10_000_000, 0)?;
    let contract = keeper_contract(&mut world, "keeper");
    let whole = AssetAmount {
        asset: world.asset("USDC"),
        amount: world.units("USDC", 8_000)?,
    };
    let plan = world.simulate_liquidation("mallory", "USDC", 8_000, "ATOM")?;
    let callback = sale(&contract, &pool);
    world.liquidate_by_callback("keeper", "mallory", whole.clone(), "ATOM", callback.clone())?;
    let again = world.liquidate_by_callback("keeper", "mallory", whole, "ATOM", callback);
    assert_eq!(again.unwrap_err().name, "not_liquidatable");
    let left = bulwark_tests::one_holding(&world, ("mallory", 0), "ATOM").idle;
    assert_eq!(left, Amount(1_000_000_000 - plan.seized.0));
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn pitfall_17_nobody_gains_by_liquidating_himself_in_a_callback() -> Tested {
    // Her own contract seizes from her own account and repays out of her own pocket; who sends
    // the message for her has no part in it.
    for price in ["9.6", "9.5", "9", "8.6"] {
        let mut world = called(price);
        let shown = world.simulate_liquidation("mallory", "USDC", 8_000, "ATOM");
        let Ok(shown) = shown else { continue };
        let mischief = Mischief::deploy(&mut world);
        let contract = mischief.address.to_string();
        world.send("mallory", &contract, "USDC", shown.repaid)?;
        let all = |world: &World| wealth(world, "mallory") + wealth(world, &contract);
        let before = all(&world);
        let repayment = pay(&world, world.vault(), "USDC", shown.repaid);
        mischief.set(&mut world, vec![repayment], false);
        by_callback(&mut world, &mischief, 8_000)?;
        assert!(all(&world) < before, "at {price}");
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn pitfall_21_collateral_is_not_given_away_within_a_batch() -> Tested {
    let mut world = trading(&[]);
    supply(&mut world, "USDC", 1);
    world.deposit("mallory", "ATOM", 1_000)?;
    world.borrow("mallory", "USDC", 8_000)?;
    for action in [
        bulwark_tests::withdraw_to(&world, "ATOM", 1_000, "bob"),
        bulwark_tests::withdraw_to(&world, "ATOM", 100, "bob"),
        bulwark_tests::borrow_to(&world, "USDC", 1_000, "bob"),
    ] {
        let answer = world.batch("mallory", vec![action], Vec::new());
        assert_eq!(answer.unwrap_err().name, "below_initial_margin");
    }
    assert_at_rest(&world);
    Ok(())
}

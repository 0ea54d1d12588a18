//! Queries about limits: the most that can be borrowed or withdrawn, and the price at which an
//! account becomes liquidatable. What they answer is held against the messages.

use bulwark_risk::account::Status;
use bulwark_risk::units::{Amount, Fraction, Price};
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{
    Tested, falls, fund, funded, levered, one_holding, refused, standard_markets, supply,
    underwater, world_of,
};
use bulwark_types::vault::{ExecuteMsg, Limits, MarketUpdate, PausableAction};
use bulwark_types::wire::WireError;
use serde_json::json;

/// Smallest units that a limit may keep back: a debt rounds up and a deposit down.
const KEPT_BACK: u128 = 2;

#[track_caller]
fn assert_borrow_limit(world: &mut World, asset: &str, refusal: &str) {
    let most = world.max_borrow("alice", asset).expect("an answer");
    if !most.is_zero() {
        let passes = world.fork(|world| world.borrow("alice", asset, most).map(drop));
        passes.unwrap_or_else(|error| panic!("{most} of {asset}: {error:?}"));
    }
    let more = Amount(most.0 + KEPT_BACK + 1);
    let fails = world.fork(|world| world.borrow("alice", asset, more).map(drop));
    let error = fails.expect_err("more than the most");
    assert_eq!(error.name, refusal, "{asset}: {most} and a little");
}

#[track_caller]
fn assert_withdrawal_limit(world: &mut World, asset: &str, refusal: &str) {
    let most = world.max_withdraw("alice", asset).expect("an answer");
    if !most.is_zero() {
        let passes = world.fork(|world| world.withdraw("alice", asset, most).map(drop));
        passes.unwrap_or_else(|error| panic!("{most} of {asset}: {error:?}"));
    }
    let more = Amount(most.0 + KEPT_BACK + 1);
    let fails = world.fork(|world| world.withdraw("alice", asset, more).map(drop));
    let error = fails.expect_err("more than the most");
    assert_eq!(error.name, refusal, "{asset}: {most} and a little");
}

#[test]
fn the_most_that_can_be_borrowed_is_what_the_margin_bears() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    world.deposit("bob", "BTC", 30)?;
    world.borrow("bob", "USDC", 250_000)?;
    for asset in ["USDC", "BTC", "ETH"] {
        assert_borrow_limit(&mut world, asset, "below_initial_margin");
    }
    // With odd shares and a debt already there.
    world.borrow("alice", "USDC", Amount(123_456_789))?;
    world.advance(777_777);
    world.repost()?;
    for asset in ["USDC", "BTC", "ETH"] {
        let most = world.max_borrow("alice", asset)?;
        assert!(most > Amount::ZERO, "{asset}");
        assert_borrow_limit(&mut world, asset, "below_initial_margin");
    }
    Ok(())
}

#[test]
fn a_hedge_can_borrow_more() -> Tested {
    let [usdc, atom, btc, eth] = standard_markets();
    let staked = MarketSpec::member("stATOM", "ATOM").with_price(12);
    let mut world = world_of([usdc, atom, btc, eth, staked]).build()?;
    fund(&mut world);
    world.deposit("alice", "stATOM", 100)?;
    assert_borrow_limit(&mut world, "ATOM", "below_initial_margin");
    assert_borrow_limit(&mut world, "USDC", "below_initial_margin");
    let (atom, usdc) = (
        world.max_borrow("alice", "ATOM")?,
        world.max_borrow("alice", "USDC")?,
    );
    assert!(atom.0 * 10 > usdc.0, "{atom} ATOM at 10 USD, {usdc} USDC");
    Ok(())
}

#[test]
fn the_most_that_can_be_borrowed_is_what_every_limit_leaves() -> Tested {
    type Edit = fn(&mut Limits);
    let limits: [(&str, Edit); 4] = [
        ("borrow_cap", |limits| {
            limits.borrow_cap = Amount(1_000_000_000)
        }),
        ("utilisation_limit", |limits| {
            limits.max_utilisation = Fraction::percent(17)
        }),
        ("counterparty_limit", |_| {}),
        ("insufficient_cash", |limits| {
            limits.max_utilisation = Fraction::ONE;
            limits.counterparty_share = Fraction::ONE;
        }),
    ];
    for (refusal, edit) in limits {
        let [usdc, atom, ..] = standard_markets();
        let usdc = usdc.with_listing(move |listing| edit(&mut listing.limits));
        let mut world = world_of([usdc, atom]).build()?;
        supply(&mut world, "USDC", 10_000);
        world.deposit("alice", "ATOM", 100_000)?;
        world.deposit("bob", "ATOM", 1_000)?;
        world.borrow("bob", "USDC", Amount(333_333_333))?;
        assert_borrow_limit(&mut world, "USDC", refusal);
        world.borrow("alice", "USDC", Amount(99_999_999))?;
        world.advance(100_001);
        world.repost()?;
        assert_borrow_limit(&mut world, "USDC", refusal);
        let most = world.max_borrow("alice", "USDC")?;
        world.borrow("alice", "USDC", most)?;
        assert!(world.max_borrow("alice", "USDC")? <= Amount(KEPT_BACK));
    }
    Ok(())
}

#[test]
fn nothing_can_be_borrowed_where_the_message_would_be_refused() -> Tested {
    type Case = (&'static str, fn(&mut World) -> Tested);
    let cases: [Case; 6] = [
        ("paused", |world| {
            world
                .pause(Some("USDC"), &[PausableAction::Borrow])
                .map(drop)
        }),
        ("borrow_disabled", |world| {
            let update = MarketUpdate {
                borrow_enabled: Some(false),
                ..MarketUpdate::default()
            };
            let asset = world.asset("USDC");
            let message = ExecuteMsg::UpdateMarket { asset, update };
            world.execute("owner", message, Vec::new()).map(drop)
        }),
        ("borrow_of_deposit", |world| {
            world.deposit("alice", "USDC", 1_000).map(drop)
        }),
        ("price_not_openable", |world| {
            world.advance(121);
            world.post(&[("ATOM", "10")])
        }),
        ("price_not_openable", |world| {
            world.advance(6);
            world.post(&[("ATOM", "14")])
        }),
        ("below_initial_margin", |world| {
            falls(world, &[("ATOM", "9.7")]);
            Ok(())
        }),
    ];
    let mut world = levered();
    for (refusal, bring_about) in cases {
        world.fork(|world| {
            bring_about(world)?;
            assert_eq!(
                world.max_borrow("alice", "USDC")?,
                Amount::ZERO,
                "{refusal}"
            );
            let error = world.borrow("alice", "USDC", Amount(1)).unwrap_err();
            assert_eq!(error.name, refusal);
            Tested::Ok(())
        })?;
    }
    Ok(())
}

#[test]
fn a_full_account_can_borrow_nothing_new() -> Tested {
    let mut world = world_of(standard_markets())
        .with_parameters(|parameters| parameters.max_holdings = 2)
        .build()?;
    supply(&mut world, "USDC", 1_000);
    world.deposit("alice", "ATOM", 100)?;
    world.deposit("alice", "BTC", 1)?;
    assert_eq!(world.max_borrow("alice", "USDC")?, Amount::ZERO);
    let error = world.borrow("alice", "USDC", Amount(1)).unwrap_err();
    assert_eq!(error.name, "too_many_holdings");
    Ok(())
}

#[test]
fn the_most_that_can_be_withdrawn_is_what_the_margin_can_miss() -> Tested {
    let mut world = world_of(standard_markets()).build()?;
    fund(&mut world);
    world.deposit("alice", "ATOM", 60)?;
    world.deposit_lent("alice", "ATOM", Amount(40_000_001))?;
    world.deposit("alice", "BTC", "0.001")?;
    world.borrow("alice", "USDC", Amount(700_000_003))?;
    world.deposit("bob", "BTC", 1)?;
    world.borrow("bob", "ATOM", 1_000)?;
    world.advance(888_888);
    world.repost()?;
    assert_withdrawal_limit(&mut world, "ATOM", "below_initial_margin");
    assert!(world.max_withdraw("alice", "ATOM")? > Amount::ZERO);
    // All of the bitcoin can leave.
    let most = world.max_withdraw("alice", "BTC")?;
    assert_eq!(most, Amount(100_000));
    assert_withdrawal_limit(&mut world, "BTC", "insufficient_deposit");
    Ok(())
}

#[test]
fn without_debts_everything_can_be_withdrawn_that_the_cash_covers() -> Tested {
    let mut world = levered();
    world.advance(86_400);
    assert!(world.price("USDC")?.stale);
    let most = world.max_withdraw("carol", "USDC")?;
    assert_eq!(most, Amount(999_200_000_000));
    world.withdraw("carol", "USDC", most)?;
    assert_eq!(world.max_withdraw("carol", "USDC")?, Amount::ZERO);
    assert_eq!(
        world.max_withdraw("carol", "ATOM")?,
        world.units("ATOM", 100_000)?
    );
    Ok(())
}

#[test]
fn nothing_can_be_withdrawn_where_the_message_would_be_refused() -> Tested {
    let mut world = levered();
    let zero = |world: &World, asset: &str| world.max_withdraw("alice", asset);
    assert_eq!(zero(&world, "BTC")?, Amount::ZERO, "nothing there");
    assert_eq!(zero(&world, "USDC")?, Amount::ZERO, "a debt");
    world.fork(|world| {
        world.pause(None, &[PausableAction::Withdraw])?;
        assert_eq!(zero(world, "ATOM")?, Amount::ZERO, "paused");
        Tested::Ok(())
    })?;
    world.fork(|world| {
        world.advance(121);
        assert_eq!(zero(world, "ATOM")?, Amount::ZERO, "stale");
        Tested::Ok(())
    })?;
    falls(&mut world, &[("ATOM", "9.5")]);
    assert_eq!(zero(&world, "ATOM")?, Amount::ZERO, "under water");
    Ok(())
}

#[test]
fn limits_hold_for_tokens_without_and_with_eighteen_decimals() -> Tested {
    for deposit_decimals in [0, 8, 18] {
        for debt_decimals in [0, 8, 18] {
            let token = |symbol, decimals| {
                MarketSpec::crypto(symbol)
                    .with_decimals(decimals)
                    .with_price("0.01")
            };
            let markets = [token("COL", deposit_decimals), token("DEB", debt_decimals)];
            let mut world = world_of(markets).build()?;
            supply(&mut world, "DEB", 10_000_000);
            world.deposit_lent("alice", "COL", 1_000_000)?;
            assert_borrow_limit(&mut world, "DEB", "below_initial_margin");
            world.borrow("alice", "DEB", 600_000)?;
            world.advance(99_999);
            world.repost()?;
            assert_borrow_limit(&mut world, "DEB", "below_initial_margin");
            assert_withdrawal_limit(&mut world, "COL", "below_initial_margin");
        }
    }
    Ok(())
}

#[test]
fn at_the_liquidation_price_of_a_deposit_the_account_is_liquidatable_above_it_not() -> Tested {
    let world = &mut levered();
    let prices = world.liquidation_price("alice", "ATOM")?;
    assert_eq!(prices.above, None);
    let below = prices.below.expect("a fall does it");
    assert!(below < price("10") && below > price("9"), "{below}");
    assert_eq!(status_at(world, "ATOM", below)?, Status::Liquidatable);
    assert_eq!(
        status_at(world, "ATOM", Price(below.0 + 1))?,
        Status::MarginCall
    );
    Ok(())
}

#[test]
fn at_the_liquidation_price_of_a_debt_the_account_is_liquidatable_below_it_not() -> Tested {
    let world = &mut levered();
    world.deposit("bob", "USDC", 1_000)?;
    world.borrow("bob", "ATOM", 80)?;
    let prices = world.liquidation_price("bob", "ATOM")?;
    assert_eq!(prices.below, None);
    let above = prices.above.expect("a rise does it");
    assert!(above > price("10") && above < price("11"), "{above}");
    world.advance(6);
    let mut at = |price: Price| {
        world.fork(|world| {
            world.post_price(&[("ATOM", price)])?;
            Ok::<_, WireError>(world.margin("bob")?.status)
        })
    };
    assert_eq!(at(above)?, Status::Liquidatable);
    assert_eq!(at(Price(above.0 - 1))?, Status::MarginCall);
    Ok(())
}

#[test]
fn what_no_price_can_hurt_has_no_liquidation_price() -> Tested {
    let mut world = levered();
    // Without debts; by a deposit that is not needed; and for an account already under water.
    world.deposit("bob", "ATOM", 100)?;
    let none = world.liquidation_price("bob", "ATOM")?;
    assert_eq!((none.below, none.above), (None, None));
    world.deposit("alice", "BTC", Amount(1))?;
    let none = world.liquidation_price("alice", "BTC")?;
    assert_eq!((none.below, none.above), (None, None));

    let world = underwater();
    let none = world.liquidation_price("alice", "ATOM")?;
    assert_eq!((none.below, none.above), (None, None));
    let answer = world.liquidation_price("alice", "BTC");
    refused(answer, "no_deposit", json!({ "asset": world.asset("BTC") }));
    Ok(())
}

#[test]
fn a_stablecoin_that_is_owed_has_a_liquidation_price_too() -> Tested {
    let world = &mut levered();
    let above = world
        .liquidation_price("alice", "USDC")?
        .above
        .expect("a rise does it");
    assert_eq!(status_at(world, "USDC", above)?, Status::Liquidatable);
    assert_eq!(
        status_at(world, "USDC", Price(above.0 - 1))?,
        Status::MarginCall
    );
    assert_eq!(
        one_holding(world, ("alice", 0), "USDC").debt,
        Amount(800_000_000)
    );
    Ok(())
}

#[test]
fn limits_of_unlisted_assets_are_refused() -> Tested {
    let world = levered();
    let fields = json!({ "asset": "unlisted" });
    refused(
        world.max_borrow("alice", "unlisted"),
        "unknown_market",
        fields.clone(),
    );
    refused(
        world.max_withdraw("alice", "unlisted"),
        "unknown_market",
        fields.clone(),
    );
    refused(
        world.liquidation_price("alice", "unlisted"),
        "unknown_market",
        fields,
    );
    Ok(())
}

fn price(text: &str) -> Price {
    text.parse().expect("a price")
}

/// Alice's status after a price has been posted, in a fork.
fn status_at(world: &mut World, asset: &str, price: Price) -> Result<Status, WireError> {
    world.fork(|world| {
        world.advance(6);
        world.post_price(&[(asset, price)])?;
        assert_eq!(world.price(asset)?.record.mid, price);
        Ok(world.margin("alice")?.status)
    })
}

//! Pitfalls 22–25, 28, 42 and 47 as the vault meets them: what a price that is old, pushed,
//! waiting or missing can and cannot do to accounts. What the oracle does by itself is tested
//! beside it, in `contracts/oracle/tests`.

use crate::pitfall_support::{Dice, Step, is_liquidatable, refused_as, wealth};
use bulwark_risk::units::{Amount, Usd};
use bulwark_testing::World;
use bulwark_tests::{
    Tested, assert_books_balance, falls, fund, funded, interest_free, levered, refused,
    standard_markets, supply, underwater, world_of,
};
use bulwark_types::oracle::{self, PriceStatus};
use bulwark_types::vault::{Action, ExecuteMsg, MarketUpdate, OracleMode, ParametersUpdate};
use serde_json::json;

/// Everything that needs a price good for opening, on an account that owes.
const OPENINGS: [(&str, Step); 6] = [
    ("borrow", |w| w.borrow("alice", "USDC", 1)),
    ("withdraw", |w| w.withdraw("alice", "ATOM", 1)),
    ("transfer", |w| w.transfer("alice", ("alice", 1), "ATOM", 1)),
    ("lend", |w| w.lend("alice", "ATOM", 1)),
    ("recall", |w| w.recall("alice", "ATOM", 1)),
    ("borrow of another asset", |w| {
        w.borrow("alice", "BTC", "0.0001")
    }),
];

/// Alice with room to spare, idle and lent ATOM.
fn with_room() -> World {
    let mut world = world_of(standard_markets().map(interest_free))
        .build()
        .unwrap();
    fund(&mut world);
    world.deposit("alice", "ATOM", 50).unwrap();
    world.deposit_lent("alice", "ATOM", 50).unwrap();
    world.borrow("alice", "USDC", 400).unwrap();
    world
}

/// Asserts that nothing opens for one reason, on every path that reads a price, and that what
/// lowers a risk goes on.
fn assert_nothing_opens(world: &mut World, status: PriceStatus, stale: bool) -> Tested {
    let expected = json!({"asset": world.asset("ATOM"), "status": status.name(), "stale": stale});
    for (name, opening) in OPENINGS {
        let error = opening(world).expect_err(name);
        assert_eq!(error.name, "price_not_openable", "{name}: {error:?}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&error.fields).unwrap(),
            expected,
            "{name}"
        );
    }
    assert_eq!(world.max_borrow("alice", "USDC")?, Amount::ZERO);
    assert_eq!(world.max_withdraw("alice", "ATOM")?, Amount::ZERO);
    let asset = world.asset("USDC");
    let amount = Amount(1);
    let simulated = world.simulate(
        "alice",
        vec![Action::Borrow {
            asset,
            amount,
            to: None,
        }],
    )?;
    assert!(
        simulated
            .refusal
            .unwrap()
            .starts_with("price_not_openable: ")
    );
    world.fork(|world| {
        world.repay("alice", "USDC", 1).unwrap();
        world.deposit("alice", "ATOM", 1).unwrap();
        world.deposit_for("bob", "alice", "ATOM", 1).unwrap();
    });
    Ok(())
}

#[test]
fn pitfall_22_a_stale_price_opens_nothing_on_any_path() -> Tested {
    for mode in [OracleMode::Raw, OracleMode::Smart] {
        let mut world = world_of(standard_markets().map(interest_free))
            .with_oracle_mode(mode)
            .build()?;
        fund(&mut world);
        world.deposit("alice", "ATOM", 50)?;
        world.deposit_lent("alice", "ATOM", 50)?;
        world.borrow("alice", "USDC", 400)?;
        let others = [("USDC", "1"), ("BTC", "60000"), ("ETH", "2000")];
        // Good up to the last second of its age, and for nothing one second later.
        world.advance(120);
        world.post(&others)?;
        for (name, opening) in OPENINGS {
            world.fork(|world| opening(world).unwrap_or_else(|e| panic!("{name}: {e:?}")));
        }
        world.advance(1);
        assert_nothing_opens(&mut world, PriceStatus::Ok, true)?;
    }
    // A keeper cannot use it either.
    let mut world = underwater();
    world.advance(121);
    world.post(&[("ATOM", "9.5")])?;
    refused(
        world.liquidate("keeper", "alice", "USDC", 100, "ATOM"),
        "pair_unpriced",
        json!({"debt": world.asset("USDC"), "seize": world.asset("ATOM")}),
    );
    assert!(world.plan("alice")?.is_none());
    Ok(())
}

#[test]
fn pitfall_23_a_price_pushed_within_a_block_lends_nothing_more() -> Tested {
    for (asset, price) in [("ATOM", "11.49"), ("USDC", "0.87"), ("ATOM", "8.6")] {
        let mut world = with_room();
        world.advance(6);
        world.repost()?;
        let before = (
            world.max_borrow("alice", "USDC")?,
            world.max_withdraw("alice", "ATOM")?,
        );
        world.advance(6);
        world.post(&[(asset, price)])?;
        let after = (
            world.max_borrow("alice", "USDC")?,
            world.max_withdraw("alice", "ATOM")?,
        );
        // The opening price is at most the average, from which the confidence of 0.1 % had been
        // taken off before: 1 USD of her 1,000, where the price itself moved by 150.
        let (usdc, atom) = (Amount(before.0.0 + 1_300_000), Amount(before.1.0 + 130_000));
        assert!(
            after.0 <= usdc && after.1 <= atom,
            "{asset} at {price}: {before:?} {after:?}"
        );
    }
    Ok(())
}

#[test]
fn pitfall_23_no_sequence_within_a_block_makes_an_attacker_richer() -> Tested {
    for seed in 0..10 {
        let mut world = funded();
        let mut dice = Dice::new(seed);
        world.deposit("mallory", "ETH", 10)?;
        world.borrow("mallory", "USDC", 10_000)?;
        world.deposit_lent(("mallory", 1), "USDC", 20_000)?;
        world.borrow(("mallory", 1), "ATOM", 1_000)?;
        // A pushed price is in force when she begins; honest wealth is counted at it.
        world.advance(6);
        world.post(&[("ATOM", if seed % 2 == 0 { "11.4" } else { "8.7" })])?;
        assert!(!is_liquidatable(&world, ("mallory", 0)));
        assert!(!is_liquidatable(&world, ("mallory", 1)));
        let start = wealth(&world, "mallory");
        let mut passed = 0;
        for _ in 0..60 {
            let from = u16::try_from(dice.roll(4)).unwrap();
            let to = u16::try_from(dice.roll(4)).unwrap();
            let asset = ["USDC", "ATOM", "BTC", "ETH"][usize::try_from(dice.roll(4)).unwrap()];
            let units = Amount(1 + u128::from(dice.roll(1 << 40)));
            let played = match dice.roll(9) {
                0 => world.deposit(("mallory", from), asset, units),
                1 => world.deposit_lent(("mallory", from), asset, units),
                2 => world.withdraw(("mallory", from), asset, units),
                3 => world.lend(("mallory", from), asset, units),
                4 => world.recall_all(("mallory", from), asset),
                5 => world.borrow(("mallory", from), asset, units),
                6 => world.repay(("mallory", from), asset, units),
                7 => world.transfer(("mallory", from), ("mallory", to), asset, units),
                _ => world.liquidate("mallory", ("mallory", to), "USDC", units, "ETH"),
            };
            passed += u32::from(played.is_ok());
            let now = wealth(&world, "mallory");
            assert!(now <= start, "seed {seed}: gains {}", now - start);
        }
        assert!(passed > 8, "seed {seed}: {passed} messages passed");
        assert_books_balance(&world);
    }
    Ok(())
}

#[test]
fn pitfall_24_a_frozen_feed_stops_opening_and_lets_debts_be_repaid() -> Tested {
    let mut world = with_room();
    let asset = world.asset("ATOM");
    world.execute_oracle("guardian", oracle::ExecuteMsg::Halt { asset })?;
    assert_nothing_opens(&mut world, PriceStatus::Halted, false)?;
    let debt = world.units("USDC", 400)?;
    world.repay("alice", "USDC", debt)?;
    world.withdraw_all("alice", "ATOM")?;
    assert!(world.account("alice")?.holdings.is_empty());
    Ok(())
}

#[test]
fn pitfall_25_no_transition_of_a_guard_liquidates_at_a_fair_price() -> Tested {
    let mut world = levered();
    let healthy = world.margin("alice")?;
    let stays = |world: &World, when: &str| {
        let margin = world.margin("alice").unwrap();
        assert_eq!(
            (margin.equity, margin.debts),
            (healthy.equity, healthy.debts),
            "{when}"
        );
        assert!(margin.equity >= margin.maintenance, "{when}: {margin:?}");
    };
    // A bad tick waits, and is discarded by a fair one.
    world.advance(6);
    world.post(&[("ATOM", "4")])?;
    stays(&world, "a bad tick waits");
    world.advance(6);
    world.repost_fair()?;
    stays(&world, "discarded");
    // The other way, then silence, then a halt, and the halt's end.
    world.advance(6);
    world.post(&[("ATOM", "30")])?;
    stays(&world, "a bad tick upward waits");
    world.advance(300);
    stays(&world, "stale while it waits");
    let asset = world.asset("ATOM");
    world.execute_oracle(
        "guardian",
        oracle::ExecuteMsg::Halt {
            asset: asset.clone(),
        },
    )?;
    stays(&world, "halted");
    world.advance(6);
    world.execute_oracle("guardian", oracle::ExecuteMsg::Resume { asset })?;
    stays(&world, "resumed");
    for _ in 0..20 {
        world.advance(60);
        world.repost_fair()?;
        stays(&world, "followed again");
    }
    Ok(())
}

/// Posting what is fair after somebody has posted something else.
trait Fair {
    fn repost_fair(&mut self) -> Tested;
}

impl Fair for World {
    fn repost_fair(&mut self) -> Tested {
        self.post(&[
            ("USDC", "1"),
            ("ATOM", "10"),
            ("BTC", "60000"),
            ("ETH", "2000"),
        ])
    }
}

#[test]
fn pitfall_28_a_delisted_or_unpriced_asset_freezes_nobody() -> Tested {
    let mut world = with_room();
    world.deposit("bob", "ATOM", 10)?;
    world.deposit_lent("bob", "ATOM", 10)?;
    // Neither deposits nor borrows, and no price for a week.
    let off = MarketUpdate {
        deposit_enabled: Some(false),
        borrow_enabled: Some(false),
        ..MarketUpdate::default()
    };
    for asset in ["ATOM", "USDC"] {
        let (asset, update) = (world.asset(asset), off.clone());
        world.execute(
            "owner",
            ExecuteMsg::UpdateMarket { asset, update },
            Vec::new(),
        )?;
    }
    world.advance(7 * 86_400);
    let denom = world.asset("ATOM");
    refused(
        world.deposit("bob", "ATOM", 1),
        "deposit_disabled",
        json!({ "asset": denom }),
    );
    // Without debts everything leaves, without a price.
    world.transfer("bob", ("bob", 1), "ATOM", 5)?;
    world.lend("bob", "ATOM", 1)?;
    world.recall_all("bob", "ATOM")?;
    world.withdraw_all("bob", "ATOM")?;
    world.withdraw_all(("bob", 1), "ATOM")?;
    // With debts: repay, top up what repays, then leave.
    world.repay_for("bob", "alice", "USDC", 100)?;
    world.deposit("alice", "USDC", 100)?;
    world.repay("alice", "USDC", 300)?;
    world.withdraw_all("alice", "ATOM")?;
    assert!(world.account("alice")?.holdings.is_empty());
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn pitfall_28_an_account_below_initial_margin_tops_up_past_a_pause() -> Tested {
    use bulwark_types::vault::PausableAction::Deposit;
    let mut world = underwater();
    world.pause(None, &[Deposit])?;
    refused_as(world.deposit("bob", "ATOM", 1), "paused");
    world.deposit("alice", "ATOM", 10)?;
    world.repay("alice", "USDC", 10)?;
    assert!(!is_liquidatable(&world, ("alice", 0)));
    // A rescue, not a door: what leaves room beyond is a deposit like any other.
    let mut world = underwater();
    world.pause(None, &[Deposit])?;
    refused_as(world.deposit("alice", "ATOM", 100), "paused");
    Ok(())
}

#[test]
fn pitfall_42_an_oracle_of_the_owners_choice_waits_and_can_be_cancelled() -> Tested {
    let mut world = world_of(standard_markets())
        .with_owner_delay(48 * 3_600)
        .build()?;
    fund(&mut world);
    // The owner's own oracle would price a worthless coin at will.
    let swap = ParametersUpdate {
        oracle: Some(bulwark_types::vault::OracleConfig {
            address: world.address("mallory").into_string(),
            mode: OracleMode::Smart,
        }),
        ..ParametersUpdate::default()
    };
    let proposed = world.now();
    world.execute("owner", ExecuteMsg::UpdateParams(swap), Vec::new())?;
    refused(
        world.execute("owner", ExecuteMsg::Apply { change: 5 }, Vec::new()),
        "change_not_ready",
        json!({"change": 5, "ready_at": proposed + 48 * 3_600, "now": proposed}),
    );
    let config: bulwark_types::vault::ConfigResponse =
        world.query(&bulwark_types::vault::QueryMsg::Config {})?;
    assert_eq!(config.oracle.address, world.oracle().to_string());
    world.execute("guardian", ExecuteMsg::Cancel { change: 5 }, Vec::new())?;
    world.advance(49 * 3_600);
    refused(
        world.execute("owner", ExecuteMsg::Apply { change: 5 }, Vec::new()),
        "unknown_change",
        json!({"change": 5}),
    );

    // So does a listing: nothing can be deposited before.
    let listing = listing_like(&world, "factory/owner/scam");
    world.execute("owner", ExecuteMsg::ListMarket(listing), Vec::new())?;
    world.mint("mallory", "factory/owner/scam", Amount(1_000))?;
    refused_as(
        world.deposit("mallory", "factory/owner/scam", Amount(1_000)),
        "unknown_market",
    );
    Ok(())
}

/// A listing with the defaults of this world for another denom.
fn listing_like(world: &World, asset: &str) -> bulwark_types::vault::MarketListing {
    let market = world.market("ATOM").unwrap();
    bulwark_types::vault::MarketListing {
        asset: asset.into(),
        decimals: 6,
        family: bulwark_types::vault::FamilyListing::Base {
            group: "crypto".into(),
            group_correlation: market.family.group_correlation,
            family_correlation: market.family.family_correlation,
            haircut: market.family.haircut_rule,
        },
        risk: market.risk,
        interest: market.interest,
        reserve_factor: market.reserve_factor,
        limits: market.limits,
        deposit_enabled: true,
        borrow_enabled: true,
    }
}

#[test]
fn pitfall_47_while_a_jump_waits_the_old_price_lends_nothing() -> Tested {
    let mut world = with_room();
    world.deposit_lent("mallory", "ATOM", 100)?;
    world.advance(6);
    world.post(&[("ATOM", "2")])?;
    assert_nothing_opens(&mut world, PriceStatus::Pending, false)?;
    refused_as(world.borrow("mallory", "USDC", 1), "price_not_openable");
    // Opening prices include what waits: she has 30 of her 100 ATOM lent and idle at 2.
    let margin = world.margin("alice")?;
    assert!(
        margin.equity_open < Usd::ZERO && margin.equity == Usd::whole(600),
        "{margin:?}"
    );

    // Confirmed, it counts at once for everything.
    world.advance(60);
    world.repost()?;
    assert!(world.margin("alice")?.equity < Usd::ZERO);
    falls(&mut world, &[("ATOM", "0.5")]);
    assert_eq!(world.price("ATOM")?.record.mid, "0.5".parse().unwrap());
    supply(&mut world, "USDC", 1);
    Ok(())
}

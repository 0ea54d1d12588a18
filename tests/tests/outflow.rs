//! The outflow limit: how much of a pool may leave it, net, within any window.

use crate::pitfall_support::{Answer, Dice, refused_as};
use bulwark_risk::units::{Amount, Fraction};
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{Tested, falls, interest_free, refused, supply, world_of};
use bulwark_types::events::ChangeMoved;
use bulwark_types::vault::{
    Action, AssetAmount, ExecuteMsg, Limits, MarketUpdate, ParametersUpdate, Target,
};
use bulwark_types::wire::WireError;
use serde_json::json;

const DAY: u64 = 86_400;
/// A window is counted in quarters.
const QUARTER: u64 = DAY / 4;

/// Carol lends 1,000 USDC, of which 30 % may leave in a day, and 100,000 DAI without limit; bob
/// has 10,000 ATOM.
fn world() -> World {
    let usdc = MarketSpec::usd("USDC").with_listing(|listing| {
        listing.limits.outflow_share = Fraction::percent(30);
        listing.limits.counterparty_share = Fraction::ONE;
    });
    let mut world = world_of(
        [
            usdc,
            MarketSpec::usd("DAI"),
            MarketSpec::crypto("ATOM").with_price(10),
        ]
        .map(interest_free),
    )
    .build()
    .unwrap();
    supply(&mut world, "USDC", 1_000);
    supply(&mut world, "DAI", 100_000);
    world.deposit("bob", "ATOM", 10_000).unwrap();
    settle(&mut world);
    world
}

/// Lets what was lent become part of the pool: until then it may leave again at once.
fn settle(world: &mut World) {
    world.advance(2 * DAY);
    world.repost().unwrap();
}

/// What counts against the limit, and the limit, in whole USDC.
fn outflow(world: &World) -> (u128, Option<u128>) {
    let market = world.market("USDC").unwrap();
    let tokens = |amount: Amount| amount.0 / 1_000_000;
    (tokens(market.outflow), market.outflow_limit.map(tokens))
}

#[track_caller]
fn limited(world: &World, answer: Answer, limit: u128, outflow: u128) {
    let asset = world.asset("USDC");
    let (limit, outflow) = (limit.to_string(), outflow.to_string());
    refused(
        answer,
        "outflow_limit",
        json!({"asset": asset, "limit": limit, "outflow": outflow}),
    );
}

#[test]
fn lent_deposits_and_borrows_count_together_to_the_unit() -> Tested {
    let mut world = world();
    assert_eq!(outflow(&world), (0, Some(300)));
    world.borrow("bob", "USDC", 100)?;
    assert_eq!(outflow(&world), (100, Some(300)));
    // Withdrawing and recalling make the pool smaller, and the limit with it.
    world.withdraw("carol", "USDC", 50)?;
    assert_eq!(outflow(&world), (150, Some(285)));
    world.recall("carol", "USDC", 50)?;
    assert_eq!(outflow(&world), (200, Some(270)));
    // What is left of the limit, not a unit more, by any of them.
    let one_more = Amount(70_000_001);
    let answer = world.borrow("bob", "USDC", one_more);
    limited(&world, answer, 270_000_000, 270_000_001);
    // Carol's idle 50 go first and do not count.
    let answer = world.withdraw("carol", "USDC", Amount(50_000_000 + one_more.0));
    limited(&world, answer, 270_000_000, 270_000_001);
    let answer = world.recall("carol", "USDC", one_more);
    limited(&world, answer, 270_000_000, 270_000_001);
    world.borrow("bob", "USDC", 70)?;
    assert_eq!(outflow(&world), (270, Some(270)));
    Ok(())
}

#[test]
fn what_comes_in_what_is_idle_and_what_has_no_limit_does_not_count() -> Tested {
    let mut world = world();
    world.borrow("bob", "USDC", 300)?;
    let answer = world.borrow("bob", "USDC", Amount(1));
    limited(&world, answer, 300_000_000, 300_000_001);
    // Idle deposits come and go.
    world.deposit("alice", "USDC", 5_000)?;
    world.withdraw("alice", "USDC", 4_000)?;
    assert_eq!(outflow(&world), (300, Some(300)));
    // Another market has its own account, and one at a share of 1 has none.
    world.borrow("bob", "DAI", 20_000)?;
    world.withdraw("carol", "DAI", 80_000)?;
    assert_eq!(world.market("DAI")?.outflow_limit, None);
    // A transfer of lent deposits takes nothing out.
    world.deposit(("carol", 1), "USDC", 1)?;
    world.transfer("carol", ("carol", 1), "USDC", 500)?;
    assert_eq!(outflow(&world), (300, Some(300)));
    // Repaying makes room again, and so does lending.
    world.repay("bob", "USDC", 100)?;
    assert_eq!(outflow(&world), (200, Some(300)));
    world.lend("alice", "USDC", 1_000)?;
    assert_eq!(outflow(&world), (0, Some(600)));
    world.deposit_lent("mallory", "USDC", 1_000)?;
    // What has just come in may leave again; later it is part of the pool: 900 of 3,000.
    world.fork(|world| world.withdraw("mallory", "USDC", 1_000))?;
    settle(&mut world);
    assert_eq!(outflow(&world), (0, Some(900)));
    let answer = world.withdraw("mallory", "USDC", Amount(900_000_001));
    limited(&world, answer, 900_000_000, 900_000_001);
    Ok(())
}

fn borrow(world: &World, tokens: u32) -> Action {
    Action::Borrow {
        asset: world.asset("USDC"),
        amount: world.units("USDC", tokens).unwrap(),
        to: None,
    }
}

fn repay(world: &World, tokens: u32) -> Action {
    Action::Repay {
        asset: world.asset("USDC"),
        amount: Some(world.units("USDC", tokens).unwrap()),
    }
}

#[test]
fn a_batch_counts_net_and_only_at_its_end() -> Tested {
    let mut world = world();
    // Far beyond the limit, and back.
    let there_and_back = vec![borrow(&world, 900), repay(&world, 700)];
    world.batch("bob", there_and_back, vec![])?;
    assert_eq!(outflow(&world), (200, Some(300)));
    let beyond = vec![borrow(&world, 500), repay(&world, 399)];
    let answer = world.batch("bob", beyond, vec![]);
    limited(&world, answer, 300_000_000, 301_000_000);
    assert_eq!(outflow(&world), (200, Some(300)));
    // A batch that brings more than it takes makes room.
    let brings = vec![borrow(&world, 10), repay(&world, 110)];
    let funds = world.coins("USDC", 100)?;
    world.batch("bob", brings, funds)?;
    assert_eq!(outflow(&world), (100, Some(300)));
    // Lending first widens nothing: the pool counts as it was when the batch began to move it.
    world.advance_and_repost(2 * DAY)?;
    let inflated = vec![
        Action::Deposit {
            asset: world.asset("USDC"),
            amount: None,
            lend: Some(true),
        },
        Action::Recall {
            asset: world.asset("USDC"),
            amount: Some(world.units("USDC", 1_400)?),
        },
    ];
    let funds = world.coins("USDC", 1_000)?;
    let answer = world.batch("carol", inflated, funds);
    limited(&world, answer, 300_000_000, 400_000_000);
    Ok(())
}

/// Seconds for which a borrow counts, to the minute, that is made so many seconds after a quarter
/// of the window has begun.
fn counts_for(offset: u64) -> Result<u64, WireError> {
    let mut world = world();
    let begin = world.now().next_multiple_of(QUARTER) + QUARTER + offset;
    world.advance(begin - world.now());
    world.repost()?;
    world.borrow("bob", "USDC", 300)?;
    let mut passed = 0;
    for seconds in (0..=DAY + QUARTER).step_by(60) {
        world.advance(seconds - passed);
        passed = seconds;
        if outflow(&world).0 == 0 {
            return Ok(passed);
        }
    }
    panic!("it counts for longer than a window and a quarter");
}

#[test]
fn what_left_counts_for_a_window_at_least_and_a_quarter_more_at_most() -> Tested {
    // From the first second of a quarter: for a window and a quarter.
    assert_eq!(counts_for(0)?, DAY + QUARTER);
    // From its last minute: for a window and that minute.
    assert_eq!(counts_for(QUARTER - 60)?, DAY + 60);
    assert_eq!(counts_for(QUARTER - 3_600)?, DAY + 3_600);

    // To the second, by the message.
    let mut world = world();
    let begin = world.now().next_multiple_of(QUARTER) + QUARTER - 1;
    world.advance(begin - world.now());
    world.repost()?;
    world.borrow("bob", "USDC", 300)?;
    world.advance_and_repost(DAY)?;
    let answer = world.borrow("bob", "USDC", 1);
    limited(&world, answer, 300_000_000, 301_000_000);
    world.advance_and_repost(1)?;
    world.borrow("bob", "USDC", 300)?;
    Ok(())
}

#[test]
fn pitfall_46_no_span_as_long_as_the_window_sees_more_leave() -> Tested {
    // Many accounts, random moments: of whatever day, at most 30 % of the pool is gone on balance.
    let mut world = world();
    let mut dice = Dice::new(46);
    let mut moved: Vec<(u64, i128)> = Vec::new();
    for _ in 0..150 {
        world.advance_and_repost(60 + dice.roll(9_000))?;
        let account = ("bob", u16::try_from(dice.roll(3)).unwrap());
        if account.1 > 0 && world.account(account)?.holdings.is_empty() {
            world.deposit(account, "ATOM", 1_000)?;
        }
        let room = world.max_borrow(account, "USDC")?;
        let held = world.borrow(account, "USDC", room);
        if held.is_ok() {
            moved.push((world.now(), i128::try_from(room.0).unwrap()));
        }
        let beyond = world.borrow(account, "USDC", Amount(1));
        assert!(beyond.is_err(), "max_borrow was all there is: {beyond:?}");
        if dice.roll(3) == 0 {
            let part = Amount(u128::from(1 + dice.roll(100_000_000)));
            if let Ok(response) = world.repay(account, "USDC", part) {
                let repaid: bulwark_types::events::Repaid = events_of(&response).remove(0);
                moved.push((world.now(), -i128::try_from(repaid.amount.0).unwrap()));
            }
        }
    }
    assert!(moved.len() > 60, "{}", moved.len());
    for (at, (begin, _)) in moved.iter().enumerate() {
        let mut net = 0;
        for (time, change) in &moved[at..] {
            if time - begin >= DAY {
                break;
            }
            net += change;
            assert!(net <= 300_000_000, "{net} within a day of {begin}");
        }
    }
    Ok(())
}

#[test]
fn neither_liquidations_nor_their_tokens_count() -> Tested {
    let mut world = world();
    world.deposit_lent("alice", "USDC", 1_000)?;
    supply(&mut world, "ATOM", 1_000);
    settle(&mut world);
    world.borrow("alice", "ATOM", 70)?;
    world.borrow("bob", "USDC", 500)?;
    let used = outflow(&world);
    let answer = world.borrow("bob", "USDC", 200);
    refused_as(answer, "outflow_limit");
    falls(&mut world, &[("ATOM", "12.5")]);
    // Seized out of what is lent, paid in tokens, although the limit is all but used up.
    world.fork(|world| {
        let before = world.balance("keeper", "USDC");
        world.liquidate("keeper", "alice", "ATOM", 40, "USDC")?;
        assert!(world.balance("keeper", "USDC").0 - before.0 > 100_000_000);
        assert_eq!(outflow(world).0, used.0);
        Ok::<_, WireError>(())
    })?;
    let target = Target {
        account: world.account_ref("alice"),
        debt: AssetAmount {
            asset: world.asset("ATOM"),
            amount: world.units("ATOM", 40)?,
        },
        seize: world.asset("USDC"),
        min_seized: None,
    };
    let funds = world.coins("ATOM", 40)?;
    let before = world.balance("keeper", "USDC");
    world.liquidate_many("keeper", vec![target], funds)?;
    assert!(world.balance("keeper", "USDC").0 - before.0 > 100_000_000);
    assert_eq!(outflow(&world).0, used.0);
    Ok(())
}

#[test]
fn an_account_below_initial_margin_repays_its_debts_past_the_limit() -> Tested {
    let mut world = world();
    world.deposit_lent("alice", "USDC", 1_000)?;
    supply(&mut world, "ATOM", 1_000);
    settle(&mut world);
    world.borrow("alice", "ATOM", 70)?;
    world.borrow("bob", "USDC", 600)?;
    let pool = world.open_pool("USDC", "ATOM", 10_000_000, 10)?;
    falls(&mut world, &[("ATOM", "12")]);
    let margin = world.margin("alice")?;
    assert!(
        margin.equity_open < margin.initial && margin.equity > margin.maintenance,
        "{margin:?}"
    );
    assert_eq!(outflow(&world), (600, Some(600)));
    // What she would only take has to wait, as everybody's.
    refused_as(world.recall("alice", "USDC", 100), "outflow_limit");
    // What buys her debt back has not, and makes nobody else wait.
    let withdraw = Action::Withdraw {
        asset: world.asset("USDC"),
        amount: Some(world.units("USDC", 100)?),
        to: None,
    };
    let swap = world.swap_call(&pool, "USDC", 100)?;
    let rescue = vec![withdraw, swap];
    world.batch("alice", rescue.clone(), vec![])?;
    assert_eq!(outflow(&world).0, 600);
    // Healthy again, it has.
    world.repay("alice", "ATOM", 40)?;
    refused_as(world.batch("alice", rescue, vec![]), "outflow_limit");
    Ok(())
}

#[test]
fn the_queries_know_the_limit_to_the_unit() -> Tested {
    let mut world = world();
    world.withdraw("carol", "USDC", "33.333333")?;
    world.deposit("carol", "USDC", 7)?;
    let most = world.max_borrow("bob", "USDC")?;
    assert!(most.0 > 250_000_000, "{most:?}");
    assert!(
        world
            .fork(|world| world.borrow("bob", "USDC", most))
            .is_ok()
    );
    let answer = world.borrow("bob", "USDC", Amount(most.0 + 1));
    refused_as(answer, "outflow_limit");
    let most = world.max_withdraw("carol", "USDC")?;
    assert!(
        world
            .fork(|world| world.withdraw("carol", "USDC", most))
            .is_ok()
    );
    let answer = world.withdraw("carol", "USDC", Amount(most.0 + 1));
    refused_as(answer, "outflow_limit");
    // And simulate answers in the message's own words.
    let beyond = vec![borrow(&world, 300)];
    let refusal = world.simulate("bob", beyond.clone())?.refusal.unwrap();
    let answer = world.batch("bob", beyond, vec![]).unwrap_err();
    assert_eq!(WireError::find(&refusal), Some(answer));
    Ok(())
}

#[test]
fn the_owner_collects_within_the_limit_too() -> Tested {
    let usdc = MarketSpec::usd("USDC").with_listing(|listing| {
        listing.limits.outflow_share = Fraction::percent(5);
        listing.limits.counterparty_share = Fraction::ONE;
        listing.reserve_factor = Fraction::percent(50);
    });
    let mut world = world_of([usdc, MarketSpec::crypto("ATOM").with_price(10)]).build()?;
    supply(&mut world, "USDC", 1_000);
    world.deposit("bob", "ATOM", 10_000)?;
    for _ in 0..15 {
        world.advance_and_repost(2 * DAY)?;
        world.borrow("bob", "USDC", 49)?;
    }
    for _ in 0..8 {
        world.advance_and_repost(365 * DAY)?;
        world.accrue(&["USDC"])?;
    }
    let market = world.market("USDC")?;
    let limit = market.outflow_limit.unwrap();
    assert!(market.reserve > limit, "{market:?}");
    let collect = |amount: u128| ExecuteMsg::CollectReserve {
        asset: market.asset.clone(),
        amount: Some(Amount(amount)),
        to: world.address("owner").into_string(),
    };
    let (too_much, most) = (collect(limit.0 + 1), collect(limit.0));
    let answer = world.execute("owner", too_much, vec![]);
    limited(&world, answer, limit.0, limit.0 + 1);
    world.execute("owner", most, vec![])?;
    refused_as(world.withdraw("carol", "USDC", Amount(1)), "outflow_limit");
    Ok(())
}

#[test]
fn pitfall_03_a_donation_widens_nothing() -> Tested {
    let mut world = world();
    let vault = world.vault().to_string();
    world.send("mallory", &vault, "USDC", 1_000_000)?;
    assert_eq!(outflow(&world), (0, Some(300)));
    let answer = world.borrow("bob", "USDC", 301);
    limited(&world, answer, 300_000_000, 301_000_000);
    Ok(())
}

fn share(world: &World, percent: u8) -> ExecuteMsg {
    let market = world.market("USDC").unwrap();
    let limits = Limits {
        outflow_share: Fraction::percent(percent.into()),
        ..market.limits
    };
    ExecuteMsg::UpdateMarket {
        asset: market.asset,
        update: MarketUpdate {
            limits: Some(limits),
            ..MarketUpdate::default()
        },
    }
}

/// The owner proposes a change, and somebody applies it when it has waited.
fn change(world: &mut World, message: ExecuteMsg) -> Tested {
    let before = outflow(world);
    let response = world.execute("owner", message, vec![])?;
    let waiting: ChangeMoved = events_of(&response).remove(0);
    assert_eq!(outflow(world), before);
    world.advance_and_repost(1_000)?;
    let apply = ExecuteMsg::Apply {
        change: waiting.change,
    };
    world.execute("bob", apply, vec![]).map(drop)
}

#[test]
fn a_change_of_the_limit_waits_whichever_way_it_goes() -> Tested {
    let usdc = MarketSpec::usd("USDC")
        .with_listing(|listing| listing.limits.outflow_share = Fraction::percent(30));
    let mut world = world_of([usdc]).with_owner_delay(1_000).build()?;
    supply(&mut world, "USDC", 1_000);
    settle(&mut world);
    let (tighter, looser) = (share(&world, 10), share(&world, 50));
    change(&mut world, tighter)?;
    assert_eq!(outflow(&world), (0, Some(100)));
    change(&mut world, looser)?;
    assert_eq!(outflow(&world), (0, Some(500)));

    // So does the window, whichever way: what left is forgotten by none that is longer.
    world.withdraw("carol", "USDC", 100)?;
    let longer = ExecuteMsg::UpdateParams(ParametersUpdate {
        outflow_window: Some(10 * DAY),
        ..ParametersUpdate::default()
    });
    change(&mut world, longer)?;
    assert_eq!(outflow(&world), (100, Some(450)));
    world.advance_and_repost(10 * DAY - 2_000)?;
    assert_eq!(outflow(&world), (100, Some(450)));
    Ok(())
}

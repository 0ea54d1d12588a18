//! Caps, limits and pauses within a `batch`: none of them is passed by way of one, and what a
//! batch takes and gives back in the same pool does not count against the outflow.

use bulwark_risk::account::Status;
use bulwark_risk::units::{Amount, Fraction};
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{
    Tested, assert_at_rest, batch_with, borrow, deposit, deposit_all, falls, one_holding, refused,
    repay, repay_all, supply, trading, trading_markets, withdraw, withdraw_all, world_of,
};
use bulwark_types::vault::{Limits, PausableAction};
use serde_json::json;

/// The trading world with other limits for one asset.
fn limited(asset: &'static str, edit: fn(&mut Limits)) -> World {
    let edited = move |market: MarketSpec| {
        if market.symbol == asset {
            market.with_listing(move |listing| edit(&mut listing.limits))
        } else {
            market
        }
    };
    let mut world = world_of(trading_markets(&[]).map(edited)).build().unwrap();
    supply(&mut world, "USDC", 1_000_000);
    supply(&mut world, "ATOM", 100_000);
    supply(&mut world, "ETH", 500);
    world
}

const fn tokens(whole: u128) -> Amount {
    Amount(whole * 1_000_000)
}

#[test]
fn a_deposit_cap_binds_what_is_sent_and_what_a_call_returns() -> Tested {
    let mut world = limited("ATOM", |limits| limits.deposit_cap = tokens(101_000));
    let pool = world.open_pool("USDC", "ATOM", 10_000_000, 30)?;
    world.deposit("alice", "ATOM", 990)?;

    let too_much = vec![deposit(&world, "ATOM", 11)];
    let answer = batch_with(&mut world, "alice", &[("ATOM", "11")], too_much);
    let fields = json!({
        "asset": world.asset("ATOM"), "cap": "101000000000", "total": "101001000000",
    });
    refused(answer, "deposit_cap", fields);

    // What a call returns beyond the cap stays in hand; what has room is credited.
    let held = world.account("alice")?.holdings;
    let bought = vec![
        borrow(&world, "USDC", 110),
        world.swap_call(&pool, "USDC", 110)?,
    ];
    let purse = world.balance("alice", "ATOM");
    world.batch("alice", bought, Vec::new())?;
    assert_eq!(one_holding(&world, ("alice", 0), "ATOM").idle, held[0].idle);
    assert!(world.balance("alice", "ATOM") > purse);
    let less = vec![
        borrow(&world, "USDC", 99),
        world.swap_call(&pool, "USDC", 99)?,
    ];
    world.batch("alice", less, Vec::new())?;
    assert!(one_holding(&world, ("alice", 0), "ATOM").idle > held[0].idle);

    // What was withdrawn before in the same batch makes room again.
    let around = vec![
        withdraw_all(&world, "ATOM"),
        deposit_all(&world, "ATOM", Some(true)),
    ];
    world.batch("alice", around, Vec::new())?;
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn borrow_limits_hold_at_every_borrow_of_a_batch() -> Tested {
    type Case = (fn(&mut Limits), &'static str);
    let cases: [Case; 3] = [
        (|limits| limits.borrow_cap = tokens(1_000), "borrow_cap"),
        (
            |limits| limits.counterparty_share = Fraction::basis_points(10),
            "counterparty_limit",
        ),
        (
            |limits| limits.max_utilisation = Fraction::basis_points(10),
            "utilisation_limit",
        ),
    ];
    // Each limit is 1,000 USDC.
    for (edit, name) in cases {
        let mut world = limited("USDC", edit);
        world.deposit("alice", "ATOM", 1_000)?;
        for actions in [
            vec![borrow(&world, "USDC", 1_001)],
            vec![borrow(&world, "USDC", 600), borrow(&world, "USDC", 401)],
            // Even for a moment.
            vec![borrow(&world, "USDC", 1_001), repay(&world, "USDC", 500)],
        ] {
            let answer = world.batch("alice", actions, Vec::new());
            assert_eq!(answer.unwrap_err().name, name);
            assert_eq!(world.market("USDC")?.borrowed, Amount::ZERO);
        }
        // What was repaid before makes room.
        let within = vec![
            borrow(&world, "USDC", 1_000),
            repay(&world, "USDC", 300),
            borrow(&world, "USDC", 300),
        ];
        world.batch("alice", within, Vec::new())?;
        assert_eq!(world.market("USDC")?.borrowed, tokens(1_000));
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn pauses_hold_within_a_batch() -> Tested {
    let mut world = trading(&[]);
    world.deposit("alice", "ATOM", 1_000)?;
    world.borrow("alice", "USDC", 100)?;
    let all = [
        PausableAction::Deposit,
        PausableAction::Borrow,
        PausableAction::Withdraw,
    ];
    world.pause(None, &all)?;
    for action in [
        deposit(&world, "ETH", 1),
        borrow(&world, "USDC", 1),
        withdraw(&world, "ATOM", 1),
    ] {
        let answer = batch_with(&mut world, "alice", &[("ETH", "1")], vec![action]);
        assert_eq!(answer.unwrap_err().name, "paused");
    }
    let actions = vec![repay_all(&world, "USDC")];
    batch_with(&mut world, "alice", &[("USDC", "100")], actions)?;
    Ok(())
}

#[test]
fn what_a_batch_takes_and_gives_back_is_no_outflow() -> Tested {
    let mut world = limited("USDC", |limits| {
        limits.outflow_share = Fraction::percent(10);
        limits.counterparty_share = Fraction::percent(90);
    });
    let pool = world.open_pool("USDC", "ATOM", 100_000_000, 30)?;
    world.deposit("alice", "ATOM", 50_000)?;
    assert_eq!(world.market("USDC")?.outflow_limit, Some(tokens(100_000)));

    // Twice the limit goes out and comes back: by hand, by a call, by a supplier.
    let through = vec![borrow(&world, "USDC", 200_000), repay_all(&world, "USDC")];
    world.batch("alice", through, Vec::new())?;
    let there_and_back = vec![
        borrow(&world, "USDC", 200_000),
        world.swap_call(&pool, "USDC", 200_000)?,
        withdraw(&world, "ATOM", 20_000),
        world.swap_call(&pool, "ATOM", 20_000)?,
        repay_all(&world, "USDC"),
    ];
    batch_with(&mut world, "alice", &[("USDC", "5000")], there_and_back)?;
    let round = vec![
        withdraw_all(&world, "USDC"),
        deposit_all(&world, "USDC", Some(true)),
    ];
    world.batch("carol", round, Vec::new())?;
    assert_eq!(world.market("USDC")?.outflow, Amount::ZERO);

    // Net it counts, over both sides of a call. (What has just come in may leave again.)
    world.advance(2 * 86_400);
    world.repost()?;
    let net = vec![
        borrow(&world, "USDC", 200_000),
        repay(&world, "USDC", 120_000),
    ];
    world.batch("alice", net, Vec::new())?;
    assert_eq!(world.market("USDC")?.outflow, tokens(80_000));
    let over = vec![
        borrow(&world, "USDC", 30_000),
        world.swap_call(&pool, "USDC", 30_000)?,
        withdraw(&world, "ATOM", 500),
        world.swap_call(&pool, "ATOM", 500)?,
    ];
    let answer = world.batch("alice", over, Vec::new());
    assert_eq!(answer.unwrap_err().name, "outflow_limit");
    let just = vec![borrow(&world, "USDC", 20_001), repay(&world, "USDC", 1)];
    world.batch("alice", just, Vec::new())?;
    let answer = world.batch(
        "carol",
        vec![withdraw(&world, "USDC", Amount(1))],
        Vec::new(),
    );
    let fields = json!({
        "asset": world.asset("USDC"), "limit": "100000000000", "outflow": "100000000001",
    });
    refused(answer, "outflow_limit", fields);
    assert_eq!(world.market("USDC")?.outflow, tokens(100_000));
    assert_at_rest(&world);
    Ok(())
}

/// Alice holds 500 ATOM and 2.5 ETH and owes all the USDC that she could; ATOM and ETH have
/// fallen by 2 %, so that she is below her initial margin, and ATOM takes no more deposits.
fn called_with_a_full_cap() -> World {
    let mut world = limited("ATOM", |limits| limits.deposit_cap = tokens(100_500));
    world.deposit("alice", "ATOM", 500).unwrap();
    world.deposit("alice", "ETH", "2.5").unwrap();
    let most = world.max_borrow("alice", "USDC").unwrap();
    world.borrow("alice", "USDC", most).unwrap();
    falls(&mut world, &[("ATOM", "9.8"), ("ETH", "1960")]);
    assert_eq!(world.margin("alice").unwrap().status, Status::MarginCall);
    world
}

#[test]
fn a_rescue_passes_a_full_cap() -> Tested {
    let mut world = called_with_a_full_cap();
    let rescue = vec![deposit(&world, "ATOM", 5)];
    batch_with(&mut world, "alice", &[("ATOM", "5")], rescue)?;
    assert_eq!(one_holding(&world, ("alice", 0), "ATOM").idle, tokens(505));
    let market = world.market("ATOM")?;
    assert_eq!(market.idle, tokens(505));
    Ok(())
}

#[test]
fn a_rescue_past_a_cap_cannot_be_swapped_away_in_the_same_batch() -> Tested {
    let mut world = called_with_a_full_cap();
    let before = world.account("alice")?;
    // 5 ATOM past the cap, and nearly as much out of ETH: a way to fill a market that is full.
    let exchange = vec![deposit(&world, "ATOM", 5), withdraw(&world, "ETH", "0.02")];
    let answer = batch_with(&mut world, "alice", &[("ATOM", "5")], exchange);
    assert_eq!(answer.unwrap_err().name, "below_initial_margin");
    // The other way round it is no rescue any more when the cap is asked.
    let exchange = vec![withdraw(&world, "ETH", "0.02"), deposit(&world, "ATOM", 5)];
    let answer = batch_with(&mut world, "alice", &[("ATOM", "5")], exchange);
    assert_eq!(answer.unwrap_err().name, "deposit_cap");
    assert_eq!(world.account("alice")?, before);

    // Where there is room, the same exchange is none of the cap's business.
    world.withdraw("carol", "ATOM", 100)?;
    let exchange = vec![deposit(&world, "ATOM", 5), withdraw(&world, "ETH", "0.02")];
    batch_with(&mut world, "alice", &[("ATOM", "5")], exchange)?;
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn a_rescue_past_a_cap_is_no_larger_than_it_has_to_be() -> Tested {
    let mut world = called_with_a_full_cap();
    let too_much = vec![deposit(&world, "ATOM", 200)];
    let answer = batch_with(&mut world, "alice", &[("ATOM", "200")], too_much);
    assert_eq!(answer.unwrap_err().name, "deposit_cap");
    // Nor in slices.
    let slices = vec![deposit(&world, "ATOM", 40); 5];
    let answer = batch_with(&mut world, "alice", &[("ATOM", "200")], slices);
    assert_eq!(answer.unwrap_err().name, "deposit_cap");
    Ok(())
}

//! `liquidate`: how much, at what bonus, who is paid in what, and what cannot hold it up.

use bulwark_risk::account::{Side, Status};
use bulwark_risk::units::{Amount, Fraction, Price, SupplyShares};
use bulwark_risk::wide::{ONE, mul_div_floor};
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{
    Purses, Tested, amount, assert_books_balance, falls, fund, interest_free, levered, one_holding,
    refused, standard_markets, supply, underwater, usd, world_of,
};
use bulwark_types::events::{BadDebtAbsorbed, Liquidated};
use bulwark_types::oracle;
use bulwark_types::vault::{
    ExecuteMsg, Limits, LiquidationResponse, MarketUpdate, PausableAction, Receive,
};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Coin, Uint128, Uint256};
use cw_multi_test::AppResponse;
use serde_json::json;

#[test]
fn a_part_of_a_debt_is_sold_at_the_bonus() -> Tested {
    let mut world = underwater();
    let before = world.margin("alice")?;
    assert_eq!(
        (before.status, before.equity),
        (Status::Liquidatable, usd("150"))
    );
    let purses = Purses::of(&world);

    let response = world.liquidate("keeper", "alice", "USDC", 100, "ATOM")?;

    // 1 % and half of what is missing to a ratio of one.
    let missing = ONE - before.margin_ratio.expect("finite").magnitude();
    let bonus = Fraction(ONE / 100 + missing / 2);
    let sale = Sale::of(100_000_000, bonus, "9.5");
    purses.assert_moved(
        &world,
        &[
            ("keeper", "USDC", -100_000_000),
            ("keeper", "ATOM", sale.paid()),
            ("vault", "USDC", 100_000_000),
            ("vault", "ATOM", -sale.paid()),
        ],
    );
    let debt = one_holding(&world, ("alice", 0), "USDC").debt;
    let deposit = one_holding(&world, ("alice", 0), "ATOM").idle;
    assert_eq!(
        (debt, deposit.0),
        (Amount(700_000_000), 100_000_000 - sale.seized)
    );
    assert_eq!(world.market("ATOM")?.reserve, Amount(sale.fee));
    let after = world.margin("alice")?;
    assert!(after.margin_ratio > before.margin_ratio);

    let event = events_of::<Liquidated>(&response).remove(0);
    assert_eq!(event.owner, world.address("alice").as_str());
    assert_eq!(event.keeper, world.address("keeper").as_str());
    assert_eq!(
        (event.debt_asset, event.deposit_asset),
        (world.asset("USDC"), world.asset("ATOM"))
    );
    assert_eq!(
        (event.repaid, event.seized),
        (Amount(100_000_000), Amount(sale.seized))
    );
    assert_eq!(event.debt_shares.0, 100_000_000_000_000);
    assert_eq!(
        (event.tokens.0, event.shares.0),
        (sale.seized - sale.fee, 0)
    );
    assert_eq!((event.protocol_fee.0, event.bonus), (sale.fee, bonus));
    assert_eq!(event.repaid_value, usd("100"));
    assert_eq!(
        event.ratio_after,
        after.margin_ratio.expect("finite").to_string()
    );
    assert!(!event.distressed);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn it_stops_where_the_ratio_reaches_its_target_and_refunds_the_rest() -> Tested {
    let mut world = underwater();
    let purses = Purses::of(&world);

    let response = world.liquidate("keeper", "alice", "USDC", 5_000, "ATOM")?;

    let event = events_of::<Liquidated>(&response).remove(0);
    let repaid = i128::try_from(event.repaid.0).expect("fits");
    let paid = i128::try_from(event.tokens.0).expect("fits");
    assert!(repaid < 800_000_000, "{repaid} is less than the debt");
    purses.assert_moved(
        &world,
        &[
            ("keeper", "USDC", -repaid),
            ("keeper", "ATOM", paid),
            ("vault", "USDC", repaid),
            ("vault", "ATOM", -paid),
        ],
    );
    let ratio = world.margin("alice")?.margin_ratio.expect("finite");
    // One unit of 10^-6 USDC is worth 10^-8 of the margin.
    assert!(ratio.0.abs_diff(usd("1.1").0) < 10_000_000_000, "{ratio}");
    assert_books_balance(&world);

    let margin = world.margin("alice")?;
    let answer = world.liquidate("keeper", "alice", "USDC", 1, "ATOM");
    let fields = json!({
        "owner": world.address("alice"),
        "id": 0,
        "equity": margin.equity,
        "maintenance": margin.maintenance,
    });
    refused(answer, "not_liquidatable", fields);
    Ok(())
}

#[test]
fn a_small_account_is_closed_whole() -> Tested {
    let mut world = levered();
    world.deposit("bob", "ATOM", 5)?;
    world.borrow("bob", "USDC", 40)?;
    falls(&mut world, &[("ATOM", "9.5")]);

    // Of 40 USD the target would leave 32, less than the 50 USD of dust.
    let response = world.liquidate("keeper", "bob", "USDC", 100, "ATOM")?;

    let event = events_of::<Liquidated>(&response).remove(0);
    assert_eq!(event.repaid, Amount(40_000_000));
    assert!(!event.distressed);
    assert_eq!(
        event.ratio_after,
        world
            .margin("bob")?
            .margin_ratio
            .map_or_else(|| "unbounded".to_owned(), |ratio| ratio.to_string(),)
    );
    let holdings = world.account("bob")?.holdings;
    assert_eq!(holdings.len(), 1, "only the rest of the deposit is left");
    assert_eq!(holdings[0].idle, Amount(5_000_000 - event.seized.0));
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn an_account_in_distress_may_be_closed_whole_at_the_base_bonus() -> Tested {
    let mut world = levered();
    falls(&mut world, &[("ATOM", "8.15")]);
    assert_eq!(world.margin("alice")?.equity, usd("15"));
    let purses = Purses::of(&world);

    let response = world.liquidate("keeper", "alice", "USDC", 800, "ATOM")?;

    let sale = Sale::of(800_000_000, Fraction::percent(1), "8.15");
    purses.assert_moved(
        &world,
        &[
            ("keeper", "USDC", -800_000_000),
            ("keeper", "ATOM", sale.paid()),
            ("vault", "USDC", 800_000_000),
            ("vault", "ATOM", -sale.paid()),
        ],
    );
    let event = events_of::<Liquidated>(&response).remove(0);
    assert!(event.distressed);
    assert_eq!(event.bonus, Fraction::percent(1));
    assert_eq!(
        one_holding(&world, ("alice", 0), "ATOM").idle.0,
        100_000_000 - sale.seized
    );
    assert_eq!(world.account("alice")?.holdings.len(), 1);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn bad_debt_is_borne_by_the_reserve_first_then_by_every_supplier() -> Tested {
    let mut world = levered();
    give_reserve_of_usdc(&mut world)?;
    let reserve = world.market("USDC")?.reserve;
    assert!(
        reserve > Amount::ZERO && reserve < Amount(10_000_000),
        "{reserve}"
    );
    world.deposit_lent("bob", "USDC", 1_000_000)?;
    falls(&mut world, &[("ATOM", "7")]);
    let lent = |world: &World, name| one_holding(world, (name, 0), "USDC").lent;
    let (carol, bob) = (lent(&world, "carol"), lent(&world, "bob"));

    // 700 USD of ATOM are worth 693.07 USDC at 1 %: the rest of the 800 is bad debt.
    let response = world.liquidate("keeper", "alice", "USDC", 800, "ATOM")?;

    let sale = events_of::<Liquidated>(&response).remove(0);
    assert_eq!(
        (sale.repaid, sale.seized),
        (Amount(693_069_307), Amount(100_000_000))
    );
    let loss = events_of::<BadDebtAbsorbed>(&response).remove(0);
    assert_eq!(loss.written_off, Amount(106_930_693));
    assert_eq!(loss.from_reserve, reserve);
    assert_eq!(loss.from_suppliers.0, 106_930_693 - reserve.0);
    assert_eq!(loss.asset, world.asset("USDC"));
    assert_eq!(world.market("USDC")?.reserve_shares, SupplyShares::ZERO);
    let lost = (
        carol.0 - lent(&world, "carol").0,
        bob.0 - lent(&world, "bob").0,
    );
    assert!(lost.0.abs_diff(lost.1) <= 1, "half of it each: {lost:?}");
    assert!(
        (lost.0 + lost.1).abs_diff(loss.from_suppliers.0) <= 2,
        "{lost:?}"
    );
    assert_eq!(world.account("alice")?.holdings, []);
    assert_eq!(world.market("USDC")?.borrowed, Amount::ZERO);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_reserve_that_suffices_spares_the_suppliers() -> Tested {
    let mut world = levered();
    for _ in 0..40 {
        give_reserve_of_usdc(&mut world)?;
    }
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 700)?;
    falls(&mut world, &[("ATOM", "7.57")]);
    let owed = one_holding(&world, ("alice", 0), "USDC").debt;
    assert_eq!(owed, Amount(1_500_000_000));
    let carol = one_holding(&world, ("carol", 0), "USDC").lent;

    let response = world.liquidate("keeper", "alice", "USDC", 1_500, "ATOM")?;

    let loss = events_of::<BadDebtAbsorbed>(&response).remove(0);
    assert!(loss.written_off > Amount::ZERO);
    assert_eq!(
        (loss.from_reserve, loss.from_suppliers),
        (loss.written_off, Amount::ZERO)
    );
    assert!(one_holding(&world, ("carol", 0), "USDC").lent >= carol);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_pool_whose_suppliers_are_wiped_out_closes() -> Tested {
    let mut world = world_of(standard_markets().map(|spec| {
        interest_free(spec).with_listing(|listing| {
            listing.limits.max_utilisation = Fraction::ONE;
            listing.limits.counterparty_share = Fraction::ONE;
        })
    }))
    .build()?;
    supply(&mut world, "USDC", 800);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 800)?;
    world.deposit("bob", "USDC", 5)?;
    // Every repayment would be wasted on so little: the account is written off.
    falls(&mut world, &[("ATOM", "0.0001")]);
    world.write_off("keeper", "alice")?;

    let market = world.market("USDC")?;
    assert!(market.wiped_out);
    assert_eq!(
        (market.supplied, market.borrowed),
        (Amount::ZERO, Amount::ZERO)
    );
    let fields = json!({ "asset": world.asset("USDC") });
    refused(world.deposit("bob", "USDC", 1), "wiped_out", fields.clone());
    refused(
        world.deposit_lent("bob", "USDC", 1),
        "wiped_out",
        fields.clone(),
    );
    refused(world.lend("bob", "USDC", 1), "wiped_out", fields);
    // What was idle is still there, and worthless shares can be given up.
    world.withdraw_all("bob", "USDC")?;
    world.withdraw_all("carol", "USDC")?;
    assert_eq!(world.account("carol")?.holdings, []);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_lent_deposit_is_paid_out_of_the_cash() -> Tested {
    let mut world = levered();
    world.lend_all("alice", "ATOM")?;
    falls(&mut world, &[("ATOM", "9.5")]);
    let purses = Purses::of(&world);

    let response = world.liquidate("keeper", "alice", "USDC", 100, "ATOM")?;

    let event = events_of::<Liquidated>(&response).remove(0);
    let paid = i128::try_from(event.tokens.0).expect("fits");
    assert_eq!(event.tokens.0, event.seized.0 - event.protocol_fee.0);
    purses.assert_moved(
        &world,
        &[
            ("keeper", "USDC", -100_000_000),
            ("keeper", "ATOM", paid),
            ("vault", "USDC", 100_000_000),
            ("vault", "ATOM", -paid),
        ],
    );
    let left = one_holding(&world, ("alice", 0), "ATOM");
    assert_eq!(
        (left.idle, left.lent.0),
        (Amount::ZERO, 100_000_000 - event.seized.0)
    );
    assert_eq!(world.market("ATOM")?.reserve, event.protocol_fee);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn what_the_cash_does_not_cover_is_paid_in_shares() -> Tested {
    let mut world = levered();
    world.lend_all("alice", "ATOM")?;
    drain_atom(&mut world, 3)?;
    falls(&mut world, &[("ATOM", "9.5")]);
    let cash = world.market("ATOM")?.cash;
    assert_eq!(cash, Amount(3_000_000));
    let purses = Purses::of(&world);

    let response = world.liquidate("keeper", "alice", "USDC", 100, "ATOM")?;

    let event = events_of::<Liquidated>(&response).remove(0);
    assert_eq!(event.tokens, cash);
    purses.assert_moved(
        &world,
        &[
            ("keeper", "USDC", -100_000_000),
            ("keeper", "ATOM", 3_000_000),
            ("vault", "USDC", 100_000_000),
            ("vault", "ATOM", -3_000_000),
        ],
    );
    let got = one_holding(&world, ("keeper", 0), "ATOM");
    assert_eq!((got.idle, got.lent_shares), (Amount::ZERO, event.shares));
    assert_eq!(got.lent.0 + cash.0 + event.protocol_fee.0, event.seized.0);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_keeper_may_be_paid_into_an_account() -> Tested {
    let mut world = levered();
    world.lend("alice", "ATOM", 97)?;
    falls(&mut world, &[("ATOM", "9.5")]);
    let purses = Purses::of(&world);

    let response = Offer::of(&world, 100)
        .receive(Receive::Account)
        .send(&mut world)?;

    // The idle 3 ATOM are taken first.
    let event = events_of::<Liquidated>(&response).remove(0);
    assert_eq!(event.tokens, Amount::ZERO);
    purses.assert_moved(
        &world,
        &[
            ("keeper", "USDC", -100_000_000),
            ("vault", "USDC", 100_000_000),
        ],
    );
    let got = one_holding(&world, ("keeper", 0), "ATOM");
    assert_eq!(
        (got.idle, got.lent_shares),
        (Amount(3_000_000), event.shares)
    );
    assert_eq!(
        got.idle.0 + got.lent.0 + event.protocol_fee.0,
        event.seized.0
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn what_is_paid_into_an_account_repays_its_debt_first() -> Tested {
    let mut world = underwater();
    world.deposit("keeper", "BTC", 1)?;
    world.borrow("keeper", "ATOM", 5)?;

    let response = Offer::of(&world, 100)
        .receive(Receive::Account)
        .send(&mut world)?;

    let event = events_of::<Liquidated>(&response).remove(0);
    let got = one_holding(&world, ("keeper", 0), "ATOM");
    assert_eq!(got.side, Side::Deposit);
    assert_eq!(
        got.idle.0 + 5_000_000 + event.protocol_fee.0,
        event.seized.0
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn tokens_go_to_whom_the_keeper_names_shares_into_the_named_account() -> Tested {
    let mut world = levered();
    world.lend_all("alice", "ATOM")?;
    drain_atom(&mut world, 3)?;
    falls(&mut world, &[("ATOM", "9.5")]);

    // A stranger's account takes no new asset.
    let answer = Offer::of(&world, 100).to(("bob", 2)).send(&mut world);
    let fields = json!({
        "asset": world.asset("ATOM"),
        "owner": world.address("bob"),
        "id": 2,
    });
    refused(answer, "foreign_asset", fields);

    world.deposit(("bob", 2), "ATOM", Amount(1))?;
    let purses = Purses::of(&world);
    Offer::of(&world, 100).to(("bob", 2)).send(&mut world)?;
    purses.assert_moved(
        &world,
        &[
            ("keeper", "USDC", -100_000_000),
            ("bob", "ATOM", 3_000_000),
            ("vault", "USDC", 100_000_000),
            ("vault", "ATOM", -3_000_000),
        ],
    );
    assert!(one_holding(&world, ("bob", 2), "ATOM").lent > Amount::ZERO);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_keeper_gets_at_least_what_it_asks_for_or_nothing_happens() -> Tested {
    let mut world = underwater();
    let preview = world.simulate_liquidation("alice", "USDC", 100, "ATOM")?;
    let received = preview.tokens;
    let purses = Purses::of(&world);

    let answer = Offer::of(&world, 100)
        .min_seized(received.0 + 1)
        .send(&mut world);
    let fields = json!({
        "min_seized": (received.0 + 1).to_string(),
        "seized": received.to_string(),
    });
    refused(answer, "too_little_seized", fields);
    purses.assert_moved(&world, &[]);

    Offer::of(&world, 100)
        .min_seized(received.0)
        .send(&mut world)?;
    Ok(())
}

#[test]
fn the_least_counts_tokens_and_shares_together() -> Tested {
    let mut world = levered();
    world.lend_all("alice", "ATOM")?;
    drain_atom(&mut world, 3)?;
    falls(&mut world, &[("ATOM", "9.5")]);
    let LiquidationResponse { tokens, lent, .. } =
        world.simulate_liquidation("alice", "USDC", 100, "ATOM")?;
    let least = tokens.0 + lent.0;
    let answer = Offer::of(&world, 100)
        .min_seized(least + 1)
        .send(&mut world);
    assert_eq!(answer.unwrap_err().name, "too_little_seized");
    Offer::of(&world, 100).min_seized(least).send(&mut world)?;
    Ok(())
}

#[test]
fn the_good_leg_of_a_hedge_cannot_be_seized() -> Tested {
    let mut world = hedged()?;
    falls(&mut world, &[("ATOM", "11.2")]);
    let before = world.margin("alice")?;
    assert_eq!(before.status, Status::Liquidatable);

    // Without the ETH the short ATOM would be more naked than before.
    let answer = world.liquidate("keeper", "alice", "DAI", 500, "ETH");
    let fields = json!({ "debt": world.asset("DAI"), "seize": world.asset("ETH") });
    refused(answer, "ratio_not_raised", fields);

    let response = world.liquidate("keeper", "alice", "ATOM", 10, "USDC")?;
    assert!(!events_of::<Liquidated>(&response)[0].distressed);
    assert!(world.margin("alice")?.margin_ratio > before.margin_ratio);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn no_flag_pause_cap_or_full_account_holds_a_liquidation_up() -> Tested {
    let mut world = underwater();
    world.deposit("keeper", "BTC", Amount(1))?;
    type Barrier = (&'static str, fn(&mut World) -> Tested);
    let barriers: [Barrier; 8] = [
        ("everything is paused", |world| {
            world.pause(None, &ALL_ACTIONS).map(|_| ())
        }),
        ("both assets are paused", |world| {
            world.pause(Some("USDC"), &ALL_ACTIONS)?;
            world.pause(Some("ATOM"), &ALL_ACTIONS).map(|_| ())
        }),
        ("both markets are closed", |world| {
            let closed = MarketUpdate {
                deposit_enabled: Some(false),
                borrow_enabled: Some(false),
                ..MarketUpdate::default()
            };
            update_market(world, "USDC", closed.clone())?;
            update_market(world, "ATOM", closed)
        }),
        ("all caps are zero", |world| {
            for asset in ["USDC", "ATOM"] {
                let limits = Limits {
                    deposit_cap: Amount::ZERO,
                    borrow_cap: Amount::ZERO,
                    max_utilisation: Fraction::ZERO,
                    counterparty_share: Fraction::ZERO,
                    outflow_share: Fraction::ONE,
                };
                let update = MarketUpdate {
                    limits: Some(limits),
                    ..MarketUpdate::default()
                };
                update_market(world, asset, update)?;
            }
            Ok(())
        }),
        ("other prices are stale or halted", |world| {
            let asset = world.asset("BTC");
            world.execute_oracle("guardian", oracle::ExecuteMsg::Halt { asset })?;
            world.advance(121);
            world.post(&[("USDC", "1"), ("ATOM", "9.5")])
        }),
        ("a jump of the seized asset waits", |world| {
            world.advance(6);
            world.post(&[("ATOM", "15")])
        }),
        ("the owner has left", |world| {
            let leave = bulwark_types::governance::OwnershipAction::Renounce {};
            let message = ExecuteMsg::UpdateOwnership(leave);
            world.execute("owner", message, Vec::new()).map(|_| ())
        }),
        ("the keeper is under water itself", |world| {
            world.deposit("keeper", "ATOM", 100)?;
            world.borrow("keeper", "USDC", 720)?;
            falls(world, &[("ATOM", "8.6")]);
            let keeper = world.margin("keeper")?;
            assert_eq!(keeper.status, Status::Liquidatable);
            Ok(())
        }),
    ];
    for (barrier, put_up) in barriers {
        for receive in [Receive::Tokens, Receive::Account] {
            world.fork(|world| {
                put_up(world).unwrap_or_else(|error| panic!("{barrier}: {error:?}"));
                let purses = Purses::of(world);
                let before = world.margin("alice").expect("a margin").margin_ratio;
                let response = Offer::of(world, 100)
                    .receive(receive)
                    .send(world)
                    .unwrap_or_else(|error| panic!("{barrier}, {receive:?}: {error:?}"));
                let sale = events_of::<Liquidated>(&response).remove(0);
                let paid = i128::try_from(sale.tokens.0).expect("fits");
                purses.assert_moved(
                    world,
                    &[
                        ("keeper", "USDC", -100_000_000),
                        ("keeper", "ATOM", paid),
                        ("vault", "USDC", 100_000_000),
                        ("vault", "ATOM", -paid),
                    ],
                );
                assert!(world.margin("alice").expect("a margin").margin_ratio > before);
                assert_books_balance(world);
            });
        }
    }
    Ok(())
}

#[test]
fn a_keeper_with_a_full_account_is_paid_in_tokens() -> Tested {
    let mut world = world_of(standard_markets().map(interest_free))
        .with_parameters(|parameters| parameters.max_holdings = 2)
        .build()?;
    for (name, asset) in [("carol", "USDC"), ("bob", "ATOM")] {
        world.deposit_lent(name, asset, 100_000)?;
    }
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 800)?;
    world.deposit("keeper", "BTC", 1)?;
    world.deposit("keeper", "ETH", 1)?;
    falls(&mut world, &[("ATOM", "9.5")]);

    let answer = Offer::of(&world, 100)
        .receive(Receive::Account)
        .send(&mut world);
    let fields = json!({ "asset": world.asset("ATOM"), "limit": 2 });
    refused(answer, "too_many_holdings", fields);

    world.liquidate("keeper", "alice", "USDC", 100, "ATOM")?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_pair_without_a_price_in_force_is_refused() -> Tested {
    let mut world = underwater();
    let fields = json!({ "debt": world.asset("USDC"), "seize": world.asset("ATOM") });
    for (stale, fresh) in [("USDC", ("ATOM", "9.5")), ("ATOM", ("USDC", "1"))] {
        world.fork(|world| {
            world.advance(121);
            world.post(&[fresh]).expect("posts count");
            assert!(world.price(stale).expect("a price").stale);
            let answer = world.liquidate("keeper", "alice", "USDC", 100, "ATOM");
            refused(answer, "pair_unpriced", fields.clone());
        });
    }
    let asset = world.asset("ATOM");
    world.execute_oracle("guardian", oracle::ExecuteMsg::Halt { asset })?;
    let answer = world.liquidate("keeper", "alice", "USDC", 100, "ATOM");
    refused(answer, "pair_unpriced", fields);
    Ok(())
}

#[test]
fn an_outage_neither_makes_an_account_liquidatable_nor_shields_one() -> Tested {
    let mut world = levered();
    world.deposit("bob", "ATOM", 100)?;
    world.deposit("bob", "BTC", "0.001")?;
    world.borrow("bob", "USDC", 800)?;
    // BTC is no longer posted and counts at its last price.
    world.advance(86_400);
    world.post(&[("USDC", "1"), ("ATOM", "10")])?;
    assert!(world.price("BTC")?.stale);
    let answer = world.liquidate("keeper", "bob", "USDC", 1, "ATOM");
    assert_eq!(answer.unwrap_err().name, "not_liquidatable");

    world.advance(6);
    world.post(&[("USDC", "1"), ("ATOM", "8.9")])?;
    assert_eq!(world.margin("bob")?.status, Status::Liquidatable);
    let answer = world.liquidate("keeper", "bob", "USDC", 1, "BTC");
    assert_eq!(answer.unwrap_err().name, "pair_unpriced");
    world.liquidate("keeper", "bob", "USDC", 1, "ATOM")?;
    Ok(())
}

#[test]
fn a_dead_feed_shields_no_debt_for_ever() -> Tested {
    let mut world = levered();
    // ATOM's feed dies. For 72 hours its deposit keeps its value …
    let expired = world.price("ATOM")?.record.expires_at;
    let wait_until = |world: &mut World, time: u64| {
        world.advance(time - world.now());
        world.post(&[("USDC", "1")]).expect("posts count");
    };
    wait_until(&mut world, expired + 72 * 3600);
    assert_eq!(world.margin("alice")?.deposits, usd("1000"));
    // … then it decays; after another 36 hours half of it is left.
    wait_until(&mut world, expired + 108 * 3600);
    let margin = world.margin("alice")?;
    assert_eq!((margin.deposits, margin.equity), (usd("500"), usd("-300")));
    assert_eq!(margin.status, Status::Insolvent);

    // In distress it is sold at that value less the haircut's cap: 5 USD × (1 − 0.7).
    let response = world.liquidate("keeper", "alice", "USDC", 100, "ATOM")?;
    let sale = events_of::<Liquidated>(&response).remove(0);
    assert_eq!(sale.seized, Amount(67_333_333), "100 USD × 1.01 / 1.5");
    assert_books_balance(&world);

    wait_until(&mut world, expired + 144 * 3600);
    assert_eq!(world.margin("alice")?.deposits, usd("0"));
    let answer = world.liquidate("keeper", "alice", "USDC", 100, "ATOM");
    assert_eq!(answer.unwrap_err().name, "pair_unpriced");
    // What is worthless does not block a write-off.
    world.write_off("keeper", "alice")?;
    assert_eq!(world.account("alice")?.holdings, []);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn outside_distress_a_decayed_deposit_is_not_seizable() -> Tested {
    let mut world = levered();
    world.deposit("alice", "BTC", "0.001")?;
    let expired = world.price("BTC")?.record.expires_at;
    world.advance(expired + 80 * 3600 - world.now());
    world.post(&[("USDC", "1"), ("ATOM", "9")])?;
    let margin = world.margin("alice")?;
    assert_eq!(margin.status, Status::Liquidatable);
    let answer = world.liquidate("keeper", "alice", "USDC", 1, "BTC");
    assert_eq!(answer.unwrap_err().name, "pair_unpriced");
    let response = world.liquidate("keeper", "alice", "USDC", 1, "ATOM")?;
    assert!(!events_of::<Liquidated>(&response)[0].distressed);
    Ok(())
}

#[test]
fn a_healthy_account_and_one_at_margin_call_are_left_alone() -> Tested {
    let mut world = levered();
    for (price, status) in [("10", Status::Healthy), ("9.8", Status::MarginCall)] {
        world.advance(6);
        world.post(&[("ATOM", price)])?;
        let margin = world.margin("alice")?;
        assert_eq!(margin.status, status, "{margin:?}");
        let answer = world.liquidate("keeper", "alice", "USDC", 1, "ATOM");
        let fields = json!({
            "owner": world.address("alice"),
            "id": 0,
            "equity": margin.equity,
            "maintenance": margin.maintenance,
        });
        refused(answer, "not_liquidatable", fields);
    }
    Ok(())
}

#[test]
fn what_the_account_does_not_owe_or_hold_is_refused() -> Tested {
    let mut world = underwater();
    let asset = |world: &World, symbol: &str| json!({ "asset": world.asset(symbol) });

    let answer = world.liquidate("keeper", "alice", "BTC", 1, "ATOM");
    refused(answer, "no_debt", asset(&world, "BTC"));
    let answer = world.liquidate("keeper", "alice", "ATOM", 1, "ATOM");
    refused(answer, "no_debt", asset(&world, "ATOM"));
    let answer = world.liquidate("keeper", "alice", "USDC", 1, "BTC");
    refused(answer, "no_deposit", asset(&world, "BTC"));
    let answer = world.liquidate("keeper", "alice", "USDC", 1, "USDC");
    refused(answer, "no_deposit", asset(&world, "USDC"));
    let answer = world.liquidate("keeper", "bob", "USDC", 1, "ATOM");
    refused(answer, "no_debt", asset(&world, "USDC"));
    let answer = world.liquidate("keeper", "alice", "USDC", 1, "unlisted");
    refused(answer, "unknown_market", json!({ "asset": "unlisted" }));

    let answer = Offer::of(&world, 1).to(("alice", 0)).send(&mut world);
    let fields = json!({ "owner": world.address("alice"), "id": 0 });
    refused(answer, "same_account", fields);

    let mut message = Offer::of(&world, 1);
    message.funds = Vec::new();
    let fields = json!({ "expected": "exactly one coin", "sent": [] });
    refused(message.send(&mut world), "wrong_funds", fields);
    Ok(())
}

#[test]
fn a_repayment_that_buys_nothing_is_refused() -> Tested {
    let mut world = levered();
    world.deposit("bob", "BTC", "0.01")?;
    world.borrow("bob", "USDC", 480)?;
    falls(&mut world, &[("BTC", "56000")]);
    assert_eq!(world.margin("bob")?.status, Status::Liquidatable);

    // A millionth of a dollar is less than a hundred-millionth of a bitcoin.
    let answer = world.liquidate("keeper", "bob", "USDC", Amount(1), "BTC");

    let fields = json!({ "seize": world.asset("BTC"), "repaid": "1" });
    refused(answer, "nothing_seized", fields);
    Ok(())
}

#[test]
fn an_owner_may_liquidate_itself_through_another_account_but_gains_nothing() -> Tested {
    let mut world = underwater();
    let purses = Purses::of(&world);
    let equity = world.margin("alice")?.equity;

    let mut offer = Offer::of(&world, 5_000)
        .receive(Receive::Account)
        .to(("alice", 1));
    offer.keeper = "alice";
    let response = offer.send(&mut world)?;

    let sale = events_of::<Liquidated>(&response).remove(0);
    let repaid = i128::try_from(sale.repaid.0).expect("fits");
    purses.assert_moved(
        &world,
        &[("alice", "USDC", -repaid), ("vault", "USDC", repaid)],
    );
    let wealth = world.margin("alice")?.equity.0 + world.margin(("alice", 1))?.equity.0;
    // The USDC paid are worth 10^12 of 10^-18 USD per unit.
    let gain = wealth - equity.0 - repaid * 1_000_000_000_000;
    assert!(gain < 0, "{gain}");
    let fee =
        Price::value_floor("9.5".parse().expect("a price"), sale.protocol_fee, 6).expect("fits");
    assert!(-gain >= fee.0, "it pays the reserve's part");
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn interest_alone_can_make_an_account_liquidatable() -> Tested {
    let mut world = world_of(standard_markets()).build()?;
    fund(&mut world);
    world.withdraw("carol", "USDC", 996_500)?;
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 800)?;
    let answer = world.liquidate("keeper", "alice", "USDC", 1, "ATOM");
    assert_eq!(answer.unwrap_err().name, "not_liquidatable");
    world.advance(4 * 365 * 86_400);
    world.repost()?;
    // The vault's last touch of the pool was four years ago: interest counts all the same.
    world.liquidate("keeper", "alice", "USDC", 1, "ATOM")?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn decimals_do_not_matter_in_any_pairing() -> Tested {
    for deposit_decimals in [0, 6, 8, 18] {
        for debt_decimals in [0, 6, 8, 18] {
            let token = |symbol, decimals| {
                interest_free(MarketSpec::crypto(symbol))
                    .with_decimals(decimals)
                    .with_liquidity(50_000_000)
            };
            let mut world =
                world_of([token("COL", deposit_decimals), token("DEB", debt_decimals)]).build()?;
            supply(&mut world, "DEB", 10_000_000);
            world.deposit("alice", "COL", 100_000)?;
            world.borrow("alice", "DEB", 80_000)?;
            falls(&mut world, &[("COL", "0.9")]);
            let purses = Purses::of(&world);

            let response = world.liquidate("keeper", "alice", "DEB", 10_000, "COL")?;

            let sale = events_of::<Liquidated>(&response).remove(0);
            let repaid = amount(&world, "DEB", 10_000);
            let paid = i128::try_from(sale.tokens.0).expect("fits");
            purses.assert_moved(
                &world,
                &[
                    ("keeper", "DEB", -repaid),
                    ("keeper", "COL", paid),
                    ("vault", "DEB", repaid),
                    ("vault", "COL", -paid),
                ],
            );
            // In whole tokens it is the same everywhere.
            let scale = 10u128.pow(u32::from(deposit_decimals));
            let expected = Sale::scaled(10_000 * ONE, sale.bonus, "0.9", deposit_decimals);
            assert_eq!(sale.seized.0, expected.seized);
            assert_eq!(sale.protocol_fee.0, expected.fee);
            // Half of the equity over the debts: 10,000 × 1.0625 / 0.9.
            assert_eq!(sale.bonus.to_string(), "0.0625");
            assert_eq!(sale.seized.0 / scale, 11_805, "in whole tokens");
            assert_eq!(sale.repaid_value, usd("10000"));
            assert_books_balance(&world);
        }
    }
    Ok(())
}

const ALL_ACTIONS: [PausableAction; 3] = [
    PausableAction::Deposit,
    PausableAction::Borrow,
    PausableAction::Withdraw,
];

/// What a repayment buys, by the words of the design instead of the planner's code.
struct Sale {
    seized: u128,
    fee: u128,
}

impl Sale {
    /// Of USDC for ATOM, both with six decimals.
    fn of(repaid: u128, bonus: Fraction, price: &str) -> Self {
        Self::scaled(repaid * 1_000_000_000_000, bonus, price, 6)
    }

    /// A value in 10^-18 USD for a token with decimals.
    fn scaled(value: u128, bonus: Fraction, price: &str, decimals: u8) -> Self {
        let price: Price = price.parse().expect("a price");
        let value = mul_div_floor(value, ONE + bonus.0, ONE).expect("fits");
        let units = Uint256::from(value) * Uint256::from(10u128.pow(u32::from(decimals)))
            / Uint256::from(price.0);
        let seized = Uint128::try_from(units).expect("fits").u128();
        let bonus_part = mul_div_floor(seized, bonus.0, ONE + bonus.0).expect("fits");
        Self {
            seized,
            fee: bonus_part / 10,
        }
    }

    fn paid(&self) -> i128 {
        i128::try_from(self.seized - self.fee).expect("fits")
    }
}

/// A `liquidate` message of alice's USDC debt for her ATOM.
struct Offer {
    keeper: &'static str,
    message: ExecuteMsg,
    funds: Vec<Coin>,
    to: Option<(&'static str, u16)>,
}

impl Offer {
    fn of(world: &World, tokens: u32) -> Self {
        Self {
            keeper: "keeper",
            message: ExecuteMsg::Liquidate {
                account: world.account_ref("alice"),
                seize: world.asset("ATOM"),
                min_seized: None,
                receive: None,
                to: None,
                debt: None,
                callback: None,
            },
            funds: world.coins("USDC", tokens).expect("a quantity"),
            to: None,
        }
    }

    fn receive(mut self, wish: Receive) -> Self {
        if let ExecuteMsg::Liquidate { receive, .. } = &mut self.message {
            *receive = Some(wish);
        }
        self
    }

    fn min_seized(mut self, least: u128) -> Self {
        if let ExecuteMsg::Liquidate { min_seized, .. } = &mut self.message {
            *min_seized = Some(Amount(least));
        }
        self
    }

    fn to(mut self, account: (&'static str, u16)) -> Self {
        self.to = Some(account);
        self
    }

    fn send(mut self, world: &mut World) -> Result<AppResponse, WireError> {
        if let ExecuteMsg::Liquidate { to, .. } = &mut self.message {
            *to = self.to.map(|account| world.account_ref(account));
        }
        world.execute(self.keeper, self.message, self.funds)
    }
}

fn update_market(world: &mut World, asset: &str, update: MarketUpdate) -> Tested {
    let asset = world.asset(asset);
    let message = ExecuteMsg::UpdateMarket { asset, update };
    world.execute("owner", message, Vec::new()).map(|_| ())
}

/// Mallory leaves only so many whole ATOM in the pool.
fn drain_atom(world: &mut World, left: u32) -> Tested {
    let cash = world.market("ATOM")?.cash;
    let leave = world.units("ATOM", left)?;
    let lent = one_holding(world, ("carol", 0), "ATOM").lent;
    // Somebody owes a little more than alice has lent; carol takes the rest of her cash out.
    world.deposit("mallory", "BTC", 1)?;
    world.borrow("mallory", "ATOM", 200)?;
    let out = cash.0 - world.units("ATOM", 200)?.0 - leave.0;
    assert!(out <= lent.0);
    world.withdraw("carol", "ATOM", Amount(out))?;
    assert_eq!(world.market("ATOM")?.cash, leave);
    Ok(())
}

/// A liquidation of mallory whose deposit is USDC leaves the reserve of USDC something.
fn give_reserve_of_usdc(world: &mut World) -> Tested {
    world.deposit("mallory", "USDC", 1_000)?;
    world.borrow("mallory", "ATOM", 82)?;
    world.advance(6);
    world.post(&[("USDC", "1"), ("ATOM", "10.9")])?;
    world.liquidate("keeper", "mallory", "ATOM", 82, "USDC")?;
    world.repay("mallory", "ATOM", 82)?;
    world.withdraw_all("mallory", "USDC")?;
    world.advance(6);
    world.post(&[("USDC", "1"), ("ATOM", "10")])?;
    Ok(())
}

/// Alice is long 3 ETH and 10,000 USDC, short 1,200 ATOM and 1,000 DAI.
fn hedged() -> Result<World, WireError> {
    let [usdc, atom, _, eth] = standard_markets();
    let markets = [usdc, atom, eth, MarketSpec::usd("DAI")];
    let mut world = world_of(markets.map(interest_free)).build()?;
    supply(&mut world, "ATOM", 100_000);
    supply(&mut world, "DAI", 100_000);
    world.deposit("alice", "ETH", 3)?;
    world.deposit("alice", "USDC", 10_000)?;
    world.borrow("alice", "ATOM", 1_200)?;
    world.borrow("alice", "DAI", 1_000)?;
    Ok(world)
}

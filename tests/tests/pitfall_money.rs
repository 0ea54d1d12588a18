//! Pitfalls 1–11 and 52: shares, rounding, interest, decimals, bad debt.

use crate::pitfall_support::{Answer, Dice, Step, fraction, net, refused_as, signed, wealth};
use bulwark_risk::interest::InterestModel;
use bulwark_risk::units::{Amount, Fraction, Price, Usd};
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{
    Tested, assert_books_balance, falls, fund, funded, interest_free, one_holding,
    standard_markets, supply, underwater, world_of,
};
use bulwark_types::events::{BadDebtAbsorbed, Liquidated};
use bulwark_types::vault::{AccountsResponse, ExecuteMsg, MarketUpdate, MarketsResponse, QueryMsg};

const YEAR: u64 = 31_536_000;

/// A market whose rate is the same at any utilisation.
fn at_rate(market: MarketSpec, per_year: &str) -> MarketSpec {
    let base = fraction(per_year);
    market.with_listing(move |listing| {
        listing.interest = InterestModel::Kinked {
            base,
            slope: Fraction::ZERO,
            steep_slope: Fraction::ZERO,
            optimal: Fraction::percent(80),
        };
    })
}

/// A USDC pool of a few hundred units whose shares, after a year of interest, are worth no round
/// number. Mallory has idle and lent USDC in accounts 0, 2 and 3, and owes some in account 1.
fn odd_pool() -> World {
    let mut world = world_of([
        at_rate(MarketSpec::usd("USDC"), "0.37"),
        MarketSpec::crypto("ATOM").with_price(10),
    ])
    .build()
    .unwrap();
    supply(&mut world, "USDC", Amount(1_003));
    world.deposit("bob", "ATOM", 1).unwrap();
    world.borrow("bob", "USDC", Amount(211)).unwrap();
    world.advance(YEAR);
    world.repost().unwrap();
    world.deposit("mallory", "USDC", Amount(500)).unwrap();
    world.deposit_lent("mallory", "USDC", Amount(501)).unwrap();
    world.deposit(("mallory", 1), "ATOM", 1).unwrap();
    world.borrow(("mallory", 1), "USDC", Amount(151)).unwrap();
    world
        .deposit_lent(("mallory", 2), "USDC", Amount(499))
        .unwrap();
    world
        .deposit_lent(("mallory", 3), "USDC", Amount(7))
        .unwrap();
    world
}

/// What mallory has in the wallet after leaving with everything.
fn after_leaving(world: &mut World) -> i128 {
    world.fork(|world| {
        world.repay(("mallory", 1), "USDC", 1).unwrap();
        for id in [0, 2, 3] {
            // An account may have been emptied by the steps under test.
            let _ = world.withdraw_all(("mallory", id), "USDC");
        }
        let left = net(world, "mallory", "USDC");
        assert_eq!(
            left,
            signed(world.balance("mallory", "USDC")),
            "nothing stays behind"
        );
        left
    })
}

#[test]
fn pitfall_01_a_loop_of_dust_never_beats_one_message() -> Tested {
    type Sized = fn(&mut World, Amount) -> Answer;
    let loops: [(&str, Sized, Sized); 8] = [
        (
            "deposit, withdraw",
            |w, n| w.deposit("mallory", "USDC", n),
            |w, n| w.withdraw("mallory", "USDC", n),
        ),
        (
            "lent deposit, withdraw",
            |w, n| w.deposit_lent(("mallory", 2), "USDC", n),
            |w, n| w.withdraw(("mallory", 2), "USDC", n),
        ),
        (
            "lend, recall",
            |w, n| w.lend("mallory", "USDC", n),
            |w, n| w.recall("mallory", "USDC", n),
        ),
        (
            "recall, lend",
            |w, n| w.recall("mallory", "USDC", n),
            |w, n| w.lend("mallory", "USDC", n),
        ),
        (
            "borrow, repay",
            |w, n| w.borrow(("mallory", 1), "USDC", n),
            |w, n| w.repay(("mallory", 1), "USDC", n),
        ),
        (
            "repay, borrow",
            |w, n| w.repay(("mallory", 1), "USDC", n),
            |w, n| w.borrow(("mallory", 1), "USDC", n),
        ),
        (
            "transfer of shares there and back",
            |w, n| w.transfer(("mallory", 2), ("mallory", 3), "USDC", n),
            |w, n| w.transfer(("mallory", 3), ("mallory", 2), "USDC", n),
        ),
        (
            "transfer of shares that repays, borrow",
            |w, n| w.transfer(("mallory", 2), ("mallory", 1), "USDC", n),
            |w, n| w.borrow(("mallory", 1), "USDC", n),
        ),
    ];
    const TIMES: u128 = 12;
    let mut world = odd_pool();
    let start = after_leaving(&mut world);
    let before = net(&world, "mallory", "USDC");
    for (name, there, back) in loops {
        for dust in [1, 2, 3, 7] {
            let small = Amount(dust);
            let in_turns = world.fork(|world| {
                for _ in 0..TIMES {
                    there(world, small).unwrap_or_else(|error| panic!("{name}: {error:?}"));
                    back(world, small).unwrap_or_else(|error| panic!("{name}: {error:?}"));
                }
                assert!(net(world, "mallory", "USDC") <= before, "{name} by {dust}");
                assert_books_balance(world);
                after_leaving(world)
            });
            let in_rows = world.fork(|world| {
                (0..TIMES).for_each(|_| drop(there(world, small).unwrap()));
                (0..TIMES).for_each(|_| drop(back(world, small).unwrap()));
                after_leaving(world)
            });
            let at_once = world.fork(|world| {
                there(world, Amount(dust * TIMES)).unwrap();
                back(world, Amount(dust * TIMES)).unwrap();
                after_leaving(world)
            });
            assert!(
                in_turns <= start && in_rows <= start,
                "{name} by {dust} gains"
            );
            assert!(
                in_turns <= at_once && in_rows <= at_once,
                "{name} by {dust}: {in_turns} and {in_rows} beat {at_once}"
            );
        }
    }
    Ok(())
}

#[test]
fn pitfall_01_where_a_share_is_worth_many_units_dust_gains_nothing_either() -> Tested {
    let mut world = dear_shares();
    world.repost()?;
    supply(&mut world, "ATOM", 2_000_000);
    world.deposit(("mallory", 1), "ETH", 100)?;
    world.deposit_lent("mallory", "ATOM", 1)?;
    world.borrow(("mallory", 1), "ATOM", 1)?;
    let start = net(&world, "mallory", "ATOM");
    let unit = virtual_unit(&world, "ATOM") / 1_000_000;
    assert!(unit > 1, "a share of debt is worth {unit} units");
    let mut passed = 0;
    for dust in (1..=12).chain([unit as u128, 3 * unit as u128 + 1]) {
        let dust = Amount(dust);
        // Parts and wholes, each way: some are refused for being worth less than a share.
        let steps: [fn(&mut World, Amount) -> Answer; 6] = [
            |w, n| w.deposit_lent("mallory", "ATOM", n),
            |w, n| w.withdraw("mallory", "ATOM", n),
            |w, n| w.repay(("mallory", 1), "ATOM", n),
            |w, n| w.borrow(("mallory", 1), "ATOM", n),
            |w, n| w.deposit_lent(("mallory", 2), "ATOM", n),
            |w, _| w.withdraw_all(("mallory", 2), "ATOM"),
        ];
        for (number, step) in steps.into_iter().enumerate() {
            world.fork(|world| {
                let mut before = start;
                for _ in 0..8 {
                    passed += u32::from(step(world, dust).is_ok());
                    let after = net(world, "mallory", "ATOM");
                    assert!(
                        after <= before,
                        "step {number} by {dust}: {}",
                        after - before
                    );
                    before = after;
                }
            });
            // Together with what undoes it.
            world.fork(|world| {
                for _ in 0..8 {
                    passed += u32::from(step(world, dust).is_ok());
                    passed += u32::from(steps[number ^ 1](world, dust).is_ok());
                }
                assert!(
                    net(world, "mallory", "ATOM") <= start,
                    "step {number} by {dust}"
                );
                assert_books_balance(world);
            });
        }
    }
    assert!(passed > 200, "{passed} messages passed");
    Ok(())
}

#[test]
fn pitfall_01_many_small_liquidations_never_beat_one() -> Tested {
    // One unit of the deposit is worth ten cents, so small repayments round a lot.
    let markets = [
        MarketSpec::usd("USDC"),
        MarketSpec::crypto("COIN").with_decimals(2).with_price(10),
    ];
    let mut world = world_of(markets.map(interest_free)).build()?;
    supply(&mut world, "USDC", 1_000_000);
    world.deposit("alice", "COIN", 100)?;
    world.borrow("alice", "USDC", 800)?;
    falls(&mut world, &[("COIN", "9.5")]);
    let before = wealth(&world, "keeper");
    let of = |world: &mut World, units: u128, times: u32| {
        world.fork(|world| {
            for _ in 0..times {
                world
                    .liquidate("keeper", "alice", "USDC", Amount(units), "COIN")
                    .unwrap();
            }
            assert_books_balance(world);
            wealth(world, "keeper") - before
        })
    };
    // 0.11 USDC buys one unit, worth 0.095, at a bonus of about 4 %.
    for (units, times) in [(95_000, 40), (110_000, 40), (190_001, 40), (1_000_003, 20)] {
        let many = of(&mut world, units, times);
        let one = of(&mut world, units * u128::from(times), 1);
        assert!(many <= one, "{times} × {units}: {many} beats {one}");
    }
    // What does not buy a unit is refused, not swallowed.
    refused_as(
        world.liquidate("keeper", "alice", "USDC", Amount(80_000), "COIN"),
        "nothing_seized",
    );
    Ok(())
}

#[test]
fn pitfall_02_a_donation_to_an_empty_pool_steals_nothing() -> Tested {
    for (first, donated, victim) in [
        (1, 1_000_000, 1_000),
        (1, 1_000_000_000_000, 1_000_000_000),
        (3, 99_999_999_999_999, 999_999),
    ] {
        let mut world = World::standard()?;
        let vault = world.vault().to_string();
        let (hers, his) = (net(&world, "mallory", "ATOM"), net(&world, "bob", "ATOM"));
        world.deposit_lent("mallory", "ATOM", Amount(first))?;
        world.send("mallory", &vault, "ATOM", Amount(donated))?;
        world.deposit_lent("bob", "ATOM", Amount(victim))?;
        world.withdraw_all("mallory", "ATOM")?;
        world.withdraw_all("bob", "ATOM")?;
        let gained = net(&world, "mallory", "ATOM") - hers;
        assert!(gained <= -signed(Amount(donated)), "mallory gains {gained}");
        assert!(
            his - net(&world, "bob", "ATOM") <= 1,
            "bob loses more than a unit"
        );
    }
    Ok(())
}

#[test]
fn pitfall_02_games_in_an_empty_pool_never_enrich() -> Tested {
    // Half of the games are over within one block.
    for seed in 0..12 {
        let mut world = world_of([
            at_rate(MarketSpec::crypto("ATOM").with_price(10), "0.9"),
            MarketSpec::crypto("ETH")
                .with_decimals(18)
                .with_price(2_000),
        ])
        .build()?;
        let vault = world.vault().to_string();
        world.deposit(("mallory", 1), "ETH", 1)?;
        let start = net(&world, "mallory", "ATOM");
        let began = world.now();
        let mut dice = Dice::new(seed);
        let mut done = 0;
        for _ in 0..150 {
            let units = Amount(u128::from(1 + dice.roll(9)));
            let played = match dice.roll(if seed < 6 { 7 } else { 8 }) {
                0 => world.deposit_lent("mallory", "ATOM", units),
                1 => world.withdraw("mallory", "ATOM", units),
                2 => world.borrow(("mallory", 1), "ATOM", Amount(1)),
                3 => world.repay(("mallory", 1), "ATOM", units),
                4 => world.send("mallory", &vault, "ATOM", units),
                5 => world.deposit_lent(("mallory", 2), "ATOM", Amount(1)),
                6 => world.transfer("mallory", ("mallory", 2), "ATOM", units),
                _ => {
                    world.advance(dice.roll(YEAR / 12));
                    world.repost()?;
                    world.accrue(&["ATOM"])
                }
            };
            done += u32::from(played.is_ok());
            // Within a block she never gains; in time no more than the interest that one unit
            // earns at 90 %, see `virtual_unit`.
            let years = (world.now() - began) as f64 / YEAR as f64;
            let dust = (0.9 * years).exp().ceil() as i128 - 1;
            let gained = net(&world, "mallory", "ATOM") - start;
            assert!(
                gained <= dust,
                "seed {seed}: {gained} gained, {dust} allowed"
            );
        }
        assert!(done > 50, "seed {seed}: the game is played");
        let his = net(&world, "bob", "ATOM");
        world.deposit_lent("bob", "ATOM", Amount(1_000_000))?;
        world.withdraw_all("bob", "ATOM")?;
        assert!(
            his - net(&world, "bob", "ATOM") <= 1,
            "seed {seed}: the victim loses dust"
        );
        assert_eq!(
            world.solvency(Some("ATOM"))?.assets[0].missing,
            Amount::ZERO
        );
    }
    Ok(())
}

#[test]
fn pitfall_03_a_direct_transfer_changes_nothing_but_the_surplus() -> Tested {
    let mut world = funded();
    world.deposit_lent("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 500)?;
    let vault = world.vault().to_string();
    let seen = |world: &World| {
        Ok::<_, bulwark_types::wire::WireError>((
            world.market("USDC")?,
            world.market("ATOM")?,
            world.margin("alice")?,
            world.account("carol")?,
            world.max_borrow("alice", "USDC")?,
            world.max_withdraw("alice", "ATOM")?,
        ))
    };
    let before = seen(&world)?;
    for asset in ["USDC", "ATOM"] {
        world.send("mallory", &vault, asset, 10_000_000)?;
    }
    assert_eq!(seen(&world)?, before);
    let solvency = world.solvency(Some("USDC"))?;
    assert_eq!(solvency.assets[0].surplus, world.units("USDC", 10_000_000)?);
    // It opens no room for what the pool cannot pay either.
    let denom = world.asset("USDC");
    let message = ExecuteMsg::CollectReserve {
        asset: denom,
        amount: Some(Amount(1)),
        to: world.address("owner").into_string(),
    };
    refused_as(
        world.execute("owner", message, Vec::new()),
        "insufficient_deposit",
    );
    Ok(())
}

#[test]
fn pitfall_04_nothing_for_something_and_something_for_nothing_are_refused() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 100)?;
    world.deposit_lent("alice", "ATOM", 100)?;
    let nothing = Amount::ZERO;
    let zeros: [(&str, Answer); 6] = [
        ("withdraw", world.withdraw("alice", "ATOM", nothing)),
        ("lend", world.lend("alice", "ATOM", nothing)),
        ("recall", world.recall("alice", "ATOM", nothing)),
        ("borrow", world.borrow("alice", "USDC", nothing)),
        (
            "transfer",
            world.transfer("alice", ("alice", 1), "ATOM", nothing),
        ),
        (
            "collect",
            world.execute(
                "owner",
                ExecuteMsg::CollectReserve {
                    asset: world.asset("ATOM"),
                    amount: Some(nothing),
                    to: world.address("owner").into_string(),
                },
                Vec::new(),
            ),
        ),
    ];
    for (name, answer) in zeros {
        let error = answer.expect_err(name);
        assert_eq!(error.name, "zero_amount", "{name}: {error:?}");
    }

    // Shares that have become worth more than a unit each: one unit buys none and pays for none.
    let mut world = dear_shares();
    refused_as(world.deposit_lent("bob", "ATOM", Amount(1)), "zero_shares");
    refused_as(world.repay("alice", "ATOM", Amount(1)), "zero_shares");
    world.deposit("bob", "ATOM", Amount(1))?;
    refused_as(world.lend("bob", "ATOM", Amount(1)), "zero_shares");
    assert_books_balance(&world);
    Ok(())
}

/// A pool after years at 900 %: a share is worth more than a smallest unit.
fn dear_shares() -> World {
    let mut world = world_of([
        at_rate(MarketSpec::crypto("ATOM").with_price(10), "9"),
        MarketSpec::crypto("ETH")
            .with_decimals(18)
            .with_price(2_000),
    ])
    .build()
    .unwrap();
    supply(&mut world, "ATOM", Amount(400));
    world.deposit("alice", "ETH", 1).unwrap();
    world.borrow("alice", "ATOM", Amount(100)).unwrap();
    for _ in 0..24 {
        world.advance(YEAR / 10);
        world.accrue(&["ATOM"]).unwrap();
    }
    world
}

#[test]
fn pitfall_05_accruing_first_makes_no_difference_to_any_message() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 1_000)?;
    world.borrow("alice", "USDC", 8_000)?;
    world.deposit("bob", "USDC", 5_000)?;
    world.deposit_lent("bob", "USDC", 5_000)?;
    world.borrow("bob", "BTC", "0.01")?;
    world.deposit("mallory", "ETH", "0.02")?;
    world.borrow("mallory", "USDC", 30)?;
    world.advance(40 * 86_400);
    world.repost()?;
    falls(&mut world, &[("ATOM", "9.5"), ("ETH", "1000")]);
    // The reserve has something to collect, and interest is waiting.
    world.advance(90);

    let acts: Vec<(&str, Step)> = vec![
        ("deposit", |w| w.deposit("bob", "USDC", 7)),
        ("lent deposit", |w| w.deposit_lent("bob", "USDC", 7)),
        ("withdraw", |w| w.withdraw("bob", "USDC", 5_007)),
        ("lend", |w| w.lend("bob", "USDC", 7)),
        ("recall", |w| w.recall("bob", "USDC", 7)),
        ("borrow", |w| w.borrow("bob", "BTC", "0.01")),
        ("repay", |w| w.repay("bob", "BTC", "0.005")),
        ("transfer", |w| w.transfer("bob", ("bob", 1), "USDC", 5_007)),
        ("liquidate", |w| {
            w.liquidate("keeper", "alice", "USDC", 900, "ATOM")
        }),
        ("write_off", |w| w.write_off("keeper", "mallory")),
        ("collect_reserve", |w| {
            let message = ExecuteMsg::CollectReserve {
                asset: w.asset("USDC"),
                amount: None,
                to: w.address("owner").into_string(),
            };
            w.execute("owner", message, Vec::new())
        }),
        ("update_market", |w| {
            let message = ExecuteMsg::UpdateMarket {
                asset: w.asset("USDC"),
                update: MarketUpdate {
                    reserve_factor: Some(Fraction::percent(50)),
                    interest: Some(InterestModel::Kinked {
                        base: Fraction::percent(500),
                        slope: Fraction::ZERO,
                        steep_slope: Fraction::ZERO,
                        optimal: Fraction::percent(80),
                    }),
                    ..MarketUpdate::default()
                },
            };
            w.execute("owner", message, Vec::new())
        }),
    ];
    for (name, act) in acts {
        let act_alone = world.fork(|world| {
            act(world).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            everything(world)
        });
        let after_accruing = world.fork(|world| {
            world.accrue(&["USDC", "ATOM", "BTC", "ETH"]).unwrap();
            act(world).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            everything(world)
        });
        assert_eq!(act_alone, after_accruing, "{name}");
    }
    Ok(())
}

/// All that queries show of markets and accounts, and what lies in the contract.
fn everything(world: &World) -> (MarketsResponse, AccountsResponse, Vec<Amount>) {
    let markets = world
        .query(&QueryMsg::Markets {
            start_after: None,
            limit: Some(100),
        })
        .unwrap();
    let accounts = world
        .query(&QueryMsg::Accounts {
            owner: None,
            start_after: None,
            limit: Some(100),
        })
        .unwrap();
    let held = world
        .markets()
        .iter()
        .map(|market| world.balance_of(world.vault(), &market.denom))
        .collect();
    (markets, accounts, held)
}

#[test]
fn pitfall_05_a_loan_within_one_block_is_never_paid_for_by_the_pool() -> Tested {
    let mut world = odd_pool();
    let before = world.market("USDC")?;
    let start = net(&world, "mallory", "USDC");
    for _ in 0..50 {
        world.borrow(("mallory", 1), "USDC", Amount(97))?;
        world.repay(("mallory", 1), "USDC", Amount(97))?;
    }
    let after = world.market("USDC")?;
    assert!(net(&world, "mallory", "USDC") <= start);
    assert!(after.cash >= before.cash && after.supplied >= before.supplied);
    Ok(())
}

#[test]
fn pitfall_06_what_is_seized_is_what_keeper_and_reserve_get() -> Tested {
    let mut world = underwater();
    let (alice, keeper) = (net(&world, "alice", "ATOM"), net(&world, "keeper", "ATOM"));
    let before = world.market("ATOM")?;
    let response = world.liquidate("keeper", "alice", "USDC", 100, "ATOM")?;
    let event: Liquidated = events_of(&response).remove(0);

    let seized = signed(event.seized);
    assert_eq!(alice - net(&world, "alice", "ATOM"), seized);
    assert_eq!(
        net(&world, "keeper", "ATOM") - keeper,
        seized - signed(event.protocol_fee)
    );
    let after = world.market("ATOM")?;
    assert_eq!(signed(after.idle), signed(before.idle) - seized);
    assert_eq!(
        signed(after.reserve),
        signed(before.reserve) + signed(event.protocol_fee)
    );

    // The bonus is counted once: seized = repaid × (1 + bonus), the fee a tenth of the bonus.
    let price = "9.5".parse::<Price>().unwrap();
    let seized_value = price.value_floor(event.seized, 6).unwrap();
    let expected = event
        .repaid_value
        .plus(event.repaid_value.mul_floor(event.bonus).unwrap());
    let unit = price.value_ceil(Amount(1), 6).unwrap();
    let expected = expected.unwrap();
    assert!(seized_value <= expected && seized_value.0 + unit.0 >= expected.0);
    let fee = price.value_floor(event.protocol_fee, 6).unwrap();
    let bonus = event.repaid_value.mul_floor(event.bonus).unwrap();
    assert!(event.bonus_value <= bonus && event.bonus_value.0 + 2 * unit.0 >= bonus.0);
    let tenth = Usd(bonus.0 / 10);
    assert!(
        fee <= tenth && fee.0 + 2 * unit.0 >= tenth.0,
        "{fee} of {}",
        event.bonus_value
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn pitfall_07_suppliers_and_reserve_get_no_more_than_borrowers_pay() -> Tested {
    for (seed, factor) in [(1, 0), (2, 15), (3, 50)] {
        for decimals in [0, 6, 18] {
            let usdc = MarketSpec::usd("USDC")
                .with_decimals(decimals)
                .with_listing(move |l| {
                    l.reserve_factor = Fraction::percent(factor);
                });
            let atom = MarketSpec::crypto("ATOM").with_price(10);
            let mut world = world_of([at_rate(usdc, "0.8"), atom]).build()?;
            supply(&mut world, "USDC", 1_003);
            world.deposit_lent("mallory", "USDC", 97)?;
            let debtors = ["alice", "bob", "keeper"];
            for (number, debtor) in (1u32..).zip(debtors) {
                world.deposit(debtor, "ATOM", 1_000)?;
                world.borrow(debtor, "USDC", 71 * number)?;
            }
            let mut dice = Dice::new(seed);
            for _ in 0..40 {
                world.advance(dice.roll(30 * 86_400));
                world.accrue(&["USDC"])?;
                let market = world.market("USDC")?;
                let denom = world.asset("USDC");
                let all = bulwark_tests::every_account(&world);
                let of = |pick: fn(&bulwark_types::vault::AccountHolding) -> Amount| {
                    all.iter()
                        .flat_map(|account| &account.holdings)
                        .filter(|holding| holding.asset == denom)
                        .map(|holding| signed(pick(holding)))
                        .sum::<i128>()
                };
                let owned = of(|holding| holding.lent) + signed(market.reserve);
                let owed = of(|holding| holding.debt);
                // Supplied at the start is what came in; everything beyond it is interest.
                let charged = owed - signed(world.units("USDC", 71 * 6)?);
                let paid = owned - signed(world.units("USDC", 1_100)?);
                let dust = virtual_unit(&world, "USDC");
                assert!(
                    paid <= charged + dust,
                    "{decimals} decimals: {paid} paid, {charged} charged, {dust} allowed"
                );
            }
            assert_books_balance(&world);
        }
    }
    Ok(())
}

/// What one smallest unit of debt at the pool's beginning owes now, rounded up. The virtual
/// debt shares own one unit that nobody owes: interest on it, and no more, is promised to
/// suppliers without being charged.
fn virtual_unit(world: &World, asset: &str) -> i128 {
    let market = world.market(asset).unwrap();
    let (assets, shares) = (market.borrowed.0 + 1, market.debt_shares.0 + 1_000_000);
    signed(Amount((assets * 1_000_000).div_ceil(shares)))
}

#[test]
fn pitfall_08_decimals_in_every_pairing_are_worth_the_same() -> Tested {
    let decimals = [0, 6, 8, 18];
    for deposited in decimals {
        for owed in decimals {
            let mut world = world_of([
                interest_free(MarketSpec::usd("DEBT").with_decimals(owed)),
                interest_free(MarketSpec::crypto("COIN").with_decimals(deposited)),
            ])
            .build()?;
            let pair = format!("{deposited} decimals against {owed}");
            supply(&mut world, "DEBT", 1_000_000);
            world.deposit("alice", "COIN", 10_000)?;
            world.borrow("alice", "DEBT", 8_000)?;
            let margin = world.margin("alice")?;
            assert_eq!(margin.equity, Usd::whole(2_000), "{pair}");
            // The same account in any decimals needs the same margin.
            assert_eq!(margin.maintenance, reference_margin(&world)?, "{pair}");
            refused_as(world.borrow("alice", "DEBT", 400), "below_initial_margin");

            falls(&mut world, &[("COIN", "0.95")]);
            assert_eq!(world.margin("alice")?.equity, Usd::whole(1_500), "{pair}");
            let before = wealth(&world, "keeper");
            let response = world.liquidate("keeper", "alice", "DEBT", 1_000, "COIN")?;
            let event: Liquidated = events_of(&response).remove(0);
            let gained = wealth(&world, "keeper") - before;
            assert!(gained <= event.bonus_value.0, "{pair}");
            // Whole tokens round by up to one of them, worth 0.95 USD, and the fee by another.
            let rounding = Usd::whole(2).0;
            assert!(
                gained >= event.bonus_value.0 * 9 / 10 - rounding,
                "{pair}: {gained}"
            );
            assert_books_balance(&world);
        }
    }
    Ok(())
}

/// The maintenance margin of 10,000 USD of a coin against 8,000 USD, at 6 decimals.
fn reference_margin(like: &World) -> Result<Usd, bulwark_types::wire::WireError> {
    assert_eq!(like.margin("alice")?.debts, Usd::whole(8_000));
    let mut world = world_of([
        interest_free(MarketSpec::usd("DEBT")),
        interest_free(MarketSpec::crypto("COIN")),
    ])
    .build()?;
    supply(&mut world, "DEBT", 1_000_000);
    world.deposit("alice", "COIN", 10_000)?;
    world.borrow("alice", "DEBT", 8_000)?;
    Ok(world.margin("alice")?.maintenance)
}

#[test]
fn pitfall_09_amounts_and_prices_near_their_limits_work_or_fail_loudly() -> Tested {
    // 2^100 units is the largest cap; amounts themselves end below 2^104.
    let most = Amount(1 << 100);
    let mut world = world_of([
        MarketSpec::usd("USDC"),
        MarketSpec::crypto("HUGE")
            .with_decimals(18)
            .with_price(1_000)
            .with_liquidity(most),
        MarketSpec::crypto("TINY")
            .with_price("0.000000000000000001")
            .with_liquidity(most),
        MarketSpec::crypto("DEAR")
            .with_decimals(18)
            .with_price("1000000000000"),
    ])
    .build()?;
    supply(&mut world, "USDC", 1_000_000);
    world.mint("alice", "HUGE", Amount(1 << 105))?;
    world.mint("alice", "TINY", most)?;
    refused_as(
        world.deposit("alice", "HUGE", Amount(1 << 104)),
        "amount_too_large",
    );
    refused_as(
        world.deposit("alice", "HUGE", Amount(most.0 + 1)),
        "deposit_cap",
    );

    // More than 10^15 USD: owned, moved and withdrawn, but no debt stands on it.
    world.deposit("alice", "HUGE", most)?;
    refused_as(world.margin("alice"), "value_too_large");
    refused_as(world.borrow("alice", "USDC", 1), "value_too_large");
    world.lend_all("alice", "HUGE")?;
    world.withdraw_all("alice", "HUGE")?;

    // Next to nothing is worth nothing, not "solvent".
    world.deposit(("alice", 1), "TINY", 1_000_000)?;
    refused_as(
        world.borrow(("alice", 1), "USDC", Amount(1)),
        "below_initial_margin",
    );
    world.deposit(("alice", 2), "DEAR", "0.00001")?;
    let lent = world.borrow(("alice", 2), "USDC", 1_000);
    assert!(lent.is_ok(), "{lent:?}");
    assert_books_balance(&world);

    // A deposit that has lost everything but its name leaves an insolvent account behind.
    falls(&mut world, &[("DEAR", "0.000000000000000001")]);
    let margin = world.margin(("alice", 2))?;
    assert!(
        margin.equity < Usd::ZERO && is_insolvent(&margin),
        "{margin:?}"
    );
    Ok(())
}

fn is_insolvent(margin: &bulwark_types::vault::MarginResponse) -> bool {
    margin.status == bulwark_risk::account::Status::Insolvent
}

#[test]
fn pitfall_10_time_stands_still_between_messages_of_a_block_and_runs_in_seconds() -> Tested {
    let mut world = world_of([
        at_rate(MarketSpec::usd("USDC"), "0.10"),
        MarketSpec::crypto("ATOM").with_price(10),
    ])
    .build()?;
    supply(&mut world, "USDC", 100_000);
    world.deposit("alice", "ATOM", 10_000)?;
    world.borrow("alice", "USDC", 10_000)?;
    world.advance(YEAR);
    let debt = |world: &World| one_holding(world, ("alice", 0), "USDC").debt;
    // e^0.1 to the third order is 1.105166…, rounded down by the carried fraction.
    assert_eq!(debt(&world), Amount(11_051_666_666));
    for _ in 0..3 {
        world.accrue(&["USDC"])?;
    }
    assert_eq!(debt(&world), Amount(11_051_666_666), "the same block");
    world.advance(1);
    let expected = 11_051_666_666.0 * (1.0 + 0.1 / 31_536_000.0);
    let found = debt(&world).0 as f64;
    assert!((found - expected).abs() <= 1.0, "a second later: {found}");
    Ok(())
}

#[test]
fn pitfall_11_bad_debt_is_written_and_leaves_nothing_behind() -> Tested {
    let mut world = underwater();
    let before = world.market("USDC")?;
    falls(&mut world, &[("ATOM", "7")]);
    let shares = one_holding(&world, ("alice", 0), "USDC").debt_shares;
    let owed = one_holding(&world, ("alice", 0), "USDC").debt;
    let response = world.liquidate("keeper", "alice", "USDC", 800, "ATOM")?;
    let event: Liquidated = events_of(&response).remove(0);
    let bad: BadDebtAbsorbed = events_of(&response).remove(0);

    assert_eq!(signed(bad.written_off), signed(owed) - signed(event.repaid));
    assert_eq!(bad.from_reserve.0 + bad.from_suppliers.0, bad.written_off.0);
    let after = world.market("USDC")?;
    assert_eq!(
        signed(before.supplied) - signed(after.supplied),
        signed(bad.written_off)
    );
    assert_eq!(
        signed(before.borrowed) - signed(after.borrowed),
        signed(owed)
    );
    assert_eq!(before.debt_shares.0 - after.debt_shares.0, shares.0);
    assert!(
        world.account("alice")?.holdings.is_empty(),
        "no record, no flag"
    );
    assert_books_balance(&world);
    // She starts anew like anyone.
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 100)?;
    assert_eq!(
        one_holding(&world, ("alice", 0), "USDC").debt,
        Amount(100_000_000)
    );
    Ok(())
}

#[test]
fn pitfall_52_accruing_every_block_equals_accruing_once() -> Tested {
    for decimals in [0, 6, 18] {
        let usdc = MarketSpec::usd("USDC").with_decimals(decimals);
        let mut world = world_of([
            at_rate(usdc, "0.5"),
            MarketSpec::crypto("ATOM").with_price(10),
        ])
        .build()?;
        supply(&mut world, "USDC", 40_003);
        world.deposit("alice", "ATOM", 10_000)?;
        world.borrow("alice", "USDC", 9_007)?;
        const BLOCKS: u64 = 3_000;
        let every_block = world.fork(|world| {
            for _ in 0..BLOCKS {
                world.advance(6);
                world.accrue(&["USDC"]).unwrap();
            }
            world.market("USDC").unwrap()
        });
        world.advance(BLOCKS * 6);
        world.accrue(&["USDC"])?;
        let once = world.market("USDC")?;
        // The product of growth factors and the factor of the whole span differ in the fourth
        // order: far below a unit with few decimals, by relative 1e-15 with many.
        let close = |a: Amount, b: Amount, what: &str| {
            let allowed = 1 + a.0 / 1_000_000_000_000_000;
            assert!(
                a.0.abs_diff(b.0) <= allowed,
                "{decimals} decimals, {what}: {a} and {b}"
            );
        };
        close(every_block.borrowed, once.borrowed, "borrowed");
        close(every_block.supplied, once.supplied, "supplied");
        // The reserve's part earns interest of its own from the block on in which it is minted.
        let (often, rarely) = (every_block.reserve.0, once.reserve.0);
        assert!(
            often + 1 >= rarely && often <= rarely + 1 + rarely / 1_000,
            "reserve"
        );
        if decimals > 0 {
            let start = world.units("USDC", 9_007)?;
            assert!(once.borrowed > start, "interest was charged at all");
        }
    }
    // And a market that is never empty of touches does not round each of them up.
    let mut world = world_of(standard_markets()).build()?;
    fund(&mut world);
    world.deposit("alice", "ATOM", 1)?;
    world.borrow("alice", "USDC", Amount(7))?;
    for _ in 0..200 {
        world.advance(6);
        world.accrue(&["USDC"])?;
    }
    assert_eq!(one_holding(&world, ("alice", 0), "USDC").debt, Amount(7));
    Ok(())
}

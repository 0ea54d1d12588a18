//! `accrue`: interest to the unit, whose it is, and that it changes nothing but when it is
//! written down.

use bulwark_risk::interest::InterestModel;
use bulwark_risk::units::{Amount, Fraction, SupplyShares};
use bulwark_testing::{World, events_of};
use bulwark_tests::{
    Purses, Tested, assert_books_balance, every_account, one_holding, refused, standard_markets,
    supply, world_of,
};
use bulwark_types::events::Accrued;
use bulwark_types::vault::{AccountResponse, ExecuteMsg, MarketResponse};
use serde_json::json;

const YEAR: u64 = 365 * 86_400;

/// Half of the 1,000,000 USDC are borrowed, at 6 % × 0.5 / 0.8 = 3.75 % a year.
fn half_used() -> Result<World, bulwark_types::wire::WireError> {
    let mut world = world_of(standard_markets()).build()?;
    supply(&mut world, "USDC", 1_000_000);
    for name in ["alice", "bob"] {
        world.deposit(name, "BTC", 10)?;
        world.borrow(name, "USDC", 250_000)?;
    }
    Ok(world)
}

#[test]
fn a_years_interest_is_shared_between_suppliers_and_reserve() -> Tested {
    let mut world = half_used()?;
    let purses = Purses::of(&world);
    world.advance(YEAR);

    let response = world.accrue(&["USDC"])?;

    // e^0.0375 − 1 to third order is 0.0382119140625.
    let interest = 19_105_957_031;
    let market = world.market("USDC")?;
    assert_eq!(market.borrowed, Amount(500_000_000_000 + interest));
    assert_eq!(market.supplied, Amount(1_000_000_000_000 + interest));
    // 15 % of it are the reserve's, rounded down.
    let reserve = interest * 15 / 100;
    assert!(
        market.reserve.0.abs_diff(reserve) <= 1,
        "{}",
        market.reserve
    );
    let carol = one_holding(&world, ("carol", 0), "USDC").lent;
    let suppliers = 1_000_000_000_000 + interest - reserve;
    assert!(carol.0.abs_diff(suppliers) <= 1, "{carol}");
    assert!(carol.0 + market.reserve.0 <= market.supplied.0);
    assert_eq!(
        events_of::<Accrued>(&response),
        [Accrued {
            asset: world.asset("USDC"),
            interest: Amount(interest),
            reserve_shares: market.reserve_shares,
            borrowed: market.borrowed,
            supplied: market.supplied,
        }]
    );
    purses.assert_moved(&world, &[]);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn queries_show_interest_before_anybody_writes_it_down() -> Tested {
    let mut world = half_used()?;
    world.advance(YEAR / 3);
    let before = state(&world)?;
    world.accrue(&["USDC", "BTC", "ATOM", "ETH"])?;
    assert_eq!(state(&world)?, before);
    Ok(())
}

#[test]
fn to_accrue_first_changes_nothing_about_any_message() -> Tested {
    let mut world = half_used()?;
    world.deposit("carol", "ATOM", 1_000)?;
    world.deposit("carol", "USDC", 1_000)?;
    world.deposit("mallory", "BTC", 1)?;
    world.advance(1_234_567);
    world.repost()?;
    type Message = fn(&mut World) -> Tested;
    let messages: [(&str, Message); 9] = [
        ("deposit", |world| {
            world.deposit_lent("mallory", "USDC", 77).map(drop)
        }),
        ("repaying deposit", |world| {
            world.deposit("bob", "USDC", 300_000).map(drop)
        }),
        ("withdraw", |world| {
            world.withdraw("carol", "USDC", 12_345).map(drop)
        }),
        ("lend", |world| world.lend("carol", "USDC", 999).map(drop)),
        ("recall", |world| {
            world.recall("carol", "USDC", 999).map(drop)
        }),
        ("borrow", |world| {
            world.borrow("mallory", "USDC", 5).map(drop)
        }),
        ("repay", |world| {
            world.repay("alice", "USDC", 1_000).map(drop)
        }),
        ("transfer", |world| {
            world
                .transfer("carol", ("carol", 1), "USDC", 5_000)
                .map(drop)
        }),
        ("transfer to a debtor", |world| {
            world.transfer("carol", "bob", "USDC", 5_000).map(drop)
        }),
    ];
    for (name, send) in messages {
        let outcome = |world: &mut World, accrue: bool| {
            world.fork(|world| {
                if accrue {
                    world.accrue(&["USDC"]).expect("it accrues");
                }
                send(world).unwrap_or_else(|error| panic!("{name}: {error:?}"));
                assert_books_balance(world);
                let balance = world.balance_of(world.vault(), &world.asset("USDC"));
                (state(world).expect("a state"), balance)
            })
        };
        let (with, without) = (outcome(&mut world, true), outcome(&mut world, false));
        assert_eq!(with, without, "{name}");
    }
    Ok(())
}

#[test]
fn nothing_accrues_within_a_block_nor_without_debts() -> Tested {
    let mut world = half_used()?;
    let response = world.accrue(&["USDC"])?;
    assert_eq!(events_of::<Accrued>(&response), []);
    world.advance(YEAR);
    let response = world.accrue(&["BTC"])?;
    assert_eq!(events_of::<Accrued>(&response), []);
    assert_eq!(world.market("BTC")?.reserve_shares, SupplyShares::ZERO);
    Ok(())
}

#[test]
fn interest_of_every_block_adds_up_to_that_of_the_whole_span() -> Tested {
    for decimals in [0, 6, 18] {
        // The rate does not follow the utilisation, which moves with every accrual.
        let [usdc, _, btc, _] = standard_markets();
        let usdc = usdc.with_decimals(decimals).with_listing(|listing| {
            listing.interest = InterestModel::Kinked {
                base: Fraction::percent(5),
                slope: Fraction::ZERO,
                steep_slope: Fraction::ZERO,
                optimal: Fraction::percent(80),
            };
        });
        let mut world = world_of([usdc, btc]).build()?;
        supply(&mut world, "USDC", 1_000_000);
        world.deposit("alice", "BTC", 10)?;
        world.borrow("alice", "USDC", 250_000)?;
        let at_once = world.fork(|world| {
            world.advance(6 * 500);
            world.market("USDC").expect("a market")
        });

        for _ in 0..500 {
            world.advance(6);
            world.accrue(&["USDC"])?;
        }

        let in_steps = world.market("USDC")?;
        let borrowed = world.units("USDC", 250_000)?;
        assert!(in_steps.borrowed > borrowed, "{decimals} decimals");
        // Third-order terms of half a millionth differ in the sixteenth digit.
        let digits = borrowed.0 / 1_000_000_000_000_000;
        for (stepped, whole) in [
            (in_steps.borrowed, at_once.borrowed),
            (in_steps.supplied, at_once.supplied),
        ] {
            let apart = stepped.0.abs_diff(whole.0);
            assert!(
                apart <= digits,
                "{decimals} decimals: {stepped} and {whole}"
            );
        }
        assert_books_balance(&world);
    }
    Ok(())
}

#[test]
fn what_borrowers_pay_is_what_suppliers_and_reserve_get() -> Tested {
    let mut world = half_used()?;
    world.advance(10_000_019);
    world.repay("alice", "USDC", 300_000)?;
    world.repay("bob", "USDC", 300_000)?;
    world.withdraw_all("carol", "USDC")?;
    let message = ExecuteMsg::CollectReserve {
        asset: world.asset("USDC"),
        amount: None,
        to: world.address("owner").into_string(),
    };
    world.execute("owner", message, Vec::new())?;
    let left = world.balance_of(world.vault(), &world.asset("USDC"));
    assert!(
        left <= Amount(2),
        "{left} units of rounding stay in the pool"
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn lists_are_short_listed_and_without_repetition() -> Tested {
    let mut world = half_used()?;
    let fields = |length| json!({ "length": length, "limit": 32 });
    refused(world.accrue(&[]), "list_length", fields(0));
    refused(world.accrue(&["USDC"; 33]), "list_length", fields(33));
    let answer = world.accrue(&["USDC", "BTC", "USDC"]);
    refused(
        answer,
        "duplicate_entry",
        json!({ "entry": world.asset("USDC") }),
    );
    let answer = world.accrue(&["USDC", "unlisted"]);
    refused(answer, "unknown_market", json!({ "asset": "unlisted" }));

    let funds = world.coins("USDC", 1)?;
    let sent = funds[0].to_string();
    let assets = vec![world.asset("USDC")];
    let answer = world.execute("alice", ExecuteMsg::Accrue { assets }, funds);
    refused(
        answer,
        "wrong_funds",
        json!({ "expected": "nothing", "sent": [sent] }),
    );
    Ok(())
}

type State = (Vec<MarketResponse>, Vec<AccountResponse>);

/// Everything that the vault says about markets and accounts.
fn state(world: &World) -> Result<State, bulwark_types::wire::WireError> {
    let markets = world
        .markets()
        .iter()
        .map(|spec| world.market(&spec.denom))
        .collect::<Result<_, _>>()?;
    Ok((markets, every_account(world)))
}

//! `liquidate_many`: one keeper, several targets, what is not used goes back.

use bulwark_risk::units::Amount;
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{
    Purses, Tested, amount, assert_books_balance, every_account, falls, fund, interest_free,
    refused, standard_markets, supply, world_of,
};
use bulwark_types::events::{Liquidated, LiquidationSkipped};
use bulwark_types::vault::{AssetAmount, ExecuteMsg, MarketResponse, Receive, Target};
use bulwark_types::wire::WireError;
use cosmwasm_std::Coin;
use cw_multi_test::AppResponse;
use serde_json::json;

/// Alice, bob and mallory each hold 100 ATOM, which fell to 9.50 USD, and owe 800 USDC.
fn debtors() -> World {
    let mut world = world_of(standard_markets().map(interest_free))
        .build()
        .unwrap();
    fund(&mut world);
    for debtor in ["alice", "bob", "mallory"] {
        world.deposit(debtor, "ATOM", 100).unwrap();
        world.borrow(debtor, "USDC", 800).unwrap();
    }
    falls(&mut world, &[("ATOM", "9.5")]);
    world
}

fn target(world: &World, account: &str, debt: (&str, u32), seize: &str) -> Target {
    Target {
        account: world.account_ref(account),
        debt: AssetAmount {
            asset: world.asset(debt.0),
            amount: world.units(debt.0, debt.1).unwrap(),
        },
        seize: world.asset(seize),
        min_seized: None,
    }
}

/// Who was skipped, by name and reason.
fn skips(world: &World, response: &AppResponse) -> Vec<(String, String)> {
    let name = |address: &str| {
        ["alice", "bob", "carol", "mallory", "keeper", "owner"]
            .into_iter()
            .find(|name| world.address(name).as_str() == address)
            .unwrap_or("stranger")
            .to_owned()
    };
    events_of::<LiquidationSkipped>(response)
        .into_iter()
        .map(|skipped| (name(&skipped.owner), skipped.reason))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected
        .iter()
        .map(|(name, reason)| ((*name).to_owned(), (*reason).to_owned()))
        .collect()
}

fn markets(world: &World) -> Vec<MarketResponse> {
    world
        .markets()
        .iter()
        .map(|spec| world.market(&spec.denom).unwrap())
        .collect()
}

fn funds(world: &World, coins: &[(&str, u32)]) -> Vec<Coin> {
    let mut coins: Vec<Coin> = coins
        .iter()
        .flat_map(|(asset, tokens)| world.coins(asset, *tokens).unwrap())
        .collect();
    // Banks want them in order.
    coins.sort_by(|one, other| one.denom.cmp(&other.denom));
    coins
}

#[test]
fn it_does_what_the_same_liquidations_do_one_by_one() -> Tested {
    let mut world = debtors();
    let everything = |world: &World| {
        let purse = world.balance("keeper", "USDC");
        (
            every_account(world),
            markets(world),
            purse,
            world.balance("keeper", "ATOM"),
        )
    };
    let names = ["alice", "bob", "mallory"];
    let apart = world.fork(|world| {
        for name in names {
            world.liquidate("keeper", name, "USDC", 200, "ATOM")?;
        }
        Ok::<_, WireError>(everything(world))
    })?;
    let targets = names.map(|name| target(&world, name, ("USDC", 200), "ATOM"));
    let sent = funds(&world, &[("USDC", 900)]);
    let response = world.liquidate_many("keeper", targets.to_vec(), sent)?;
    assert_eq!(everything(&world), apart);
    assert_eq!(events_of::<Liquidated>(&response).len(), 3);
    assert!(skips(&world, &response).is_empty());
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn pitfall_20_what_does_not_stand_is_skipped_with_its_reason_and_refunded() -> Tested {
    let mut world = debtors();
    // Bob heals himself at the last moment; mallory owes no BTC; carol has no account in debt.
    world.repay("bob", "USDC", 400)?;
    let mut greedy = target(&world, "mallory", ("USDC", 100), "ATOM");
    greedy.min_seized = Some(world.units("ATOM", 50)?);
    let targets = vec![
        target(&world, "bob", ("USDC", 100), "ATOM"),
        target(&world, "mallory", ("BTC", 1), "ATOM"),
        target(&world, "carol", ("USDC", 100), "ATOM"),
        greedy,
        target(&world, "mallory", ("USDC", 100), "ETH"),
        target(&world, "stranger", ("USDC", 100), "ATOM"),
        target(&world, "alice", ("USDC", 100), "ATOM"),
    ];
    let shown = world.simulate_liquidation("alice", "USDC", 100, "ATOM")?;
    let untouched = (world.account("bob")?, world.account("mallory")?);
    let before = Purses::of(&world);
    let sent = funds(&world, &[("USDC", 1_000), ("BTC", 2)]);
    let response = world.liquidate_many("keeper", targets, sent)?;

    assert_eq!(
        skips(&world, &response),
        pairs(&[
            ("bob", "not_liquidatable"),
            ("mallory", "no_debt"),
            ("carol", "no_debt"),
            ("mallory", "too_little_seized"),
            ("mallory", "no_deposit"),
            ("stranger", "no_debt"),
        ])
    );
    let (paid, got) = (
        amount(&world, "USDC", shown.repaid),
        amount(&world, "ATOM", shown.tokens),
    );
    before.assert_moved(
        &world,
        &[
            ("keeper", "USDC", -paid),
            ("vault", "USDC", paid),
            ("keeper", "ATOM", got),
            ("vault", "ATOM", -got),
        ],
    );
    assert_eq!(
        (world.account("bob")?, world.account("mallory")?),
        untouched
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn funds_that_run_out_end_it_without_failing() -> Tested {
    let mut world = debtors();
    let targets =
        ["alice", "bob", "mallory"].map(|name| target(&world, name, ("USDC", 100), "ATOM"));
    let (before, mallory) = (world.balance("keeper", "USDC"), world.account("mallory")?);
    let sent = funds(&world, &[("USDC", 150)]);
    let response = world.liquidate_many("keeper", targets.to_vec(), sent)?;
    let repaid: Vec<Amount> = events_of::<Liquidated>(&response)
        .into_iter()
        .map(|liquidated| liquidated.repaid)
        .collect();
    assert_eq!(repaid, [Amount(100_000_000), Amount(50_000_000)]);
    assert_eq!(
        skips(&world, &response),
        pairs(&[("mallory", "zero_amount")])
    );
    assert_eq!(before.0 - world.balance("keeper", "USDC").0, 150_000_000);
    assert_eq!(world.account("mallory")?, mallory);
    // Without any funds every target is skipped.
    let target = target(&world, "alice", ("USDC", 1), "ATOM");
    let response = world.liquidate_many("keeper", vec![target], vec![])?;
    assert_eq!(skips(&world, &response), pairs(&[("alice", "zero_amount")]));
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn what_names_no_market_or_no_address_fails_everything() -> Tested {
    let mut world = debtors();
    let good = target(&world, "alice", ("USDC", 100), "ATOM");
    let unlisted = json!({"asset": "ujunk"});
    let mut no_debt = good.clone();
    no_debt.debt.asset = "ujunk".into();
    let mut no_deposit = good.clone();
    no_deposit.seize = "ujunk".into();
    let mut shouted = good.clone();
    shouted.account.owner = shouted.account.owner.to_uppercase();
    let before = (Purses::of(&world), world.account("alice")?);
    for bad in [no_debt, no_deposit] {
        let sent = funds(&world, &[("USDC", 500)]);
        let answer = world.liquidate_many("keeper", vec![good.clone(), bad], sent);
        refused(answer, "unknown_market", unlisted.clone());
    }
    let sent = funds(&world, &[("USDC", 500)]);
    let answer = world.liquidate_many("keeper", vec![good.clone(), shouted], sent);
    assert_eq!(answer.unwrap_err().name, "std");
    // A coin that no market takes is not kept, nor sent back: the message fails.
    world.mint("keeper", "ujunk", Amount(5))?;
    let sent = vec![Coin::new(5_u128, "ujunk")];
    let answer = world.liquidate_many("keeper", vec![good.clone()], sent);
    refused(answer, "unknown_market", unlisted);
    // Nor can the vault itself be paid.
    let message = ExecuteMsg::LiquidateMany {
        targets: vec![good],
        receive: None,
        to: Some(world.account_ref(world.vault().as_str())),
    };
    let sent = funds(&world, &[("USDC", 500)]);
    let vault = world.vault().to_string();
    refused(
        world.execute("keeper", message, sent),
        "invalid_recipient",
        json!({"recipient": vault}),
    );
    before.0.assert_moved(&world, &[]);
    assert_eq!(world.account("alice")?, before.1);
    Ok(())
}

#[test]
fn one_to_thirty_two_targets() -> Tested {
    let mut world = debtors();
    let none = world.liquidate_many("keeper", vec![], vec![]);
    refused(none, "list_length", json!({"length": 0, "limit": 32}));
    let one = target(&world, "alice", ("USDC", 1), "ATOM");
    let many = world.liquidate_many("keeper", vec![one.clone(); 33], vec![]);
    refused(many, "list_length", json!({"length": 33, "limit": 32}));
    let sent = funds(&world, &[("USDC", 40)]);
    let response = world.liquidate_many("keeper", vec![one; 32], sent)?;
    assert_eq!(events_of::<Liquidated>(&response).len(), 32);
    Ok(())
}

#[test]
fn several_coins_serve_targets_in_several_debts() -> Tested {
    let mut world = world_of(standard_markets().map(interest_free)).build()?;
    fund(&mut world);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 800)?;
    world.deposit("bob", "ATOM", 1_000)?;
    world.borrow("bob", "ETH", 4)?;
    falls(&mut world, &[("ATOM", "8.8")]);
    let targets = vec![
        target(&world, "bob", ("ETH", 1), "ATOM"),
        target(&world, "alice", ("USDC", 300), "ATOM"),
    ];
    let [eth, usdc] = ["ETH", "USDC"].map(|asset| world.balance("keeper", asset));
    let sent = funds(&world, &[("USDC", 1_000), ("ETH", 5), ("BTC", 1)]);
    let response = world.liquidate_many("keeper", targets, sent)?;
    let events: Vec<Liquidated> = events_of(&response);
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].debt_asset, world.asset("ETH"));
    assert_eq!(eth.0 - world.balance("keeper", "ETH").0, events[0].repaid.0);
    assert_eq!(
        usdc.0 - world.balance("keeper", "USDC").0,
        events[1].repaid.0
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn tokens_liquidate_who_owes_the_token() -> Tested {
    let usdc = MarketSpec::usd("USDC").as_cw20();
    let atom = MarketSpec::crypto("ATOM").with_price(10);
    let mut world = world_of([usdc, atom].map(interest_free)).build()?;
    supply(&mut world, "USDC", 100_000);
    for debtor in ["alice", "bob"] {
        world.deposit(debtor, "ATOM", 100)?;
        world.borrow(debtor, "USDC", 800)?;
    }
    falls(&mut world, &[("ATOM", "9.5")]);
    let targets = vec![
        target(&world, "alice", ("USDC", 100), "ATOM"),
        target(&world, "bob", ("ATOM", 1), "ATOM"),
        target(&world, "bob", ("USDC", 100), "ATOM"),
    ];
    let before = world.balance("keeper", "USDC");
    let message = ExecuteMsg::LiquidateMany {
        targets,
        receive: None,
        to: None,
    };
    let response = world.pay_vault("keeper", "USDC", 500, message)?;
    assert_eq!(events_of::<Liquidated>(&response).len(), 2);
    assert_eq!(skips(&world, &response), pairs(&[("bob", "zero_amount")]));
    // Only what was used is gone.
    assert_eq!(before.0 - world.balance("keeper", "USDC").0, 200_000_000);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_keeper_is_paid_where_it_wants() -> Tested {
    let mut world = debtors();
    let targets = ["alice", "bob"].map(|name| target(&world, name, ("USDC", 100), "ATOM"));
    let shown = world.simulate_liquidation("alice", "USDC", 100, "ATOM")?;
    let twice = Amount(shown.tokens.0 * 2);
    let pay = |world: &mut World, receive, to: (&str, u16)| {
        let message = ExecuteMsg::LiquidateMany {
            targets: targets.to_vec(),
            receive,
            to: Some(world.account_ref(to)),
        };
        let sent = funds(world, &[("USDC", 200)]);
        world.execute("keeper", message, sent)
    };
    // Into an account of its own, as idle deposits: alice's and bob's were idle.
    world.fork(|world| {
        pay(world, Some(Receive::Account), ("keeper", 3))?;
        let holding = bulwark_tests::one_holding(world, ("keeper", 3), "ATOM");
        assert_eq!(holding.idle, twice);
        assert_books_balance(world);
        Ok::<_, WireError>(())
    })?;
    // To the owner of another account, as tokens.
    world.fork(|world| {
        let before = world.balance("owner", "ATOM");
        pay(world, None, ("owner", 7))?;
        assert_eq!(world.balance("owner", "ATOM").0 - before.0, twice.0);
        Ok::<_, WireError>(())
    })?;
    // An account of somebody else takes no asset that it does not hold: both are skipped.
    let before = Purses::of(&world);
    let response = pay(&mut world, Some(Receive::Account), ("owner", 7))?;
    let foreign = pairs(&[("alice", "foreign_asset"), ("bob", "foreign_asset")]);
    assert_eq!(skips(&world, &response), foreign);
    before.assert_moved(&world, &[]);
    Ok(())
}

#[test]
fn pitfall_13_naming_an_account_twice_takes_no_more_than_once() -> Tested {
    let mut world = debtors();
    let whole = target(&world, "alice", ("USDC", 800), "ATOM");
    let once = world.fork(|world| {
        let sent = funds(world, &[("USDC", 800)]);
        world.liquidate_many("keeper", vec![whole.clone()], sent)?;
        world.account("alice")
    })?;
    let sent = funds(&world, &[("USDC", 1_600)]);
    let response = world.liquidate_many("keeper", vec![whole.clone(), whole], sent)?;
    assert_eq!(
        skips(&world, &response),
        pairs(&[("alice", "not_liquidatable")])
    );
    assert_eq!(world.account("alice")?, once);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn where_all_are_skipped_nothing_has_happened() -> Tested {
    let mut world = debtors();
    falls(&mut world, &[("ATOM", "10")]);
    let state = |world: &World| (every_account(world), markets(world));
    let (before, purses) = (state(&world), Purses::of(&world));
    let targets = ["alice", "bob"].map(|name| target(&world, name, ("USDC", 100), "ATOM"));
    let sent = funds(&world, &[("USDC", 200), ("ETH", 1)]);
    let response = world.liquidate_many("keeper", targets.to_vec(), sent)?;
    assert_eq!(skips(&world, &response).len(), 2);
    assert_eq!(state(&world), before);
    purses.assert_moved(&world, &[]);
    Ok(())
}

#[test]
fn a_price_that_is_not_in_force_skips_its_targets_only() -> Tested {
    let mut world = world_of(standard_markets().map(interest_free)).build()?;
    fund(&mut world);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 800)?;
    world.deposit("bob", "ETH", 1)?;
    world.borrow("bob", "USDC", 1_600)?;
    falls(&mut world, &[("ATOM", "9.5"), ("ETH", "1850")]);
    world.advance(200);
    world.post(&[("USDC", "1"), ("ETH", "1850")])?;
    let targets = vec![
        target(&world, "alice", ("USDC", 100), "ATOM"),
        target(&world, "bob", ("USDC", 100), "ETH"),
    ];
    let sent = funds(&world, &[("USDC", 200)]);
    let response = world.liquidate_many("keeper", targets, sent)?;
    assert_eq!(
        skips(&world, &response),
        pairs(&[("alice", "pair_unpriced")])
    );
    assert_eq!(events_of::<Liquidated>(&response).len(), 1);
    Ok(())
}

#[test]
fn pitfall_17_a_debtor_among_its_own_targets_gains_nothing() -> Tested {
    let mut world = debtors();
    let own = target(&world, "alice", ("USDC", 400), "ATOM");
    // The account is not its own purse: skipped, and bob is liquidated all the same.
    let targets = vec![own.clone(), target(&world, "bob", ("USDC", 1), "ATOM")];
    world.fork(|world| {
        let sent = funds(world, &[("USDC", 500)]);
        let response = world.liquidate_many("alice", targets, sent)?;
        let expected = pairs(&[("alice", "same_account")]);
        assert_eq!(skips(world, &response), expected);
        Ok::<_, WireError>(())
    })?;
    // Into another account of hers it goes, at a loss: the fee is the reserve's.
    let worth = |world: &World| {
        let atom = world.price("ATOM").unwrap().record.mid;
        let wallet = [
            ("USDC", world.price("USDC").unwrap().record.mid),
            ("ATOM", atom),
        ]
        .into_iter()
        .map(|(asset, price)| {
            price
                .value_floor(world.balance("alice", asset), 6)
                .unwrap()
                .0
        })
        .sum::<i128>();
        let equity = |id| world.margin(("alice", id)).unwrap().equity.0.max(0);
        wallet + equity(0) + equity(1)
    };
    let before = worth(&world);
    for receive in [Receive::Tokens, Receive::Account] {
        world.fork(|world| {
            let message = ExecuteMsg::LiquidateMany {
                targets: vec![own.clone(); 3],
                receive: Some(receive),
                to: Some(world.account_ref(("alice", 1))),
            };
            let sent = funds(world, &[("USDC", 1_200)]);
            let response = world.execute("alice", message, sent)?;
            assert_eq!(events_of::<Liquidated>(&response).len(), 1);
            assert!(worth(world) < before, "{receive:?}");
            Ok::<_, WireError>(())
        })?;
    }
    Ok(())
}

//! `liquidation_plan` and `simulate_liquidation`: what they say is what `liquidate` does, to
//! the unit.

use bulwark_risk::units::{Amount, Usd};
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{
    Purses, Tested, assert_books_balance, falls, fund, interest_free, levered, one_holding,
    refused, standard_markets, supply, underwater, usd, world_of,
};
use bulwark_types::events::{BadDebtAbsorbed, Liquidated};
use bulwark_types::vault::{AssetAmount, ExecuteMsg, LiquidationResponse, QueryMsg, Receive};
use bulwark_types::wire::WireError;
use serde_json::json;

#[test]
fn a_simulated_liquidation_is_what_happens() -> Tested {
    for price in ["9.5", "9", "8.4", "8.15", "7.9", "3"] {
        for lent in ["0", "40", "100"] {
            for receive in [Receive::Tokens, Receive::Account] {
                let mut world = levered();
                world.lend("alice", "ATOM", if lent == "0" { "0.000001" } else { lent })?;
                scarce_atom(&mut world)?;
                falls(&mut world, &[("ATOM", price)]);
                for offered in [Amount(1_234_567), Amount(80_000_000), Amount(2_000_000_000)] {
                    world.fork(|world| assert_previewed(world, offered, receive))?;
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_plan_is_what_its_pair_and_amount_lead_to() -> Tested {
    for price in ["9.5", "9", "8.4", "8.15", "7.9", "3"] {
        let mut world = levered();
        world.deposit("alice", "BTC", "0.0005")?;
        world.borrow("alice", "ETH", "0.01")?;
        falls(&mut world, &[("ATOM", price)]);
        let plan = world.plan("alice")?.expect("under water");
        let purses = Purses::of(&world);

        let (debt, seize) = (plan.debt.clone(), plan.seize.clone());
        let response =
            world.liquidate("keeper", "alice", &debt.asset, debt.amount, &seize.asset)?;

        let signed = |amount: Amount| i128::try_from(amount.0).expect("fits");
        let symbol = |denom: &str| {
            let found = world.markets().iter().find(|spec| spec.denom == denom);
            found.expect("a market").symbol.clone()
        };
        let (owed, seized) = (symbol(&debt.asset), symbol(&seize.asset));
        purses.assert_moved(
            &world,
            &[
                ("keeper", &owed, -signed(debt.amount)),
                ("keeper", &seized, signed(seize.amount)),
                ("vault", &owed, signed(debt.amount)),
                ("vault", &seized, -signed(seize.amount)),
            ],
        );
        let sale = events_of::<Liquidated>(&response).remove(0);
        assert_eq!(
            (sale.repaid, sale.tokens),
            (debt.amount, seize.amount),
            "at {price}"
        );
        assert_eq!(sale.protocol_fee, plan.protocol_fee);
        assert_eq!(sale.seized.0, seize.amount.0 + plan.protocol_fee.0);
        assert_eq!((sale.bonus, sale.distressed), (plan.bonus, plan.distressed));
        assert_eq!(sale.repaid_value, plan.repaid_value);
        assert_eq!(sale.bonus_value, plan.bonus_value);
        assert_eq!(sale.ratio_after, shown(plan.ratio_after));
        assert_books_balance(&world);
    }
    Ok(())
}

#[test]
fn the_plan_is_the_pair_that_pays_best() -> Tested {
    let mut world = levered();
    world.deposit("alice", "BTC", "0.002")?;
    world.borrow("alice", "ETH", "0.03")?;
    falls(&mut world, &[("ATOM", "8.8")]);
    let plan = world.plan("alice")?.expect("under water");
    for debt in ["USDC", "ETH"] {
        for seize in ["ATOM", "BTC"] {
            match world.simulate_liquidation("alice", debt, Amount(1 << 100), seize) {
                Ok(other) => assert!(other.bonus_value <= plan.bonus_value, "{debt}, {seize}"),
                Err(error) => assert_eq!(error.name, "ratio_not_raised"),
            }
        }
    }
    Ok(())
}

#[test]
fn there_is_no_plan_where_nothing_can_be_done() -> Tested {
    let mut world = levered();
    assert_eq!(world.plan("alice")?, None, "healthy");
    assert_eq!(world.plan("carol")?, None, "no debts");
    assert_eq!(world.plan("nobody-yet")?, None, "no account");
    falls(&mut world, &[("ATOM", "9.5")]);
    assert!(world.plan("alice")?.is_some());
    world.advance(121);
    world.post(&[("USDC", "1")])?;
    assert_eq!(
        world.plan("alice")?,
        None,
        "its only deposit has no price in force"
    );
    Ok(())
}

#[test]
fn following_plans_heals_an_account() -> Tested {
    let [usdc, atom, btc, eth] = standard_markets().map(interest_free);
    let staked = interest_free(MarketSpec::member("stATOM", "ATOM")).with_price(12);
    let mut world = world_of([usdc, atom, btc, eth, staked]).build()?;
    fund(&mut world);
    world.deposit("alice", "stATOM", 1_000)?;
    world.deposit("alice", "BTC", "0.5")?;
    world.borrow("alice", "ATOM", 1_000)?;
    world.borrow("alice", "ETH", 5)?;
    world.borrow("alice", "USDC", 14_300)?;
    falls(&mut world, &[("BTC", "52000"), ("stATOM", "11.6")]);
    let mut calls = 0;
    while let Some(plan) = world.plan("alice")? {
        let before = world.margin("alice")?.margin_ratio;
        let (debt, seize) = (plan.debt, plan.seize);
        world.liquidate("keeper", "alice", &debt.asset, debt.amount, &seize.asset)?;
        assert!(world.margin("alice")?.margin_ratio > before);
        assert_books_balance(&world);
        calls += 1;
        assert!(calls <= 8, "it goes on and on");
    }
    assert!(calls >= 1);
    assert!(world.margin("alice")?.margin_ratio >= Some(usd("1")));
    Ok(())
}

#[test]
fn bad_debt_is_foreseen() -> Tested {
    let mut world = levered();
    world.borrow("alice", "ETH", "0.001")?;
    falls(&mut world, &[("ATOM", "7")]);
    let preview = world.simulate_liquidation("alice", "USDC", 800, "ATOM")?;
    let response = world.liquidate("keeper", "alice", "USDC", 800, "ATOM")?;
    let losses: Vec<_> = events_of::<BadDebtAbsorbed>(&response)
        .into_iter()
        .map(|loss| AssetAmount {
            asset: loss.asset,
            amount: loss.written_off,
        })
        .collect();
    assert_eq!(losses.len(), 2);
    assert_eq!(preview.bad_debt, losses);
    // The ratio is that of the sale, before what is left of the debts is written off.
    let sale = events_of::<Liquidated>(&response).remove(0);
    assert_eq!(shown(preview.ratio_after), sale.ratio_after);
    assert!(preview.ratio_after < Some(usd("0")));
    assert_eq!(world.account("alice")?.holdings, []);
    Ok(())
}

#[test]
fn refusals_are_those_of_the_message() -> Tested {
    let mut world = levered();
    let pairs = [
        ("USDC", 1_000_000, "ATOM"),
        ("BTC", 1, "ATOM"),
        ("USDC", 1_000_000, "BTC"),
        ("USDC", 1_000_000, "unlisted"),
        ("USDC", 1 << 104, "ATOM"),
    ];
    world.mint("keeper", "USDC", Amount(1 << 105))?;
    for price in ["10", "9.5"] {
        falls(&mut world, &[("ATOM", price)]);
        for (debt, units, seize) in pairs {
            let preview = world.simulate_liquidation("alice", debt, Amount(units), seize);
            let answer =
                world.fork(|world| world.liquidate("keeper", "alice", debt, Amount(units), seize));
            match (preview, answer) {
                (Err(shown), Err(answered)) => assert_eq!(shown, answered, "{debt} for {seize}"),
                (Ok(_), Ok(_)) => assert_eq!((price, debt, seize), ("9.5", "USDC", "ATOM")),
                (preview, answer) => panic!("{debt} for {seize}: {preview:?}, {answer:?}"),
            }
        }
    }
    let nothing = world.simulate_liquidation("alice", "USDC", Amount::ZERO, "ATOM");
    refused(
        nothing,
        "zero_amount",
        json!({ "asset": world.asset("USDC") }),
    );
    Ok(())
}

#[test]
fn decimals_do_not_matter_to_a_preview() -> Tested {
    for (deposit_decimals, debt_decimals) in [(0, 18), (18, 0), (8, 6), (6, 8), (0, 0), (18, 18)] {
        let token = |symbol, decimals| MarketSpec::crypto(symbol).with_decimals(decimals);
        let mut world =
            world_of([token("COL", deposit_decimals), token("DEB", debt_decimals)]).build()?;
        supply(&mut world, "DEB", 1_000_000);
        world.deposit_lent("alice", "COL", 100_000)?;
        world.borrow("alice", "DEB", 80_000)?;
        falls(&mut world, &[("COL", "0.89")]);
        let plan = world.plan("alice")?.expect("under water");
        let preview = world.simulate_liquidation("alice", "DEB", plan.debt.amount, "COL")?;
        assert_eq!(
            (preview.repaid, preview.tokens),
            (plan.debt.amount, plan.seize.amount)
        );
        assert_eq!(preview.ratio_after, plan.ratio_after);
        let response = world.liquidate("keeper", "alice", "DEB", plan.debt.amount, "COL")?;
        let sale = events_of::<Liquidated>(&response).remove(0);
        assert_eq!((sale.repaid, sale.tokens), (preview.repaid, preview.tokens));
        assert_eq!(sale.seized, preview.seized);
        let after = world.margin("alice")?.margin_ratio;
        assert_eq!(
            after, plan.ratio_after,
            "{deposit_decimals}, {debt_decimals}"
        );
        assert_books_balance(&world);
    }
    Ok(())
}

#[test]
fn a_preview_touches_nothing() -> Tested {
    let world = underwater();
    let before = (world.account("alice")?, world.market("ATOM")?);
    world.simulate_liquidation("alice", "USDC", 100, "ATOM")?;
    assert_eq!((world.account("alice")?, world.market("ATOM")?), before);
    Ok(())
}

/// Liquidates and compares with the preview: balances, event, keeper's account, bad debt.
fn assert_previewed(world: &mut World, offered: Amount, receive: Receive) -> Tested {
    let preview: LiquidationResponse = world.query(&QueryMsg::SimulateLiquidation {
        account: world.account_ref("alice"),
        debt: AssetAmount {
            asset: world.asset("USDC"),
            amount: offered,
        },
        seize: world.asset("ATOM"),
        receive: Some(receive),
        to: None,
    })?;
    let purses = Purses::of(world);
    let message = ExecuteMsg::Liquidate {
        account: world.account_ref("alice"),
        seize: world.asset("ATOM"),
        min_seized: None,
        receive: Some(receive),
        to: None,
        debt: None,
        callback: None,
    };
    let funds = world.coins("USDC", offered)?;

    let response = world.execute("keeper", message, funds)?;

    assert_eq!(preview.repaid.0 + preview.refunded.0, offered.0);
    let signed = |amount: Amount| i128::try_from(amount.0).expect("fits");
    purses.assert_moved(
        world,
        &[
            ("keeper", "USDC", -signed(preview.repaid)),
            ("keeper", "ATOM", signed(preview.tokens)),
            ("vault", "USDC", signed(preview.repaid)),
            ("vault", "ATOM", -signed(preview.tokens)),
        ],
    );
    let sale = events_of::<Liquidated>(&response).remove(0);
    let expected = Liquidated {
        owner: world.address("alice").into_string(),
        id: 0,
        keeper: world.address("keeper").into_string(),
        debt_asset: world.asset("USDC"),
        repaid: preview.repaid,
        debt_shares: sale.debt_shares,
        deposit_asset: world.asset("ATOM"),
        seized: preview.seized,
        tokens: preview.tokens,
        shares: preview.shares,
        protocol_fee: preview.protocol_fee,
        bonus: preview.bonus,
        repaid_value: preview.repaid_value,
        bonus_value: preview.bonus_value,
        distressed: preview.distressed,
        ratio_after: shown(preview.ratio_after),
    };
    assert_eq!(sale, expected);
    if preview.idle.is_zero() && preview.shares.is_zero() {
        assert_eq!(world.account("keeper")?.holdings, []);
    } else {
        let got = one_holding(world, ("keeper", 0), "ATOM");
        assert_eq!((got.idle, got.lent_shares), (preview.idle, preview.shares));
        assert_eq!(got.lent, preview.lent);
    }
    let written_off: Vec<_> = events_of::<BadDebtAbsorbed>(&response)
        .into_iter()
        .map(|loss| loss.written_off)
        .collect();
    let foreseen: Vec<_> = preview.bad_debt.iter().map(|debt| debt.amount).collect();
    assert_eq!(written_off, foreseen);
    assert_books_balance(world);
    Ok(())
}

/// Mallory leaves two ATOM of cash in the pool, whatever alice has lent to it.
fn scarce_atom(world: &mut World) -> Result<(), WireError> {
    world.deposit("mallory", "BTC", 1)?;
    world.borrow("mallory", "ATOM", 200)?;
    let out = world.market("ATOM")?.cash.0 - 2_000_000;
    world.withdraw("carol", "ATOM", Amount(out))?;
    Ok(())
}

fn shown(ratio: Option<Usd>) -> String {
    ratio.map_or_else(|| "unbounded".to_owned(), |ratio| ratio.to_string())
}

//! Queries about accounts: holdings, lists by owner, margin and its parts, accounts at risk.

use bulwark_risk::account::{Side, Status};
use bulwark_risk::units::{Amount, DebtShares, Fraction, SupplyShares, Usd};
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{
    Tested, falls, fund, interest_free, levered, standard_markets, supply, underwater, usd,
    world_of,
};
use bulwark_types::oracle::PriceStatus;
use bulwark_types::vault::{AccountHolding, AccountRef, AccountsResponse, HoldingMargin, QueryMsg};

#[test]
fn an_account_shows_its_holdings_in_the_order_of_the_markets() -> Tested {
    let mut world = levered();
    world.deposit_lent("alice", "ATOM", 7)?;
    let account = world.account("alice")?;
    assert_eq!(account.account, world.account_ref("alice"));
    let debt = AccountHolding {
        asset: world.asset("USDC"),
        side: Side::Debt,
        idle: Amount::ZERO,
        lent: Amount::ZERO,
        lent_shares: SupplyShares::ZERO,
        debt: Amount(800_000_000),
        debt_shares: DebtShares(800_000_000_000_000),
    };
    let deposit = AccountHolding {
        asset: world.asset("ATOM"),
        side: Side::Deposit,
        idle: Amount(100_000_000),
        lent: Amount(7_000_000),
        lent_shares: SupplyShares(7_000_000_000_000),
        debt: Amount::ZERO,
        debt_shares: DebtShares::ZERO,
    };
    assert_eq!(account.holdings, [debt, deposit]);
    assert_eq!(world.account("nobody-yet")?.holdings, []);
    Ok(())
}

#[test]
fn a_question_about_no_address_is_refused() -> Tested {
    let world = World::standard()?;
    let account = AccountRef {
        owner: "nobody".into(),
        id: 0,
    };
    let error = world
        .query::<bulwark_types::vault::AccountResponse>(&QueryMsg::Account { account })
        .unwrap_err();
    assert_eq!(error.name, "std");
    Ok(())
}

#[test]
fn accounts_of_one_owner_or_of_all_come_page_by_page() -> Tested {
    let mut world = World::standard()?;
    let mut expected = Vec::new();
    for name in ["alice", "bob", "carol"] {
        for id in [0, 1, 255, 256, u16::MAX] {
            // Bob has no account 0.
            if (name, id) != ("bob", 0) {
                world.deposit((name, id), "ATOM", 1)?;
                expected.push(world.account_ref((name, id)));
            }
        }
    }
    expected.sort_by(|a, b| (&a.owner, a.id).cmp(&(&b.owner, b.id)));
    for limit in [1, 2, 3, 5, 100] {
        assert_eq!(
            listed(&world, None, limit)?,
            expected,
            "all, {limit} a page"
        );
        for name in ["alice", "bob", "carol", "mallory"] {
            let owner = world.address(name).into_string();
            let own: Vec<_> = expected
                .iter()
                .filter(|account| account.owner == owner)
                .cloned()
                .collect();
            assert_eq!(
                listed(&world, Some(owner), limit)?,
                own,
                "{name}, {limit} a page"
            );
        }
    }
    Ok(())
}

#[test]
fn a_margin_follows_the_formula() -> Tested {
    let world = levered();
    let margin = world.margin("alice")?;
    assert_eq!(margin.account, world.account_ref("alice"));
    assert_eq!(margin.status, Status::Healthy);
    assert_eq!((margin.deposits, margin.debts), (usd("1000"), usd("800")));
    assert_eq!(
        (margin.equity, margin.equity_open),
        (usd("200"), usd("198.2"))
    );
    assert_eq!(margin.collateral_ratio, Some(usd("1.25")));

    // ρ = 0.8, φ = 0.95; 15 % of 1,000 USD of ATOM and 3 % of 800 USDC.
    let (atom, usdc): (f64, f64) = (0.15 * 1_000.0, 0.03 * 800.0);
    let own = (1.0f64 - 0.64 - 0.36 * 0.9025).sqrt();
    let group = 0.8 * (atom + usdc);
    let squares = group.powi(2)
        + (0.6 * 0.95f64).powi(2) * (atom.powi(2) + usdc.powi(2))
        + own.powi(2) * (atom.powi(2) + usdc.powi(2));
    // Liquidity is 50 million USD.
    let size = (1_000.0f64.powi(2) + 800.0f64.powi(2)) / 50e6;
    let expected = squares.sqrt() + size;
    assert!(
        (float(margin.maintenance) - expected).abs() < 1e-9,
        "{margin:?}"
    );
    let ratio = float(margin.margin_ratio.expect("finite"));
    assert!((ratio - 200.0 / expected).abs() < 1e-9, "{ratio}");
    // Initial margin: 1.15 times the same with ATOM at 9.99 and USDC at 1.001.
    let initial = float(margin.initial);
    assert!((initial / expected / 1.15 - 1.0).abs() < 0.002, "{initial}");
    Ok(())
}

#[test]
fn one_asset_against_cash_needs_its_haircut() -> Tested {
    let mut world = levered();
    world.deposit("bob", "ATOM", 100)?;
    let margin = world.margin("bob")?;
    // 15 % of 1,000 USD and 1,000² / 50,000,000 for its size.
    assert!(
        (float(margin.maintenance) - 150.02).abs() < 1e-9,
        "{margin:?}"
    );
    assert_eq!(
        (margin.status, margin.collateral_ratio),
        (Status::Healthy, None)
    );
    let nobody = world.margin("nobody-yet")?;
    assert_eq!((nobody.equity, nobody.margin_ratio), (Usd::ZERO, None));
    Ok(())
}

#[test]
fn contributions_add_up_to_the_margin_and_a_hedge_lowers_it() -> Tested {
    let [usdc, atom, btc, eth] = standard_markets();
    let staked = MarketSpec::member("stATOM", "ATOM").with_price(12);
    let mut world = world_of([usdc, atom, btc, eth, staked]).build()?;
    fund(&mut world);
    world.deposit("alice", "stATOM", 1_000)?;
    world.deposit("alice", "BTC", "0.05")?;
    world.borrow("alice", "ATOM", 700)?;
    world.borrow("alice", "USDC", 100)?;
    world.borrow("alice", "ETH", "0.1")?;

    let margin = world.margin("alice")?;

    let sum: i128 = margin
        .holdings
        .iter()
        .map(|holding| holding.contribution.0)
        .sum();
    assert_eq!(Usd(sum), margin.maintenance, "to the last digit");
    let of = |asset: &str| {
        let denom = world.asset(asset);
        let found = margin
            .holdings
            .iter()
            .find(|holding| holding.asset == denom);
        found.expect("a holding").clone()
    };
    assert!(of("stATOM").contribution > Usd::ZERO);
    assert!(
        of("ATOM").contribution < Usd::ZERO,
        "the short ATOM hedges the staked one"
    );
    assert!(
        of("ETH").contribution < Usd::ZERO,
        "and so does the short ETH"
    );
    let expected = HoldingMargin {
        asset: world.asset("stATOM"),
        side: Side::Deposit,
        amount: Amount(1_000_000_000),
        value: usd("12000"),
        price: "12".parse().expect("a price"),
        price_status: PriceStatus::Ok,
        stale: false,
        haircut: Fraction::percent(17),
        contribution: of("stATOM").contribution,
    };
    assert_eq!(of("stATOM"), expected);
    assert_eq!(
        (of("USDC").side, of("USDC").value),
        (Side::Debt, usd("-100"))
    );

    world.advance(121);
    world.post(&[
        ("USDC", "1"),
        ("ATOM", "10"),
        ("stATOM", "12"),
        ("ETH", "2000"),
    ])?;
    let margin = world.margin("alice")?;
    let stale: Vec<_> = margin
        .holdings
        .iter()
        .filter(|holding| holding.stale)
        .collect();
    assert_eq!((stale.len(), &stale[0].asset), (1, &world.asset("BTC")));
    Ok(())
}

#[test]
fn statuses_follow_equity_from_healthy_to_insolvent() -> Tested {
    let mut world = levered();
    for (price, status) in [
        ("10", Status::Healthy),
        ("9.8", Status::MarginCall),
        ("9.5", Status::Liquidatable),
        ("8", Status::Liquidatable),
        ("7.99", Status::Insolvent),
    ] {
        falls(&mut world, &[("ATOM", price)]);
        assert_eq!(world.margin("alice")?.status, status, "at {price}");
    }
    Ok(())
}

#[test]
fn accounts_at_risk_are_found_page_by_page() -> Tested {
    let mut world = levered();
    // Ten accounts between safe and lost; and suppliers, who owe nothing.
    for id in 0..10u16 {
        let borrowed = 600 + u32::from(id) * 20;
        world.deposit(("bob", id), "ATOM", 100)?;
        world.borrow(("bob", id), "USDC", borrowed)?;
    }
    falls(&mut world, &[("ATOM", "9")]);
    let mut at_risk = Vec::new();
    for account in bulwark_tests::every_account(&world) {
        let margin = world.margin(&account.account)?;
        if matches!(margin.status, Status::Liquidatable | Status::Insolvent) {
            at_risk.push(account.account);
        }
    }
    assert!((3..10).contains(&at_risk.len()), "{at_risk:?}");

    for limit in [1, 2, 5, 100] {
        let mut found = Vec::new();
        let mut start_after = None;
        loop {
            let page = world.at_risk(None, start_after, Some(limit))?;
            for account in page.accounts {
                let margin = world.margin(&account.account)?;
                assert_eq!(account.status, margin.status);
                assert_eq!(account.margin_ratio, margin.margin_ratio);
                assert_eq!(
                    (account.equity, account.debts),
                    (margin.equity, margin.debts)
                );
                found.push(account.account);
            }
            match page.next {
                None => break,
                next => start_after = next,
            }
        }
        assert_eq!(found, at_risk, "{limit} a page");
    }
    Ok(())
}

#[test]
fn a_page_of_accounts_at_risk_can_be_empty_and_have_a_next() -> Tested {
    let world = levered();
    let page = world.at_risk(None, None, Some(1))?;
    assert_eq!(page.accounts, []);
    assert!(page.next.is_some(), "one of two accounts has been scanned");
    Ok(())
}

#[test]
fn a_wider_bound_shows_who_comes_next() -> Tested {
    let world = levered();
    let ratio = world.margin("alice")?.margin_ratio.expect("finite");
    let bound = |atomics: u128| world.at_risk(Some(Fraction(atomics)), None, None);
    assert_eq!(
        bound(ratio.magnitude())?.accounts,
        [],
        "the bound itself is outside"
    );
    let found = bound(ratio.magnitude() + 1)?.accounts;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].account, world.account_ref("alice"));
    assert_eq!(found[0].status, Status::Healthy);

    let world = underwater();
    let narrow = world.at_risk(Some(Fraction::percent(1)), None, None)?;
    assert_eq!(
        narrow.accounts.len(),
        1,
        "what is liquidatable shows at any bound"
    );
    Ok(())
}

#[test]
fn interest_shows_in_margins_without_any_message() -> Tested {
    let [usdc, atom, ..] = standard_markets();
    let mut world = world_of([usdc, interest_free(atom)]).build()?;
    supply(&mut world, "USDC", 1_000);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 250)?;
    world.advance(365 * 86_400);
    assert_eq!(world.margin("alice")?.debts, usd("254.731719"));
    Ok(())
}

fn float(value: Usd) -> f64 {
    value.to_string().parse().expect("a number")
}

/// Accounts of one owner or all, over all pages.
fn listed(
    world: &World,
    owner: Option<String>,
    limit: u32,
) -> Result<Vec<AccountRef>, bulwark_types::wire::WireError> {
    let mut found = Vec::new();
    let mut start_after = None;
    loop {
        let page: AccountsResponse = world.query(&QueryMsg::Accounts {
            owner: owner.clone(),
            start_after,
            limit: Some(limit),
        })?;
        assert!(page.accounts.len() <= usize::try_from(limit).expect("fits"));
        found.extend(page.accounts.into_iter().map(|account| account.account));
        match page.next {
            None => return Ok(found),
            next => start_after = next,
        }
    }
}

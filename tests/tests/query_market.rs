//! Queries about the vault and its markets: config, ownership, changes, markets, solvency.

use bulwark_risk::units::{Amount, Fraction, SupplyShares};
use bulwark_testing::{MarketSpec, World, defaults};
use bulwark_tests::{Tested, levered, refused, standard_markets, supply, world_of};
use bulwark_types::governance::{OwnershipAction, OwnershipResponse, PendingChange};
use bulwark_types::vault::{
    Change, ConfigResponse, ExecuteMsg, MarketUpdate, MarketsResponse, OracleMode, PausableAction,
    PauseResponse, QueryMsg, SolvencyResponse,
};
use serde_json::json;

#[test]
fn the_config_says_what_the_vault_was_created_with() -> Tested {
    let mut world = World::standard()?;
    let config: ConfigResponse = world.query(&QueryMsg::Config {})?;
    assert_eq!(config.oracle.address, world.oracle().as_str());
    assert_eq!(config.oracle.mode, OracleMode::Raw);
    assert_eq!(
        config.guardian,
        Some(world.address("guardian").into_string())
    );
    assert_eq!(config.groups, defaults::GROUPS);
    assert_eq!(config.bounds, defaults::BOUNDS);
    assert_eq!(config.cap_multiple, defaults::CAP_MULTIPLE);
    assert_eq!(config.unpriced_grace, defaults::UNPRICED_GRACE);
    assert_eq!(config.parameters, defaults::parameters(0));
    assert_eq!(config.gross_factor_in_force, Fraction::percent(4));
    assert_eq!(config.pauses, []);

    world.pause(None, &[PausableAction::Borrow])?;
    let config: ConfigResponse = world.query(&QueryMsg::Config {})?;
    let pause = PauseResponse {
        action: PausableAction::Borrow,
        until: world.now() + 72 * 3600,
    };
    assert_eq!(config.pauses, [pause]);
    world.advance(72 * 3600);
    let config: ConfigResponse = world.query(&QueryMsg::Config {})?;
    assert_eq!(config.pauses, []);
    Ok(())
}

#[test]
fn ownership_shows_owner_and_successor() -> Tested {
    let mut world = World::standard()?;
    let bob = world.address("bob").into_string();
    let propose = OwnershipAction::Propose { owner: bob.clone() };
    world.execute("owner", ExecuteMsg::UpdateOwnership(propose), Vec::new())?;
    let found: OwnershipResponse = world.query(&QueryMsg::Ownership {})?;
    let owner = Some(world.address("owner").into_string());
    let expected = OwnershipResponse {
        owner,
        pending_owner: Some(bob),
    };
    assert_eq!(found, expected);
    Ok(())
}

#[test]
fn pending_changes_are_listed_page_by_page() -> Tested {
    let mut world = world_of(standard_markets())
        .with_owner_delay(3600)
        .build()?;
    let update = |parts| MarketUpdate {
        reserve_factor: Some(Fraction::percent(parts)),
        ..MarketUpdate::default()
    };
    let asset = world.asset("ATOM");
    for parts in 1..=3 {
        let (asset, update) = (asset.clone(), update(parts));
        let message = ExecuteMsg::UpdateMarket { asset, update };
        world.execute("owner", message, Vec::new())?;
    }
    let page = |start_after, limit| -> Result<Vec<PendingChange<Change>>, _> {
        world.query(&QueryMsg::Changes { start_after, limit })
    };
    let all = page(None, None)?;
    assert_eq!(all.len(), 3);
    for (change, parts) in all.iter().zip(1..) {
        let (asset, update) = (asset.clone(), update(parts));
        assert_eq!(change.change, Change::UpdateMarket { asset, update });
        assert_eq!(change.ready_at, world.now() + 3600);
    }
    assert_eq!(page(None, Some(2))?, all[..2]);
    assert_eq!(page(Some(all[1].id), Some(2))?, all[2..]);
    assert_eq!(page(Some(all[2].id), None)?, []);
    Ok(())
}

#[test]
fn a_market_says_everything_that_a_page_shows() -> Tested {
    let world = levered();
    let usdc = world.market("USDC")?;
    assert_eq!((usdc.market, usdc.decimals), (0, 6));
    assert_eq!(usdc.asset, world.asset("USDC"));
    assert_eq!(
        (usdc.family.group.as_str(), &usdc.family.base),
        ("usd", &usdc.asset)
    );
    assert_eq!(usdc.family.group_correlation, defaults::GROUP_CORRELATION);
    assert_eq!(usdc.family.family_correlation, defaults::FAMILY_CORRELATION);
    assert_eq!(usdc.family.haircut_rule, defaults::USD_HAIRCUT);
    assert_eq!(usdc.family.haircut_rule_target, defaults::USD_HAIRCUT);
    assert_eq!((usdc.risk, usdc.ramp_end), (usdc.risk_target, 0));
    assert_eq!(usdc.haircut, Some(Fraction::percent(3)));
    assert_eq!(usdc.newest_haircut, Some(Fraction::percent(3)));
    assert_eq!(usdc.reserve_factor, defaults::RESERVE_FACTOR);
    assert!(usdc.deposit_enabled && usdc.borrow_enabled && !usdc.wiped_out);
    assert_eq!(usdc.limits.max_utilisation, defaults::MAX_UTILISATION);
    assert_eq!(
        (usdc.idle, usdc.borrowed),
        (Amount::ZERO, Amount(800_000_000))
    );
    assert_eq!(usdc.supplied, Amount(1_000_000_000_000));
    assert_eq!(usdc.cash, Amount(999_200_000_000));
    assert_eq!(usdc.supply_shares, SupplyShares(1_000_000_000_000_000_000));
    assert_eq!(usdc.debt_shares.0, 800_000_000_000_000);
    assert_eq!(
        (usdc.reserve, usdc.reserve_shares),
        (Amount::ZERO, SupplyShares::ZERO)
    );
    assert_eq!(usdc.utilisation.to_string(), "0.0008");

    let atom = world.market("ATOM")?;
    assert_eq!((atom.market, atom.family.group.as_str()), (1, "crypto"));
    // 3.6 × 4 % a day is below the floor of 15 %.
    assert_eq!(atom.haircut, Some(Fraction::percent(15)));
    assert_eq!(atom.idle, Amount(100_000_000));

    refused(
        world.market("unlisted"),
        "unknown_market",
        json!({ "asset": "unlisted" }),
    );
    Ok(())
}

#[test]
fn a_member_shows_its_base_and_its_own_extra() -> Tested {
    let [_, atom, ..] = standard_markets();
    let staked = MarketSpec::member("stATOM", "ATOM").with_price(12);
    let world = world_of([atom, staked]).build()?;
    let market = world.market("stATOM")?;
    assert_eq!(market.family.base, world.asset("ATOM"));
    assert_eq!(market.family.group, "crypto");
    assert_eq!(market.risk.extra_haircut, Fraction::percent(2));
    assert_eq!(market.haircut, Some(Fraction::percent(15)));
    Ok(())
}

#[test]
fn a_market_shows_pauses_of_its_own_and_of_all() -> Tested {
    let mut world = World::standard()?;
    world.pause(Some("ATOM"), &[PausableAction::Deposit])?;
    world.advance(10);
    world.pause(None, &[PausableAction::Withdraw])?;
    let until = world.now() + 72 * 3600;
    let pauses = [
        PauseResponse {
            action: PausableAction::Deposit,
            until: until - 10,
        },
        PauseResponse {
            action: PausableAction::Withdraw,
            until,
        },
    ];
    assert_eq!(world.market("ATOM")?.pauses, pauses);
    assert_eq!(world.market("BTC")?.pauses, pauses[1..]);
    Ok(())
}

#[test]
fn markets_are_listed_page_by_page_in_the_order_of_their_listing() -> Tested {
    let world = World::standard()?;
    let page = |start_after, limit| -> Result<MarketsResponse, _> {
        world.query(&QueryMsg::Markets { start_after, limit })
    };
    let all = page(None, None)?;
    assert_eq!(all.next, None);
    let assets: Vec<_> = all
        .markets
        .iter()
        .map(|market| market.asset.clone())
        .collect();
    assert_eq!(
        assets,
        ["USDC", "ATOM", "BTC", "ETH"].map(|symbol| world.asset(symbol))
    );

    let first = page(None, Some(3))?;
    assert_eq!(
        (first.markets.as_slice(), first.next),
        (&all.markets[..3], Some(2))
    );
    let second = page(first.next, Some(3))?;
    assert_eq!(
        (second.markets.as_slice(), second.next),
        (&all.markets[3..], None)
    );
    // A limit of zero would never end: one is the least.
    assert_eq!(page(None, Some(0))?.markets.len(), 1);
    assert_eq!(page(Some(3), None)?.markets, []);
    Ok(())
}

#[test]
fn a_list_returns_at_most_a_hundred_entries() -> Tested {
    let specs = (0..104).map(|number| MarketSpec::crypto(&format!("C{number}")));
    let world = world_of(specs).build()?;
    let page = |limit| -> Result<MarketsResponse, _> {
        let start_after = None;
        world.query(&QueryMsg::Markets { start_after, limit })
    };
    assert_eq!(page(None)?.markets.len(), 30);
    assert_eq!(page(Some(1_000))?.markets.len(), 100);
    assert_eq!(page(Some(1_000))?.next, Some(99));
    Ok(())
}

#[test]
fn solvency_compares_what_is_held_with_what_is_owed() -> Tested {
    let mut world = levered();
    world.deposit("bob", "USDC", 5)?;
    let found = world.solvency(Some("USDC"))?;
    assert_eq!(found.next, None);
    let usdc = &found.assets[0];
    assert_eq!(usdc.asset, world.asset("USDC"));
    assert_eq!(usdc.held, world.balance_of(world.vault(), &usdc.asset));
    assert_eq!(usdc.idle, Amount(5_000_000));
    assert_eq!(usdc.supplied, Amount(1_000_000_000_000));
    assert_eq!(usdc.borrowed, Amount(800_000_000));
    assert_eq!(usdc.owed, Amount(999_205_000_000));
    assert_eq!((usdc.held, usdc.surplus), (usdc.owed, Amount::ZERO));
    assert_eq!(usdc.missing, Amount::ZERO);

    let vault = world.vault().to_string();
    world.send("bob", &vault, "USDC", 7)?;
    let usdc = world.solvency(Some("USDC"))?.assets.remove(0);
    assert_eq!(usdc.surplus, Amount(7_000_000));
    // What is missing is said as well, should it ever be.
    world.burn(&vault, "USDC", 8)?;
    let usdc = world.solvency(Some("USDC"))?.assets.remove(0);
    assert_eq!(
        (usdc.surplus, usdc.missing),
        (Amount::ZERO, Amount(1_000_000))
    );
    Ok(())
}

#[test]
fn solvency_of_all_comes_page_by_page() -> Tested {
    let mut world = World::standard()?;
    supply(&mut world, "ETH", 3);
    let page = |start_after, limit| -> Result<SolvencyResponse, _> {
        world.query(&QueryMsg::Solvency {
            asset: None,
            start_after,
            limit,
        })
    };
    let all = page(None, None)?;
    assert_eq!((all.assets.len(), all.next), (4, None));
    assert_eq!(all.assets[3].owed, world.units("ETH", 3)?);
    let first = page(None, Some(2))?;
    assert_eq!(
        (first.assets.as_slice(), first.next),
        (&all.assets[..2], Some(1))
    );
    assert_eq!(page(first.next, Some(9))?.assets, all.assets[2..]);
    Ok(())
}

//! Pitfall 40: every bound of every configuration refuses what lies beyond it, by name.

use crate::pitfall_support::{Answer, fraction};
use bulwark_risk::interest::InterestModel;
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction, Usd};
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{Tested, falls, interest_free, refused, standard_markets, supply, world_of};
use bulwark_types::vault::{
    ExecuteMsg, FamilyListing, InstantiateMsg, Limits, MarketListing, MarketUpdate, Parameters,
    ParametersUpdate,
};
use bulwark_types::wire::WireError;
use serde_json::json;

/// Asserts that a refusal names the field and its value.
#[track_caller]
fn refuses<T>(answer: Result<T, WireError>, field: &str, value: &str) {
    let error = answer
        .err()
        .unwrap_or_else(|| panic!("{field} = {value} passed"));
    assert!(
        ["config", "invalid_config"].contains(&error.name.as_str()),
        "{field}: {error:?}"
    );
    let fields: serde_json::Value = serde_json::from_str(&error.fields).unwrap();
    assert_eq!(fields["field"], field, "{error:?}");
    assert_eq!(fields["value"], value, "{error:?}");
    assert!(!fields["bound"].as_str().unwrap().is_empty(), "{error:?}");
}

const LONGEST: u64 = 90 * 86_400;

#[test]
fn pitfall_40_a_vault_with_a_bad_configuration_is_never_created() {
    type Edit = fn(&mut InstantiateMsg);
    let cases: [(&str, &str, Edit); 20] = [
        ("groups", "0", |m| m.groups.clear()),
        ("groups", "17", |m| {
            m.groups = (0..17).map(|n| format!("g{n}")).collect()
        }),
        ("groups", "Crypto", |m| m.groups[0] = "Crypto".into()),
        ("groups", "", |m| m.groups[0] = String::new()),
        ("groups", "a b", |m| m.groups[0] = "a b".into()),
        ("groups", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", |m| {
            m.groups[0] = "x".repeat(33)
        }),
        ("unpriced_grace", "0", |m| m.unpriced_grace = 0),
        ("unpriced_grace", "7776001", |m| {
            m.unpriced_grace = LONGEST + 1
        }),
        ("cap_multiple", "0", |m| m.cap_multiple = Fraction::ZERO),
        (
            "cap_multiple",
            "340282366920938463463.374607431768211455",
            |m| {
                m.cap_multiple = Fraction(u128::MAX);
            },
        ),
        ("initial_factor_max", "0.99", |m| {
            m.bounds.initial_factor_max = fraction("0.99")
        }),
        ("initial_factor_max", "2.01", |m| {
            m.bounds.initial_factor_max = fraction("2.01")
        }),
        ("gross_factor_max", "1.01", |m| {
            m.bounds.gross_factor_max = fraction("1.01")
        }),
        // 1.25 × (0.71 + 0.10) exceeds one: a deposit could lower E_open − I.
        ("haircut_cap_max", "0.71", |m| {
            m.bounds.haircut_cap_max = fraction("0.71")
        }),
        ("haircut_cap_max", "0.7", |m| {
            m.bounds.extra_max = fraction("0.11")
        }),
        ("haircut_cap_max", "0.7", |m| {
            m.bounds.initial_factor_max = fraction("1.26")
        }),
        // The parameters against the bounds of the same message.
        ("initial_factor", "1.15", |m| {
            m.bounds.initial_factor_max = fraction("1.14")
        }),
        ("gross_factor", "0.04", |m| {
            m.bounds.gross_factor_max = fraction("0.039")
        }),
        ("max_holdings", "1", |m| m.parameters.max_holdings = 1),
        ("owner_delay", "7776001", |m| {
            m.parameters.owner_delay = LONGEST + 1
        }),
    ];
    for (field, value, edit) in cases {
        refuses(
            World::builder().with_instantiate(edit).build(),
            field,
            value,
        );
    }
    let twice = World::builder()
        .with_instantiate(|m| m.groups = vec!["usd".into(), "usd".into()])
        .build();
    assert_eq!(twice.err().expect("a group twice").name, "duplicate_entry");
}

/// Parameters that are refused when the vault is created and when they are changed.
#[test]
fn pitfall_40_parameters_are_refused_at_both_doors() -> Tested {
    type Edit = fn(&mut Parameters);
    let cases: [(&str, &str, Edit); 23] = [
        ("initial_factor", "0.99", |p| {
            p.margin.initial_factor = fraction("0.99")
        }),
        ("initial_factor", "1.26", |p| {
            p.margin.initial_factor = fraction("1.26")
        }),
        ("gross_factor", "0.061", |p| {
            p.margin.gross_factor = fraction("0.061")
        }),
        ("equity_share", "0", |p| {
            p.liquidation.equity_share = Fraction::ZERO
        }),
        ("equity_share", "0.51", |p| {
            p.liquidation.equity_share = fraction("0.51")
        }),
        ("base_bonus", "0", |p| {
            p.liquidation.base_bonus = Fraction::ZERO
        }),
        ("base_bonus", "0.51", |p| {
            p.liquidation.base_bonus = fraction("0.51")
        }),
        ("max_bonus", "0.009", |p| {
            p.liquidation.max_bonus = fraction("0.009")
        }),
        ("max_bonus", "0.51", |p| {
            p.liquidation.max_bonus = fraction("0.51")
        }),
        ("slope", "10.1", |p| p.liquidation.slope = fraction("10.1")),
        ("target_ratio", "1", |p| {
            p.liquidation.target_ratio = Fraction::ONE
        }),
        ("target_ratio", "2.01", |p| {
            p.liquidation.target_ratio = fraction("2.01")
        }),
        ("protocol_fee", "1.01", |p| {
            p.liquidation.protocol_fee = fraction("1.01")
        }),
        ("dust_value", "-1", |p| {
            p.liquidation.dust_value = Usd(-1_000_000_000_000_000_000)
        }),
        ("dust_value", "10001", |p| {
            p.liquidation.dust_value = Usd::whole(10_001)
        }),
        // c ≥ 2 × base_bonus / equity_share, from either side.
        ("gross_factor", "0.04", |p| {
            p.liquidation.base_bonus = fraction("0.0101")
        }),
        ("gross_factor", "0.04", |p| {
            p.liquidation.equity_share = fraction("0.49")
        }),
        ("gross_factor", "0.039", |p| {
            p.margin.gross_factor = fraction("0.039")
        }),
        ("max_holdings", "0", |p| p.max_holdings = 0),
        ("max_holdings", "1", |p| p.max_holdings = 1),
        ("max_holdings", "33", |p| p.max_holdings = 33),
        ("ramp_time", "7776001", |p| p.ramp_time = LONGEST + 1),
        ("owner_delay", "7776001", |p| p.owner_delay = LONGEST + 1),
    ];
    let mut world = World::standard()?;
    for (field, value, edit) in cases {
        refuses(World::builder().with_parameters(edit).build(), field, value);
        let mut parameters = bulwark_testing::defaults::parameters(0);
        edit(&mut parameters);
        let update = ParametersUpdate {
            margin: Some(parameters.margin),
            liquidation: Some(parameters.liquidation),
            max_holdings: Some(parameters.max_holdings),
            ramp_time: Some(parameters.ramp_time),
            owner_delay: Some(parameters.owner_delay),
            ..ParametersUpdate::default()
        };
        refuses(
            world.execute("owner", ExecuteMsg::UpdateParams(update), Vec::new()),
            field,
            value,
        );
    }
    Ok(())
}

#[test]
fn pitfall_40_a_gross_factor_still_on_its_way_counts_as_it_is() -> Tested {
    // c rises to 6 % over seven days; a bonus that needs the 6 % has to wait for it.
    let mut world = World::standard()?;
    let update = |margin: Option<&str>, bonus: Option<&str>, world: &mut World| {
        let mut parameters = bulwark_testing::defaults::parameters(0);
        let margin = margin.map(|gross| {
            parameters.margin.gross_factor = fraction(gross);
            parameters.margin
        });
        let liquidation = bonus.map(|bonus| {
            parameters.liquidation.base_bonus = fraction(bonus);
            parameters.liquidation
        });
        let update = ParametersUpdate {
            margin,
            liquidation,
            ..ParametersUpdate::default()
        };
        world.execute("owner", ExecuteMsg::UpdateParams(update), Vec::new())
    };
    update(Some("0.06"), None, &mut world)?;
    world.advance(6 * 86_400);
    let refusal: Answer = update(None, Some("0.015"), &mut world);
    let fields: serde_json::Value = serde_json::from_str(&refusal.unwrap_err().fields).unwrap();
    assert_eq!(fields["field"], "gross_factor");
    world.advance(86_400);
    update(None, Some("0.015"), &mut world)?;
    Ok(())
}

/// A listing like ATOM's, for a new asset with a price.
fn listing(world: &World) -> MarketListing {
    let market = world.market("ATOM").unwrap();
    MarketListing {
        asset: world.asset("NEW"),
        decimals: 6,
        family: FamilyListing::Base {
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

fn haircut(listing: &mut MarketListing) -> &mut bulwark_risk::haircut::HaircutRule {
    match &mut listing.family {
        FamilyListing::Base { haircut, .. } => haircut,
        FamilyListing::Member { .. } => unreachable!("the listing is of a base"),
    }
}

fn kinked(base: &str, slope: &str, steep: &str, optimal: &str) -> InterestModel {
    InterestModel::Kinked {
        base: fraction(base),
        slope: fraction(slope),
        steep_slope: fraction(steep),
        optimal: fraction(optimal),
    }
}

#[test]
fn pitfall_40_a_listing_beyond_any_bound_is_refused() -> Tested {
    type Edit = fn(&mut MarketListing);
    let cases: [(&str, &str, Edit); 26] = [
        ("asset", "", |l| l.asset = String::new()),
        ("asset", "ab", |l| l.asset = "ab".into()),
        ("asset", "1abc", |l| l.asset = "1abc".into()),
        ("asset", "ua tom", |l| l.asset = "ua tom".into()),
        ("asset", "cw20:wasm1x", |l| l.asset = "cw20:wasm1x".into()),
        ("decimals", "19", |l| l.decimals = 19),
        ("group", "metals", |l| {
            if let FamilyListing::Base { group, .. } = &mut l.family {
                *group = "metals".into();
            }
        }),
        ("group_correlation", "1.01", |l| {
            if let FamilyListing::Base {
                group_correlation, ..
            } = &mut l.family
            {
                *group_correlation = fraction("1.01");
            }
        }),
        ("family_correlation", "1.01", |l| {
            if let FamilyListing::Base {
                family_correlation, ..
            } = &mut l.family
            {
                *family_correlation = fraction("1.01");
            }
        }),
        ("floor", "0.029", |l| haircut(l).floor = fraction("0.029")),
        ("floor", "0.71", |l| haircut(l).floor = fraction("0.71")),
        ("cap", "0.71", |l| haircut(l).cap = fraction("0.71")),
        ("floor", "0.15", |l| haircut(l).cap = fraction("0.14")),
        ("volatility_multiple", "100.1", |l| {
            haircut(l).volatility_multiple = fraction("100.1")
        }),
        ("extra_haircut", "0.101", |l| {
            l.risk.extra_haircut = fraction("0.021")
        }),
        ("extra_haircut", "0.101", |l| {
            l.risk.size_cap = fraction("0.101")
        }),
        ("liquidity", "0", |l| l.risk.liquidity = Amount::ZERO),
        ("liquidity", "20282409603651670423947251286016", |l| {
            l.risk.liquidity = Amount(AMOUNT_LIMIT)
        }),
        ("optimal", "0", |l| {
            l.interest = kinked("0", "0.1", "0.1", "0")
        }),
        ("optimal", "1", |l| {
            l.interest = kinked("0", "0.1", "0.1", "1")
        }),
        ("interest", "10.01", |l| {
            l.interest = kinked("0.01", "5", "5", "0.8")
        }),
        ("reserve_factor", "0.51", |l| {
            l.reserve_factor = fraction("0.51")
        }),
        ("deposit_cap", "5000000000001", |l| {
            l.limits.deposit_cap = Amount(5_000_000_000_001)
        }),
        ("borrow_cap", "5000000000001", |l| {
            l.limits.borrow_cap = Amount(5_000_000_000_001)
        }),
        ("max_utilisation", "1.01", |l| {
            l.limits.max_utilisation = fraction("1.01")
        }),
        ("counterparty_share", "1.01", |l| {
            l.limits.counterparty_share = fraction("1.01")
        }),
    ];
    let mut world = priced()?;
    for (field, value, edit) in cases {
        let mut listing = listing(&world);
        edit(&mut listing);
        refuses(
            world.execute("owner", ExecuteMsg::ListMarket(listing), Vec::new()),
            field,
            value,
        );
    }
    // A member of nothing, and of what is itself a member.
    let mut orphan = listing(&world);
    orphan.family = FamilyListing::Member {
        of: "unknown".into(),
    };
    let answer = world.execute("owner", ExecuteMsg::ListMarket(orphan), Vec::new());
    assert_eq!(answer.unwrap_err().name, "unknown_market");
    let mut grandchild = listing(&world);
    let of = world.asset("stATOM");
    grandchild.family = FamilyListing::Member { of: of.clone() };
    refuses(
        world.execute("owner", ExecuteMsg::ListMarket(grandchild), Vec::new()),
        "of",
        &of,
    );
    // What is left unedited passes: the cases failed for what they say.
    let good = listing(&world);
    world.execute("owner", ExecuteMsg::ListMarket(good), Vec::new())?;
    Ok(())
}

/// ATOM, stATOM, and a feed of an asset NEW that is not listed.
fn priced() -> Result<World, WireError> {
    let mut world = world_of([
        MarketSpec::usd("USDC"),
        MarketSpec::crypto("ATOM").with_price(10),
        MarketSpec::member("stATOM", "ATOM").with_price(12),
    ])
    .build()?;
    let feed = bulwark_testing::defaults::feed(Fraction::percent(4));
    let set_feed = bulwark_types::oracle::ExecuteMsg::SetFeed {
        asset: world.asset("NEW"),
        feed,
    };
    world.execute_oracle("owner", set_feed)?;
    world.post(&[("NEW", "10")])?;
    Ok(world)
}

#[test]
fn pitfall_18_a_token_whose_smallest_unit_is_no_dust_is_not_listed() -> Tested {
    let mut world = world_of(standard_markets().map(interest_free)).build()?;
    supply(&mut world, "USDC", 1_000);
    let coarse = |price: &str| {
        MarketSpec::crypto("COARSE")
            .with_decimals(0)
            .with_price(price)
    };
    refused(
        world.list(coarse("50.000000000000000001"), 0),
        "invalid_config",
        json!({
            "field": "decimals",
            "value": "0",
            "bound": "one smallest unit must be worth at most 50 USD",
        }),
    );
    // With a decimal more it is listed; and at the dust value itself.
    let finer = MarketSpec::crypto("FINER").with_decimals(1).with_price(400);
    world.list(finer, 0)?;
    world.advance(6);
    world.repost()?;
    world.advance(6);
    world.list(coarse("50"), 0)?;
    // A debt below the worth of a unit cannot be liquidated against it: nobody could be given a
    // part of one. Such a debt is dust, and is written off like it.
    world.mint("alice", "COARSE", Amount(1))?;
    world.deposit("alice", "COARSE", 1)?;
    world.borrow("alice", "USDC", 40)?;
    falls(&mut world, &[("COARSE", "46")]);
    let answer = world.liquidate("keeper", "alice", "USDC", 40, "COARSE");
    assert_eq!(answer.unwrap_err().name, "nothing_seized");
    falls(&mut world, &[("COARSE", "20")]);
    world.write_off("bob", "alice")?;
    assert_eq!(world.account("alice")?.holdings, []);
    Ok(())
}

#[test]
fn pitfall_40_an_update_beyond_any_bound_is_refused() -> Tested {
    type Edit = fn(&World) -> MarketUpdate;
    fn limits(world: &World, change: impl Fn(&mut Limits)) -> MarketUpdate {
        let mut limits = world.market("ATOM").unwrap().limits;
        change(&mut limits);
        MarketUpdate {
            limits: Some(limits),
            ..MarketUpdate::default()
        }
    }
    fn rule(
        world: &World,
        change: impl Fn(&mut bulwark_risk::haircut::HaircutRule),
    ) -> MarketUpdate {
        let mut rule = world.market("ATOM").unwrap().family.haircut_rule;
        change(&mut rule);
        MarketUpdate {
            haircut: Some(rule),
            ..MarketUpdate::default()
        }
    }
    fn risk(world: &World, change: impl Fn(&mut bulwark_risk::haircut::AssetRisk)) -> MarketUpdate {
        let mut risk = world.market("ATOM").unwrap().risk;
        change(&mut risk);
        MarketUpdate {
            risk: Some(risk),
            ..MarketUpdate::default()
        }
    }
    let cases: [(&str, &str, Edit); 15] = [
        ("floor", "0.029", |w| {
            rule(w, |r| r.floor = fraction("0.029"))
        }),
        ("floor", "0.5", |w| {
            rule(w, |r| (r.floor, r.cap) = (fraction("0.5"), fraction("0.4")))
        }),
        ("cap", "0.71", |w| rule(w, |r| r.cap = fraction("0.71"))),
        ("volatility_multiple", "101", |w| {
            rule(w, |r| r.volatility_multiple = fraction("101"))
        }),
        ("extra_haircut", "0.101", |w| {
            risk(w, |r| r.extra_haircut = fraction("0.021"))
        }),
        ("extra_haircut", "0.11", |w| {
            risk(w, |r| r.size_cap = fraction("0.11"))
        }),
        ("liquidity", "0", |w| {
            risk(w, |r| r.liquidity = Amount::ZERO)
        }),
        // Less liquidity than the caps that stand.
        ("deposit_cap", "5000000000000", |w| {
            risk(w, |r| r.liquidity = Amount(4_999_999_999_999))
        }),
        ("deposit_cap", "5000000000001", |w| {
            limits(w, |l| l.deposit_cap = Amount(5_000_000_000_001))
        }),
        ("borrow_cap", "5000000000001", |w| {
            limits(w, |l| l.borrow_cap = Amount(5_000_000_000_001))
        }),
        ("max_utilisation", "1.01", |w| {
            limits(w, |l| l.max_utilisation = fraction("1.01"))
        }),
        ("counterparty_share", "1.01", |w| {
            limits(w, |l| l.counterparty_share = fraction("1.01"))
        }),
        ("reserve_factor", "0.51", |_| MarketUpdate {
            reserve_factor: Some(fraction("0.51")),
            ..MarketUpdate::default()
        }),
        ("optimal", "1", |_| MarketUpdate {
            interest: Some(kinked("0", "0.1", "0.1", "1")),
            ..MarketUpdate::default()
        }),
        ("interest", "11", |_| MarketUpdate {
            interest: Some(kinked("11", "0", "0", "0.8")),
            ..MarketUpdate::default()
        }),
    ];
    let mut world = priced()?;
    for (field, value, edit) in cases {
        let (asset, update) = (world.asset("ATOM"), edit(&world));
        let answer = world.execute(
            "owner",
            ExecuteMsg::UpdateMarket { asset, update },
            Vec::new(),
        );
        refuses(answer, field, value);
    }
    // A member has no haircut rule of its own: one haircut per family.
    let asset = world.asset("stATOM");
    let update = rule(&world, |r| r.floor = fraction("0.3"));
    let answer = world.execute(
        "owner",
        ExecuteMsg::UpdateMarket {
            asset: asset.clone(),
            update,
        },
        Vec::new(),
    );
    refuses(answer, "haircut", &asset);
    Ok(())
}

#[test]
fn pitfall_40_an_asset_at_a_fixed_price_takes_no_deposits() -> Tested {
    takes_no_deposits(bulwark_types::oracle::Source::Fixed {
        price: crate::pitfall_support::price("1"),
    })
}

#[test]
fn pitfall_49_an_asset_whose_feed_is_not_for_deposits_takes_none() -> Tested {
    takes_no_deposits(bulwark_types::oracle::Source::Posted {})
}

/// Lists an asset whose feed has this source and is not for deposits.
fn takes_no_deposits(source: bulwark_types::oracle::Source) -> Tested {
    let mut world = world_of([interest_free(MarketSpec::usd("USDC"))]).build()?;
    let feed = bulwark_types::oracle::Feed {
        sources: vec![source.clone()],
        depositable: false,
        ..bulwark_testing::defaults::feed(Fraction::basis_points(10))
    };
    let asset = world.asset("FIXED");
    let set_feed = bulwark_types::oracle::ExecuteMsg::SetFeed {
        asset: asset.clone(),
        feed,
    };
    world.execute_oracle("owner", set_feed)?;
    if source.is_market() {
        world.post(&[("FIXED", "1")])?;
    }
    let market = world.market("USDC")?;
    let mut listing = MarketListing {
        asset: asset.clone(),
        decimals: 6,
        family: FamilyListing::Base {
            group: "usd".into(),
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
    };
    let deposits = world.execute("owner", ExecuteMsg::ListMarket(listing.clone()), Vec::new());
    refuses(deposits, "deposit_enabled", "true");
    listing.deposit_enabled = false;
    world.execute("owner", ExecuteMsg::ListMarket(listing), Vec::new())?;
    let update = MarketUpdate {
        deposit_enabled: Some(true),
        ..MarketUpdate::default()
    };
    let later = world.execute(
        "owner",
        ExecuteMsg::UpdateMarket { asset, update },
        Vec::new(),
    );
    refuses(later, "deposit_enabled", "true");
    Ok(())
}

//! Changes of the owner: proposed in the open, waiting, cancelled or applied; the reserve.

use crate::pitfall_support::{Answer, fraction, is_liquidatable, refused_as, signed};
use bulwark_risk::interest::InterestModel;
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_testing::{World, events_of};
use bulwark_tests::{
    Purses, Tested, assert_books_balance, fund, funded, levered, refused, standard_markets,
    world_of,
};
use bulwark_types::events::{ChangeMoved, MarketChanged, ReserveCollected};
use bulwark_types::governance::PendingChange;
use bulwark_types::oracle;
use bulwark_types::vault::{
    Change, ConfigResponse, ExecuteMsg, FamilyListing, Limits, MarketListing, MarketUpdate,
    OracleConfig, OracleMode, ParametersUpdate, QueryMsg,
};
use serde_json::json;

const DELAY: u64 = 48 * 3_600;

/// For so long a change can be applied once it is ready.
const LIFETIME: u64 = 14 * 86_400;

/// The standard markets, funded, with a delay; alice holds 100 ATOM and owes 800 USDC.
fn delayed() -> World {
    let mut world = world_of(standard_markets())
        .with_owner_delay(DELAY)
        .build()
        .unwrap();
    fund(&mut world);
    world.deposit("alice", "ATOM", 100).unwrap();
    world.borrow("alice", "USDC", 800).unwrap();
    world
}

fn by_owner(world: &mut World, message: ExecuteMsg) -> Answer {
    world.execute("owner", message, Vec::new())
}

fn apply(world: &mut World, sender: &str, change: u64) -> Answer {
    world.execute(sender, ExecuteMsg::Apply { change }, Vec::new())
}

fn pending(world: &World) -> Vec<PendingChange<Change>> {
    world
        .query(&QueryMsg::Changes {
            start_after: None,
            limit: None,
        })
        .unwrap()
}

fn moved(answer: Answer) -> ChangeMoved {
    events_of(&answer.unwrap()).remove(0)
}

fn config(world: &World) -> ConfigResponse {
    world.query(&QueryMsg::Config {}).unwrap()
}

/// A new asset with a feed and a first price, and its listing.
fn listing(world: &mut World, asset: &str) -> MarketListing {
    let feed = bulwark_testing::defaults::feed(Fraction::percent(4));
    let set_feed = oracle::ExecuteMsg::SetFeed {
        asset: asset.into(),
        feed,
    };
    world.execute_oracle("owner", set_feed).unwrap();
    world.settle_oracle_changes(DELAY).unwrap();
    world.repost().unwrap();
    world.post(&[(asset, "2")]).unwrap();
    let market = world.market("ATOM").unwrap();
    MarketListing {
        asset: asset.into(),
        decimals: 6,
        family: FamilyListing::Member {
            of: world.asset("ATOM"),
        },
        risk: market.risk,
        interest: market.interest,
        reserve_factor: market.reserve_factor,
        limits: market.limits,
        deposit_enabled: true,
        borrow_enabled: true,
    }
}

#[test]
fn a_listing_waits_in_the_open_and_anyone_carries_it_out() -> Tested {
    let mut world = delayed();
    let listing = listing(&mut world, "factory/new");
    let now = world.now();
    let proposed = moved(by_owner(
        &mut world,
        ExecuteMsg::ListMarket(listing.clone()),
    ));
    assert_eq!(
        (proposed.action.as_str(), proposed.ready_at),
        ("proposed", now + DELAY)
    );
    assert_eq!(
        pending(&world),
        [PendingChange {
            id: proposed.change,
            change: Change::ListMarket(listing),
            ready_at: now + DELAY,
            expires_at: now + DELAY + LIFETIME,
        }]
    );
    world.mint("bob", "factory/new", Amount(5))?;
    refused_as(
        world.deposit("bob", "factory/new", Amount(5)),
        "unknown_market",
    );
    world.advance(DELAY - 1);
    for sender in ["owner", "guardian", "bob"] {
        refused(
            apply(&mut world, sender, proposed.change),
            "change_not_ready",
            json!({"change": proposed.change, "ready_at": now + DELAY, "now": now + DELAY - 1}),
        );
    }
    world.advance(1);
    world.repost()?;
    let response = apply(&mut world, "bob", proposed.change)?;
    assert_eq!(
        events_of::<MarketChanged>(&response),
        [MarketChanged {
            asset: "factory/new".into(),
            market: 4,
            action: "listed".into(),
            effective_at: now + DELAY,
        }]
    );
    assert!(pending(&world).is_empty());
    world.deposit("bob", "factory/new", Amount(5))?;
    refused(
        apply(&mut world, "bob", proposed.change),
        "unknown_change",
        json!({"change": proposed.change}),
    );
    Ok(())
}

#[test]
fn pitfall_42_the_guardian_cancels_and_the_owner_cannot_skip_the_wait() -> Tested {
    let mut world = delayed();
    let before = world.market("ATOM")?;
    let loose = Limits {
        borrow_cap: before.limits.borrow_cap,
        max_utilisation: Fraction::ONE,
        ..before.limits
    };
    let asset = world.asset("ATOM");
    let update = MarketUpdate {
        limits: Some(loose),
        ..MarketUpdate::default()
    };
    let message = ExecuteMsg::UpdateMarket { asset, update };
    let first = moved(by_owner(&mut world, message.clone()));
    // Proposing the same again does not begin nearer to the end.
    world.advance(DELAY / 2);
    let second = moved(by_owner(&mut world, message));
    assert!(second.change > first.change && second.ready_at > first.ready_at);
    let fields = json!({"sender": world.address("alice"), "role": "guardian"});
    let cancel = ExecuteMsg::Cancel {
        change: first.change,
    };
    refused(
        world.execute("alice", cancel, Vec::new()),
        "unauthorized",
        fields,
    );
    // The owner can think better of it, too: a change that nobody drops can be applied for ever.
    for (sender, change) in [("guardian", first.change), ("owner", second.change)] {
        let cancel = ExecuteMsg::Cancel { change };
        let cancelled = moved(world.execute(sender, cancel, Vec::new()));
        assert_eq!(
            (cancelled.action.as_str(), cancelled.change),
            ("cancelled", change)
        );
    }
    world.advance(DELAY);
    refused_as(apply(&mut world, "owner", first.change), "unknown_change");
    assert_eq!(world.market("ATOM")?.limits, before.limits);
    Ok(())
}

#[test]
fn a_shorter_delay_waits_for_the_longer_one_and_frees_nothing_that_waits() -> Tested {
    let mut world = delayed();
    let loosen = MarketUpdate {
        borrow_enabled: Some(true),
        ..MarketUpdate::default()
    };
    let message = ExecuteMsg::UpdateMarket {
        asset: world.asset("ATOM"),
        update: loosen,
    };
    let none = ParametersUpdate {
        owner_delay: Some(0),
        ..ParametersUpdate::default()
    };
    let shorter = moved(by_owner(&mut world, ExecuteMsg::UpdateParams(none)));
    world.advance(DELAY - 10);
    let waiting = moved(by_owner(&mut world, message.clone()));
    world.advance(10);
    apply(&mut world, "owner", shorter.change)?;
    assert_eq!(config(&world).parameters.owner_delay, 0);
    refused_as(
        apply(&mut world, "owner", waiting.change),
        "change_not_ready",
    );
    let at_once = moved(by_owner(&mut world, message));
    assert_eq!((at_once.action.as_str(), at_once.change), ("applied", 0));
    Ok(())
}

#[test]
fn a_change_that_nobody_applied_in_time_can_only_be_cancelled() -> Tested {
    let mut world = delayed();
    let update = MarketUpdate {
        borrow_enabled: Some(true),
        ..MarketUpdate::default()
    };
    let asset = world.asset("ATOM");
    let message = ExecuteMsg::UpdateMarket { asset, update };
    let in_time = moved(by_owner(&mut world, message.clone()));
    let forgotten = moved(by_owner(&mut world, message));
    let expires_at = forgotten.ready_at + LIFETIME;
    world.advance(DELAY + LIFETIME);
    apply(&mut world, "bob", in_time.change)?;
    world.advance(1);
    refused(
        apply(&mut world, "owner", forgotten.change),
        "change_expired",
        json!({"change": forgotten.change, "expires_at": expires_at, "now": expires_at + 1}),
    );
    assert_eq!(pending(&world)[0].expires_at, expires_at);
    let cancel = ExecuteMsg::Cancel {
        change: forgotten.change,
    };
    world.execute("guardian", cancel, Vec::new())?;
    assert_eq!(pending(&world), []);
    Ok(())
}

#[test]
fn a_change_is_checked_when_proposed_and_again_when_applied() -> Tested {
    let mut world = delayed();
    let listing = listing(&mut world, "factory/new");
    let mut bad = listing.clone();
    bad.decimals = 19;
    refused_as(
        by_owner(&mut world, ExecuteMsg::ListMarket(bad)),
        "invalid_config",
    );
    // A feed may wait for its own turn, but nothing is listed before it has a first price.
    let mut unpriced = listing.clone();
    unpriced.asset = "factory/silent".into();
    let silent = moved(by_owner(&mut world, ExecuteMsg::ListMarket(unpriced)));
    let first = moved(by_owner(
        &mut world,
        ExecuteMsg::ListMarket(listing.clone()),
    ));
    let second = moved(by_owner(&mut world, ExecuteMsg::ListMarket(listing)));
    world.advance(DELAY);
    let feed = bulwark_testing::defaults::feed(Fraction::percent(4));
    let set_feed = oracle::ExecuteMsg::SetFeed {
        asset: "factory/silent".into(),
        feed,
    };
    world.execute_oracle("owner", set_feed)?;
    world.settle_oracle_changes(DELAY)?;
    let fields = json!({"asset": "factory/silent"});
    refused(apply(&mut world, "bob", silent.change), "no_price", fields);
    apply(&mut world, "bob", first.change)?;
    let fields = json!({"asset": "factory/new"});
    refused(
        apply(&mut world, "bob", second.change),
        "market_exists",
        fields,
    );
    assert_eq!(pending(&world).len(), 2, "refused, not lost");
    Ok(())
}

#[test]
fn what_only_tightens_a_market_starts_at_once_and_the_rest_waits() -> Tested {
    let mut world = delayed();
    let market = world.market("ATOM")?;
    let (rule, risk, limits) = (market.family.haircut_rule, market.risk, market.limits);
    let with_rule = |change: fn(&mut bulwark_risk::haircut::HaircutRule)| {
        let mut rule = rule;
        change(&mut rule);
        MarketUpdate {
            haircut: Some(rule),
            ..MarketUpdate::default()
        }
    };
    let with_risk = |change: fn(&mut bulwark_risk::haircut::AssetRisk)| {
        let mut risk = risk;
        change(&mut risk);
        MarketUpdate {
            risk: Some(risk),
            ..MarketUpdate::default()
        }
    };
    let with_limits = |change: fn(&mut Limits)| {
        let mut limits = limits;
        change(&mut limits);
        MarketUpdate {
            limits: Some(limits),
            ..MarketUpdate::default()
        }
    };
    let flag = |deposit_enabled, borrow_enabled| MarketUpdate {
        deposit_enabled,
        borrow_enabled,
        ..MarketUpdate::default()
    };
    let less_liquid = {
        let mut update = with_risk(|r| r.liquidity = Amount(4_000_000_000_000));
        update.limits = with_limits(|l| {
            (l.deposit_cap, l.borrow_cap) = (Amount(4_000_000_000_000), Amount(4_000_000_000_000));
        })
        .limits;
        update
    };
    let tight = [
        ("nothing", MarketUpdate::default()),
        ("z up", with_rule(|r| r.volatility_multiple = fraction("4"))),
        ("floor up", with_rule(|r| r.floor = fraction("0.2"))),
        ("e up", with_risk(|r| r.extra_haircut = fraction("0.02"))),
        ("size cap up", with_risk(|r| r.size_cap = fraction("0.09"))),
        ("liquidity and caps down", less_liquid),
        (
            "deposit cap down",
            with_limits(|l| l.deposit_cap = Amount(1)),
        ),
        ("borrow cap down", with_limits(|l| l.borrow_cap = Amount(1))),
        (
            "utilisation down",
            with_limits(|l| l.max_utilisation = fraction("0.5")),
        ),
        (
            "counterparty down",
            with_limits(|l| l.counterparty_share = fraction("0.1")),
        ),
        ("deposits off", flag(Some(false), None)),
        ("borrows off", flag(None, Some(false))),
    ];
    let mixed = {
        let mut update = with_rule(|r| r.floor = fraction("0.2"));
        update.limits = with_limits(|l| l.max_utilisation = Fraction::ONE).limits;
        update
    };
    let loose = [
        (
            "z down",
            with_rule(|r| r.volatility_multiple = fraction("3")),
        ),
        ("floor down", with_rule(|r| r.floor = fraction("0.1"))),
        ("cap down", with_rule(|r| r.cap = fraction("0.6"))),
        (
            "size cap down",
            with_risk(|r| r.size_cap = fraction("0.07")),
        ),
        (
            "liquidity up",
            with_risk(|r| r.liquidity = Amount(6_000_000_000_000)),
        ),
        (
            "utilisation up",
            with_limits(|l| l.max_utilisation = Fraction::ONE),
        ),
        (
            "counterparty up",
            with_limits(|l| l.counterparty_share = fraction("0.5")),
        ),
        ("deposits on", flag(Some(true), None)),
        ("borrows on", flag(None, Some(true))),
        (
            "reserve factor",
            MarketUpdate {
                reserve_factor: Some(fraction("0.1")),
                ..MarketUpdate::default()
            },
        ),
        (
            "interest",
            MarketUpdate {
                interest: Some(InterestModel::Kinked {
                    base: Fraction::ONE,
                    slope: Fraction::ZERO,
                    steep_slope: Fraction::ZERO,
                    optimal: fraction("0.8"),
                }),
                ..MarketUpdate::default()
            },
        ),
        ("one tighter, one looser", mixed),
    ];
    let cases = tight
        .map(|c| (c, true))
        .into_iter()
        .chain(loose.map(|c| (c, false)));
    for ((name, update), at_once) in cases {
        world.fork(|world| {
            let before = world.market("ATOM").unwrap();
            let margin = world.margin("alice").unwrap();
            let asset = world.asset("ATOM");
            let sent = moved(by_owner(world, ExecuteMsg::UpdateMarket { asset, update }));
            let expected = if at_once { "applied" } else { "proposed" };
            assert_eq!(sent.action, expected, "{name}");
            assert_eq!(pending(world).len(), usize::from(!at_once), "{name}");
            // In the block of the change no margin moves, in whichever direction it goes.
            assert_eq!(world.margin("alice").unwrap(), margin, "{name}");
            if !at_once {
                assert_eq!(
                    world.market("ATOM").unwrap(),
                    before,
                    "{name}: nothing before its time"
                );
                world.advance(DELAY);
                let before = world.margin("alice").unwrap();
                apply(world, "carol", sent.change).unwrap_or_else(|e| panic!("{name}: {e:?}"));
                assert_eq!(world.margin("alice").unwrap(), before, "{name}");
            }
        });
    }
    Ok(())
}

#[test]
fn of_the_parameters_only_higher_margins_start_at_once() -> Tested {
    let mut world = delayed();
    let parameters = config(&world).parameters;
    let margin = |initial: &str, gross: &str| ParametersUpdate {
        margin: Some(bulwark_risk::config::MarginParameters {
            initial_factor: fraction(initial),
            gross_factor: fraction(gross),
        }),
        ..ParametersUpdate::default()
    };
    let mut cheaper = parameters.liquidation;
    cheaper.max_bonus = fraction("0.05");
    let empty = ParametersUpdate::default;
    let cases = [
        ("nothing", empty(), true),
        ("initial up", margin("1.2", "0.04"), true),
        ("gross up", margin("1.15", "0.05"), true),
        ("initial down", margin("1.1", "0.04"), false),
        ("one up, one down", margin("1.1", "0.05"), false),
        (
            "liquidation",
            ParametersUpdate {
                liquidation: Some(cheaper),
                ..empty()
            },
            false,
        ),
        (
            "places",
            ParametersUpdate {
                max_holdings: Some(10),
                ..empty()
            },
            false,
        ),
        (
            "ramp",
            ParametersUpdate {
                ramp_time: Some(3_600),
                ..empty()
            },
            false,
        ),
        (
            "delay",
            ParametersUpdate {
                owner_delay: Some(2 * DELAY),
                ..empty()
            },
            false,
        ),
        (
            "guardian",
            ParametersUpdate {
                guardian: Some(world.address("bob").into_string()),
                ..empty()
            },
            false,
        ),
        (
            "oracle",
            ParametersUpdate {
                oracle: Some(OracleConfig {
                    address: world.oracle().to_string(),
                    mode: OracleMode::Smart,
                }),
                ..empty()
            },
            false,
        ),
    ];
    for (name, update, at_once) in cases {
        world.fork(|world| {
            let before = config(world);
            let sent = moved(by_owner(world, ExecuteMsg::UpdateParams(update.clone())));
            assert_eq!(sent.action == "applied", at_once, "{name}");
            if !at_once {
                assert_eq!(config(world), before, "{name}: nothing before its time");
                world.advance(DELAY);
                apply(world, "carol", sent.change).unwrap();
            }
            let after = config(world);
            assert_eq!(after == before, update == empty(), "{name} is in force");
        });
    }
    Ok(())
}

#[test]
fn a_higher_initial_factor_calls_for_margin_and_liquidates_nobody() -> Tested {
    let mut world = delayed();
    let room = world.max_borrow("alice", "USDC")?;
    world.borrow("alice", "USDC", room)?;
    let margin = bulwark_risk::config::MarginParameters {
        initial_factor: fraction("1.25"),
        ..config(&world).parameters.margin
    };
    let update = ParametersUpdate {
        margin: Some(margin),
        ..ParametersUpdate::default()
    };
    by_owner(&mut world, ExecuteMsg::UpdateParams(update))?;
    let after = world.margin("alice")?;
    assert_eq!(after.status, bulwark_risk::account::Status::MarginCall);
    assert!(!is_liquidatable(&world, ("alice", 0)));
    refused_as(world.borrow("alice", "USDC", 1), "below_initial_margin");
    world.deposit("alice", "ATOM", 20)?;
    world.borrow("alice", "USDC", 1)?;
    Ok(())
}

#[test]
fn pending_changes_come_by_page() -> Tested {
    let mut world = delayed();
    for _ in 0..35 {
        let update = MarketUpdate {
            borrow_enabled: Some(true),
            ..MarketUpdate::default()
        };
        let asset = world.asset("ATOM");
        by_owner(&mut world, ExecuteMsg::UpdateMarket { asset, update })?;
    }
    let page = |start_after, limit| -> Vec<u64> {
        let found: Vec<PendingChange<Change>> = world
            .query(&QueryMsg::Changes { start_after, limit })
            .unwrap();
        found.into_iter().map(|change| change.id).collect()
    };
    let first = page(None, None);
    assert_eq!(first.len(), 30);
    assert!(first.is_sorted());
    assert_eq!(page(first.last().copied(), None).len(), 5);
    assert_eq!(page(None, Some(0)).len(), 1);
    assert_eq!(page(None, Some(1_000)).len(), 35);
    Ok(())
}

#[test]
fn the_owner_collects_the_reserve_and_no_unit_more() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 40_000)?;
    world.borrow("alice", "USDC", 240_000)?;
    world.advance(200 * 86_400);
    let collect = |world: &mut World, sender: &str, amount: Option<Amount>| {
        let (asset, to) = (world.asset("USDC"), world.address("bob").into_string());
        world.execute(
            sender,
            ExecuteMsg::CollectReserve { asset, amount, to },
            Vec::new(),
        )
    };
    let reserve = world.market("USDC")?.reserve;
    assert!(reserve > Amount(100_000_000), "{reserve}");
    let lent = world.account("carol")?.holdings[0].lent;
    let over = Amount(reserve.0 + 1);
    refused(
        collect(&mut world, "owner", Some(over)),
        "insufficient_deposit",
        json!({"asset": world.asset("USDC"), "available": reserve, "requested": over}),
    );
    let fields = json!({"sender": world.address("guardian"), "role": "owner"});
    refused(
        collect(&mut world, "guardian", None),
        "unauthorized",
        fields,
    );

    let purses = Purses::of(&world);
    let response = collect(&mut world, "owner", Some(Amount(1_000)))?;
    let event: ReserveCollected = events_of(&response).remove(0);
    assert_eq!(event.amount, Amount(1_000));
    purses.assert_moved(&world, &[("bob", "USDC", 1_000), ("vault", "USDC", -1_000)]);
    let left = world.market("USDC")?.reserve;
    assert!(signed(reserve) - signed(left) - 1_000 <= 1);
    collect(&mut world, "owner", None)?;
    assert_eq!(world.market("USDC")?.reserve, Amount::ZERO);
    refused_as(collect(&mut world, "owner", None), "zero_amount");
    // The suppliers have what they had.
    assert!(world.account("carol")?.holdings[0].lent >= lent);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn an_oracle_read_by_smart_query_gives_the_same_margins_as_read_raw() -> Tested {
    let mut world = levered();
    world.deposit("bob", "ETH", 3)?;
    world.borrow("bob", "ATOM", 200)?;
    world.advance(6);
    world.post(&[("ATOM", "10.7"), ("ETH", "1900")])?;
    let seen = |world: &World| {
        ["alice", "bob"].map(|name| {
            let room = world.max_borrow(name, "USDC").unwrap();
            let found = world.liquidation_price(name, "ATOM").unwrap();
            (world.margin(name).unwrap(), room, found)
        })
    };
    let raw = seen(&world);
    let switch = |world: &mut World, mode| {
        let address = world.oracle().to_string();
        let oracle = Some(OracleConfig { address, mode });
        let update = ParametersUpdate {
            oracle,
            ..ParametersUpdate::default()
        };
        by_owner(world, ExecuteMsg::UpdateParams(update)).unwrap();
    };
    switch(&mut world, OracleMode::Smart);
    assert_eq!(config(&world).oracle.mode, OracleMode::Smart);
    assert_eq!(seen(&world), raw);
    world.borrow("bob", "USDC", 10)?;
    switch(&mut world, OracleMode::Raw);
    world.borrow("bob", "USDC", 10)?;
    assert_eq!(world.margin("bob")?.debts, Usd::whole(2_160));
    Ok(())
}

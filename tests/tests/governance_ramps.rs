//! Risk parameters move linearly in time, in both directions: no change liquidates a healthy
//! account in a block, and no margin jumps at any moment of a ramp (invariant 15).

use crate::pitfall_support::{Answer, fraction, is_liquidatable};
use bulwark_risk::config::MarginParameters;
use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{Tested, interest_free, supply, world_of};
use bulwark_types::vault::{ExecuteMsg, MarketUpdate, ParametersUpdate};

const WEEK: u64 = 7 * 86_400;
const HOUR: u64 = 3_600;

/// Alice, long ATOM and stATOM against USDC and BTC, as far as her initial margin goes. Prices
/// count at their last values for 90 days, so nothing but the parameters moves.
fn at_the_limit(volatility: &str) -> World {
    let volatility = fraction(volatility);
    let mut world = world_of(
        [
            MarketSpec::usd("USDC"),
            MarketSpec::crypto("ATOM")
                .with_price(10)
                .with_volatility(volatility),
            MarketSpec::member("stATOM", "ATOM").with_price(12),
            MarketSpec::crypto("BTC")
                .with_decimals(8)
                .with_price(60_000),
        ]
        .map(interest_free),
    )
    .with_instantiate(|message| message.unpriced_grace = 90 * 86_400)
    .build()
    .unwrap();
    supply(&mut world, "USDC", 40_000_000);
    supply(&mut world, "BTC", 100);
    world.deposit("alice", "ATOM", 400_000).unwrap();
    world.deposit("alice", "stATOM", 10_000).unwrap();
    world.borrow("alice", "BTC", 5).unwrap();
    let room = world.max_borrow("alice", "USDC").unwrap();
    world.borrow("alice", "USDC", room).unwrap();
    world
}

/// One parameter, somewhere else.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Rule(fn(&mut HaircutRule)),
    Risk(fn(&mut AssetRisk)),
    Gross(&'static str),
}

fn turn(world: &mut World, turn: Turn) -> Answer {
    let market = world.market("ATOM").unwrap();
    let mut update = MarketUpdate::default();
    match turn {
        Turn::Rule(change) => {
            let mut rule = market.family.haircut_rule_target;
            change(&mut rule);
            update.haircut = Some(rule);
        }
        Turn::Risk(change) => {
            let mut risk = market.risk_target;
            change(&mut risk);
            update.risk = Some(risk);
        }
        Turn::Gross(gross) => {
            let margin = MarginParameters {
                initial_factor: Fraction::percent(115),
                gross_factor: fraction(gross),
            };
            let update = ParametersUpdate {
                margin: Some(margin),
                ..ParametersUpdate::default()
            };
            return world.execute("owner", ExecuteMsg::UpdateParams(update), Vec::new());
        }
    }
    let asset = world.asset("ATOM");
    world.execute(
        "owner",
        ExecuteMsg::UpdateMarket { asset, update },
        Vec::new(),
    )
}

fn maintenance(world: &World) -> Usd {
    world.margin("alice").unwrap().maintenance
}

/// Parameters one at a time, up and down.
const TURNS: [(&str, Turn); 10] = [
    ("floor up", Turn::Rule(|r| r.floor = Fraction::percent(40))),
    ("floor down", Turn::Rule(|r| r.floor = Fraction::percent(5))),
    (
        "z up",
        Turn::Rule(|r| r.volatility_multiple = Fraction::percent(800)),
    ),
    (
        "z down",
        Turn::Rule(|r| r.volatility_multiple = Fraction::percent(100)),
    ),
    ("cap down", Turn::Rule(|r| r.cap = Fraction::percent(16))),
    (
        "e up",
        Turn::Risk(|r| r.extra_haircut = Fraction::percent(2)),
    ),
    (
        "size cap up",
        Turn::Risk(|r| r.size_cap = Fraction::percent(10)),
    ),
    ("size cap down", Turn::Risk(|r| r.size_cap = Fraction::ZERO)),
    (
        "liquidity up",
        Turn::Risk(|r| r.liquidity = Amount(r.liquidity.0 * 10)),
    ),
    ("gross up", Turn::Gross("0.06")),
];

#[test]
fn pitfall_44_no_parameter_moves_a_margin_by_a_jump() -> Tested {
    for (name, change) in TURNS {
        // At 3 % a day the haircut stands on its floor, at 6 % it follows the volatility.
        let volatility = if name.starts_with("floor") {
            "0.03"
        } else {
            "0.06"
        };
        let world = &mut at_the_limit(volatility);
        let start = maintenance(world);
        turn(world, change).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(maintenance(world), start, "{name}: the block of the change");
        assert!(!is_liquidatable(world, ("alice", 0)), "{name}");
        let hourly: Vec<i128> = (0..=WEEK / HOUR + 2)
            .map(|_| {
                let margin = maintenance(world).0;
                world.advance(HOUR);
                margin
            })
            .collect();
        let end = *hourly.last().unwrap();
        // No hour takes more than a few times its part of the way: where a haircut meets its
        // floor or cap, it follows for a part of the week only ("cap down": for 17 hours).
        let way: i128 = hourly
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .sum();
        let steepest = hourly
            .windows(2)
            .map(|pair| (pair[1] - pair[0]).abs())
            .max()
            .unwrap();
        assert!(
            steepest <= 12 * way / 168 + 1,
            "{name}: {steepest} of {way} in an hour"
        );
        // It gets somewhere and stays there: the last two samples lie behind the end.
        assert_eq!(hourly[hourly.len() - 2], end, "{name}");
        assert!(
            name == "gross up" || end != start.0,
            "{name} changes something"
        );
    }
    Ok(())
}

#[test]
fn pitfall_44_a_ramp_that_is_bent_goes_on_from_where_it_is() -> Tested {
    let mut world = at_the_limit("0.03");
    let floors: [fn(&mut HaircutRule); 4] = [
        |r| r.floor = Fraction::percent(50),
        |r| r.floor = Fraction::percent(20),
        |r| r.floor = Fraction::percent(60),
        |r| r.floor = Fraction::percent(3),
    ];
    for (step, floor) in floors.into_iter().enumerate() {
        let before = maintenance(&world);
        turn(&mut world, Turn::Rule(floor))?;
        assert_eq!(maintenance(&world), before, "step {step}");
        world.advance(1);
        let moved = maintenance(&world).0.abs_diff(before.0);
        // A second of a week, of at most the whole margin.
        assert!(
            moved <= 3 * before.0.unsigned_abs() / u128::from(WEEK),
            "step {step}: {moved}"
        );
        world.advance(2 * 86_400);
    }
    // In the end it stands where the last one wanted it.
    world.advance(WEEK);
    assert_eq!(
        world.market("ATOM")?.family.haircut_rule.floor,
        Fraction::percent(3)
    );
    Ok(())
}

#[test]
fn a_new_ramp_time_leaves_a_running_ramp_alone() -> Tested {
    let mut world = at_the_limit("0.03");
    turn(&mut world, Turn::Rule(|r| r.floor = Fraction::percent(40)))?;
    world.advance(WEEK / 2);
    let before = (maintenance(&world), world.market("ATOM")?.ramp_end);
    let update = ParametersUpdate {
        ramp_time: Some(1),
        ..ParametersUpdate::default()
    };
    world.execute("owner", ExecuteMsg::UpdateParams(update), Vec::new())?;
    assert_eq!(
        (maintenance(&world), world.market("ATOM")?.ramp_end),
        before
    );
    world.advance(2);
    let moved = maintenance(&world).0 - before.0.0;
    assert!(moved >= 0 && moved <= before.0.0 / 50_000, "{moved}");
    Ok(())
}

#[test]
fn half_way_in_time_is_half_way_in_value() -> Tested {
    let mut world = at_the_limit("0.03");
    turn(
        &mut world,
        Turn::Rule(|r| (r.floor, r.cap) = (Fraction::percent(35), Fraction::percent(60))),
    )?;
    turn(&mut world, Turn::Gross("0.06"))?;
    world.advance(WEEK / 2);
    let market = world.market("ATOM")?;
    assert_eq!(market.family.haircut_rule.floor, Fraction::percent(25));
    assert_eq!(market.family.haircut_rule.cap, Fraction::percent(65));
    assert_eq!(
        market.family.haircut_rule_target.floor,
        Fraction::percent(35)
    );
    let config: bulwark_types::vault::ConfigResponse =
        world.query(&bulwark_types::vault::QueryMsg::Config {})?;
    assert_eq!(config.gross_factor_in_force, Fraction::percent(5));
    assert_eq!(config.parameters.margin.gross_factor, Fraction::percent(6));
    Ok(())
}

/// Regression: caps were checked against where the liquidity was going, so that they rose at
/// once while the size of a holding was still charged against the old liquidity, or the
/// other way round.
#[test]
fn caps_follow_a_rising_liquidity_only_when_it_has_arrived() -> Tested {
    let mut world = at_the_limit("0.03");
    let market = world.market("ATOM")?;
    let mut risk = market.risk;
    risk.liquidity = Amount(risk.liquidity.0 * 2);
    let mut limits = market.limits;
    limits.deposit_cap = risk.liquidity;
    let update = |world: &mut World, risk, limits| {
        let asset = world.asset("ATOM");
        let update = MarketUpdate {
            risk,
            limits,
            ..MarketUpdate::default()
        };
        world.execute(
            "owner",
            ExecuteMsg::UpdateMarket { asset, update },
            Vec::new(),
        )
    };
    let early = update(&mut world, Some(risk), Some(limits)).unwrap_err();
    assert_eq!(early.name, "invalid_config");
    update(&mut world, Some(risk), None)?;
    world.advance(WEEK / 2);
    assert_eq!(
        update(&mut world, None, Some(limits)).unwrap_err().name,
        "invalid_config"
    );
    world.advance(WEEK / 2);
    update(&mut world, None, Some(limits))?;
    assert_eq!(world.market("ATOM")?.limits.deposit_cap, risk.liquidity);
    Ok(())
}

/// Regression: naming a target again restarted its ramp, so that an owner could put a
/// tightening off for ever.
#[test]
fn naming_a_target_again_leaves_its_ramp_alone() -> Tested {
    let mut world = at_the_limit("0.03");
    let asset = world.asset("ATOM");
    let mut risk = world.market("ATOM")?.risk;
    risk.extra_haircut = fraction("0.01");
    let update = MarketUpdate {
        risk: Some(risk),
        ..MarketUpdate::default()
    };
    let message = ExecuteMsg::UpdateMarket { asset, update };
    world.execute("owner", message.clone(), Vec::new())?;
    let end = world.market("ATOM")?.ramp_end;
    world.advance(WEEK / 2);
    world.execute("owner", message, Vec::new())?;
    assert_eq!(world.market("ATOM")?.ramp_end, end);
    Ok(())
}

//! Many accounts that do anything at moving prices, audited at every step.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::unwrap_used,
    reason = "tests fail loudly, and make prices of floating point"
)]

use bulwark_risk::units::{Amount, Price};
use bulwark_testing::{Auditor, MarketSpec, World};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SYMBOLS: [(&str, u8, f64); 6] = [
    ("USDC", 6, 1.0),
    ("DAI", 18, 1.0),
    ("ATOM", 6, 10.0),
    ("stATOM", 6, 12.0),
    ("BTC", 8, 60_000.0),
    ("PEBBLE", 0, 3.0),
];

fn world(actors: usize) -> World {
    let mut builder = World::builder();
    for (symbol, decimals, price) in SYMBOLS {
        let spec = match symbol {
            "USDC" | "DAI" => MarketSpec::usd(symbol),
            "stATOM" => MarketSpec::member(symbol, "ATOM"),
            _ => MarketSpec::crypto(symbol),
        };
        builder = builder.with_market(spec.with_decimals(decimals).with_price(price));
    }
    for actor in 0..actors {
        builder = builder.with_actor(&format!("actor-{actor}"));
    }
    let mut world = builder.build().unwrap();
    for (symbol, _, price) in SYMBOLS {
        let tokens = (2_000_000.0 / price) as u32;
        world.deposit_lent("bob", symbol, tokens).unwrap();
    }
    world
}

/// One message of an actor; most pass, some are refused.
fn act(world: &mut World, dice: &mut ChaCha8Rng, actor: &str) {
    let account = (actor, dice.random_range(0..2u16));
    let other = (actor, 1 - account.1);
    let (symbol, _, price) = *SYMBOLS.choose(dice).unwrap();
    let tokens = (dice.random_range(10.0..20_000.0) / price) as u32 + 1;
    let part = |most: Amount, dice: &mut ChaCha8Rng| match dice.random_range(0..4) {
        0 => Amount(most.0 / 3 + 1),
        1 => Amount(1),
        _ => most,
    };
    let _ = match dice.random_range(0..12) {
        0..=2 => world.deposit(account, symbol, tokens),
        3 => world.deposit_lent(account, symbol, tokens),
        4 | 5 => {
            let most = world.max_borrow(account, symbol).unwrap();
            world.borrow(account, symbol, part(most, dice))
        }
        6 => {
            let most = world.max_withdraw(account, symbol).unwrap();
            world.withdraw(account, symbol, part(most, dice))
        }
        7 => world.repay(account, symbol, tokens),
        8 => world.lend_all(account, symbol),
        9 => world.recall_all(account, symbol),
        10 => {
            let most = world.max_withdraw(account, symbol).unwrap();
            world.transfer(account, other, symbol, part(most, dice))
        }
        _ => {
            let vault = world.vault().to_string();
            world.send(actor, &vault, symbol, Amount(3))
        }
    };
}

/// Keepers close what can be closed.
fn keep(world: &mut World) {
    let page = world.at_risk(None, None, Some(100)).unwrap();
    for risky in page.accounts {
        if let Some(plan) = world.plan(&risky.account).unwrap() {
            let (debt, seize) = (plan.debt, plan.seize);
            world
                .liquidate(
                    "keeper",
                    &risky.account,
                    &debt.asset,
                    debt.amount,
                    &seize.asset,
                )
                .unwrap();
        } else {
            let _ = world.write_off("keeper", &risky.account);
        }
    }
}

#[test]
fn nothing_breaks_while_everybody_does_anything() {
    for seed in 0..6 {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut world = world(8);
        let mut auditor = Auditor::new(&mut world);
        let mut prices = SYMBOLS.map(|(_, _, price)| price);
        for step in 0..60u64 {
            for actor in 0..8 {
                act(&mut world, &mut dice, &format!("actor-{actor}"));
            }
            world.advance(dice.random_range(60..7_200));
            for (price, (_, _, first)) in prices.iter_mut().zip(SYMBOLS) {
                let spread = if first == 1.0 { 0.003 } else { 0.06 };
                *price *= 1.0 + dice.random_range(-spread..spread);
                if step % 25 == 24 && first != 1.0 {
                    *price *= dice.random_range(0.55..0.9);
                }
            }
            let posted = SYMBOLS.map(|(symbol, _, _)| symbol).into_iter().zip(prices);
            let posted: Vec<(&str, Price)> = posted
                .map(|(symbol, price)| (symbol, Price((price * 1e18) as u128)))
                .collect();
            world.post_price(&posted).unwrap();
            world.advance(60);
            world.repost().unwrap();
            keep(&mut world);
            let violations = auditor.audit(&mut world);
            assert_eq!(violations, [], "seed {seed}, step {step}");
        }
        assert!(
            auditor.checks().of(12) > 0,
            "nobody was liquidated with seed {seed}"
        );
    }
}

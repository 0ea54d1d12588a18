//! A coin that loses everything, step by step.

use std::io::Write;
use std::path::{Path, PathBuf};

use bulwark_risk::units::Price;
use bulwark_types::oracle::PriceStatus;

use crate::world::{ATOM, World, observed};

fn post_all(world: &mut World, price: Price) {
    for feeder in 0..world.feeders.len() {
        let prices = vec![observed(ATOM, price, world.now())];
        world.send_prices(feeder, prices).unwrap();
    }
}

/// Each price comes twice, a minute apart, every hour; after the second it must be in force.
fn follow(world: &mut World, prices: impl IntoIterator<Item = Price>) {
    for (hour, price) in prices.into_iter().enumerate() {
        post_all(world, price);
        let record = world.record();
        let is_waiting = record.status == PriceStatus::Pending;
        assert!(is_waiting || record.mid == price, "hour {hour}");
        assert!(record.low <= price && price <= record.high, "hour {hour}");
        world.wait(60);
        post_all(world, price);
        assert_eq!(world.record().mid, price, "hour {hour}");
        assert!(!world.price(ATOM).unwrap().stale);
        world.wait(3540);
    }
}

#[test]
fn pitfall_47_a_price_that_falls_to_a_millionth_is_followed_at_every_step() {
    let mut world = World::new();
    let prices = std::iter::successors(Some(Price(80 * 10u128.pow(18))), |price| {
        Some(Price(price.0 * 6 / 10))
    });
    follow(&mut world, prices.take(28));
    assert!(world.record().mid.0 < 80 * 10u128.pow(18) / 900_000);
}

/// The folder with real prices; where there is none, the test says that it was skipped.
fn real_prices(test: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("BULWARK_PRICES") {
        return Some(folder.into());
    }
    println!("SKIPPED: BULWARK_PRICES is not set");
    if let Some(log) = std::env::var_os("BULWARK_SKIP_LOG") {
        let mut log = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(log)
            .unwrap();
        writeln!(log, "{test}: BULWARK_PRICES is not set").unwrap();
    }
    None
}

fn column(file: &Path, symbol: &str) -> Vec<Price> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut rows = text.lines().map(|line| line.split(','));
    let column = rows
        .next()
        .unwrap()
        .position(|name| name == symbol)
        .unwrap();
    rows.filter_map(|mut row| row.nth(column).filter(|cell| !cell.is_empty()))
        .map(|cell| cell.parse().unwrap())
        .collect()
}

#[test]
fn pitfall_47_the_real_fall_of_luna_is_followed_at_every_step() {
    let test = "pitfall_47_the_real_fall_of_luna_is_followed_at_every_step";
    let Some(folder) = real_prices(test) else {
        return;
    };
    let prices = column(&folder.join("2022-05_terra_1h.csv"), "LUNA");
    let last = *prices.last().unwrap();
    let mut world = World::new();
    follow(&mut world, prices.iter().copied());
    let accepted = world.record().mid;
    assert!(accepted.0.abs_diff(last.0) <= last.0 * 15 / 100);
    assert!(accepted.0 < prices[0].0 / 100_000);
}

//! Whole runs, on paths made for one purpose and on real prices.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

use bulwark_simulator::engine::{Progress, Run, RunConfig, SimulationError, run};
use bulwark_simulator::prices::{Column, PathConfig, PriceTable, csv};
use bulwark_testing::prices_dir;

fn config(table: PriceTable, accounts: usize) -> RunConfig {
    RunConfig {
        table,
        accounts,
        seed: 1,
        sabotage: None,
        title: "a test".to_owned(),
        price_source: "a test".to_owned(),
        command_line: "a test".to_owned(),
    }
}

fn play(table: PriceTable, accounts: usize) -> Run {
    run(&config(table, accounts), &mut |_| {}).unwrap()
}

/// No violation, no missing token, and a balance sheet without a remainder.
fn assert_sound(run: &Run, what: &str) {
    let first = &run.report.verdict.first_violations;
    assert_eq!(run.outcome.violations, 0, "{what}: {first:?}");
    assert!(run.outcome.solvent, "{what}");
    assert!(run.outcome.invariant_checks > 0, "{what}");
    for row in &run.report.balance_sheet {
        assert_eq!(row.unexplained(), 0, "{what}: {row:?}");
    }
    let paid = run.outcome.reserve_paid_usd + run.outcome.suppliers_loss_usd;
    let difference = (run.outcome.bad_debt_usd - paid).abs();
    assert!(
        difference <= 1e-6 * run.outcome.bad_debt_usd.max(1.0),
        "{what}: {} of bad debt, {paid} paid",
        run.outcome.bad_debt_usd
    );
}

fn generated(steps: usize) -> PriceTable {
    let config = PathConfig {
        steps,
        ..PathConfig::default()
    };
    config.generate().unwrap()
}

#[test]
fn at_least_half_of_the_accounts_open_above_ninety_percent_of_their_max_borrow() {
    let run = play(generated(4), 60);
    assert_sound(&run, "generated");
    assert!(
        2 * run.outcome.opened_above_90_percent >= run.outcome.accounts,
        "{:?}",
        run.outcome
    );
}

#[test]
fn keepers_gain_what_the_vault_says_that_it_pays() {
    let run = play(generated(60), 60);
    assert_sound(&run, "generated");
    assert!(run.outcome.liquidations > 10, "{:?}", run.outcome);
    let (wallets, events) = (run.outcome.keeper_profit_usd, run.outcome.bonus_paid_usd);
    assert!(
        (wallets - events).abs() < 0.001 * events,
        "wallets gained {wallets}, events say {events}"
    );
    let listed: f64 = run
        .report
        .liquidations
        .iter()
        .map(|one| one.bonus_usd)
        .sum();
    assert!((listed - events).abs() < 0.001 * events);
}

#[test]
fn the_series_cover_every_step_and_what_is_sent_by_mistake_stays_outside_of_the_books() {
    let run = play(generated(20), 20);
    assert_sound(&run, "generated");
    let series = &run.report.series;
    assert_eq!(series.timestamps, generated(20).timestamps);
    assert_eq!(series.margin_ratios.len(), 20);
    assert_eq!(series.books.equity_usd.len(), 20);
    for market in &series.markets {
        assert_eq!(market.prices.len(), 20, "{}", market.symbol);
        assert_eq!(market.borrow_rate.len(), 20, "{}", market.symbol);
    }
    for haircut in &series.haircuts {
        assert!(haircut.in_force.iter().all(Option::is_some));
    }
    let sent: Vec<_> = run
        .report
        .balance_sheet
        .iter()
        .filter(|row| row.sent > 0)
        .collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].held, sent[0].owed() + sent[0].sent);
}

/// A symbol and its price by row.
type Figures<'a> = (&'a str, &'a dyn Fn(usize) -> Option<f64>);

/// Hourly rows.
fn hourly(rows: usize, columns: &[Figures<'_>]) -> PriceTable {
    PriceTable {
        timestamps: (0..rows as u64)
            .map(|row| 1_700_000_000 + 3_600 * row)
            .collect(),
        columns: columns
            .iter()
            .map(|(symbol, price)| Column {
                symbol: (*symbol).to_owned(),
                prices: (0..rows).map(price).collect(),
            })
            .collect(),
    }
}

#[test]
fn symbols_that_begin_later_are_listed_then_a_base_before_its_members() {
    let table = hourly(
        24,
        &[
            ("USDC", &|_| Some(1.0)),
            ("BTC", &|_| Some(60_000.0)),
            ("STATOM", &|row| (row >= 4).then_some(12.0)),
            ("ATOM", &|row| (row >= 8).then_some(9.0)),
        ],
    );
    let run = play(table, 12);
    assert_sound(&run, "late symbols");
    let symbols: Vec<&str> = run
        .report
        .markets
        .iter()
        .map(|market| market.symbol.as_str())
        .collect();
    assert_eq!(symbols, ["USDC", "BTC", "ATOM", "STATOM"]);
    assert_eq!(run.report.markets[3].family, "ATOM");
    let utilisation = &run.report.series.markets[3].utilisation;
    assert_eq!(utilisation.iter().position(Option::is_some), Some(8));
}

#[test]
fn a_feed_that_ends_is_borne_and_its_deposits_decay() {
    let hours = 8 * 24;
    let table = hourly(
        hours,
        &[
            ("USDC", &|_| Some(1.0)),
            ("LUNA", &|row| (row < 12).then_some(80.0)),
        ],
    );
    let run = play(table, 40);
    assert_sound(&run, "an ended feed");
    assert!(run.outcome.bad_debt_usd > 0.0, "{:?}", run.outcome);
    assert_eq!(run.report.bad_debt[0].collateral, "LUNA (no price)");
    assert_eq!(run.report.series.markets[1].prices[20], None);
    assert!(
        run.report
            .story
            .iter()
            .any(|event| event.text.contains("feed of LUNA ends"))
    );
}

#[test]
fn a_table_without_a_stablecoin_is_given_one() {
    let run = play(hourly(6, &[("BTC", &|_| Some(60_000.0))]), 5);
    assert_sound(&run, "no stablecoin");
    assert!(
        run.report
            .markets
            .iter()
            .any(|market| market.symbol == "USD")
    );
}

#[test]
fn prices_of_any_size_are_borne() {
    let table = hourly(
        12,
        &[
            ("USDC", &|_| Some(1.0)),
            ("DUST", &|row| Some(1e-12 * (1.0 + row as f64))),
            // A smallest unit is worth 40 USD: hardly less than dust. (More is not listed.)
            ("WHALE", &|_| Some(4e7)),
            ("ETH", &|row| Some(if row < 6 { 2_000.0 } else { 1e-9 })),
        ],
    );
    assert_sound(&play(table, 20), "extreme prices");
}

#[test]
fn what_cannot_be_run_is_refused_with_the_value() {
    let refused = |config: &RunConfig| run(config, &mut |_| {}).unwrap_err();
    let path = generated(4);
    assert!(matches!(
        refused(&config(path.clone(), 0)),
        SimulationError::Accounts { accounts: 0, .. }
    ));
    let one_row = hourly(1, &[("BTC", &|_| Some(1.0))]);
    assert_eq!(
        refused(&config(one_row, 1)),
        SimulationError::TooShort { rows: 1 }
    );
    let mut sabotaged = config(path, 1);
    sabotaged.sabotage = Some(21);
    assert_eq!(
        refused(&sabotaged),
        SimulationError::NoSuchInvariant { invariant: 21 }
    );
}

#[test]
fn progress_is_reported_for_every_step() {
    let mut steps = Vec::new();
    run(&config(generated(5), 3), &mut |progress| {
        if let Progress::Playing { done, of, .. } = progress {
            steps.push((done, of));
        }
    })
    .unwrap();
    assert_eq!(steps, [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]);
}

/// Reads a real file, where there are any.
fn real(test: &str, file: &str) -> Option<PriceTable> {
    Some(csv::read(&prices_dir(test)?.join(file)).unwrap())
}

/// Plays a real file, its every `every`th row.
fn play_file(test: &str, file: &str, accounts: usize, every: usize) -> Option<Run> {
    let mut table = real(test, file)?;
    let thinned = |row: usize| row % every == 0;
    let mut rows = 0..;
    table
        .timestamps
        .retain(|_| rows.next().is_some_and(thinned));
    for column in &mut table.columns {
        let mut rows = 0..;
        column.prices.retain(|_| rows.next().is_some_and(thinned));
    }
    let run = play(table, accounts);
    assert_sound(&run, file);
    Some(run)
}

#[test]
fn black_thursday_is_survived() {
    let file = "2020-03_black_thursday_1h.csv";
    let Some(run) = play_file("black_thursday_is_survived", file, 60, 1) else {
        return;
    };
    assert!(run.outcome.partial_liquidations > 10, "{:?}", run.outcome);
}

#[test]
fn the_fall_of_luna_is_survived_and_its_bad_debt_explained() {
    let test = "the_fall_of_luna_is_survived_and_its_bad_debt_explained";
    let Some(run) = play_file(test, "2022-05_terra_1h.csv", 100, 1) else {
        return;
    };
    for row in &run.report.bad_debt {
        assert!(row.written_off_usd > 0.0, "{row:?}");
        assert_ne!(row.collateral, "–", "{row:?}");
    }
    let luna = run.report.markets.iter().find(|m| m.symbol == "LUNA");
    assert!(luna.unwrap().min_price.unwrap() < 0.001);
}

#[test]
fn four_years_of_days_are_survived_with_symbols_that_begin_and_end() {
    let test = "four_years_of_days_are_survived_with_symbols_that_begin_and_end";
    let Some(run) = play_file(test, "daily_2018_2022_coingecko.csv", 24, 3) else {
        return;
    };
    assert_eq!(run.outcome.markets, 15);
}

/// In July 2018 the history has no price of USDT: an account with little else than USDT, and one
/// smallest unit each of what keepers took before, has nothing that a keeper could seize.
#[test]
fn an_account_of_unpriced_deposits_and_single_units_waits_for_its_price() {
    let test = "an_account_of_unpriced_deposits_and_single_units_waits_for_its_price";
    let Some(mut table) = real(test, "daily_2018_2022_coingecko.csv") else {
        return;
    };
    table.truncate(200);
    assert_sound(&play(table, 200), test);
}

#[test]
fn the_discount_of_steth_is_survived() {
    let test = "the_discount_of_steth_is_survived";
    let Some(run) = play_file(test, "2022_steth_discount_1d.csv", 24, 2) else {
        return;
    };
    let family = |symbol: &str| {
        let market = run.report.markets.iter().find(|m| m.symbol == symbol);
        market.map(|market| market.family.clone())
    };
    assert_eq!(family("STETH").as_deref(), Some("ETH"));
    assert_eq!(family("WSTETH").as_deref(), Some("ETH"));
}

//! A made-up run with everything in it that a report can show.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::prices::symbols::describe_all;
use crate::prices::{PathConfig, PriceTable};
use crate::report::*;

/// A run over the generated path with so many steps.
pub fn sample(steps: usize) -> ReportData {
    sample_over(
        &PathConfig {
            steps,
            ..PathConfig::default()
        }
        .generate()
        .unwrap(),
    )
}

/// A run over any path. Its numbers are plausible, not true.
pub fn sample_over(table: &PriceTable) -> ReportData {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let assets = describe_all(table);
    let steps = table.steps();
    let stress: Vec<f64> = (0..steps).map(|row| stress(row, steps)).collect();
    let reference = table.column("ETH").unwrap_or(&table.columns[0]);
    let mut data = ReportData {
        meta: RunMeta {
            title: "Bulwark demo: a generated crash".to_owned(),
            seed: 1,
            accounts: 200,
            steps: steps as u64,
            price_source: "generated, seed 1".to_owned(),
            command_line: "bulwark demo --accounts 200 --seed 1".to_owned(),
        },
        verdict: Verdict {
            solvent: true,
            invariant_checks: 48_231,
            ..Verdict::default()
        },
        ..ReportData::default()
    };
    data.series.timestamps = table.timestamps.clone();
    for (column, asset) in table.columns.iter().zip(&assets) {
        let base: f64 = rng.random_range(0.3..0.75);
        let used: Vec<f64> = stress
            .iter()
            .map(|s| (base + 0.2 * s + rng.random_range(-0.02..0.02)).min(1.0))
            .collect();
        let rate = |used: &f64| {
            if *used < 0.8 {
                used / 0.8 * 0.06
            } else {
                0.06 + (used - 0.8) / 0.2
            }
        };
        data.series.markets.push(MarketSeries {
            symbol: column.symbol.clone(),
            prices: column.prices.clone(),
            borrow_rate: used.iter().map(|used| Some(rate(used))).collect(),
            utilisation: used.into_iter().map(Some).collect(),
        });
        let floor = if asset.stable { 0.03 } else { 0.15 };
        data.markets.push(MarketRow {
            asset: asset.denom.clone(),
            symbol: asset.symbol.clone(),
            group: asset.group.name().to_owned(),
            family: asset.family.clone(),
            decimals: asset.decimals,
            floor,
            cap: 0.7,
            z: 3.6,
            extra_haircut: if asset.is_base() { 0.0 } else { 0.02 },
            deposit_cap: asset.liquidity_usd / column.first().unwrap().1,
            borrow_cap: asset.liquidity_usd / column.first().unwrap().1,
            initial_price: column.first().map(|(_, price)| price),
            final_price: column.last().map(|(_, price)| price),
            min_price: column.lowest(),
        });
        if asset.is_base() {
            let target: Vec<f64> = stress.iter().map(|s| floor * (1.05 + 1.6 * s)).collect();
            let mut force = floor;
            let in_force = target.iter().map(|target| {
                force += (target - force).clamp(-0.002, 0.006);
                Some(force)
            });
            data.series.haircuts.push(HaircutSeries {
                family: asset.family.clone(),
                in_force: in_force.collect(),
                target: target.iter().copied().map(Some).collect(),
            });
        }
        let units = rng.random_range(1_000_000_000_000_000..9_000_000_000_000_000_u128);
        data.balance_sheet.push(BalanceRow {
            symbol: column.symbol.clone(),
            decimals: asset.decimals,
            price_usd: column.last().map(|(_, price)| price),
            held: units + units / 3 + rng.random_range(0..4),
            idle: units,
            supplied: units,
            borrowed: units - units / 3,
            reserve: units / 90,
            sent: 0,
        });
    }
    let mut alive = 200.0;
    for (row, s) in stress.iter().enumerate() {
        alive -= 0.5 * s;
        let share = [0.12 * s, 0.10 + 0.2 * s, 0.36 - 0.16 * s, 0.2, 0.15, 0.07];
        let whole: f64 = share.iter().sum();
        data.series
            .margin_ratios
            .push(share.map(|part| (alive * part / whole) as u32));
        let price = reference.prices[row].unwrap_or(1.0) / reference.first().unwrap().1;
        let books = &mut data.series.books;
        books.equity_usd.push(Some(9e6 * price));
        books.debts_usd.push(Some(11e6 * price.sqrt()));
        let reserve = 2e3 + 40.0 * row as f64 - if row > steps / 2 { 9e3 } else { 0.0 };
        books.reserve_usd.push(Some(reserve.max(0.0)));
        let lost = if row > steps / 2 {
            (row - steps / 2).min(20) as f64 * 1.3e3
        } else {
            0.0
        };
        books.bad_debt_usd.push(Some(lost));
        books.suppliers_loss_usd.push(Some((lost - 9e3).max(0.0)));
        let count = ((s * 9.0) as usize * 240).div_ceil(steps.max(240));
        for _ in 0..count {
            data.liquidations.push(liquidation(&mut rng, table, row));
        }
    }
    finish(&mut data, steps);
    data
}

fn stress(row: usize, steps: usize) -> f64 {
    let after = (row as f64 - steps as f64 / 2.0) / steps as f64;
    if after < 0.0 {
        0.0
    } else {
        (-after * 8.0).exp()
    }
}

fn liquidation(rng: &mut ChaCha8Rng, table: &PriceTable, row: usize) -> LiquidationPoint {
    let kind = match rng.random_range(0..20) {
        0 => LiquidationKind::BadDebt,
        1..=4 => LiquidationKind::Distressed,
        _ => LiquidationKind::Partial,
    };
    let value = 10f64.powf(rng.random_range(1.5..5.2));
    let symbol = |n: usize| table.columns[n % table.columns.len()].symbol.clone();
    LiquidationPoint {
        timestamp: table.timestamps[row],
        kind,
        repaid: symbol(rng.random_range(0..100)),
        seized: symbol(rng.random_range(0..100)),
        value_usd: value,
        bonus_usd: value * rng.random_range(0.01..0.08),
        ratio_before: Some(rng.random_range(0.2..1.0)),
    }
}

fn finish(data: &mut ReportData, steps: usize) {
    let sum = |f: fn(&LiquidationPoint) -> f64| data.liquidations.iter().map(f).sum::<f64>();
    data.headline = Headline {
        liquidations: data.liquidations.len() as u64,
        liquidated_usd: sum(|l| l.value_usd),
        bonus_paid_usd: sum(|l| l.bonus_usd),
        bad_debt_usd: 26_000.0,
        suppliers_loss_usd: 17_000.0,
        reserve_usd: 12_345.67,
        messages: 31_337,
        seconds: 4.21,
    };
    let holding = |symbol: &str, tokens, price: f64, haircut, contribution_usd| HoldingExplained {
        symbol: symbol.to_owned(),
        tokens,
        exposure_usd: tokens * price,
        haircut,
        contribution_usd,
    };
    data.account = Some(AccountExplained {
        label: "Account borrower-17/0 at the start.".to_owned(),
        holdings: vec![
            holding("ETH", 12.5, 3_100.0, 0.163, 5_480.0),
            holding("STATOM", 900.0, 12.07, 0.17, 1_270.0),
            holding("ATOM", -500.0, 8.5, 0.15, -420.0),
            holding("USDC", -34_000.0, 1.0, 0.03, 760.0),
        ],
        equity_usd: 11_363.0,
        maintenance_usd: 7_090.0,
        initial_usd: 8_150.0,
        margin_ratio: Some(1.603),
    });
    for (symbol, reserve, suppliers) in [("USDC", 6e3, 12e3), ("USDT", 3e3, 5e3)] {
        data.bad_debt.push(BadDebtRow {
            symbol: symbol.to_owned(),
            written_off_usd: reserve + suppliers,
            reserve_usd: reserve,
            suppliers_usd: suppliers,
            share_of_pool: 0.0123,
            collateral: "NOVA".to_owned(),
            haircut_before: Some(0.18),
            largest_fall: Some(0.38),
        });
    }
    let kinds = [
        (
            StoryKind::Note,
            "10 markets are listed, 200 accounts open positions; 112 of them above 90 % of what they could borrow.",
        ),
        (
            StoryKind::Price,
            "OSMO falls by 21 % within the hour, NOVA by 16 %.",
        ),
        (
            StoryKind::MarginCall,
            "34 accounts are below their initial margin.",
        ),
        (
            StoryKind::Liquidation,
            "keeper-2 repays 3,410 USDC of borrower-17/0 and seizes 1.31 ETH: bonus $82, margin ratio 0.94 to 1.10.",
        ),
        (
            StoryKind::BadDebt,
            "borrower-88/0 has 1,204 USDC of debt and nothing left: the reserve pays 1,204 USDC.",
        ),
    ];
    for row in 0..24 {
        let (kind, text) = kinds[row % kinds.len()];
        let timestamp = data.series.timestamps[row * steps / 24];
        data.story.push(StoryEvent {
            timestamp,
            kind,
            text: text.to_owned(),
        });
    }
}

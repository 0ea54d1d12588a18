//! Paths and whole studies that tests start from.

use bulwark_risk::haircut::HaircutRule;

use crate::prices::{Column, PathConfig, PriceTable};
use crate::study::calibrate::Natural;
use crate::study::config::{Settings, StudyConfig};
use crate::study::engine::RunSpec;
use crate::study::outcome::Outcome;
use crate::study::owners::{Owner, owners};
use crate::study::path::StudyPath;
use crate::study::variant::Variant;
use crate::study::{StudyReport, engine, run};

/// An hourly path of some symbols; a column per symbol, a price per row.
pub fn table(columns: &[(&str, Vec<f64>)]) -> PriceTable {
    let rows = columns
        .iter()
        .map(|(_, prices)| prices.len())
        .max()
        .unwrap();
    PriceTable {
        timestamps: (0..rows as u64)
            .map(|row| 1_700_000_000 + row * 3_600)
            .collect(),
        columns: columns
            .iter()
            .map(|(symbol, prices)| Column {
                symbol: (*symbol).to_owned(),
                prices: prices.iter().copied().map(Some).collect(),
            })
            .collect(),
    }
}

/// A short generated path with a crash in the middle.
pub fn generated(steps: usize) -> StudyPath {
    let table = PathConfig {
        symbols: ["BTC", "ETH", "ATOM", "STATOM", "USDC", "DAI"]
            .map(str::to_owned)
            .to_vec(),
        steps,
        collapse: None,
        crash_depth: 0.6,
        ..PathConfig::default()
    };
    StudyPath::new("generated", true, table.generate().unwrap()).unwrap()
}

/// A calm week of a coin, then a fall by so much within one hour, from which it does not recover.
pub fn cliff(fall: f64) -> StudyPath {
    let mut prices: Vec<f64> = (0..168).map(|hour| 100.0 + f64::from(hour % 2)).collect();
    prices.extend([100.0 * (1.0 - fall); 24]);
    StudyPath::new("cliff", true, table(&[("BTC", prices)])).unwrap()
}

/// A study of the generated path, small enough for a test.
pub fn study(seed: u64) -> StudyReport {
    let config = StudyConfig {
        accounts: 20,
        seed,
        generated: 0,
        tables: vec![("path".to_owned(), generated(48).table)],
        sweep: false,
        settings: Settings::default(),
        command_line: "bulwark study".to_owned(),
    };
    run(&config, &mut |_| {}).unwrap()
}

/// What came of one variant with rules of its own.
pub fn outcome(
    path: &StudyPath,
    settings: &Settings,
    variant: Variant,
    rules: impl Fn(&Natural<'_>) -> Vec<HaircutRule>,
    with_impact: bool,
) -> Outcome {
    let natural = Natural::new(path, settings).unwrap();
    let rules = rules(&natural);
    let owners: Vec<Owner> = owners(path, 40, 7);
    let spec = RunSpec {
        path,
        natural: &natural,
        settings,
        owners: &owners,
        variant,
        rules: &rules,
        with_impact,
        identical: None,
    };
    engine::run(&spec).unwrap().0
}

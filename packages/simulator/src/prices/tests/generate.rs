use super::super::{PathConfig, PathConfigError, PriceTable};

fn config(seed: u64) -> PathConfig {
    PathConfig {
        seed,
        ..PathConfig::default()
    }
}

fn prices(table: &PriceTable, symbol: &str) -> Vec<f64> {
    table
        .column(symbol)
        .unwrap()
        .prices
        .iter()
        .map(|price| price.unwrap())
        .collect()
}

/// The largest fall from any price to a later one within `window` rows, as a fraction.
fn deepest_fall(prices: &[f64], window: usize) -> f64 {
    prices
        .iter()
        .enumerate()
        .flat_map(|(row, from)| {
            prices
                .iter()
                .skip(row)
                .take(window + 1)
                .map(move |to| 1.0 - to / from)
        })
        .fold(0.0, f64::max)
}

#[test]
fn the_default_path_has_ten_markets_and_ten_days() {
    let table = PathConfig::default().generate().unwrap();
    assert_eq!((table.steps(), table.columns.len()), (240, 10));
    assert!(
        table
            .timestamps
            .windows(2)
            .all(|pair| pair[1] - pair[0] == 3_600)
    );
    for column in &table.columns {
        assert!(
            column
                .prices
                .iter()
                .all(|price| price.is_some_and(|p| p.is_finite() && p > 0.0))
        );
    }
}

#[test]
fn the_same_seed_gives_the_same_path_and_another_one_another() {
    assert_eq!(config(7).generate(), config(7).generate());
    assert_ne!(config(7).generate(), config(8).generate());
}

#[test]
fn a_symbols_path_does_not_depend_on_the_others() {
    let mut fewer = config(3);
    fewer.symbols = ["NOVA", "SOL", "BTC"].map(str::to_owned).to_vec();
    let (all, fewer) = (config(3).generate().unwrap(), fewer.generate().unwrap());
    for symbol in ["BTC", "SOL", "NOVA"] {
        assert_eq!(prices(&all, symbol), prices(&fewer, symbol));
    }
}

#[test]
fn the_crash_is_deep_enough_to_liquidate_and_leaves_a_recovery() {
    for seed in 0..20 {
        let table = config(seed).generate().unwrap();
        let falls: Vec<f64> = ["BTC", "ETH", "ATOM", "OSMO", "SOL"]
            .iter()
            .map(|symbol| deepest_fall(&prices(&table, symbol), 14))
            .collect();
        assert!(
            falls.iter().all(|fall| (0.2..0.75).contains(fall)),
            "seed {seed}: {falls:?}"
        );
        assert!(
            falls.iter().filter(|fall| **fall > 0.4).count() >= 2,
            "seed {seed}: {falls:?}"
        );
        // One step that falls further than the smallest haircut of a volatile asset is what
        // makes bad debt.
        let steepest = deepest_fall(&prices(&table, "OSMO"), 1);
        assert!(steepest > 0.12, "seed {seed}: {steepest}");
        assert!(
            deepest_fall(&prices(&table, "NOVA"), 24) > 0.94,
            "seed {seed}"
        );
    }
}

#[test]
fn before_the_crash_it_is_calm() {
    for seed in 0..20 {
        let table = config(seed).generate().unwrap();
        let fall = deepest_fall(&prices(&table, "BTC")[..120], 6);
        assert!(fall < 0.12, "seed {seed}: {fall}");
    }
}

#[test]
fn stablecoins_stay_near_one() {
    for seed in 0..20 {
        let table = config(seed).generate().unwrap();
        for symbol in ["USDC", "USDT", "DAI"] {
            let far = prices(&table, symbol)
                .iter()
                .map(|p| (p - 1.0).abs())
                .fold(0.0, f64::max);
            assert!(far < 0.012, "seed {seed} {symbol}: {far}");
        }
    }
}

#[test]
fn a_staked_asset_follows_its_base_at_a_discount_that_widens_in_the_crash() {
    let table = PathConfig::default().generate().unwrap();
    let pairs = prices(&table, "STATOM")
        .into_iter()
        .zip(prices(&table, "ATOM"));
    let ratio: Vec<f64> = pairs.map(|(staked, base)| staked / base).collect();
    assert!(ratio.iter().all(|ratio| (1.3..1.45).contains(ratio)));
    let crash = ratio[115..150].iter().copied().fold(f64::MAX, f64::min);
    assert!(crash < ratio[100] * 0.97, "{crash} {}", ratio[100]);
    assert!(ratio[239] > crash * 1.02);
}

#[test]
fn a_derivative_without_its_base_is_an_asset_like_any_other() {
    let mut config = config(1);
    config.symbols = vec!["STATOM".to_owned()];
    config.collapse = None;
    assert_eq!(config.generate().unwrap().symbols(), ["STATOM"]);
}

#[test]
fn a_deeper_crash_falls_deeper() {
    let fall = |crash_depth| {
        let table = PathConfig {
            crash_depth,
            ..config(5)
        }
        .generate()
        .unwrap();
        deepest_fall(&prices(&table, "ETH"), 14)
    };
    assert!(fall(0.0) < 0.2 && fall(0.3) < fall(0.5) && fall(0.5) < fall(0.8));
}

#[test]
fn short_and_long_paths_crash_as_well() {
    for steps in [2, 3, 10, 30, 2_000] {
        let table = PathConfig { steps, ..config(2) }.generate().unwrap();
        assert_eq!(table.steps(), steps);
        assert!(
            deepest_fall(&prices(&table, "NOVA"), steps) > 0.9,
            "{steps}"
        );
    }
}

#[test]
fn a_configuration_out_of_range_is_refused_by_name() {
    let refused = |change: &dyn Fn(&mut PathConfig)| {
        let mut config = PathConfig::default();
        change(&mut config);
        config.generate().unwrap_err()
    };
    use PathConfigError as E;
    assert_eq!(refused(&|c| c.steps = 1), E::Steps { steps: 1 });
    assert_eq!(refused(&|c| c.steps = 100_001), E::Steps { steps: 100_001 });
    assert_eq!(
        refused(&|c| c.step_seconds = 0),
        E::StepSeconds { step_seconds: 0 }
    );
    assert_eq!(
        refused(&|c| c.start = u64::MAX),
        E::Start { start: u64::MAX }
    );
    assert_eq!(
        refused(&|c| c.symbols.clear()),
        E::SymbolCount { symbols: 0 }
    );
    assert_eq!(
        refused(&|c| c.symbols.push("a,b".to_owned())),
        E::BadSymbol {
            symbol: "a,b".to_owned()
        }
    );
    assert_eq!(
        refused(&|c| c.symbols.push("btc".to_owned())),
        E::DuplicateSymbol {
            symbol: "btc".to_owned()
        }
    );
    assert_eq!(
        refused(&|c| c.crash_depth = 0.91),
        E::CrashDepth { crash_depth: 0.91 }
    );
    assert!(matches!(
        refused(&|c| c.crash_depth = f64::NAN),
        E::CrashDepth { .. }
    ));
    assert_eq!(
        refused(&|c| c.collapse_depth = 1.0),
        E::CollapseDepth {
            collapse_depth: 1.0
        }
    );
    assert_eq!(
        refused(&|c| c.collapse = Some("XYZ".to_owned())),
        E::UnknownCollapse {
            symbol: "XYZ".to_owned()
        }
    );
}

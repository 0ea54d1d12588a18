//! Whole studies.

use super::fixture::{generated, study, table};
use crate::study::config::{Settings, StudyConfig};
use crate::study::path::StudyPath;
use crate::study::{Comparison, Feature, StudyError, Variant, render, run};

#[test]
fn the_same_seed_gives_the_same_study_and_another_one_another() {
    let first = study(1);
    assert_eq!(first, study(1));
    assert_ne!(first.paths, study(2).paths);
}

#[test]
fn every_variant_is_played_on_all_terms_and_shown() {
    let report = study(1);
    let path = &report.paths[0];
    assert_eq!(path.runs.len(), 3 * 2 * 8);
    for comparison in Comparison::ALL {
        for with_impact in [false, true] {
            for variant in Variant::all() {
                let run = path.run_of(comparison, with_impact, variant).unwrap();
                assert_eq!(run.outcome.openings, 20);
                assert_eq!(run.series.haircut.len(), path.rows);
            }
            // Identical positions are identical, whatever the variant.
            if comparison == Comparison::IdenticalPositions {
                let borrowed = path
                    .runs_of(comparison, with_impact)
                    .map(|run| run.outcome.borrowed_usd);
                let borrowed: Vec<f64> = borrowed.collect();
                assert!(
                    borrowed.iter().all(|usd| *usd == borrowed[0]),
                    "{borrowed:?}"
                );
            }
        }
    }
    let named: Vec<Feature> = report
        .verdicts
        .iter()
        .map(|verdict| verdict.feature)
        .collect();
    assert_eq!(named, Feature::ALL);
    for verdict in &report.verdicts {
        assert_eq!(verdict.helps + verdict.harms + verdict.same, 2);
        assert_eq!(verdict.sentences.len(), 4);
    }
    let page = render(&report);
    for part in [
        "Does it help?",
        "volatility + netting + size",
        "equal borrowing power",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn what_cannot_be_studied_is_refused_with_its_value() {
    let config = StudyConfig {
        accounts: 20,
        seed: 1,
        generated: 0,
        tables: Vec::new(),
        sweep: false,
        settings: Settings::default(),
        command_line: String::new(),
    };
    let refused = |config: StudyConfig| run(&config, &mut |_| {}).unwrap_err();
    assert!(matches!(refused(config.clone()), StudyError::NoPaths));
    let few = StudyConfig {
        accounts: 19,
        ..config.clone()
    };
    assert!(matches!(
        refused(few),
        StudyError::Accounts { accounts: 19 }
    ));
    let many = StudyConfig {
        generated: 101,
        ..config
    };
    assert!(matches!(
        refused(many),
        StudyError::Generated { generated: 101 }
    ));
    let stable = StudyPath::new("stable", true, table(&[("USDC", vec![1.0; 3])]));
    assert!(matches!(stable, Err(StudyError::NothingVolatile { .. })));
}

#[test]
fn columns_of_another_source_and_sparse_ones_are_left_out_and_named() {
    let mut table = generated(20).table;
    let mut other = table.columns[0].clone();
    other.symbol = "BTC_CG".to_owned();
    let mut sparse = table.columns[0].clone();
    sparse.symbol = "LTC".to_owned();
    for row in 1..12 {
        sparse.prices[row] = None;
    }
    table.columns.extend([other, sparse]);
    let path = StudyPath::new("path", false, table).unwrap();
    let left: Vec<&str> = path
        .left_out
        .iter()
        .map(|(symbol, _)| symbol.as_str())
        .collect();
    assert_eq!(left, ["BTC_CG", "LTC"]);
    assert!(path.assets.iter().all(|asset| asset.symbol != "LTC"));
}

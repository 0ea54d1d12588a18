//! `bulwark study` as somebody at a terminal uses it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the binary in a folder of its own, without the machine's price files.
fn study(test: &str, arguments: &[&str]) -> (PathBuf, Output) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("study-{test}"));
    std::fs::create_dir_all(&folder).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_bulwark"))
        .arg("study")
        .args(arguments)
        .env_remove("BULWARK_PRICES")
        .current_dir(&folder)
        .output()
        .unwrap();
    (folder, output)
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A file with a day of prices that end in a fall.
fn price_file(name: &str) -> String {
    let mut content = "timestamp,BTC,ATOM,USDC\n".to_owned();
    for hour in 0..24 {
        let fall = if hour < 12 { 1.0 } else { 0.8 };
        writeln!(
            content,
            "2024-01-01T{hour:02}:00:00Z,{},{},1",
            60_000.0 * fall,
            10.0 * fall
        )
        .unwrap();
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, content).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_price_file_is_studied_and_told_in_json_in_a_page_and_in_words() {
    let file = price_file("study.csv");
    let small = ["--accounts", "20", "--generated", "0", "--prices", &file];
    let (folder, output) = study("json", &[small.as_slice(), &["--json"]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("playing prices: 48 of 48"));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["paths"][0]["name"], "study");
    let runs = report["paths"][0]["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 48);
    for run in runs {
        for field in [
            "borrowing_power_usd",
            "liquidations",
            "liquidated_usd",
            "written_off_usd",
            "suppliers_loss_usd",
            "average_haircut",
        ] {
            assert!(run["outcome"][field].is_number(), "{field}: {run}");
        }
    }
    for (verdict, feature) in
        report["verdicts"]
            .as_array()
            .unwrap()
            .iter()
            .zip(["volatility", "netting", "size"])
    {
        assert_eq!(verdict["feature"], feature);
        assert!(verdict["bad_debt_factor"].is_number());
        assert!(!verdict["sentences"][0].as_str().unwrap().is_empty());
    }
    let page = std::fs::read_to_string(folder.join("target/bulwark/study/report.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"));

    let (_, output) = study("words", &small);
    let words = String::from_utf8(output.stdout).unwrap();
    for feature in [
        "Haircuts that follow volatility",
        "Netting",
        "The size term",
    ] {
        assert!(words.contains(feature), "{words}");
    }
}

#[test]
fn what_is_not_understood_is_refused_with_the_reason() {
    for (arguments, reason) in [
        (&["--accounts", "0"][..], "--accounts"),
        (&["--generated", "101"], "--generated"),
        (&["--generated", "0"], "needs a price file"),
        (&["--seed", "x"], "--seed"),
        (&["--prices", "no-such-file.csv"], "no-such-file.csv"),
        (&["--nonsense"], "--nonsense"),
    ] {
        let (_, output) = study("refused", arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
    }
}

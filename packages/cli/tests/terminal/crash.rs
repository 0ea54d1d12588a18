//! A keeper that nobody attends, through a crash: real nodes, real wasm.

use crate::support::{refused, run, told};
use serde_json::Value;

/// Two coins; half of what ATOM is worth is gone within some hours.
fn price_file() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crash.csv");
    let mut text = String::from("timestamp,ATOM,USDC\n");
    let prices = [
        10.0, 10.0, 10.1, 9.9, 9.0, 8.1, 7.3, 6.6, 6.0, 5.4, 5.1, 5.0,
    ];
    for (hour, price) in prices.iter().enumerate() {
        text += &format!("2022-05-09T{hour:02}:00:00Z,{price},1\n");
    }
    std::fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    (folder, path)
}

#[test]
fn whoever_falls_is_liquidated_within_three_blocks_and_the_wallet_agrees() {
    let (_folder, prices) = price_file();
    let report = told(&run(&[
        "bench",
        "crash",
        "--prices",
        &prices,
        "--accounts",
        "40",
        "--json",
    ]));
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["accounts"], 40, "{report}");
    let number = |name: &str| report[name].as_u64().unwrap();
    assert!(number("fell") >= 10, "{report}");
    assert!(number("liquidations") >= number("fell"), "{report}");
    assert_eq!((number("late"), number("left")), (0, 0), "{report}");
    assert_eq!(report["wallet_agrees"], true, "{report}");
    assert_eq!(report["books_balance"], true, "{report}");
}

#[test]
fn nothing_begins_with_prices_that_cannot_be_read() {
    let (code, complaint) = refused(&run(&["bench", "crash", "--prices", "/nowhere.csv"]));
    assert_eq!(code, Some(1), "{complaint}");
    assert!(complaint.contains("/nowhere.csv"), "{complaint}");
}

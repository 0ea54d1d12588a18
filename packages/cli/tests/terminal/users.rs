//! Users and a liquidator at their terminals: real nodes, real wasm.

use crate::support::market::{OSMO, Running, json, network, wait_for, with_files};
use crate::support::replay::{DOLLAR, replay, tx};
use crate::support::{refused, told};
use serde_json::Value;

#[test]
fn users_see_what_they_do_before_they_do_it_and_a_crash_is_liquidated() {
    let home = network();
    let steady = Running::feeder(&replay(&home, "1"));

    // Somebody lends, somebody borrows against a deposit; it is shown first what will be.
    told(&tx(
        &home,
        "bob",
        &["deposit", "50000uusdt", "--whole", "--lend"],
    ));
    let shown = told(&with_files(
        &home,
        &[
            "tx",
            "deposit",
            "10000000000uosmo",
            "--from",
            "alice",
            "--dry-run",
        ],
    ));
    for part in [
        "whole tokens: 10000)",
        "afterwards",
        "10,000.00",
        "Nothing was sent",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let account = json(&with_files(&home, &["account", "show", "alice", "--json"]));
    assert_eq!(account["account"]["holdings"].as_array().unwrap().len(), 0);
    told(&tx(&home, "alice", &["deposit", "10000000000uosmo"]));

    let report = json(&tx(
        &home,
        "alice",
        &["borrow", "7000000000uusdt", "--json"],
    ));
    let (foreseen, now) = (&report["margins"]["after"], &report["sent"]["margin"]);
    assert_eq!(foreseen["debts"], now["debts"], "{report}");
    assert_eq!(now["status"], "healthy");

    // Nobody is asked where there is no terminal; too much is refused, in plain words.
    let (code, complaint) = refused(&with_files(
        &home,
        &["tx", "borrow", "1uusdt", "--from", "alice"],
    ));
    assert_eq!(code, Some(2), "{complaint}");
    assert!(complaint.contains("--yes"), "{complaint}");
    let too_much = tx(&home, "alice", &["withdraw", OSMO, "--json"]);
    let (code, complaint) = refused(&too_much);
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains("would not meet its initial margin"),
        "{complaint}"
    );
    let report: Value = serde_json::from_slice(&too_much.stdout).unwrap();
    assert_eq!(
        report["refused"]["name"], "below_initial_margin",
        "{report}"
    );
    let (code, complaint) = refused(&tx(&home, "alice", &["deposit", "1.5uosmo"]));
    assert_eq!(code, Some(2), "{complaint}");

    // The rest of what owners do every day.
    told(&tx(&home, "alice", &["lend", "1000000uosmo"]));
    told(&tx(&home, "alice", &["recall", OSMO]));
    told(&tx(
        &home,
        "alice",
        &["transfer", "1000000uosmo", "--to", "alice/7"],
    ));
    told(&tx(
        &home,
        "alice",
        &["operator", "grant", "carol", "--id", "7"],
    ));
    told(&tx(
        &home,
        "carol",
        &["withdraw", OSMO, "--account", "alice/7"],
    ));
    told(&tx(&home, "alice", &["operator", "revoke", "carol"]));
    told(&tx(
        &home,
        "carol",
        &["repay", "1000000uusdt", "--account", "alice"],
    ));
    told(&tx(&home, "carol", &["accrue", OSMO, DOLLAR]));
    let (code, complaint) = refused(&tx(&home, "carol", &["refresh", OSMO]));
    assert_eq!(code, Some(1));
    assert!(complaint.contains("(not_refreshed)"), "{complaint}");

    let list = told(&with_files(&home, &["account", "list"]));
    assert!(
        list.contains("9,999 uosmo") && list.contains("6,999 uusdt"),
        "{list}"
    );
    let markets = told(&with_files(&home, &["market", "list"]));
    assert!(
        markets.contains("50,000") && markets.contains("13.99 %"),
        "{markets}"
    );
    let at_risk = json(&with_files(&home, &["account", "at-risk", "--json"]));
    assert_eq!(at_risk["accounts"].as_array().unwrap().len(), 0);

    // The price falls by a fifth, is confirmed, and somebody liquidates.
    let (code, complaint) = refused(&tx(&home, "keeper", &["liquidate", "alice"]));
    assert_eq!(code, Some(1));
    assert!(complaint.contains("is not liquidatable"), "{complaint}");
    steady.end();
    let crash = Running::feeder(&replay(&home, "0.8"));
    wait_for("alice is at risk", || {
        let at_risk = json(&with_files(&home, &["account", "at-risk", "--json"]));
        at_risk["accounts"][0]["status"] == "liquidatable"
    });
    let report = json(&tx(&home, "keeper", &["liquidate", "alice", "--json"]));
    let ratio = |value: &Value| value.as_str().unwrap().parse::<f64>().unwrap();
    let foreseen = ratio(&report["liquidation"]["ratio_after"]);
    let now = ratio(&report["sent"]["margin"]["margin_ratio"]);
    // A few seconds' interest lie between.
    assert!((foreseen - now).abs() < 1e-5, "{report}");
    let (code, complaint) = refused(&tx(&home, "keeper", &["write-off", "alice"]));
    assert_eq!(code, Some(1));
    assert!(complaint.contains("(not_write_off)"), "{complaint}");
    crash.end();
}

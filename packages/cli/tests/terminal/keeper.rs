//! A keeper at its terminal, with whoever watches it: real nodes, real wasm.

use std::os::unix::fs::PermissionsExt;
use std::thread;

use crate::support::keeper::{Keeper, configuration, webhook};
use crate::support::lines::{Lines, find};
use crate::support::market::{OSMO, Running, network, wait_for};
use crate::support::replay::{DOLLAR, replay, tx};
use crate::support::{Home, refused, run, told};

/// Lets the price fall by percents until alice is called; the price at which she was.
fn fall_until_called(home: &Home, calls: &Lines, mut feeder: Running) -> (Running, u32) {
    for percent in (60..=93).rev() {
        feeder.end();
        feeder = Running::feeder(&replay(home, &format!("0.{percent}")));
        for _ in 0..10 {
            thread::sleep(std::time::Duration::from_millis(500));
            if find(calls, |call| call["kind"] == "margin_call").is_some() {
                return (feeder, percent);
            }
        }
    }
    panic!("never called: {calls:?}");
}

#[test]
fn a_keeper_calls_for_margin_liquidates_and_tells_who_watches() {
    let home = network();
    let steady = Running::feeder(&replay(&home, "1"));
    told(&tx(
        &home,
        "bob",
        &["deposit", "50000uusdt", "--whole", "--lend"],
    ));
    told(&tx(&home, "alice", &["deposit", "10000000000uosmo"]));
    told(&tx(&home, "alice", &["borrow", "7000000000uusdt"]));

    let (url, calls) = webhook();
    let configuration = configuration(&home, "keeper", &url);
    let mut keeper = Keeper::start(&configuration);
    wait_for("the keeper is well", || {
        keeper.get("/health").0.starts_with("HTTP/1.1 200 ")
    });
    wait_for("the wallet is known", || {
        keeper.health()["wallet"][OSMO].is_string()
    });
    // Its folder is its own.
    let (code, complaint) = refused(&run(&["keeper", "--config", &configuration]));
    assert_eq!(code, Some(2), "{complaint}");
    let taken = "belongs to a keeper that is running: two keepers need two folders";
    assert!(complaint.contains(taken), "{complaint}");
    let before = [OSMO, DOLLAR].map(|asset| keeper.held(asset));

    // The price falls a little, and alice is called; then further.
    let (falling, called_at) = fall_until_called(&home, &calls, steady);
    let call = find(&calls, |call| call["kind"] == "margin_call").unwrap();
    assert_eq!(call["cures"].as_array().unwrap().len(), 2, "{call}");
    assert!(find(&calls, |call| call["kind"] == "liquidated").is_none());
    falling.end();
    let lower = replay(&home, &format!("0.{}", called_at - 7));
    let crash = Running::feeder(&lower);
    wait_for("alice is liquidated", || {
        find(&calls, |call| call["kind"] == "liquidated").is_some()
    });
    let height = |kind: &str| find(&calls, |call| call["kind"] == kind).unwrap()["height"].clone();
    let (fallen, liquidated) = (height("liquidatable"), height("liquidated"));
    let blocks = liquidated.as_u64().unwrap() - fallen.as_u64().unwrap();
    assert!(blocks <= 3, "{blocks} blocks");

    // What it reports is what its wallet has more.
    let won = || find(&keeper.told, |line| line["event"] == "outcome");
    wait_for("the outcome is told", || won().is_some());
    let outcome = won().unwrap();
    assert!(outcome["accounts"][0][1]["won"].is_object(), "{outcome}");
    let flow = |asset: &str| {
        outcome["flows"][asset]
            .as_str()
            .map_or(0, |flow| flow.parse().unwrap())
    };
    for (asset, before) in [OSMO, DOLLAR].into_iter().zip(before) {
        wait_for("the wallet has changed as told", || {
            keeper.held(asset) - before == flow(asset)
        });
    }
    assert!(flow(OSMO) > 0 && flow(DOLLAR) < 0, "{outcome}");
    let metrics = keeper.get("/metrics").1;
    for line in [
        "bulwark_keeper_outcomes_total{kind=\"won\"} 1",
        "bulwark_keeper_notices_total{kind=\"liquidated\"} 1",
        "bulwark_keeper_in_flight 0",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }

    // Nobody posts any more: it says so, once, and goes on when prices are back.
    crash.end();
    wait_for("prices are stale", || {
        keeper.logged("fault begins", "stale_price")
    });
    assert_eq!(keeper.health()["status"], "ok");
    let back = Running::feeder(&lower);
    wait_for("prices are fresh", || {
        keeper.logged("fault ends", "stale_price")
    });

    wait_for("the copy was compared", || {
        keeper.health()["verified_at"].is_u64()
    });
    assert_eq!(keeper.health()["drifted"], 0);
    keeper.end();
    back.end();
    let ended = find(&keeper.told, |line| line["event"] == "ended").unwrap();
    assert_eq!(ended["totals"]["outcomes"]["won"], 1, "{ended}");
    assert_eq!(ended["in_flight"], 0);

    // Whoever starts again repeats nothing, and no secret stands anywhere.
    let count = calls.lock().unwrap().len();
    let again = ["keeper", "--config", &configuration, "--once"];
    let output = run(&again);
    let said = told(&output);
    assert!(said.contains("won: 1"), "{said}");
    assert_eq!(calls.lock().unwrap().len(), count, "{calls:?}");
    let log = format!(
        "{:?} {}",
        keeper.log,
        String::from_utf8_lossy(&output.stderr)
    );
    for secret in ["4711", "blossom", "poet"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

/// A keyring with a key of another name.
fn keyring(file: &std::path::Path, mode: u32) {
    let secret = "11".repeat(32);
    std::fs::write(file, format!("[other]\nhex = \"{secret}\"\n")).unwrap();
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(file, mode).unwrap();
}

#[test]
fn without_its_key_it_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keeper.toml");
    let text = "key = \"keeper\"\nvault = \"wasm1qyqszqgpqyqszqgpqyqszqgpqyqszqgpc0styh\"\n\
        keyring = \"keyring.toml\"\n\
        [serve]\nlisten = \"none\"\n[network]\nchain_id = \"x-1\"\nprefix = \"wasm\"\n\
        rpc = [\"http://127.0.0.1:1\"]\ndenom = \"ustake\"\ngas_price = \"0\"\n";
    std::fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    let complaint = || {
        let (code, complaint) = refused(&run(&["keeper", "--config", &file]));
        assert_eq!(code, Some(2), "{complaint}");
        complaint
    };
    let path = folder.path().join("keyring.toml");
    let named = path.display().to_string();
    let said = complaint();
    assert!(
        said.contains(&named) && said.contains("No such file"),
        "{said}"
    );
    keyring(&path, 0o644);
    let said = complaint();
    assert!(
        said.contains(&named) && said.contains("chmod 600"),
        "{said}"
    );
    keyring(&path, 0o600);
    let said = complaint();
    assert!(said.contains("there is no key keeper"), "{said}");
    assert!(said.contains("BULWARK_KEY_KEEPER"), "{said}");
    std::fs::write(&path, "[keeper]\nhex = \"1").unwrap();
    let said = complaint();
    assert!(said.contains(&named) && said.contains("line 2"), "{said}");
}

#[test]
fn a_configuration_that_is_wrong_is_refused_before_anything_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keeper.toml");
    let file = file.display().to_string();
    let keeper = || refused(&run(&["keeper", "--config", &file]));
    let (code, complaint) = keeper();
    assert_eq!(code, Some(2), "{complaint}");
    std::fs::write(
        &file,
        "network = \"network.toml\"\nkey = \"keeper\"\nflor = 1\n",
    )
    .unwrap();
    let (code, complaint) = keeper();
    assert_eq!(code, Some(2), "{complaint}");
    let network = "chain_id = \"x-1\"\nrpc = [\"http://127.0.0.1:1\"]\nprefix = \"wasm\"\n\
        denom = \"ustake\"\ngas_price = \"0\"\n";
    let text = format!("key = \"keeper\"\n[serve]\nlisten = \"x\"\n[network]\n{network}");
    std::fs::write(&file, text).unwrap();
    let (code, complaint) = keeper();
    assert_eq!(code, Some(2), "{complaint}");
    assert!(complaint.contains("serve.listen = x"), "{complaint}");
}

//! A local network, and a deployment on it, as somebody at a terminal uses them: real nodes, real
//! wasm.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::{Home, bulwark, kill, refused, root, run, told};
use serde_json::Value;

/// `bulwark deploy` with the network's own files, a changed deployment file aside.
fn deploy(home: &Home, deployment: &str, options: &[&str]) -> Output {
    let (network, keyring) = (home.file("network.toml"), home.file("keyring.toml"));
    let artifacts = root().join("artifacts.localnet").display().to_string();
    let files = [
        "deploy",
        "--network",
        &network,
        "--keyring",
        &keyring,
        "--artifacts",
        &artifacts,
        "--deployment",
        deployment,
    ];
    run(&[&files, options].concat())
}

/// Processes whose command line names this folder.
fn processes_of(home: &Path) -> usize {
    let name = home.display().to_string();
    let lines = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| std::fs::read(entry.ok()?.path().join("cmdline")).ok());
    lines
        .filter(|line| String::from_utf8_lossy(line).contains(&name))
        .count()
}

#[test]
fn a_network_with_everything_is_one_command_and_survives_what_dies() {
    let home = Home::new();
    let folder = home.path.display().to_string();
    let up = bulwark(&["localnet", "up", "--rpc-port", "0", "--home", &folder])
        .env("BULWARK_KEY_SPARE", "secret")
        .output();
    let network = told(&up.unwrap());
    for part in [
        "chain bulwark-local-1 runs",
        "node 0",
        "a generated path, seed 1, speed 60",
        "deployment.toml",
    ] {
        assert!(network.contains(part), "{part}: {network}");
    }
    let (status, code) = home.status();
    assert_eq!(code, Some(0), "{status}");
    assert_eq!(status["feeder"]["posted"]["prices"], 10, "{status}");
    // Whoever may look at a process sees its environment.
    for pid in [&status["feeder"]["pid"], &status["nodes"][0]["pid"]] {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap();
        assert!(!String::from_utf8_lossy(&environment).contains("BULWARK_KEY_"));
    }

    // The deployment is as its file says; `up` again changes nothing either.
    let file = home.file("deployment.toml");
    let nothing = told(&deploy(&home, &file, &[]));
    assert!(nothing.contains("there is nothing to do"), "{nothing}");
    let addresses = std::fs::read(home.file("addresses.json")).unwrap();
    told(&home.up(&[]));
    assert_eq!(
        std::fs::read(home.file("addresses.json")).unwrap(),
        addresses
    );

    // Feeder and node die; each is missed, and started again.
    kill(&status["feeder"]["pid"]);
    let (_, code) = home.status();
    assert_eq!(code, Some(1));
    told(&home.up(&[]));
    kill(&home.status().0["nodes"][0]["pid"]);
    let (status, code) = home.status();
    assert_eq!((code, &status["nodes"][0]["pid"]), (Some(1), &Value::Null));
    told(&home.up(&[]));
    let (status, code) = home.status();
    assert_eq!(code, Some(0), "{status}");
    let log = told(&home.localnet(&["logs", "--feeder"]));
    assert!(log.contains("row 1: 10 prices posted"), "{log}");

    // So is another port.
    let (code, complaint) = refused(&home.localnet(&["up", "--rpc-port", "2000"]));
    assert_eq!(code, Some(2), "{complaint}");
    assert!(complaint.contains("listens on port"), "{complaint}");

    // Other prices are for another network.
    let (code, complaint) = refused(&home.up(&["--seed", "2"]));
    assert_eq!(code, Some(2), "{complaint}");
    assert!(complaint.contains("seed 1 is replayed"), "{complaint}");

    told(&home.localnet(&["down"]));
    assert!(!home.path.exists());
    assert_eq!(processes_of(&home.path), 0);
    let (code, complaint) = refused(&home.localnet(&["status"]));
    assert_eq!(code, Some(1));
    assert!(complaint.contains("bulwark localnet up"), "{complaint}");
}

#[test]
fn a_changed_deployment_is_shown_then_asked_about_then_carried_out() {
    let home = Home::new();
    let prices = home.path.with_extension("csv");
    std::fs::write(
        &prices,
        "timestamp,ATOM,STATOM\n2020-03-07T01:00:00Z,3.837,4.1\n2020-03-07T02:00:00Z,3.804,4\n",
    )
    .unwrap();
    let prices = prices.display().to_string();
    told(&home.up(&["--prices", &prices, "--speed", "1"]));

    let text = std::fs::read_to_string(home.file("deployment.toml")).unwrap();
    let changed = home.file("changed.toml");
    std::fs::write(
        &changed,
        text.replace("dust_value = \"50\"", "dust_value = \"40\""),
    )
    .unwrap();
    let plan = told(&deploy(&home, &changed, &["--plan"]));
    assert!(plan.contains("liquidation.dust_value: 50 → 40"), "{plan}");
    let (code, complaint) = refused(&deploy(&home, &changed, &[]));
    assert_eq!(code, Some(2), "{complaint}");
    assert!(complaint.contains("--yes"), "{complaint}");

    let unsigned = home.file("unsigned");
    told(&deploy(&home, &changed, &["--generate-only", &unsigned]));
    let files: Vec<_> = std::fs::read_dir(&unsigned).unwrap().collect();
    assert_eq!(files.len(), 1);
    let transaction = std::fs::read(files[0].as_ref().unwrap().path()).unwrap();
    let transaction: Value = serde_json::from_slice(&transaction).unwrap();
    assert_eq!(transaction["signatures"].as_array().unwrap().len(), 0);
    let message = &transaction["body"]["messages"][0]["msg"]["update_params"];
    assert_eq!(message["liquidation"]["dust_value"], "40");

    let (code, complaint) = refused(&deploy(&home, &changed, &["--generate-only", &unsigned]));
    assert_eq!(code, Some(2));
    assert!(complaint.contains("is not empty"), "{complaint}");

    let report = told(&deploy(&home, &changed, &["--json", "--yes"]));
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["done"].as_array().unwrap().len(), 1, "{report}");
    assert_eq!(
        report["contracts"]["vault"]["checksum"],
        report["artifacts"]["vault"]
    );
    let nothing = told(&deploy(&home, &changed, &[]));
    assert!(nothing.contains("there is nothing to do"), "{nothing}");

    // Whoever reads has read enough: what is under way goes on.
    std::fs::write(
        &changed,
        text.replace("dust_value = \"50\"", "dust_value = \"30\""),
    )
    .unwrap();
    let (network, keyring) = (home.file("network.toml"), home.file("keyring.toml"));
    let mut unread = bulwark(&[
        "deploy",
        "--yes",
        "--network",
        &network,
        "--keyring",
        &keyring,
    ])
    .args(["--deployment", &changed])
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    drop(unread.stdout.take());
    assert!(unread.wait().unwrap().success());
    let nothing = told(&deploy(&home, &changed, &[]));
    assert!(nothing.contains("there is nothing to do"), "{nothing}");

    // What is fixed for good stays.
    std::fs::write(&changed, text.replace("\"usd\"]", "\"usd\", \"gold\"]")).unwrap();
    let (code, complaint) = refused(&deploy(&home, &changed, &["--yes"]));
    assert_eq!(code, Some(2));
    assert!(complaint.contains("groups of the vault"), "{complaint}");
}

#[test]
fn an_interrupted_benchmark_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = bulwark(&["bench", "gas"])
        .env("TMPDIR", folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(bench.stderr.take().unwrap()).lines();
    assert!(told.any(|line| line.unwrap().contains("deploying")));
    let signal = Command::new("kill").arg(bench.id().to_string()).status();
    assert!(signal.unwrap().success());
    let told: Vec<_> = told.map(Result::unwrap).collect();
    assert_eq!(bench.wait().unwrap().code(), Some(1), "{told:?}");
    assert!(told.last().unwrap().contains("interrupted"), "{told:?}");
    assert_eq!(processes_of(folder.path()), 0);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

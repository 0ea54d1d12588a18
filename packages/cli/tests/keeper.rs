//! A keeper at its terminal, with whoever watches it: real nodes, real wasm.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

#[path = "support/market.rs"]
mod market;
#[path = "support/replay.rs"]
mod replay;
mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use market::{OSMO, Running, network, wait_for};
use replay::{DOLLAR, replay, tx};
use serde_json::Value;
use support::{Home, bulwark, refused, run, told};

/// Lines of JSON that somebody else writes.
type Lines = Arc<Mutex<Vec<Value>>>;

fn lines() -> Lines {
    Arc::default()
}

fn find(lines: &Lines, is_it: impl Fn(&Value) -> bool) -> Option<Value> {
    let lines = lines.lock().unwrap();
    lines.iter().find(|line| is_it(line)).cloned()
}

/// Reads lines as they come; those that are no JSON are kept as text.
fn collect(from: impl Read + Send + 'static) -> Lines {
    let collected = lines();
    let to = Arc::clone(&collected);
    thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            let line = line.unwrap();
            let value = serde_json::from_str(&line).unwrap_or(Value::String(line));
            to.lock().unwrap().push(value);
        }
    });
    collected
}

/// A server that takes margin calls.
fn webhook() -> (String, Lines) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/token-4711", listener.local_addr().unwrap());
    let taken = lines();
    let to = Arc::clone(&taken);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            to.lock()
                .unwrap()
                .push(serde_json::from_slice(&body).unwrap());
            let answer = "HTTP/1.1 204 x\r\nconnection: close\r\n\r\n";
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (url, taken)
}

/// A keeper that runs.
struct Keeper {
    process: Child,
    told: Lines,
    log: Lines,
    listens: String,
}

impl Keeper {
    fn start(configuration: &str) -> Self {
        let arguments = ["keeper", "--config", configuration, "--json"];
        let mut command = bulwark(&arguments);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let told = collect(process.stdout.take().unwrap());
        let log = collect(process.stderr.take().unwrap());
        let started = || find(&told, |line| line["event"] == "started");
        wait_for("the keeper has started", || started().is_some());
        let listens = started().unwrap()["listens"].as_str().unwrap().to_owned();
        Self {
            process,
            told,
            log,
            listens,
        }
    }

    fn get(&self, path: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.listens).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    fn health(&self) -> Value {
        serde_json::from_str(&self.get("/health").1).unwrap()
    }

    fn held(&self, asset: &str) -> i128 {
        let wallet = self.health()["wallet"][asset].clone();
        wallet.as_str().unwrap().parse().unwrap()
    }

    fn logged(&self, message: &str, fault: &str) -> bool {
        let is_it = |line: &Value| {
            let named = line["fault"].as_str().unwrap_or_default();
            line["message"] == message && named.starts_with(fault)
        };
        find(&self.log, is_it).is_some()
    }

    /// Asks it to end.
    fn end(&mut self) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        assert!(self.process.wait().unwrap().success(), "{:?}", self.log);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A keeper's configuration in the network's folder.
fn configuration(home: &Home, url: &str) -> String {
    let file = home.file("keeper.toml");
    let asset = |name: &str| format!("[[assets]]\nasset = \"{name}\"\n");
    let text = format!(
        "network = \"network.toml\"\nkeyring = \"keyring.toml\"\nkey = \"keeper\"\n{}{}\
        [follow]\nverify = 10\n[serve]\nlisten = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\n\
        [margin_calls.webhook]\nurl = \"{url}\"\n",
        asset(OSMO),
        asset(DOLLAR)
    );
    std::fs::write(&file, text).unwrap();
    file
}

/// Lets the price fall by percents until alice is called.
fn fall_until_called(home: &Home, calls: &Lines, mut feeder: Running) -> Running {
    for percent in (85..=97).rev() {
        feeder.end();
        feeder = Running::feeder(&replay(home, &format!("0.{percent}")));
        for _ in 0..10 {
            thread::sleep(std::time::Duration::from_millis(500));
            if find(calls, |call| call["kind"] == "margin_call").is_some() {
                return feeder;
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
    let configuration = configuration(&home, &url);
    let mut keeper = Keeper::start(&configuration);
    wait_for("the keeper is well", || {
        keeper.get("/health").0.starts_with("HTTP/1.1 200 ")
    });
    wait_for("the wallet is known", || {
        keeper.health()["wallet"][OSMO].is_string()
    });
    let before = [OSMO, DOLLAR].map(|asset| keeper.held(asset));

    // The price falls a little, and alice is called; then further.
    let falling = fall_until_called(&home, &calls, steady);
    let call = find(&calls, |call| call["kind"] == "margin_call").unwrap();
    assert_eq!(call["cures"].as_array().unwrap().len(), 2, "{call}");
    assert!(find(&calls, |call| call["kind"] == "liquidated").is_none());
    falling.end();
    let crash = Running::feeder(&replay(&home, "0.8"));
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
    let back = Running::feeder(&replay(&home, "0.8"));
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

//! Users, a liquidator and feeders at their terminals: real nodes, real wasm.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Child, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{Home, bulwark, kill, refused, run, told};

/// Long enough for a machine that builds something else at the same time.
const PATIENCE: Duration = Duration::from_secs(90);

const OSMO: &str = "uosmo";
const DOLLAR: &str = "uusdt";

/// A network on which OSMO and a dollar are worth one USD, and on which nobody posts any more.
fn network() -> Home {
    let home = Home::new();
    let prices = price_file(&home, "start.csv", "1");
    told(&home.up(&["--prices", &prices, "--speed", "60"]));
    kill(&home.status().0["feeder"]["pid"]);
    home
}

/// A file in which OSMO has one price for years.
fn price_file(home: &Home, name: &str, osmo: &str) -> String {
    let file = home.path.with_file_name(name);
    let rows = [2020, 2030].map(|year| format!("{year}-03-07T01:00:00Z,{osmo},1\n"));
    let text = format!("timestamp,OSMO,USDT\n{}", rows.concat());
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

/// A command with the network's own files.
fn with_files(home: &Home, arguments: &[&str]) -> Output {
    let (network, keyring) = (home.file("network.toml"), home.file("keyring.toml"));
    let files = ["--network", &network, "--keyring", &keyring];
    run(&[arguments, &files].concat())
}

fn tx(home: &Home, from: &str, arguments: &[&str]) -> Output {
    let sending = ["--from", from, "--yes"];
    with_files(home, &[&["tx"], arguments, &sending].concat())
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&told(output)).unwrap()
}

/// A feeder's configuration in the network's folder.
fn configuration(home: &Home, name: &str, text: &str) -> String {
    let head = "network = \"network.toml\"\nkeyring = \"keyring.toml\"\n\
        interval = 1\nheartbeat = 5\ndeviation = \"0\"\n";
    let file = home.file(name);
    std::fs::write(&file, format!("{head}{text}")).unwrap();
    file
}

/// One process that replays a file as all three feeders.
fn replay(home: &Home, osmo: &str) -> String {
    let file = price_file(home, &format!("{osmo}.csv"), osmo);
    let text = format!(
        "keys = [\"feeder-1\", \"feeder-2\", \"feeder-3\"]\n[replay]\nfile = \"{file}\"\n\
        [[assets]]\nasset = \"{OSMO}\"\nsymbol = \"OSMO\"\n\
        [[assets]]\nasset = \"{DOLLAR}\"\nsymbol = \"USDT\"\n"
    );
    configuration(home, &format!("{osmo}.toml"), &text)
}

/// A process that ends with the test at the latest.
struct Running(Child);

impl Running {
    fn feeder(configuration: &str) -> Self {
        let arguments = ["feeder", "--config", configuration, "--log-format", "json"];
        let mut command = bulwark(&arguments);
        Self(command.stderr(Stdio::piped()).spawn().unwrap())
    }

    /// Asks it to end; what it has logged.
    fn end(mut self) -> Vec<Value> {
        let pid = self.0.id().to_string();
        let kill = std::process::Command::new("kill").arg(&pid).status();
        assert!(kill.unwrap().success());
        let mut log = String::new();
        let mut stderr = self.0.stderr.take().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        assert!(self.0.wait().unwrap().success(), "{log}");
        let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        sleep(Duration::from_millis(300));
    }
}

fn price_of(home: &Home, asset: &str) -> Value {
    let market = json(&with_files(home, &["market", "show", asset, "--json"]));
    market["price"]["record"]["mid"].clone()
}

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

/// A server of a JSON document that a test can change.
struct Server {
    url: String,
    document: Arc<Mutex<String>>,
}

impl Server {
    fn start(document: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let document = Arc::new(Mutex::new(document.to_owned()));
        let served = Arc::clone(&document);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 4_096];
                let _ = stream.read(&mut request);
                let body = served.lock().unwrap().clone();
                let length = body.len();
                let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length:";
                let _ = stream.write_all(format!("{head} {length}\r\n\r\n{body}").as_bytes());
            }
        });
        Self { url, document }
    }

    fn say(&self, document: &str) {
        *self.document.lock().unwrap() = document.to_owned();
    }

    /// One feeder with this source.
    fn feeder(&self, home: &Home, key: &str) -> String {
        let text = format!(
            "keys = [\"{key}\"]\n[http]\nattempts = 2\nbackoff = 0\n\
            [[assets]]\nasset = \"{OSMO}\"\nurl = \"{}\"\nprice = \"/osmo\"\n\
            min = \"0.5\"\nmax = \"2\"\n",
            self.url
        );
        configuration(home, &format!("{key}.toml"), &text)
    }
}

#[test]
fn three_feeders_make_a_price_and_go_on_when_sources_and_nodes_fail() {
    let home = network();
    let servers = [(); 3].map(|()| Server::start(r#"{"osmo": 1.01}"#));
    let keys = ["feeder-1", "feeder-2", "feeder-3"];
    let configurations: Vec<String> = servers
        .iter()
        .zip(keys)
        .map(|(server, key)| server.feeder(&home, key))
        .collect();

    // Somebody tries it out first: nothing is sent. What the network's own feeder posted last has
    // to be older than what is seen.
    sleep(Duration::from_secs(2));
    let arguments = [
        "feeder",
        "--config",
        &configurations[0],
        "--once",
        "--dry-run",
    ];
    let dry = run(&arguments);
    assert!(dry.status.success());
    let log = String::from_utf8_lossy(&dry.stderr).into_owned();
    assert!(
        log.contains("would be posted") && log.contains("1.01"),
        "{log}"
    );

    let mut feeders: Vec<Running> = configurations
        .iter()
        .map(|configuration| Running::feeder(configuration))
        .collect();
    wait_for("the price is in force", || price_of(&home, OSMO) == "1.01");

    // One source goes mad, one breaks: nobody posts what they say, and no price comes of it.
    servers[0].say(r#"{"osmo": 900}"#);
    servers[1].say("<html>");
    servers[2].say(r#"{"osmo": 1.05}"#);
    sleep(Duration::from_secs(4));
    assert_eq!(price_of(&home, OSMO), "1.01");
    for server in &servers {
        server.say(r#"{"osmo": 1.03}"#);
    }
    wait_for("the next price is in force", || {
        price_of(&home, OSMO) == "1.03"
    });

    // The node dies and comes back; so do posts, also of a feeder that is started meanwhile.
    feeders.pop().unwrap().end();
    kill(&home.status().0["nodes"][0]["pid"]);
    feeders.push(Running::feeder(&configurations[2]));
    sleep(Duration::from_secs(3));
    for server in &servers {
        server.say(r#"{"osmo": 1.04}"#);
    }
    // The network's own feeder stays away: it would post another price.
    std::fs::rename(home.file("replay.json"), home.file("gone.json")).unwrap();
    told(&home.up(&["--bare"]));
    std::fs::rename(home.file("gone.json"), home.file("replay.json")).unwrap();
    wait_for("prices are posted again", || {
        price_of(&home, OSMO) == "1.04"
    });

    let logs: Vec<Vec<Value>> = feeders.into_iter().map(Running::end).collect();
    for log in &logs {
        let posted = |line: &Value| line["message"] == "posted" && line["price"] == "1.04";
        assert!(log.iter().any(posted), "{log:?}");
        assert_eq!(log.last().unwrap()["message"], "feeder ends", "{log:?}");
    }
    let why = |log: &[Value]| {
        let line = log.iter().find(|line| line["message"] == "not seen");
        line.unwrap()["error"].as_str().unwrap().to_owned()
    };
    assert!(why(&logs[0]).contains("900 USD is not between 0.5 and 2"));
    assert!(why(&logs[1]).contains("no JSON"));
    let begins = logs[2].iter().map(|line| line["message"].as_str().unwrap());
    let begins: Vec<&str> = begins.take(2).collect();
    assert_eq!(begins, ["feeder starts", "the chain does not answer yet"]);

    // Whoever is no feeder is told so.
    let stranger = servers[0].feeder(&home, "alice");
    let (code, complaint) = refused(&run(&["feeder", "--config", &stranger, "--once"]));
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains("none of the oracle's feeders"),
        "{complaint}"
    );
}

//! Feeders at their terminals, with sources that fail: real nodes, real wasm.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::Duration;

use crate::support::lines::find;
use crate::support::market::{OSMO, Running, configuration, json, network, wait_for, with_files};
use crate::support::{Home, kill, refused, run, told};
use serde_json::Value;

fn price_of(home: &Home, asset: &str) -> Value {
    let market = json(&with_files(home, &["market", "show", asset, "--json"]));
    market["price"]["record"]["mid"].clone()
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
    wait_for("all post again", || {
        feeders.iter().all(|feeder| {
            let posted = |line: &Value| line["message"] == "posted" && line["price"] == "1.04";
            find(&feeder.log, posted).is_some()
        })
    });
    wait_for("the price is in force", || price_of(&home, OSMO) == "1.04");

    let logs: Vec<Vec<Value>> = feeders.into_iter().map(Running::end).collect();
    for log in &logs {
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

//! A local network that somebody looks at: users with positions, a page, an exchange, and prices that fall
//! when they are told to. Real nodes, real wasm.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::chain::Chain;
use crate::support::market::{json, wait_for, with_files};
use crate::support::replay::tx;
use crate::support::{Home, kill, refused, told};
use bulwark_chain::Message;
use cosmwasm_std::Coin;
use serde_json::{Value, json};

/// A page as somebody has built it.
fn page(home: &Home) -> String {
    let root = home.path.with_file_name("page");
    std::fs::create_dir(&root).unwrap();
    std::fs::write(
        root.join("index.html"),
        "<!doctype html><title>page</title>",
    )
    .unwrap();
    root.display().to_string()
}

fn get(url: &str, path: &str) -> Option<String> {
    let address = url.strip_prefix("http://")?.trim_end_matches('/');
    let mut stream = TcpStream::connect(address).ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    Some(body.to_owned())
}

fn account(home: &Home, name: &str) -> Value {
    json(&with_files(home, &["account", "show", name, "--json"]))
}

fn amount(account: &Value, side: &str) -> String {
    let holdings = account["account"]["holdings"].as_array().unwrap();
    let holding = holdings.iter().find(|it| it["side"] == side);
    holding.map(Value::to_string).unwrap_or_default()
}

fn price_of(home: &Home, asset: &str) -> Value {
    let market = json(&with_files(home, &["market", "show", asset, "--json"]));
    market["price"]["record"]["mid"].clone()
}

/// The asset of a symbol, as the page finds it.
fn asset(config: &Value, symbol: &str) -> String {
    let assets = config["assets"].as_array().unwrap();
    let found = assets.iter().find(|it| it["symbol"] == symbol).unwrap();
    found["asset"].as_str().unwrap().to_owned()
}

#[test]
fn a_network_with_a_page_is_alive_at_first_sight_and_prices_fall_on_request() {
    let home = Home::new();
    let root = page(&home);
    // Nothing is served, and nothing built, where there is no page.
    let nothing = home.path.with_file_name("nothing").display().to_string();
    let (code, complaint) = refused(&home.up(&["--web", "--web-root", &nothing]));
    assert_eq!(code, Some(2), "{complaint}");
    assert!(complaint.contains("index.html"), "{complaint}");

    let shown = told(&home.up(&["--web", "--web-root", &root, "--web-port", "0"]));
    for part in [
        "client config",
        "position alice/0",
        "position carol/0",
        "page    http://127.0.0.1:",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let (status, code) = home.status();
    assert_eq!(code, Some(0), "{status}");
    let url = status["web"]["url"].as_str().unwrap().to_owned();
    assert!(get(&url, "/").unwrap().contains("<title>page</title>"));

    // What the page needs to know of the network, and no key of those who post prices.
    let config: Value = serde_json::from_str(&get(&url, "/config.json").unwrap()).unwrap();
    assert_eq!(config["chainId"], "bulwark-local-1", "{config}");
    assert_eq!(config["rpc"], status["nodes"][0]["rpc"]);
    assert_eq!(config["gasPrice"]["denom"], "ustake");
    assert_eq!(config["assets"].as_array().unwrap().len(), 10);
    let users: Vec<&str> = config["local"]["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["name"].as_str().unwrap())
        .collect();
    assert_eq!(users, ["owner", "alice", "bob", "carol", "keeper"]);
    let chain = Chain::of(&home);
    assert_eq!(config["vault"], chain.vault.as_str());
    assert_eq!(config["oracle"], chain.oracle.as_str());

    // Nine accounts of three users; what is lent is borrowed. `up` again opens none of them again.
    let listed = json(&with_files(&home, &["account", "list", "--json"]));
    assert_eq!(listed["accounts"].as_array().unwrap().len(), 9, "{listed}");
    let long = account(&home, "alice/0");
    assert!(!amount(&long, "debt").is_empty(), "{long}");
    let usdc = asset(&config, "USDC");
    let pool = json(&with_files(&home, &["market", "show", &usdc, "--json"]));
    let utilisation: f64 = pool["market"]["utilisation"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((0.6..0.95).contains(&utilisation), "{pool}");
    let deposit = amount(&long, "deposit");
    told(&home.up(&[]));
    assert_eq!(amount(&account(&home, "alice/0"), "deposit"), deposit);
    assert_eq!(home.status().0["web"]["pid"], status["web"]["pid"]);

    exchange(&home, &chain, &config);

    // A price falls because somebody says so; the path has it back when somebody says that.
    let sol = asset(&config, "SOL");
    let held = told(&home.localnet(&["price", "sol", "125"]));
    assert!(held.contains("held"), "{held}");
    wait_for("the price falls", || price_of(&home, &sol) == "125");
    let fallen = account(&home, "bob/1");
    assert_eq!(fallen["margin"]["status"], "liquidatable", "{fallen}");
    told(&tx(&home, "keeper", &["liquidate", "bob/1"]));
    let status = home.status().0;
    let held = status["feeder"]["held"].as_array().unwrap().iter();
    let held: Vec<&str> = held.map(|coin| coin["symbol"].as_str().unwrap()).collect();
    assert_eq!(held, ["OSMO", "SOL", "USDC"], "{status}");
    told(&home.localnet(&["price", "--path"]));
    wait_for("the path has the price again", || {
        price_of(&home, &sol) != "125"
    });
    for (arguments, part) in [
        (["price", "DOGE", "1"], "DOGE is no coin"),
        (["price", "SOL", "-1"], "price -1"),
    ] {
        let (code, complaint) = refused(&home.localnet(&arguments));
        assert_eq!(code, Some(2), "{complaint}");
        assert!(complaint.contains(part), "{complaint}");
    }

    // The server dies; it is missed, and started again where it was.
    kill(&home.status().0["web"]["pid"]);
    let (status, code) = home.status();
    assert_eq!((code, &status["web"]["pid"]), (Some(1), &Value::Null));
    told(&home.up(&[]));
    assert!(get(&url, "/").is_some());
    assert!(told(&home.localnet(&["logs", "--web"])).contains("serving"));

    told(&home.localnet(&["down"]));
    assert!(get(&url, "/").is_none());
}

/// The practice exchange pays what it quotes, at the oracle's prices.
fn exchange(home: &Home, chain: &Chain, config: &Value) {
    let exchange = &config["exchanges"][0];
    assert_eq!(exchange["kind"], "bulwark-practice", "{config}");
    assert_eq!(exchange["assets"].as_array().unwrap().len(), 10);
    let contract = exchange["contract"].as_str().unwrap();
    let usdc = asset(config, "USDC");
    // OSMO for USDC, both with six decimals.
    told(&home.localnet(&["price", "OSMO", "0.75"]));
    told(&home.localnet(&["price", "USDC", "1"]));
    wait_for("prices are held", || {
        price_of(home, "uosmo") == "0.75" && price_of(home, &usdc) == "1"
    });
    let alice = chain.address("alice");
    let before = chain.held(&alice, &usdc);
    let swap = json!({ "swap": { "ask": usdc, "min_return": "747750" } });
    let funds = vec![Coin::new(1_000_000u128, "uosmo")];
    let swap = Message::execute(&alice, contract, &swap, funds).unwrap();
    chain.send("alice", &[swap]);
    assert_eq!(chain.held(&alice, &usdc) - before, 747_750);
}

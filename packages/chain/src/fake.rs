//! Endpoints that answer what a test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::client::Client;
use crate::network::Network;

/// A question.
pub struct Asked {
    pub method: String,
    pub params: Value,
}

impl Asked {
    /// Whether it is a query of the application of which the path has this in it.
    pub fn is_about(&self, path: &str) -> bool {
        let asked = self.params["path"].as_str();
        asked.is_some_and(|asked| asked.contains(path))
    }
}

/// What an endpoint does about a question: answers with a result, or with an error in its own words,
/// or not at all.
pub type Answer = fn(&Asked) -> Option<Result<Value, &'static str>>;

/// A client of such endpoints.
pub fn client(answers: &[Answer]) -> Client {
    let rpc: Vec<String> = answers.iter().map(|answer| endpoint(*answer)).collect();
    let text =
        "chain_id = \"c-1\"\nrpc = []\nprefix = \"wasm\"\ndenom = \"ustake\"\ngas_price = \"0\"";
    let text = text.replace("[]", &format!("{rpc:?}"));
    Client::new(Network::parse(&text).unwrap()).unwrap()
}

fn endpoint(answer: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for connection in listener.incoming() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || serve(&connection.unwrap(), *answer));
        }
    });
    format!("http://{address}")
}

/// Answers one question after the other; none when the connection ends.
fn serve(connection: &TcpStream, answer: Answer) -> Option<()> {
    let mut reader = BufReader::new(connection);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim().to_ascii_lowercase();
            if let Some(told) = line.strip_prefix("content-length:") {
                length = told.trim().parse().ok()?;
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let question: Value = serde_json::from_slice(&body).ok()?;
        let asked = Asked {
            method: question["method"].as_str()?.to_owned(),
            params: question["params"].clone(),
        };
        let Some(answered) = answer(&asked) else {
            thread::park();
            return None;
        };
        let mut said = json!({ "jsonrpc": "2.0", "id": question["id"] });
        match answered {
            Ok(result) => said["result"] = result,
            Err(words) => {
                said["error"] =
                    json!({ "code": -32603, "message": "Internal error", "data": words });
            }
        }
        let said = said.to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            said.len()
        );
        (&mut &*connection)
            .write_all((head + &said).as_bytes())
            .ok()?;
    }
}

/// What a node says of a transaction that it is handed.
pub fn checked(code: u32) -> Value {
    json!({ "code": code, "data": "", "log": "words", "codespace": "sdk", "hash": "0".repeat(64) })
}

/// What a node says to a query of the application, as of block 9.
pub fn queried(value: &[u8]) -> Value {
    let value = STANDARD.encode(value);
    json!({ "response": {
        "code": 0, "log": "", "info": "", "index": "0", "key": null, "value": value,
        "proofOps": null, "height": "9", "codespace": "sdk",
    } })
}

/// What a node tells of itself whose newest block is this one.
pub fn status(newest: u64) -> Value {
    let (hash, time) = ("0".repeat(64), "2026-01-01T00:00:00Z");
    json!({
        "node_info": {
            "channels": "40", "id": "0".repeat(40), "listen_addr": "tcp://127.0.0.1:1",
            "moniker": "", "network": "c-1", "other": { "rpc_address": "", "tx_index": "on" },
            "protocol_version": { "app": "1", "block": "11", "p2p": "8" }, "version": "0.38.0",
        },
        "sync_info": {
            "catching_up": false, "earliest_app_hash": hash, "earliest_block_hash": hash,
            "earliest_block_height": "1", "earliest_block_time": time,
            "latest_app_hash": hash, "latest_block_hash": hash,
            "latest_block_height": newest.to_string(), "latest_block_time": time,
        },
        "validator_info": {
            "address": "0".repeat(40), "voting_power": "0",
            "pub_key": { "type": "tendermint/PubKeyEd25519", "value": STANDARD.encode([1; 32]) },
        },
    })
}

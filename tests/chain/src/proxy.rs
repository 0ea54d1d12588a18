//! An endpoint that misbehaves at a test's word: between a client and a node.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cosmrs::proto::cosmwasm::wasm::v1::{
    QueryAllContractStateResponse, QueryRawContractStateResponse,
};
use cosmrs::proto::prost::Message as _;
use cosmwasm_std::Binary;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// How an endpoint behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As the node behind it.
    Faithful,
    /// As a node that has stopped to follow the chain: it tells the block that it told last, and
    /// knows none after it.
    Stale,
    /// Takes questions and never answers.
    Silent,
    /// Answers like the node, but takes its time.
    Slow,
    /// Closes every connection.
    Closed,
    /// Breaks off subscriptions, and every second answer about what a block did.
    BreaksOff,
    /// As a node of another chain, in which no contract stores anything.
    Foreign,
    /// Refuses every query.
    Refuses,
    /// Answers from its newest state, whatever height it is asked for.
    Newest,
    /// Has another value under one key of every page of records, and whenever it is asked for one.
    Forges,
    /// As a node that keeps the last few blocks, and their states, only.
    Pruned,
    /// As a node that keeps no index of transactions.
    Unindexed,
    /// Says that it has taken transactions, and keeps them to itself.
    Swallows,
}

/// What a slow node takes for each answer.
const SLOW: Duration = Duration::from_millis(600);

/// What a forger tells.
const FORGED: &[u8] = b"forged";

/// What a pruned node keeps.
const KEPT: u64 = 8;

/// A listening endpoint, gone when dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    node: String,
    manner: Mutex<Manner>,
    /// Questions about what a block did.
    questions: AtomicUsize,
    /// The last answers to what a node tells of its newest block.
    told: Mutex<Vec<(String, Value)>>,
}

/// What tells the newest block.
const TELLING: [&str; 2] = ["status", "abci_info"];

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Proxy {
    /// In front of a node's RPC endpoint, `http://host:port`.
    pub async fn of(rpc: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shared = Arc::new(Shared {
            node: rpc
                .trim_start_matches("http://")
                .trim_end_matches('/')
                .into(),
            manner: Mutex::new(Manner::Faithful),
            questions: AtomicUsize::new(0),
            told: Mutex::default(),
        });
        let address = listener.local_addr().unwrap();
        let server = Arc::clone(&shared);
        let listening = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let server = Arc::clone(&server);
                tokio::spawn(async move { server.serve(connection).await });
            }
        });
        Self {
            address,
            shared,
            listening,
        }
    }

    /// The endpoint.
    pub fn rpc(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it behaves like this.
    pub fn behave(&self, manner: Manner) {
        *self.shared.manner.lock().unwrap() = manner;
    }
}

impl Shared {
    fn manner(&self) -> Manner {
        *self.manner.lock().unwrap()
    }

    /// Answers one question after the other; none when the connection ends.
    async fn serve(&self, mut connection: TcpStream) -> Option<()> {
        loop {
            let (head, body) = message(&mut connection).await?;
            match self.manner() {
                Manner::Closed => return None,
                Manner::Silent => std::future::pending().await,
                Manner::Slow => sleep(SLOW).await,
                _ => {}
            }
            if head.to_ascii_lowercase().contains("upgrade: websocket") {
                return self.subscribe(connection, head).await;
            }
            let question: Value = serde_json::from_slice(&body).ok()?;
            let answer = match self.manner() {
                Manner::Stale => self.stale(&question),
                Manner::Pruned if self.is_pruned(&question) => gone(&question),
                Manner::Refuses if question["method"] == "abci_query" => {
                    refusal(&question, "no such contract")
                }
                Manner::Unindexed if question["method"] == "tx" => unindexed(&question),
                Manner::Swallows if question["method"] == "broadcast_tx_sync" => taken(&question),
                Manner::Newest => self.ask(&head, &of_newest(&question), &question).await?,
                _ => self.ask(&head, &body, &question).await?,
            };
            let mut body = match self.manner() {
                Manner::Foreign => foreign(&question, answer).to_string(),
                Manner::Forges => forged(&question, answer).to_string(),
                _ => answer.to_string(),
            };
            if self.manner() == Manner::BreaksOff && question["method"] == "block_results" {
                let number = self.questions.fetch_add(1, Ordering::Relaxed);
                body.truncate(body.len() / (1 + (number + 1) % 2));
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            connection.write_all((head + &body).as_bytes()).await.ok()?;
        }
    }

    /// A subscription goes on for as long as the endpoint is faithful.
    async fn subscribe(&self, mut connection: TcpStream, head: String) -> Option<()> {
        let mut node = TcpStream::connect(&self.node).await.ok()?;
        node.write_all(head.as_bytes()).await.ok()?;
        let ends = async {
            while self.manner() == Manner::Faithful {
                sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            _ = copy_bidirectional(&mut connection, &mut node) => {}
            () = ends => {}
        }
        None
    }

    /// Whether a question is about a block that a pruned node does not keep.
    fn is_pruned(&self, question: &Value) -> bool {
        let told = self.told.lock().unwrap();
        let heights = told.iter().filter_map(|(_, answer)| newest(answer));
        let newest = heights.max().unwrap_or_default();
        let height = question["params"]["height"].as_str();
        let height = height.and_then(|height| height.parse::<u64>().ok());
        height.is_some_and(|height| height > 0 && height + KEPT < newest)
    }

    async fn ask(&self, head: &str, body: &[u8], question: &Value) -> Option<Value> {
        let mut node = TcpStream::connect(&self.node).await.ok()?;
        // Nodes end the connection after an answer in this version, and do not cut it in chunks.
        let lines = head.lines().filter(|line| {
            !line.is_empty() && !line.to_ascii_lowercase().starts_with("content-length")
        });
        let head = lines.collect::<Vec<_>>().join("\r\n");
        let head = head.replacen("HTTP/1.1", "HTTP/1.0", 1);
        let head = format!("{head}\r\ncontent-length: {}\r\n\r\n", body.len());
        node.write_all(&[head.as_bytes(), body].concat())
            .await
            .ok()?;
        let mut answer = Vec::new();
        node.read_to_end(&mut answer).await.ok()?;
        let start = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
        let answer: Value = serde_json::from_slice(&answer[start..]).ok()?;
        let method = question["method"].as_str()?;
        if TELLING.contains(&method) {
            let mut told = self.told.lock().unwrap();
            told.retain(|(known, _)| known != method);
            told.push((method.into(), answer.clone()));
        }
        Some(answer)
    }

    fn stale(&self, question: &Value) -> Value {
        let told = self.told.lock().unwrap();
        let mut told = told.iter();
        let known = told.find(|(method, _)| question["method"] == method.as_str());
        if let Some((_, answer)) = known {
            let mut answer = answer.clone();
            answer["id"] = question["id"].clone();
            return answer;
        }
        json!({
            "jsonrpc": "2.0",
            "id": question["id"],
            "error": {
                "code": -32_603,
                "message": "Internal error",
                "data": "height must be less than or equal to the current blockchain height",
            },
        })
    }
}

/// The newest block in what a node tells of itself.
fn newest(answer: &Value) -> Option<u64> {
    let height = answer["result"]["sync_info"]["latest_block_height"].as_str();
    height?.parse().ok()
}

/// The same question about the newest block.
fn of_newest(question: &Value) -> Vec<u8> {
    let mut question = question.clone();
    if question["method"] == "abci_query" {
        question["params"]["height"] = json!("0");
    }
    question.to_string().into_bytes()
}

/// What a node says of a block that it does not keep.
fn gone(question: &Value) -> Value {
    if question["method"] == "abci_query" {
        let log = "failed to load state at height; version does not exist";
        return refusal(question, log);
    }
    json!({
        "jsonrpc": "2.0",
        "id": question["id"],
        "error": {
            "code": -32_603,
            "message": "Internal error",
            "data": "height is not available, lowest height is higher",
        },
    })
}

/// What a node without an index says of a transaction.
fn unindexed(question: &Value) -> Value {
    json!({
        "jsonrpc": "2.0",
        "id": question["id"],
        "error": {
            "code": -32_603,
            "message": "Internal error",
            "data": "transaction indexing is disabled",
        },
    })
}

/// What a node says that takes a transaction.
fn taken(question: &Value) -> Value {
    json!({
        "jsonrpc": "2.0",
        "id": question["id"],
        "result": { "code": 0, "data": "", "log": "", "codespace": "", "hash": "0".repeat(64) },
    })
}

/// A query that does not succeed.
fn refusal(question: &Value, log: &str) -> Value {
    json!({
        "jsonrpc": "2.0",
        "id": question["id"],
        "result": { "response": { "code": 38, "codespace": "sdk", "log": log, "height": "0" } },
    })
}

/// What a node of another chain says instead.
fn foreign(question: &Value, mut answer: Value) -> Value {
    match question["method"].as_str() {
        Some("status") => answer["result"]["node_info"]["network"] = json!("elsewhere-1"),
        Some("abci_query") => answer["result"]["response"]["value"] = json!(""),
        _ => {}
    }
    answer
}

/// An answer about records with another value.
fn forged(question: &Value, mut answer: Value) -> Value {
    let path = question["params"]["path"].as_str().unwrap_or_default();
    let value = answer["result"]["response"]["value"].as_str();
    let value = value.and_then(|value| Binary::from_base64(value).ok());
    let Some(value) = value else {
        return answer;
    };
    let forged = if path.ends_with("AllContractState") {
        let mut page = QueryAllContractStateResponse::decode(&value[..]).unwrap();
        if let Some(last) = page.models.last_mut() {
            last.value = FORGED.into();
        }
        page.encode_to_vec()
    } else if path.ends_with("RawContractState") {
        let data = FORGED.into();
        QueryRawContractStateResponse { data }.encode_to_vec()
    } else {
        return answer;
    };
    answer["result"]["response"]["value"] = json!(Binary::from(forged).to_base64());
    answer
}

/// Head and body of a request; none when the connection ends.
async fn message(connection: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths
        .next()
        .map_or(Some(0), |(_, value)| value.trim().parse().ok())?;
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.ok()?;
    Some((head, body))
}

//! A node that takes a transaction and says that it did not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bulwark_chain::{ChainError, Client, Gas, Message, Sender};
use bulwark_chain_tests::chain;
use cosmwasm_std::Coin;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Sends nothing much.
const GAS: Gas = Gas::Limit(150_000);

/// Passes requests on to a node; to each transaction it answers that the sequence after the one
/// that was expected is. Returns its address.
async fn liar(node: String, sequence: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let next = Arc::new(AtomicU64::new(sequence + 1));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client, node.clone(), next.clone()));
        }
    });
    format!("http://{address}")
}

async fn pass_on(client: TcpStream, node: String, next: Arc<AtomicU64>) {
    let mut client = BufReader::new(client);
    while let Some((head, body)) = message(&mut client).await {
        let mut answer = ask(&node, &head, &body).await;
        let request: Value = serde_json::from_slice(&body).unwrap_or_default();
        if request["method"] == "broadcast_tx_sync" {
            answer = lie(&answer, next.fetch_add(1, Ordering::Relaxed));
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        client.write_all(head.as_bytes()).await.unwrap();
        client.write_all(&answer).await.unwrap();
    }
}

/// The node's answer without its head. As one of HTTP/1.0 it ends where the connection does.
async fn ask(node: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let mut node = TcpStream::connect(node).await.unwrap();
    let head = head.replacen("HTTP/1.1", "HTTP/1.0", 1);
    node.write_all(head.as_bytes()).await.unwrap();
    node.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    node.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    answer.split_off(end.unwrap() + 4)
}

/// Head and body of a request; none at the end.
async fn message(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, body))
}

fn lie(answer: &[u8], expected: u64) -> Vec<u8> {
    let mut answer: Value = serde_json::from_slice(answer).unwrap();
    let log = format!(
        "account sequence mismatch, expected {expected}, got {}: incorrect account sequence",
        expected - 1
    );
    answer["result"]["code"] = json!(32);
    answer["result"]["codespace"] = json!("sdk");
    answer["result"]["log"] = json!(log);
    answer.to_string().into_bytes()
}

/// One message was carried out ten times: each answer had it signed again.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_denies_a_transaction_has_it_carried_out_once() {
    let (_net, client, keyring) = chain(1).await;
    let network = client.network().clone();
    let signer = keyring.signer("alice", &network.prefix, network.coin_type);
    let alice = Sender::new(client.clone(), signer.unwrap());
    let before = client.account(alice.address()).await.unwrap().sequence;
    let node = network.rpc[0].trim_start_matches("http://").to_owned();
    let behind = liar(node, before).await;

    let mut lied_to = network.clone();
    lied_to.rpc = vec![behind];
    let through = Client::connect(lied_to).await.unwrap();
    let signer = keyring.signer("alice", &network.prefix, network.coin_type);
    let victim = Sender::new(through, signer.unwrap());
    let gift = Message::Send {
        sender: victim.address().into(),
        to: victim.address().into(),
        coins: vec![Coin::new(1u128, "uosmo")],
    };
    let sent: Result<_, ChainError> = victim.send(&[gift], GAS).await;
    sent.unwrap();
    let after = client.account(victim.address()).await.unwrap().sequence;
    assert_eq!(after, before + 1);
}

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountInfoResponse};
use cosmrs::proto::prost::Message as _;
use serde_json::{Value, json};

use super::*;
use crate::error::Phase;
use crate::fake::{Answer, Asked, checked, client, queried, status};
use crate::keys::{Keyring, new_mnemonic};

/// Somebody who has sent five transactions, through such endpoints.
fn sender(answers: &[Answer]) -> Sender {
    let mut keyring = Keyring::default();
    keyring.insert("alice", &new_mnemonic().unwrap());
    let signer = keyring.signer("alice", "wasm", 118).unwrap();
    Sender::new(client(answers), signer)
}

fn account() -> Value {
    account_with(5)
}

fn account_with(sequence: u64) -> Value {
    let info = BaseAccount {
        sequence,
        ..BaseAccount::default()
    };
    let answer = QueryAccountInfoResponse { info: Some(info) };
    queried(&answer.encode_to_vec())
}

/// A node into whose pool a transaction of the same account comes whenever it is asked what
/// another one would do, three times.
fn busy(asked: &Asked) -> Option<Result<Value, &'static str>> {
    static SENT: AtomicU64 = AtomicU64::new(6);
    if !asked.is_about("simulate") {
        return Some(Ok(account()));
    }
    let expected = SENT.fetch_add(1, Ordering::Relaxed);
    if expected > 8 {
        let done = json!({ "gas_info": { "gas_used": "7" }, "result": { "events": [] } });
        return Some(Ok(queried(done.to_string().as_bytes())));
    }
    let got = expected - 1;
    let mut refused = queried(&[]);
    refused["response"]["code"] = json!(32);
    refused["response"]["log"] = json!(format!(
        "account sequence mismatch, expected {expected}, got {got}: no"
    ));
    Some(Ok(refused))
}

/// Of transactions that were tried out while others were sent, one in a hundred was taken for
/// refused.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_meanwhile_does_not_keep_anything_from_being_tried_out() {
    let alice = sender(&[busy]);
    assert_eq!(alice.simulate(&[gift(&alice)]).await.unwrap(), 7);
}

fn gift(sender: &Sender) -> Message {
    Message::Send {
        sender: sender.address().into(),
        to: sender.address().into(),
        coins: vec![],
    }
}

/// A node that did not answer, and one that refused, kept everything else from being sent for a
/// minute.
#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_taken_is_on_its_way_and_others_follow() {
    let alice = sender(&[
        |asked| (asked.method == "abci_query").then(|| Ok(account())),
        |_| Some(Ok(checked(13))),
    ]);
    let gift = gift(&alice);
    let begun = Instant::now();
    let mut signed = Vec::new();
    for _ in 0..2 {
        let mut witness = |transaction: &SignedTx| {
            signed.push((transaction.sequence, transaction.hash.clone()));
            Ok(())
        };
        let terms = Terms {
            gas: Gas::Limit(1),
            timeout_height: None,
        };
        let messages = std::slice::from_ref(&gift);
        let sent = alice.submit_witnessed(messages, terms, &mut witness).await;
        let hash = sent.unwrap().hash().to_owned();
        assert_eq!(signed.last().map(|(_, hash)| hash), Some(&hash));
    }
    let sequences: Vec<u64> = signed.iter().map(|(sequence, _)| *sequence).collect();
    assert_eq!(sequences, [5, 6]);
    assert!(begun.elapsed() < SETTLES, "{:?}", begun.elapsed());
}

/// A node that has put these transactions into its block 20, or will; it makes five blocks a second.
fn chain(asked: &Asked, begun: Instant, pool: &[String]) -> Value {
    let newest = 10 + begun.elapsed().as_millis() as u64 / 200;
    let height = asked.params["height"].as_str();
    let height: u64 = height.and_then(|text| text.parse().ok()).unwrap_or(0);
    match asked.method.as_str() {
        "broadcast_tx_sync" => checked(0),
        "status" => status(newest),
        "abci_info" => {
            json!({ "response": { "last_block_height": newest.to_string() } })
        }
        "block" if height == 20 => json!({ "block": { "data": { "txs": pool } } }),
        "block" => json!({ "block": { "data": { "txs": [] } } }),
        "block_results" => {
            let result = json!({ "code": 0, "gas_used": "5", "gas_wanted": "6" });
            json!({ "height": "20", "txs_results": vec![result; pool.len()] })
        }
        _ => {
            let used = if newest >= 20 { pool.len() as u64 } else { 0 };
            let mut answer = account_with(5 + used);
            answer["response"]["height"] = json!(height.to_string());
            answer
        }
    }
}

fn node(asked: &Asked) -> Option<Result<Value, &'static str>> {
    static POOL: Mutex<Vec<String>> = Mutex::new(Vec::new());
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    QUESTIONS.fetch_add(1, Ordering::Relaxed);
    let mut pool = POOL.lock().unwrap();
    if asked.method == "broadcast_tx_sync" {
        pool.push(asked.params["tx"].as_str().unwrap().to_owned());
    }
    // Blocks come when it has all of them.
    let begun = if pool.len() < MANY {
        Instant::now()
    } else {
        *BEGUN.get_or_init(Instant::now)
    };
    Some(Ok(chain(asked, begun, &pool)))
}

const MANY: usize = 40;

static QUESTIONS: AtomicU64 = AtomicU64::new(0);

/// Each transaction on its way was asked for five times a second.
#[tokio::test(flavor = "multi_thread")]
async fn many_transactions_are_waited_for_by_reading_each_block_once() {
    let alice = sender(&[node]);
    let mut pending = Vec::new();
    for _ in 0..MANY {
        let sent = alice.submit(&[gift(&alice)], Gas::Limit(1)).await;
        pending.push(sent.unwrap());
    }
    let sent = QUESTIONS.load(Ordering::Relaxed);
    let waiting = pending.into_iter().map(Pending::wait);
    for landed in futures::future::join_all(waiting).await {
        assert_eq!(landed.unwrap().height, 20);
    }
    let asked = QUESTIONS.load(Ordering::Relaxed) - sent;
    // Of ten blocks and a few in between.
    assert!(asked < 150, "{asked} questions");
}

/// A node that takes transactions and puts them into none of its blocks.
fn swallower(asked: &Asked) -> Option<Result<Value, &'static str>> {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    let begun = *BEGUN.get_or_init(Instant::now);
    Some(Ok(chain(asked, begun, &[])))
}

/// It was waited for until the sender's patience ended.
#[tokio::test(flavor = "multi_thread")]
async fn after_its_last_block_a_transaction_is_not_waited_for() {
    let alice = sender(&[swallower]);
    let terms = Terms {
        gas: Gas::Limit(1),
        timeout_height: Some(25),
    };
    let messages = [gift(&alice)];
    let mut witness = |_: &SignedTx| Ok(());
    let sent = alice.submit_witnessed(&messages, terms, &mut witness);
    let ended = sent.await.unwrap().wait().await.unwrap_err();
    let ChainError::NotIncluded { waited, .. } = ended else {
        panic!("{ended}");
    };
    assert!(waited < PATIENCE / 3, "{waited:?}");
}

/// A sender that was fifteen sequences behind gave up: it went on one by one.
#[test]
fn a_sender_that_is_far_behind_goes_on_where_the_node_is() {
    let log = "account sequence mismatch, expected 20, got 5: incorrect account sequence";
    let refusal = Refusal::new(Phase::Check, "sdk", 32, log);
    assert!(is_past(&refusal, 5));
    assert_eq!(sequence_after(&refusal, 5), 20);
    assert!(!is_past(&refusal, 20));
}

//! The client against a node: many transactions in flight, a node that restarts.

use std::collections::BTreeSet;
use std::time::Duration;

use bulwark_chain::events::Watcher;
use bulwark_chain::{Client, Gas, Keyring, Message, Sender};
use bulwark_chain_tests::chain;
use cosmwasm_std::Coin;

/// Sends nothing much.
const GAS: Gas = Gas::Limit(150_000);

fn sender(client: &Client, keyring: &Keyring, name: &str) -> Sender {
    let network = client.network();
    let signer = keyring.signer(name, &network.prefix, network.coin_type);
    Sender::new(client.clone(), signer.unwrap())
}

fn gift(sender: &Sender, amount: u128) -> Message {
    Message::Send {
        sender: sender.address().into(),
        to: sender.address().into(),
        coins: vec![Coin::new(amount, "uosmo")],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_in_flight_from_one_account_and_none_is_stuck() {
    let (_net, client, keyring) = chain(1).await;
    let alice = sender(&client, &keyring, "alice");
    let before = client.account(alice.address()).await.unwrap().sequence;
    let mut watcher = Watcher::new(client.clone(), None).await.unwrap();
    let mut pending = Vec::new();
    for amount in 1..=50 {
        let sent = alice.submit(&[gift(&alice, amount)], GAS).await;
        pending.push(sent.unwrap());
    }
    let mut hashes = BTreeSet::new();
    let mut last = 0;
    for sent in pending {
        let included = sent.wait().await.unwrap();
        last = last.max(included.height);
        hashes.insert(included.hash);
    }
    assert_eq!(hashes.len(), 50);
    let after = client.account(alice.address()).await.unwrap().sequence;
    assert_eq!(after, before + 50);

    // The watcher has seen all of them, each once.
    let mut seen = 0;
    while watcher.next_height() <= last {
        seen += watcher.next().await.unwrap().transactions.len();
    }
    assert_eq!(seen, 50);

    // Another program uses the same key: both find their way.
    let twin = sender(&client, &keyring, "alice");
    twin.send(&[gift(&twin, 1)], GAS).await.unwrap();
    for amount in 1..=12 {
        let sent = alice.submit(&[gift(&alice, amount)], GAS).await;
        sent.unwrap();
    }
    twin.send(&[gift(&twin, 2)], Gas::Simulated).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_restarting_node_loses_is_sent_again_and_no_block_is_missed() {
    let (mut net, client, keyring) = chain(1).await;
    let alice = sender(&client, &keyring, "alice").with_patience(Duration::from_secs(90));
    let mut watcher = Watcher::new(client.clone(), None).await.unwrap();
    let first = watcher.next().await.unwrap().height;
    let mut pending = Vec::new();
    for amount in 1..=20 {
        let sent = alice.submit(&[gift(&alice, amount)], GAS).await;
        pending.push(sent.unwrap());
    }
    net.kill_node(0).unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    net.start_node(0).unwrap();
    net.wait_for_height(0, first, Duration::from_secs(90))
        .unwrap();
    // A node forgets what waits for a block: what is in none now nobody has any more.
    let mut lost = 0;
    for sent in &pending {
        let found = client.transaction(sent.hash()).await.unwrap();
        lost += usize::from(found.is_none());
    }
    assert!(lost > 0, "all of it was in a block when the node died");
    let waits = pending.into_iter().map(|sent| tokio::spawn(sent.wait()));
    let waits: Vec<_> = waits.collect();
    let mut last = 0;
    for wait in waits {
        last = last.max(wait.await.unwrap().unwrap().height);
    }
    let (mut next, mut seen) = (first + 1, 0);
    while next <= last {
        let block = watcher.next().await.unwrap();
        assert_eq!(block.height, next);
        seen += block.transactions.len();
        next += 1;
    }
    assert_eq!(seen, 20);
}

//! Transactions through endpoints of which one is not well.

use std::time::{Duration, Instant};

use bulwark_chain::lookup::Whereabouts;
use bulwark_chain::{Client, Gas, Keyring, Message, Network, Sender};
use bulwark_chain_tests::{Manner, Proxy, chain};
use cosmwasm_std::Coin;

/// Sends nothing much.
const GAS: Gas = Gas::Limit(150_000);

/// What handing a transaction over may take while one of two endpoints is silent.
const SOON: Duration = Duration::from_secs(10);

async fn sender(client: &Client, keyring: &Keyring, proxies: &[&Proxy]) -> Sender {
    let network = Network {
        rpc: proxies.iter().map(|proxy| proxy.rpc()).collect(),
        ..client.network().clone()
    };
    let signer = keyring.signer("alice", &network.prefix, network.coin_type);
    Sender::new(Client::connect(network).await.unwrap(), signer.unwrap())
}

fn gift(sender: &Sender, amount: u128) -> Message {
    Message::Send {
        sender: sender.address().into(),
        to: sender.address().into(),
        coins: vec![Coin::new(amount, "uosmo")],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_get_through_if_one_endpoint_takes_them() {
    let (net, client, keyring) = chain(1).await;
    let node = net.rpc().remove(0);
    let (one, other) = (Proxy::of(&node).await, Proxy::of(&node).await);
    let alice = sender(&client, &keyring, &[&one, &other]).await;
    let before = client.account(alice.address()).await.unwrap().sequence;

    one.behave(Manner::Swallows);
    let mut pending = Vec::new();
    for amount in 1..=5 {
        let sent = alice.submit(&[gift(&alice, amount)], GAS).await;
        pending.push(sent.unwrap());
    }
    one.behave(Manner::Silent);
    for amount in 6..=10 {
        let begun = Instant::now();
        let sent = alice.submit(&[gift(&alice, amount)], GAS).await;
        pending.push(sent.unwrap());
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    }
    for sent in pending {
        sent.wait().await.unwrap();
    }
    let after = client.account(alice.address()).await.unwrap().sequence;
    assert_eq!(after, before + 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_node_has_indexed_is_found_in_its_block() {
    let (net, client, keyring) = chain(1).await;
    let proxy = Proxy::of(&net.rpc()[0]).await;
    let alice = sender(&client, &keyring, &[&proxy]).await;
    proxy.behave(Manner::Unindexed);
    let found = alice.send(&[gift(&alice, 1)], GAS).await.unwrap();
    let indexed = client.transaction(&found.hash).await.unwrap();
    assert_eq!(indexed, Some(found.clone()));
    let hidden = alice.client().whereabouts(&found.hash).await.unwrap();
    assert!(matches!(hidden, Whereabouts::NotIndexed(_)), "{hidden:?}");
    let hashes = [found.hash.clone()];
    let blocks = found.height - 1..=found.height;
    let in_blocks = alice
        .client()
        .find_in_blocks(&hashes, blocks)
        .await
        .unwrap();
    assert_eq!(in_blocks, [(found.hash.clone(), Ok(found))]);
}

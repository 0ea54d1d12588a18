//! The keeper's mirror on a real chain: it ends with the chain's own bytes, whatever happens on the
//! way.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bulwark_chain::endpoints::Aside;
use bulwark_chain::{Client, Network};
use bulwark_chain_tests::{
    Author, Bulwark, Manner, Mirror as Embedded, Places, Proxy, state, units,
};
use bulwark_keeper::book::{Book, Contract};
use bulwark_keeper::mirror::{
    FileError, HealthView, Lost, Mirror, MirrorError, Options, Progress, State,
};
use bulwark_types::vault::ExecuteMsg;
use tokio::time::timeout;

use crate::replay::{run, world};

/// Rounds of random messages, each of several.
const ROUNDS: usize = 12;

/// Nothing that a mirror recovers from takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

pub type Records = BTreeMap<Vec<u8>, Vec<u8>>;

pub async fn open(client: &Client, vault: &str, options: Options) -> (Mirror, Book, Vec<Progress>) {
    let mut told = Vec::new();
    let mut listener = |progress| told.push(progress);
    let health = HealthView::default();
    let opened = Mirror::open(client.clone(), vault, options, health, &mut listener).await;
    let (mirror, book) = opened.unwrap();
    (mirror, book, told)
}

/// Follows until a block.
pub async fn follow(mirror: &mut Mirror, book: &mut Book, height: u64) {
    let reached = async {
        while mirror.height() < height {
            let changes = mirror.next(book).await.unwrap();
            assert!(changes.refused.is_empty(), "{changes:?}");
        }
        mirror.settle(book).await.unwrap();
    };
    let arrived = timeout(PATIENCE, reached).await;
    assert!(arrived.is_ok(), "{:?}", mirror.health().get());
}

/// Book and chain have the same bytes after the block that the mirror is at.
pub async fn assert_same(client: &Client, mirror: &Mirror, book: &Book) {
    let client = client.at(mirror.height());
    let deployment = book.deployment();
    for (contract, address) in [
        (Contract::Vault, &deployment.vault),
        (Contract::Oracle, &deployment.oracle),
    ] {
        let records = book.records(contract);
        let ours: Records = records.map(|(key, value)| (key, value.to_vec())).collect();
        let chain = state(&client, address.as_str()).await;
        assert_eq!(ours, chain, "{contract}");
        assert!(chain.len() > 5, "{contract}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_follows_random_messages_past_a_restarting_node() {
    let (mut world, assets) = world().await;
    let vault = world.vault.address.clone();
    let mut embedded = Embedded::new(&world.client);
    embedded.catch_up().await;
    let places = Places {
        vault: vault.clone(),
        oracle: world.oracle.address.clone(),
        users: world.names(),
    };
    let mut author = Author::new(20_261_124, places, assets);
    run(&world, author.opening(), &mut embedded).await;

    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        folder: Some(folder.path().into()),
        ..Options::default()
    };
    let (mut mirror, mut book, told) = open(&world.client, &vault, options.clone()).await;
    assert!(matches!(told[0], Progress::Begun { .. }), "{told:?}");
    assert_same(&world.client, &mirror, &book).await;
    let loaded = mirror.height();
    let mut messages = 0;
    for round in 0..ROUNDS {
        let drafts = author.round(&embedded);
        messages += run(&world, drafts, &mut embedded).await.len();
        follow(&mut mirror, &mut book, embedded.height()).await;
        if round % 4 == 0 {
            assert_same(&world.client, &mirror, &book).await;
        }
        if round == ROUNDS / 2 {
            world.net.kill_node(0).unwrap();
            tokio::time::sleep(Duration::from_secs(2)).await;
            world.net.start_node(0).unwrap();
            let next = mirror.height() + 2;
            follow(&mut mirror, &mut book, next).await;
            world.net.wait_for_height(0, next, PATIENCE).unwrap();
        }
    }
    println!(
        "{messages} messages, blocks {loaded} to {}",
        mirror.height()
    );
    assert!(messages > 60, "{messages}");
    assert_same(&world.client, &mirror, &book).await;
    let found = mirror.verify(&mut book).await.unwrap();
    assert_eq!(found.drifts, []);
    assert!(found.ends_round);
    let health = mirror.health().get();
    assert_eq!((health.drifts, health.reloads), (0, 0));
    assert_eq!(health.state, State::Following);

    // Drift is found, told and healed; also when a comparison was cut off before.
    let account = book.records(Contract::Vault).last().unwrap().0;
    book.apply(Contract::Vault, &account, None).unwrap();
    book.apply(Contract::Oracle, b"feed_count", Some(&[9]))
        .unwrap();
    {
        let (mut verifying, mut polls) = (pin!(mirror.verify(&mut book)), 0);
        let cut_off = poll_fn(|context| {
            polls += 1;
            let is_pending = verifying.as_mut().poll(context).is_pending();
            assert!(is_pending, "{polls}");
            if polls < 4 {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        });
        cut_off.await;
    }
    assert_eq!(mirror.health().get().drifts, 0);
    let found = mirror.verify(&mut book).await.unwrap();
    let keys: Vec<_> = found
        .drifts
        .iter()
        .map(|drift| &drift.difference.key)
        .collect();
    assert_eq!(keys, [&b"feed_count".to_vec(), &account]);
    assert_eq!(mirror.health().get().drifts, 2);
    assert_same(&world.client, &mirror, &book).await;

    // A folder is for one mirror at a time.
    let (client, health) = (world.client.clone(), HealthView::default());
    let again = Mirror::open(client, &vault, options.clone(), health, &mut |_| {}).await;
    let refused = again.unwrap_err();
    let MirrorError::File(FileError::InUse { .. }) = refused else {
        panic!("{refused}");
    };

    // What a process leaves is taken up by the next one: the file of the first load, and so all
    // blocks since; then a newer one.
    let newest = mirror.height();
    drop(mirror);
    let (mut second, mut again, told) = open(&world.client, &vault, options.clone()).await;
    let Progress::TakenUp { height, .. } = told[0] else {
        panic!("{told:?}");
    };
    assert_eq!(height, loaded);
    follow(&mut second, &mut again, newest).await;
    assert_same(&world.client, &second, &again).await;
    assert_eq!(second.health().get().reloads, 0);

    drop(second);

    // Too many missed blocks: everything is read anew.
    let impatient = Options {
        most_missed: 3,
        ..options
    };
    let (mut third, mut again, _) = open(&world.client, &vault, impatient.clone()).await;
    let changes = third.next(&mut again).await.unwrap();
    assert!(
        matches!(changes.reloaded, Some(Lost::Missed(_))),
        "{changes:?}"
    );
    assert!(!changes.records.is_empty());
    assert_same(&world.client, &third, &again).await;
    third.save(&again).unwrap();
    let height = third.height();
    drop(third);
    let (fourth, again, _) = open(&world.client, &vault, impatient).await;
    assert_eq!(fourth.height(), height);
    assert_same(&world.client, &fourth, &again).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_leaves_endpoints_that_are_stale_silent_or_gone() {
    let world = Bulwark::up(1).await;
    let node = world.net.rpc().remove(0);
    let (one, other) = (Proxy::of(&node).await, Proxy::of(&node).await);
    let network = Network {
        rpc: vec![one.rpc(), other.rpc()],
        ..world.client.network().clone()
    };
    let vault = world.vault.address.as_str();

    // That there is no vault that can be read is not believed of one node.
    one.behave(Manner::Forges);
    let wary = Client::connect(network.clone()).await.unwrap();
    let (mirror, book, _) = open(&wary, vault, Options::default()).await;
    assert_same(&world.client, &mirror, &book).await;
    let aside = wary.endpoints()[0].aside.clone();
    assert!(matches!(aside, Some(Aside::Contradicted(_))), "{aside:?}");
    one.behave(Manner::Faithful);

    let client = Client::connect(network).await.unwrap();
    let (mut mirror, mut book, _) = open(&client, vault, Options::default()).await;
    follow_a_deposit(&world, &mut mirror, &mut book).await;
    assert_eq!(mirror.health().get().endpoint, one.rpc());

    one.behave(Manner::Stale);
    follow_a_deposit(&world, &mut mirror, &mut book).await;
    follow_blocks(&mut mirror, &mut book, 12).await;
    let health = mirror.health().get();
    assert_eq!(health.endpoint, other.rpc(), "{health:?}");
    let aside = health.endpoints[0].aside.clone();
    assert!(
        matches!(aside, Some(Aside::Lags(_) | Aside::StandsStill(_))),
        "{health:?}"
    );

    // The first one is back, and the other one answers no more.
    one.behave(Manner::Faithful);
    other.behave(Manner::Silent);
    follow_a_deposit(&world, &mut mirror, &mut book).await;
    assert_eq!(mirror.health().get().endpoint, one.rpc());

    // Subscriptions and answers that break off leave no gaps.
    one.behave(Manner::BreaksOff);
    other.behave(Manner::BreaksOff);
    for _ in 0..3 {
        follow_a_deposit(&world, &mut mirror, &mut book).await;
    }

    // Who answers from another state than it is asked for is not believed.
    one.behave(Manner::Newest);
    other.behave(Manner::Faithful);
    for _ in 0..2 {
        deposit(&world).await;
        let found = mirror.verify(&mut book).await.unwrap();
        assert_eq!(found.drifts, []);
        follow_a_deposit(&world, &mut mirror, &mut book).await;
    }

    // What another endpoint tells alone is told, and not taken; what both tell is.
    one.behave(Manner::Faithful);
    follow_a_deposit(&world, &mut mirror, &mut book).await;
    let followed = client.endpoint().to_owned();
    let another = if followed == one.rpc() { &other } else { &one };
    another.behave(Manner::Forges);
    let found = mirror.verify(&mut book).await.unwrap();
    assert!(!found.disputed.is_empty());
    assert_eq!(found.drifts, []);
    assert_eq!(client.endpoint(), followed);
    assert_same(&world.client, &mirror, &book).await;
    another.behave(Manner::Faithful);
    book.apply(Contract::Oracle, b"feed_count", Some(&[9]))
        .unwrap();
    let found = mirror.verify(&mut book).await.unwrap();
    assert_eq!((found.drifts.len(), found.disputed.len()), (1, 0));

    // Nodes that refuse what there is are waited for.
    one.behave(Manner::Refuses);
    other.behave(Manner::Refuses);
    let height = deposit(&world).await;
    let short = Duration::from_secs(5);
    let refused = timeout(short, follow(&mut mirror, &mut book, height)).await;
    assert!(refused.is_err(), "{}", mirror.height());
    let trouble = mirror.health().get().trouble.unwrap();
    assert!(trouble.contains("no such contract"), "{trouble}");
    one.behave(Manner::Faithful);
    other.behave(Manner::Faithful);
    follow_a_deposit(&world, &mut mirror, &mut book).await;

    // A node of another chain is not asked, even if nobody else answers.
    other.behave(Manner::Foreign);
    one.behave(Manner::Faithful);
    client.survey().await;
    follow_a_deposit(&world, &mut mirror, &mut book).await;
    let health = mirror.health().get();
    let aside = &health.endpoints[1].aside;
    assert!(matches!(aside, Some(Aside::OtherChain(_))), "{health:?}");
    one.behave(Manner::Closed);
    let before = (mirror.height(), book.accounts());
    let waiting = timeout(Duration::from_secs(12), mirror.next(&mut book)).await;
    assert!(waiting.is_err() || mirror.height() <= before.0 + 1);
    let trouble = mirror.health().get().trouble.unwrap();
    assert!(trouble.contains(&one.rpc()), "{trouble}");
    one.behave(Manner::Faithful);
    follow_a_deposit(&world, &mut mirror, &mut book).await;
    assert_eq!(book.accounts(), before.1);

    // Nobody answers for a while; the blocks of that time are not lost.
    one.behave(Manner::Closed);
    other.behave(Manner::Closed);
    let before = mirror.height();
    let waiting = timeout(Duration::from_secs(3), mirror.next(&mut book)).await;
    assert!(waiting.is_err() || mirror.height() <= before + 1);
    deposit(&world).await;
    one.behave(Manner::Faithful);
    follow_a_deposit(&world, &mut mirror, &mut book).await;
    let health = mirror.health().get();
    assert_eq!((health.reloads, health.trouble), (0, None));
    let found = mirror.verify(&mut book).await.unwrap();
    assert_eq!(found.drifts, []);
}

/// Somebody deposits; the block.
pub async fn deposit(world: &Bulwark) -> u64 {
    let message = ExecuteMsg::Deposit {
        account: None,
        lend: Some(true),
    };
    let coin = Some((units(10), "uusdt"));
    world.execute("alice", message, coin).await.unwrap().height
}

async fn follow_a_deposit(world: &Bulwark, mirror: &mut Mirror, book: &mut Book) {
    let height = deposit(world).await;
    follow(mirror, book, height).await;
    assert_same(&world.client, mirror, book).await;
}

async fn follow_blocks(mirror: &mut Mirror, book: &mut Book, blocks: u64) {
    let height = mirror.height() + blocks;
    follow(mirror, book, height).await;
}

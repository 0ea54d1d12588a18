//! A mirror's first load, cut off and taken up again, and nodes that do not keep what it asks for.

use std::path::Path;
use std::time::Duration;

use bulwark_chain::{Client, Network};
use bulwark_chain_tests::{Bulwark, Manner, Proxy};
use bulwark_keeper::mirror::{HealthView, Lost, Mirror, MirrorError, Options, Progress};
use tokio::sync::Notify;

use crate::keeper_mirror::{assert_same, deposit, follow, open};

/// Blocks after which the proxies' nodes have forgotten a block.
const LONG: u64 = 14;

#[tokio::test(flavor = "multi_thread")]
async fn a_load_goes_on_where_it_was_cut_off_and_anew_where_that_is_forgotten() {
    let world = Bulwark::up(1).await;
    let proxy = Proxy::of(&world.net.rpc()[0]).await;
    let network = Network {
        rpc: vec![proxy.rpc()],
        ..world.client.network().clone()
    };
    let client = Client::connect(network).await.unwrap();
    let vault = world.vault.address.clone();
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        folder: Some(folder.path().into()),
        ..Options::default()
    };
    deposit(&world).await;

    // Where no vault is, there is nothing to wait for.
    let nobody = world.address("alice");
    let (health, nowhere) = (HealthView::default(), Options::default());
    let opened = Mirror::open(client.clone(), &nobody, nowhere, health, &mut |_| {}).await;
    let error = opened.unwrap_err();
    assert!(matches!(error, MirrorError::NoVault { .. }), "{error}");

    // The same height, though the chain has gone on.
    cut_off(&client, &vault, &options).await;
    let began = world.client.latest_block().await.unwrap().height;
    deposit(&world).await;
    let (mut mirror, mut book, told) = open(&client, &vault, options.clone()).await;
    let Progress::Resumed { height, records } = told[0] else {
        panic!("{told:?}");
    };
    assert!(height <= began && records > 0, "{told:?}");
    assert_eq!(mirror.height(), height);
    assert_same(&world.client, &mirror, &book).await;
    let newest = deposit(&world).await;
    follow(&mut mirror, &mut book, newest).await;
    assert_same(&world.client, &mirror, &book).await;

    // Blocks that no node has any more: everything is read anew.
    wait(&world, mirror.height() + LONG).await;
    proxy.behave(Manner::Pruned);
    let changes = mirror.next(&mut book).await.unwrap();
    let Some(Lost::Pruned(_)) = changes.reloaded else {
        panic!("{changes:?}");
    };
    assert_same(&world.client, &mirror, &book).await;
    let newest = deposit(&world).await;
    follow(&mut mirror, &mut book, newest).await;
    assert_same(&world.client, &mirror, &book).await;
    assert_eq!(mirror.health().get().reloads, 1);
    drop(mirror);

    // A height that no node has any more: the load begins anew at another one.
    std::fs::remove_file(folder.path().join("mirror")).unwrap();
    proxy.behave(Manner::Faithful);
    cut_off(&client, &vault, &options).await;
    let began = world.client.latest_block().await.unwrap().height;
    wait(&world, began + LONG).await;
    proxy.behave(Manner::Pruned);
    let (mirror, book, told) = open(&client, &vault, options.clone()).await;
    let has = |wanted: fn(&Progress) -> bool| told.iter().any(wanted);
    assert!(
        has(|told| matches!(told, Progress::Resumed { .. })),
        "{told:?}"
    );
    assert!(
        has(|told| matches!(told, Progress::Pruned { .. })),
        "{told:?}"
    );
    assert!(
        has(|told| matches!(told, Progress::Begun { .. })),
        "{told:?}"
    );
    assert!(mirror.height() > began);
    assert_same(&world.client, &mirror, &book).await;
    drop(mirror);

    // A damaged file is of no use, and does no harm.
    let file = folder.path().join("mirror");
    damage(&file);
    let (mirror, book, told) = open(&client, &vault, options).await;
    let anew = |told: &Progress| matches!(told, Progress::Begun { .. });
    assert!(told.iter().any(anew), "{told:?}");
    assert_same(&world.client, &mirror, &book).await;
}

/// Begins to load, and is dropped after a few pages.
async fn cut_off(client: &Client, vault: &str, options: &Options) {
    let enough = Notify::new();
    let mut listener = |progress| {
        if matches!(progress, Progress::Read { records } if records > 0) {
            enough.notify_one();
        }
    };
    let health = HealthView::default();
    let opening = Mirror::open(
        client.clone(),
        vault,
        options.clone(),
        health,
        &mut listener,
    );
    tokio::select! {
        biased;
        () = enough.notified() => {}
        opened = opening => panic!("not cut off: {:?}", opened.map(|(mirror, _)| mirror.height())),
    }
}

async fn wait(world: &Bulwark, height: u64) {
    while world.client.latest_block().await.unwrap().height < height {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn damage(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

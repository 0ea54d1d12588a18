//! A keeper whose node is slow.

use std::future::pending;
use std::time::Duration;

use bulwark_chain_tests::{Bulwark, Manner, Proxy};
use bulwark_keeper::{Config, Options, Told, run};
use tokio::time::timeout;

/// Enough for some dozens of answers, one after the other.
const PATIENCE: Duration = Duration::from_secs(90);

/// Every answer takes longer than half of the time after which the keeper looks at other things, and a
/// block takes several.
#[tokio::test(flavor = "multi_thread")]
async fn it_gets_on_though_a_block_takes_longer_to_read_than_it_waits_at_once() {
    let world = Bulwark::up(1).await;
    let node = world.net.rpc().remove(0);
    let proxy = Proxy::of(&node).await;
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(world.net.network_file()).unwrap();
    let network = folder.path().join("network.toml");
    std::fs::write(&network, text.replace(&node, &proxy.rpc())).unwrap();
    let config = Config {
        vault: Some(world.vault.address.clone()),
        folder: folder.path().join("keeper"),
        listen: None,
        ..Config::local(&network, world.net.keyring_file(), "keeper").unwrap()
    };
    assert_eq!(config.network.rpc, [proxy.rpc()]);
    proxy.behave(Manner::Slow);
    let options = Options {
        dry: true,
        once: true,
    };
    let mut listener = |_: &Told| {};
    let running = run(config, options, pending(), &mut listener);
    let ended = timeout(PATIENCE, running).await;
    ended.expect("not even one block").unwrap();
}

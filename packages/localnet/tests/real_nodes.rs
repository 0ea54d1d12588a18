//! Real nodes: networks that start, break, and are started again.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bulwark_localnet::{Localnet, LocalnetError, Ports, Spec, Step};

/// Long enough for a machine that builds something else at the same time.
const PATIENCE: Duration = Duration::from_secs(120);

fn spec(folder: &Path) -> Spec {
    Spec {
        ports: Ports::Free,
        ..Spec::new(folder.join("network"))
    }
}

fn up(spec: &Spec) -> Localnet {
    Localnet::up(spec, &mut |_| {}).unwrap()
}

/// Processes whose command line names this folder.
fn processes_of(home: &Path) -> Vec<PathBuf> {
    let name = home.display().to_string();
    std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| {
            let folder = entry.ok()?.path();
            let line = std::fs::read(folder.join("cmdline")).ok()?;
            String::from_utf8_lossy(&line)
                .contains(&name)
                .then_some(folder)
        })
        .collect()
}

#[test]
fn a_network_survives_a_dead_node_and_an_unfinished_start_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let spec = spec(folder.path());
    let home = spec.home.clone();

    // The start ends half-way: the node runs, and nobody has waited for it.
    let broken_off = catch_unwind(AssertUnwindSafe(|| {
        Localnet::up(&spec, &mut |step| assert_ne!(step, Step::Waiting)).map(drop)
    }));
    if let Ok(ended) = broken_off {
        panic!("the start was not broken off, and ended with {ended:?}");
    }
    assert!(home.join("localnet.json").exists());

    // Another start clears that away.
    let mut steps = Vec::new();
    let mut network = Localnet::up(&spec, &mut |step| steps.push(step)).unwrap();
    assert!(steps.contains(&Step::Clearing), "{steps:?}");
    network.wait_for_height(0, 4, PATIENCE).unwrap();

    // Only one process at a time may change it; everybody may look.
    let busy = Localnet::open(&home).unwrap_err();
    assert!(matches!(busy, LocalnetError::Busy { .. }), "{busy}");
    assert!(Localnet::look(&home).unwrap()[0].height.is_some());

    // The node crashes; the next start goes on with its data.
    network.kill_node(0).unwrap();
    let dead = network.wait_for_height(0, 5, PATIENCE).unwrap_err();
    assert!(
        matches!(dead, LocalnetError::NodeDied { node: 0, .. }),
        "{dead}"
    );
    drop(network);
    assert_eq!(Localnet::look(&home).unwrap()[0].pid, None);
    let mut network = up(&spec);
    assert!(network.height(0).unwrap().unwrap() >= 4);
    drop(network);

    // It goes on without the process that started it, and is not another network.
    let mut other = spec.clone();
    other.nodes = 2;
    let refused = Localnet::up(&other, &mut |_| {}).unwrap_err();
    assert!(
        matches!(refused, LocalnetError::OtherNetwork { .. }),
        "{refused}"
    );
    assert!(!processes_of(&home).is_empty());

    assert!(Localnet::down(&home).unwrap());
    assert!(!home.exists());
    assert!(processes_of(&home).is_empty());
    assert!(!Localnet::down(&home).unwrap());
}

#[test]
fn a_port_in_use_is_named_and_the_next_start_works() {
    let folder = tempfile::tempdir().unwrap();
    // Of those that a system does not hand out by itself: the one below is the peers'.
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port - 1)).is_ok();
    let (port, listener) = (9_001..10_000)
        .filter(free)
        .find_map(|port| Some((port, TcpListener::bind(("127.0.0.1", port)).ok()?)))
        .unwrap();
    let spec = Spec {
        ports: Ports::From(port),
        ..spec(folder.path())
    };
    match Localnet::up(&spec, &mut |_| {}).unwrap_err() {
        LocalnetError::PortInUse {
            port: named,
            node: 0,
            ..
        } => assert_eq!(named, port),
        other => panic!("{other}"),
    }
    drop(listener);
    drop(up(&spec));
    assert!(Localnet::down(&spec.home).unwrap());
}

#[test]
fn a_folder_with_something_else_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let spec = spec(folder.path());
    std::fs::create_dir(&spec.home).unwrap();
    let letter = spec.home.join("letter");
    std::fs::write(&letter, "dear").unwrap();
    for refused in [
        Localnet::up(&spec, &mut |_| {}).map(drop).unwrap_err(),
        Localnet::down(&spec.home).map(drop).unwrap_err(),
    ] {
        assert!(
            matches!(refused, LocalnetError::Foreign { .. }),
            "{refused}"
        );
    }
    assert!(letter.exists());
}

#[test]
fn a_network_of_two_goes_on_when_one_came_back() {
    let mut network = Localnet::temporary(2).unwrap();
    let home = network.home().to_owned();
    network.stop_node(1).unwrap();
    network.start_node(1).unwrap();
    let height = network.height(0).unwrap().unwrap();
    network.wait_for_height(0, height + 2, PATIENCE).unwrap();
    network.wait_for_height(1, height + 2, PATIENCE).unwrap();
    drop(network);
    assert!(!home.exists());
    assert!(processes_of(&home).is_empty());
}

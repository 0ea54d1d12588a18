//! What is printed of a network.

use bulwark_deploy::apply::Done;
use bulwark_localnet::market::{FeederStatus, deployment_file, look_at_feeder};
use bulwark_localnet::{Localnet, NodeStatus, Step};

use super::Failure;

/// A line on stderr for each step: a start may take minutes, and somebody waits.
pub(super) fn tell(step: &str) {
    eprintln!("localnet: {step}");
}

pub(super) fn show_step(step: &Step) {
    tell(&step.to_string());
}

pub(super) fn show_done(done: &Done) {
    tell(&done.step.step.to_string());
}

/// A line for each node.
pub(super) fn print_nodes(nodes: &[NodeStatus]) {
    for node in nodes {
        let process = running(node.pid);
        let height = node.height.map_or_else(
            || "does not answer".to_owned(),
            |height| format!("block {height}"),
        );
        println!("node {}  {}  {process}  {height}", node.node, node.rpc);
    }
}

/// A line for the feeder.
pub(super) fn print_feeder(feeder: &FeederStatus) {
    println!(
        "feeder  {}  {}, speed {}, row {} of {}",
        running(feeder.pid),
        feeder.source,
        feeder.speed,
        feeder.row.saturating_add(1),
        feeder.rows
    );
}

fn running(pid: Option<u32>) -> String {
    pid.map_or_else(|| "not running".to_owned(), |pid| format!("pid {pid}"))
}

/// What runs, and where everything is that a client needs.
pub(super) fn print_network(network: &mut Localnet) -> Result<(), Failure> {
    let home = network.home().to_owned();
    println!("chain {} runs", network.chain_id());
    print_nodes(&network.status());
    let feeder = look_at_feeder(&home)?;
    if let Some(feeder) = &feeder {
        print_feeder(feeder);
    }
    println!("network file     {}", network.network_file().display());
    println!("test keys        {}", network.keyring_file().display());
    if feeder.is_some() {
        println!("deployment file  {}", deployment_file(&home).display());
        println!("addresses        {}", network.address_file().display());
    }
    Ok(())
}

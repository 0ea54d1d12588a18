//! What is printed of a network.

use bulwark_deploy::apply::Done;
use bulwark_localnet::market::{
    FeederStatus, Positions, client_config_file, deployment_file, look_at_feeder,
};
use bulwark_localnet::web::{WebStatus, look_at_web};
use bulwark_localnet::{Localnet, NodeStatus, Step};

use super::Failure;
use crate::access::out::{note, say};

/// A line on stderr for each step: a start may take minutes, and somebody waits.
pub(super) fn tell(step: &str) {
    note(format_args!("localnet: {step}"));
}

pub(super) fn show_step(step: &Step) {
    tell(&step.to_string());
}

pub(super) fn show_done(done: &Done) {
    tell(&done.step.step.to_string());
}

/// A line for each node.
pub(super) fn of_nodes(nodes: &[NodeStatus]) -> String {
    let lines = nodes.iter().map(|node| {
        let process = running(node.pid);
        let height = node.height.map_or_else(
            || "does not answer".to_owned(),
            |height| format!("block {height}"),
        );
        format!("node {}  {}  {process}  {height}\n", node.node, node.rpc)
    });
    lines.collect()
}

/// A line for the feeder, and one for each price that does not follow the path.
pub(super) fn of_feeder(feeder: &FeederStatus) -> String {
    let mut text = format!(
        "feeder  {}  {}, speed {}, row {} of {}\n",
        running(feeder.pid),
        feeder.source,
        feeder.speed,
        feeder.row.saturating_add(1),
        feeder.rows
    );
    for coin in &feeder.held {
        if let Some(price) = coin.held {
            text += &format!("held    {} at {price} USD\n", coin.symbol);
        }
    }
    text
}

/// A line for the page.
pub(super) fn of_web(web: &WebStatus) -> String {
    format!("page    {}  {}\n", web.url, running(web.pid))
}

fn running(pid: Option<u32>) -> String {
    pid.map_or_else(|| "not running".to_owned(), |pid| format!("pid {pid}"))
}

/// Says what runs, and where everything is that a client needs.
pub(super) fn tell_network(network: &mut Localnet) -> Result<(), Failure> {
    let home = network.home().to_owned();
    let mut text = format!("chain {} runs\n", network.chain_id());
    text += &of_nodes(&network.status());
    let feeder = look_at_feeder(&home)?;
    text += &feeder.as_ref().map(of_feeder).unwrap_or_default();
    text += &format!("network file     {}\n", network.network_file().display());
    text += &format!("test keys        {}\n", network.keyring_file().display());
    if feeder.is_some() {
        text += &format!("deployment file  {}\n", deployment_file(&home).display());
        text += &format!("addresses        {}\n", network.address_file().display());
        text += &format!("client config    {}\n", client_config_file(&home).display());
    }
    if let Some(positions) = Positions::read(&home)? {
        for (account, what) in &positions.accounts {
            text += &format!("position {account:<8}  {what}\n");
        }
    }
    if let Some(web) = look_at_web(&home)? {
        text += &of_web(&web);
    }
    Ok(say(text)?)
}

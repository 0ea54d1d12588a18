//! `bulwark localnet status`.

use bulwark_localnet::Localnet;
use bulwark_localnet::market::look_at_feeder;
use clap::Args;
use serde_json::json;

use super::output::{of_feeder, of_nodes};
use super::{Failure, HomeArgs};
use crate::access::out::{say, say_json};

/// Which network, and how to print it.
#[derive(Args)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    home: HomeArgs,
    /// One line of JSON: the nodes, and the feeder.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &StatusArgs) -> Result<(), Failure> {
    let home = args.home.folder()?;
    let nodes = Localnet::look(&home)?;
    let feeder = look_at_feeder(&home)?;
    if args.json {
        let status = json!({ "nodes": nodes, "feeder": feeder });
        say_json(&status)?;
    } else {
        say(of_nodes(&nodes) + &feeder.as_ref().map(of_feeder).unwrap_or_default())?;
    }
    let silent = nodes.iter().filter(|node| node.height.is_none()).count();
    if silent > 0 {
        return Err(Failure::Silent {
            silent,
            nodes: nodes.len(),
        });
    }
    match feeder {
        Some(feeder) if feeder.pid.is_none() => Err(Failure::NoFeeder),
        _ => Ok(()),
    }
}

//! `bulwark localnet status`.

use bulwark_localnet::Localnet;
use bulwark_localnet::market::look_at_feeder;
use clap::Args;
use serde_json::json;

use super::output::{print_feeder, print_nodes};
use super::{Failure, HomeArgs};

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
        println!("{}", serde_json::to_string(&status)?);
    } else {
        print_nodes(&nodes);
        if let Some(feeder) = &feeder {
            print_feeder(feeder);
        }
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

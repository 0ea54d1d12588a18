//! `bulwark localnet status`.

use bulwark_localnet::Localnet;
use bulwark_localnet::market::look_at_feeder;
use bulwark_localnet::web::look_at_web;
use clap::Args;
use serde_json::json;

use super::output::{of_feeder, of_nodes, of_web};
use super::{Failure, HomeArgs};
use crate::access::out::{say, say_json};

/// Which network, and how to print it.
#[derive(Args)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    home: HomeArgs,
    /// One line of JSON: the nodes, the feeder, and the page's server.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &StatusArgs) -> Result<(), Failure> {
    let home = args.home.folder()?;
    let nodes = Localnet::look(&home)?;
    let feeder = look_at_feeder(&home)?;
    let web = look_at_web(&home)?;
    if args.json {
        let status = json!({ "nodes": nodes, "feeder": feeder, "web": web });
        say_json(&status)?;
    } else {
        let feeder = feeder.as_ref().map(of_feeder).unwrap_or_default();
        let web = web.as_ref().map(of_web).unwrap_or_default();
        say(of_nodes(&nodes) + &feeder + &web)?;
    }
    let silent = nodes.iter().filter(|node| node.height.is_none()).count();
    if silent > 0 {
        return Err(Failure::Silent {
            silent,
            nodes: nodes.len(),
        });
    }
    if feeder.is_some_and(|feeder| feeder.pid.is_none()) {
        return Err(Failure::NoFeeder);
    }
    if web.is_some_and(|web| web.pid.is_none()) {
        return Err(Failure::NoWeb);
    }
    Ok(())
}

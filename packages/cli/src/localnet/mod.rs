//! `bulwark localnet`: a network of real nodes on this machine.

mod artifacts;
mod failure;
mod feed;
mod logs;
mod output;
mod price;
mod serve;
mod status;
mod up;

use std::path::PathBuf;

use bulwark_localnet::{Localnet, default_home};
use clap::{Args, Subcommand};
use tokio::runtime::Runtime;

pub(crate) use artifacts::{Contracts, find as find_artifacts};
pub use failure::Failure;

use crate::access::out::say;

/// A network of real nodes on this machine, for development and tests.
#[derive(Args)]
pub struct LocalnetArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts a network with the contracts and moving prices, or what of it does not run. The
    /// first time wasmd is built from source, which takes minutes and needs Go.
    Up(up::UpArgs),
    /// Ends the network and removes everything that belongs to it.
    Down(HomeArgs),
    /// Says how nodes, feeder and the page's server do. Exit code 1 if one of them does not run.
    Status(status::StatusArgs),
    /// Shows what a node, the feeder or the page's server prints.
    Logs(logs::LogsArgs),
    /// Shows what is posted of each coin, holds a coin at a price, or gives it back to the path.
    Price(price::PriceArgs),
    /// Posts prices until the network is gone; `up` starts it.
    #[command(hide = true)]
    Feed(HomeArgs),
    /// Serves the page until the network is gone; `up --web` starts it.
    #[command(hide = true)]
    Serve(serve::ServeArgs),
}

/// Which network.
#[derive(Args)]
struct HomeArgs {
    /// The network's folder [default: localnet, in the cache: ~/.cache/bulwark].
    #[arg(long, value_name = "FOLDER")]
    home: Option<PathBuf>,
}

/// # Errors
/// [`Failure`].
pub fn run(args: &LocalnetArgs) -> Result<(), Failure> {
    match &args.command {
        Command::Up(args) => up::run(args),
        Command::Down(args) => down(args),
        Command::Status(args) => status::run(args),
        Command::Logs(args) => logs::run(args),
        Command::Price(args) => price::run(args),
        Command::Feed(args) => feed::run(&args.folder()?),
        Command::Serve(args) => serve::run(args),
    }
}

impl HomeArgs {
    /// As an absolute path: nodes are found again by it.
    fn folder(&self) -> Result<PathBuf, Failure> {
        match &self.home {
            Some(home) => std::path::absolute(home).map_err(|error| Failure::File {
                path: home.clone(),
                error,
            }),
            None => Ok(default_home()?),
        }
    }
}

fn down(args: &HomeArgs) -> Result<(), Failure> {
    let home = args.folder()?;
    if Localnet::down(&home)? {
        Ok(say(format!("the network in {} is gone\n", home.display()))?)
    } else {
        Ok(say(format!(
            "there was no network in {}\n",
            home.display()
        ))?)
    }
}

pub(crate) fn runtime() -> Result<Runtime, Failure> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let builder = builder.worker_threads(2).enable_all();
    builder.build().map_err(Failure::Runtime)
}

//! The `bulwark` binary.
//!
//! Exit codes: 0 when everything held, 1 when an invariant broke or a run could not go on, 2 when
//! the command or a file that it names was not understood, 3 when a deployment is left to others
//! who have to send the rest.

mod access;
mod account;
mod bench;
mod confirm;
mod demo;
mod deploy;
mod feeder;
mod keeper;
mod localnet;
mod logs;
mod market;
mod signals;
mod study;
mod tx;

use std::fmt::Display;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use peak_alloc::PeakAlloc;

/// Counts what is allocated, for `bench keeper`.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Bytes that the program has allocated at the moment.
fn allocated() -> usize {
    ALLOCATOR.current_usage()
}

/// A collateral vault for CosmWasm chains. Without a command: `demo`.
#[derive(Parser)]
#[command(name = "bulwark", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    demo: demo::DemoArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Plays a price path against the contracts on an embedded chain, and reports what happens.
    Demo(demo::DemoArgs),
    /// Compares ways of asking for margin on price paths: constant haircuts or volatility-driven
    /// ones, with and without netting, with and without the size term.
    Study(study::StudyArgs),
    /// Deploys the contracts on a chain, or brings a deployment to what its file says.
    Deploy(deploy::DeployArgs),
    /// A network of real nodes on this machine, with the contracts and moving prices.
    Localnet(localnet::LocalnetArgs),
    /// Shows accounts: what they hold and owe, their margins, which are at risk.
    Account(account::AccountArgs),
    /// Shows markets: prices, pools, rates, limits.
    Market(market::MarketArgs),
    /// Sends everyday messages: deposit, borrow, repay, liquidate, ….
    Tx(tx::TxArgs),
    /// Posts prices to the oracle, from an HTTP source or from a price file.
    Feeder(feeder::FeederArgs),
    /// Liquidates, and tells of accounts below their initial margin.
    Keeper(keeper::KeeperArgs),
    /// Measures what the contracts cost on a real chain, and how fast the keeper decides.
    Bench(bench::BenchArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command {
        Some(Command::Demo(args)) => finished(demo::run(&args), demo::Failure::exit_code),
        Some(Command::Study(args)) => finished(study::run(&args), study::Failure::exit_code),
        Some(Command::Deploy(args)) => finished(deploy::run(&args), deploy::Failure::exit_code),
        Some(Command::Localnet(args)) => {
            finished(localnet::run(&args), localnet::Failure::exit_code)
        }
        Some(Command::Account(args)) => finished(account::run(&args), access::Failure::exit_code),
        Some(Command::Market(args)) => finished(market::run(&args), access::Failure::exit_code),
        Some(Command::Tx(args)) => finished(tx::run(&args), tx::Failure::exit_code),
        Some(Command::Feeder(args)) => finished(feeder::run(&args), feeder::Failure::exit_code),
        Some(Command::Keeper(args)) => finished(keeper::run(&args), keeper::Failure::exit_code),
        Some(Command::Bench(args)) => finished(bench::run(&args), bench::Failure::exit_code),
        None => finished(demo::run(&cli.demo), demo::Failure::exit_code),
    }
}

/// Says on stderr what went wrong, and turns it into an exit code.
fn finished<E: Display>(result: Result<(), E>, exit_code: fn(&E) -> ExitCode) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            access::out::note(format_args!("bulwark: {failure}"));
            exit_code(&failure)
        }
    }
}

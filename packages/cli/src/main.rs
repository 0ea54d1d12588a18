//! The `bulwark` binary.
//!
//! Exit codes: 0 when everything held, 1 when an invariant broke or a run could not go on, 2 when
//! the command or a file that it names was not understood.

mod demo;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let demo = match cli.command {
        Some(Command::Demo(demo)) => demo,
        None => cli.demo,
    };
    match demo::run(&demo) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bulwark: {failure}");
            failure.exit_code()
        }
    }
}

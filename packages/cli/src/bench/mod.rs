//! `bulwark bench`: what is measured on a real chain.

mod failure;

use std::path::PathBuf;

use bulwark_bench::gas;
use clap::{Args, Subcommand};

pub use failure::Failure;

use crate::localnet;

/// What to measure.
#[derive(Args)]
pub struct BenchArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The gas of every operation, for accounts with 1 to 16 deposits and a debt, on a network of
    /// its own that is gone afterwards. The first time wasmd is built from source.
    Gas(GasArgs),
}

/// How to print it.
#[derive(Args)]
struct GasArgs {
    /// Numbers of deposits in the account, 1 to 17.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = gas::DEPOSITS)]
    deposits: Vec<usize>,

    /// One line of JSON instead of tables.
    #[arg(long)]
    json: bool,

    /// Folder with the contracts' wasm, as scripts/build-wasm leaves it. Inside of a checkout the
    /// script is run, and its folder taken.
    #[arg(long, value_name = "DIR", env = "BULWARK_ARTIFACTS")]
    artifacts: Option<PathBuf>,
}

/// # Errors
/// [`Failure`].
pub fn run(args: &BenchArgs) -> Result<(), Failure> {
    let Command::Gas(args) = &args.command;
    let artifacts = localnet::find_artifacts(args.artifacts.as_deref())?;
    let tell = |step: &str| eprintln!("bench: {step}");
    let report = localnet::runtime()?.block_on(gas::run(&artifacts, &args.deposits, tell))?;
    if args.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print!("{report}");
    }
    Ok(())
}

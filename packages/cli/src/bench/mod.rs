//! `bulwark bench`: what is measured, of the contracts on a real chain and of the keeper.

mod failure;

use std::path::PathBuf;

use bulwark_bench::{crash, gas, keeper};
use bulwark_localnet::market::Speed;
use clap::{Args, Subcommand};

pub use failure::Failure;

use crate::access::out::{note, say, say_json};
use crate::signals::shutdown;
use crate::{access, localnet};

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
    /// How long the keeper takes from a price to the complete list of liquidatable accounts, and how
    /// much memory it holds them in. The accounts are made up; the price of an asset that more than
    /// 40 % of them hold falls by a tenth. The list is compared with the vault's own evaluation of
    /// every account: up to 100,000 always, beyond with --verify.
    Keeper(KeeperArgs),
    /// A keeper that nobody attends, through a crash on a network of its own: how many blocks it is
    /// from the price that makes an account liquidatable to its liquidation, and whether what the
    /// keeper reports is what its wallet gained. Runs until the prices end.
    Crash(CrashArgs),
}

/// Which crash, and how to print what came of it.
#[derive(Args)]
struct CrashArgs {
    /// A CSV file with prices, as `bulwark localnet up --prices` takes it. Without it a path with a
    /// crash is generated.
    #[arg(long, value_name = "FILE.csv")]
    prices: Option<PathBuf>,

    /// Seconds of the prices that pass in a second, 1 to 600.
    #[arg(long, value_name = "S", default_value = "600")]
    speed: Speed,

    /// Accounts that borrow.
    #[arg(long, value_name = "N", default_value_t = 500)]
    accounts: usize,

    /// What chance begins with: the accounts, and the path if it is generated.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// The keeper protects the pools: it may lose so many USD by an account, and writes off what is
    /// insolvent. Without it it liquidates what earns something.
    #[arg(long, value_name = "USD")]
    most_loss: Option<u32>,

    /// One line of JSON instead of tables.
    #[arg(long)]
    json: bool,

    /// Folder with the contracts' wasm, as scripts/build-wasm leaves it. Inside of a checkout the
    /// script is run, and its folder taken.
    #[arg(long, value_name = "DIR", env = "BULWARK_ARTIFACTS")]
    artifacts: Option<PathBuf>,
}

/// How many accounts, and how to print it.
#[derive(Args)]
struct KeeperArgs {
    /// Numbers of accounts.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = keeper::SIZES)]
    sizes: Vec<usize>,

    /// What chance begins with: the same number makes the same accounts.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Compares the list with a full evaluation beyond 100,000 accounts, too.
    #[arg(long)]
    verify: bool,

    /// One line of JSON for each size instead of a table.
    #[arg(long)]
    json: bool,
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
    match &args.command {
        Command::Gas(args) => run_gas(args),
        Command::Keeper(args) => run_keeper(args),
        Command::Crash(args) => run_crash(args),
    }
}

fn run_keeper(args: &KeeperArgs) -> Result<(), Failure> {
    let settings = keeper::Settings {
        sizes: args.sizes.clone(),
        seed: args.seed,
        verify: args.verify,
        allocated: crate::allocated,
    };
    let report = keeper::run(&settings, tell)?;
    if args.json {
        let lines = report.json_lines().map_err(access::Failure::from)?;
        Ok(say(lines.join("\n") + "\n")?)
    } else {
        Ok(say(report)?)
    }
}

fn run_crash(args: &CrashArgs) -> Result<(), Failure> {
    let named = args.artifacts.as_deref();
    let artifacts = localnet::find_artifacts(named, localnet::Contracts::OfLocalnet)?;
    gas::provide(tell)?;
    let program = std::env::current_exe().map_err(localnet::Failure::Program)?;
    let settings = crash::Settings {
        prices: args.prices.clone(),
        speed: args.speed,
        accounts: args.accounts,
        seed: args.seed,
        most_loss: args.most_loss,
    };
    let report = localnet::runtime()?.block_on(async {
        let interrupted = shutdown();
        tokio::select! {
            report = crash::run(&program, &artifacts, &settings, tell) => Ok(report?),
            () = interrupted => Err(Failure::Interrupted),
        }
    })?;
    if args.json {
        let line = report.json_line().map_err(access::Failure::from)?;
        Ok(say(line + "\n")?)
    } else {
        Ok(say(report)?)
    }
}

fn run_gas(args: &GasArgs) -> Result<(), Failure> {
    let named = args.artifacts.as_deref();
    let artifacts = localnet::find_artifacts(named, localnet::Contracts::All)?;
    // Before signals are listened for: a build is not ours to clear away.
    gas::provide(tell)?;
    let report = localnet::runtime()?.block_on(async {
        let interrupted = shutdown();
        tokio::select! {
            report = gas::run(&artifacts, &args.deposits, tell) => Ok(report?),
            // The network ends with what is dropped here.
            () = interrupted => Err(Failure::Interrupted),
        }
    })?;
    if args.json {
        Ok(say_json(&report)?)
    } else {
        Ok(say(report)?)
    }
}

fn tell(step: &str) {
    note(format_args!("bench: {step}"));
}

//! `bulwark keeper`: liquidates, and tells of margins.

mod output;

use std::path::PathBuf;
use std::process::ExitCode;

use bulwark_keeper::config::LogForm;
use bulwark_keeper::{Config, KeeperError, Options};
use bulwark_localnet::LocalnetError;
use clap::Args;
use thiserror::Error;

use crate::logs::{Format, LogFailure, LogFlags};
use crate::signals;
use output::Output;

/// Something is wrong with what the user asked for.
const USAGE: u8 = 2;

/// The key of a local network that liquidates there.
const LOCAL_KEY: &str = "keeper";

/// Which vault, and with which key.
#[derive(Args)]
pub struct KeeperArgs {
    /// The configuration; packages/keeper/keeper.example.toml documents it [default: the running local
    /// network, with its test key `keeper`, that spends and keeps whatever the key has].
    #[arg(long, value_name = "FILE.toml", env = "BULWARK_KEEPER")]
    config: Option<PathBuf>,

    /// Plans and reports, and sends nothing: no transaction, and nothing to the webhook.
    #[arg(long)]
    dry_run: bool,

    /// One look, then it ends, when what it has sent stands in blocks.
    #[arg(long)]
    once: bool,

    /// What it tells, a JSON object a line, on stdout; the log is on stderr.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    logs: LogFlags,
}

/// Why a keeper does not run.
#[derive(Debug, Error)]
pub enum Failure {
    /// The keeper says so.
    #[error(transparent)]
    Keeper(#[from] KeeperError),
    /// There is no folder in which a local network could be.
    #[error(transparent)]
    Localnet(#[from] LocalnetError),
    /// No configuration was named, and no local network is there.
    #[error(
        "which vault? Name a configuration, --config FILE.toml, or start a local network: `bulwark localnet up`"
    )]
    NoNetwork,
    /// The log cannot be set up.
    #[error(transparent)]
    Log(#[from] LogFailure),
    /// Threads cannot be started.
    #[error("threads cannot be started: {0}")]
    Runtime(std::io::Error),
}

impl Failure {
    /// 2 for what the user can mend in files and flags, 1 for all else.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Keeper(error) if error.is_usage() => ExitCode::from(USAGE),
            Self::NoNetwork => ExitCode::from(USAGE),
            _ => ExitCode::FAILURE,
        }
    }
}

/// Liquidates until somebody ends it (SIGINT, SIGTERM).
///
/// # Errors
/// [`Failure`].
pub fn run(args: &KeeperArgs) -> Result<(), Failure> {
    let config = configuration(args)?;
    let format = match config.log.format {
        LogForm::Text => Format::Text,
        LogForm::Json => Format::Json,
    };
    args.logs.begin(config.log.level, format)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    let options = Options {
        dry: args.dry_run,
        once: args.once,
    };
    let output = Output::new(args.json);
    let mut listener = |told: &_| output.tell(told);
    // Signals are listened for by the runtime.
    let entered = runtime.enter();
    let shutdown = signals::shutdown();
    drop(entered);
    let running = bulwark_keeper::run(config, options, shutdown, &mut listener);
    let ended = runtime.block_on(running);
    // A margin call that a server does not take holds nobody up.
    runtime.shutdown_background();
    Ok(ended?)
}

fn configuration(args: &KeeperArgs) -> Result<Config, Failure> {
    if let Some(file) = &args.config {
        return Ok(Config::read(file)?);
    }
    let home = bulwark_localnet::default_home()?;
    let network = bulwark_localnet::network_file(&home);
    if !network.exists() {
        return Err(Failure::NoNetwork);
    }
    let keyring = bulwark_localnet::keyring_file(&home);
    Ok(Config::local(&network, keyring, LOCAL_KEY)?)
}

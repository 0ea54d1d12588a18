//! `bulwark feeder`: posts prices to the oracle.

use std::path::PathBuf;
use std::process::ExitCode;

use bulwark_feeder::{Config, FeederError, log};
use clap::Args;
use thiserror::Error;

use crate::logs::{LogArgs, LogFailure};
use crate::signals;

/// Something is wrong with what the user asked for.
const USAGE: u8 = 2;

/// Which prices, where, and with which key.
#[derive(Args)]
pub struct FeederArgs {
    /// The configuration; packages/cli/feeder has documented examples.
    #[arg(long, value_name = "FILE.toml", env = "BULWARK_FEEDER")]
    config: PathBuf,

    /// Looks and decides, and sends nothing.
    #[arg(long)]
    dry_run: bool,

    /// One round, then it ends; exit code 1 if something due could not be posted.
    #[arg(long)]
    once: bool,

    #[command(flatten)]
    logs: LogArgs,
}

/// Why a feeder does not run.
#[derive(Debug, Error)]
pub enum Failure {
    /// The feeder says so.
    #[error(transparent)]
    Feeder(#[from] FeederError),
    /// The log cannot be set up.
    #[error(transparent)]
    Log(#[from] LogFailure),
    /// The one round did not post what was due.
    #[error("not everything that was due was posted: see above")]
    NotPosted,
    /// Threads cannot be started.
    #[error("threads cannot be started: {0}")]
    Runtime(std::io::Error),
}

impl Failure {
    /// 2 for what the user can mend in files and flags, 1 for all else.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Feeder(error) if error.is_usage() => ExitCode::from(USAGE),
            _ => ExitCode::FAILURE,
        }
    }
}

/// Posts until somebody ends it (SIGINT, SIGTERM) or a replayed file is over.
///
/// # Errors
/// [`Failure`], before anything is posted.
pub fn run(args: &FeederArgs) -> Result<(), Failure> {
    args.logs.begin()?;
    let config = Config::read(&args.config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    runtime.block_on(feed(args, config))
}

async fn feed(args: &FeederArgs, config: Config) -> Result<(), Failure> {
    let interval = config.interval;
    tracing::info!(assets = config.rules.len(), keys = ?config.keys, dry_run = args.dry_run, "feeder starts");
    let feeder = config.connect().await?.dry(args.dry_run);
    if args.once {
        let round = feeder.round().await;
        log::log(&round);
        let round = round.map_err(FeederError::from)?;
        let due = round
            .posts
            .iter()
            .map(|posts| posts.due.len())
            .sum::<usize>();
        tracing::info!(seen = round.seen.len(), due, "round ends");
        let mut posts = round.posts.iter();
        let failed = posts.any(|posts| posts.failed.is_some() || !posts.refused.is_empty());
        return if failed {
            Err(Failure::NotPosted)
        } else {
            Ok(())
        };
    }
    bulwark_feeder::run(&feeder, interval, signals::shutdown(), |round| {
        log::log(round)
    })
    .await;
    tracing::info!("feeder ends");
    Ok(())
}

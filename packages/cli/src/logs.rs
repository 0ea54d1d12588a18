//! Structured logs of the commands that run for long, on stderr.

use std::io::{IsTerminal, stderr};

use clap::{Args, ValueEnum};
use thiserror::Error;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, fmt};

/// What is logged, and how.
#[derive(Args)]
pub struct LogArgs {
    /// How much is logged: error, warn, info, debug or trace.
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "info",
        env = "BULWARK_LOG"
    )]
    log_level: Level,

    /// Lines for people, or a JSON object a line.
    #[arg(
        long,
        value_name = "FORM",
        default_value = "text",
        env = "BULWARK_LOG_FORMAT"
    )]
    log_format: Format,
}

/// The same for a command whose configuration says what holds without them.
#[derive(Args)]
pub struct LogFlags {
    /// How much is logged: error, warn, info, debug or trace [default: as the configuration says].
    #[arg(long, value_name = "LEVEL", env = "BULWARK_LOG")]
    log_level: Option<Level>,

    /// Lines for people, or a JSON object a line [default: as the configuration says].
    #[arg(long, value_name = "FORM", env = "BULWARK_LOG_FORMAT")]
    log_format: Option<Format>,
}

/// How a line is written.
#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// A JSON object a line.
    Json,
}

/// The log is set up twice.
#[derive(Debug, Error)]
#[error("the log cannot be set up: {0}")]
pub struct LogFailure(#[from] TryInitError);

impl LogArgs {
    /// Begins to log.
    ///
    /// # Errors
    /// [`LogFailure`] if something logs already.
    pub fn begin(&self) -> Result<(), LogFailure> {
        begin(self.log_level, self.log_format)
    }
}

impl LogFlags {
    /// Begins to log, as these flags or else the configuration say.
    ///
    /// # Errors
    /// [`LogFailure`] if something logs already.
    pub fn begin(&self, level: Level, format: Format) -> Result<(), LogFailure> {
        let level = self.log_level.unwrap_or(level);
        begin(level, self.log_format.unwrap_or(format))
    }
}

/// Begins to log. Of the libraries underneath only what they warn of.
fn begin(level: Level, format: Format) -> Result<(), LogFailure> {
    let targets = Targets::new()
        .with_default(Level::WARN)
        .with_target("bulwark", level);
    let out = fmt::layer()
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .with_target(false);
    let layer = match format {
        Format::Text => out.boxed(),
        Format::Json => out.json().flatten_event(true).boxed(),
    };
    let layer = layer.with_filter(targets);
    Ok(tracing_subscriber::registry().with(layer).try_init()?)
}

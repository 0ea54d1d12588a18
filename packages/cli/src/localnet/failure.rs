//! Why a command does not end well, and which exit code says so.

use std::path::PathBuf;
use std::process::ExitCode;

use bulwark_localnet::LocalnetError;
use thiserror::Error;

use crate::access;

/// Something is wrong with what the user asked for.
const USAGE: u8 = 2;

/// Why a command does not end well.
#[derive(Debug, Error)]
pub enum Failure {
    /// The network says so.
    #[error(transparent)]
    Network(#[from] LocalnetError),
    /// A file cannot be read, or output not be written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the operating system says.
        error: std::io::Error,
    },
    /// There is no wasm of the contracts.
    #[error(
        "this is no checkout of Bulwark, so the contracts cannot be built: name a folder with their wasm, --artifacts DIR"
    )]
    NoArtifacts,
    /// The wasm of the contracts cannot be built.
    #[error("the contracts cannot be built: see above")]
    NotBuilt,
    /// There is no page.
    #[error(
        "this is no checkout of Bulwark, so the page cannot be built: name the folder of a built one, --web-root DIR"
    )]
    NoPage,
    /// The page cannot be built.
    #[error("the page cannot be built: see above")]
    PageNotBuilt,
    /// The program itself or its folder cannot be found.
    #[error("this program cannot be found: {0}")]
    Program(std::io::Error),
    /// Threads cannot be started.
    #[error("threads cannot be started: {0}")]
    Runtime(std::io::Error),
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] access::Failure),
    /// Some nodes do not answer.
    #[error("{silent} of {nodes} node(s) do not answer; `bulwark localnet up` starts them again")]
    Silent {
        /// How many.
        silent: usize,
        /// Of how many.
        nodes: usize,
    },
    /// Prices are meant to be posted, and nobody does.
    #[error("the feeder does not run; `bulwark localnet up` starts it again")]
    NoFeeder,
    /// A page is meant to be served, and nobody does.
    #[error("the page's server does not run; `bulwark localnet up` starts it again")]
    NoWeb,
}

impl Failure {
    /// 2 for what the user can mend by another command line, 1 for all else.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoArtifacts
            | Self::NoPage
            | Self::Network(
                LocalnetError::Value { .. }
                | LocalnetError::NoNode { .. }
                | LocalnetError::NoPage { .. }
                | LocalnetError::WebPort { .. }
                | LocalnetError::UnknownCoin { .. }
                | LocalnetError::NothingReplayed { .. }
                | LocalnetError::Held(_)
                | LocalnetError::Prices { .. }
                | LocalnetError::Path(_)
                | LocalnetError::Price { .. }
                | LocalnetError::OtherReplay { .. }
                | LocalnetError::OtherNetwork { .. }
                | LocalnetError::OtherPort { .. },
            ) => ExitCode::from(USAGE),
            _ => ExitCode::FAILURE,
        }
    }
}

//! Why a demo does not end well, and which exit code says so.

use std::path::PathBuf;
use std::process::ExitCode;

use bulwark_simulator::engine::SimulationError;
use bulwark_simulator::prices::{PathConfigError, PriceFileError};
use thiserror::Error;

/// Something is wrong with what the user asked for.
const USAGE: u8 = 2;

/// Why a demo does not end well.
#[derive(Debug, Error)]
pub enum Failure {
    /// The price file is not understood.
    #[error("{}: {error}", file.display())]
    Prices {
        /// The file.
        file: PathBuf,
        /// What is wrong with it, with its line and column.
        error: PriceFileError,
    },
    /// No path can be generated so.
    #[error("no price path can be generated: {0}")]
    Path(#[from] PathConfigError),
    /// The report cannot be written.
    #[error("{}: {error}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the operating system says.
        error: std::io::Error,
    },
    /// The summary cannot be represented.
    #[error("the summary is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The run could not go on.
    #[error("{error}")]
    Run {
        /// Why.
        error: SimulationError,
    },
    /// Invariants are broken.
    #[error("{} broken: {first}", names(invariants))]
    Broken {
        /// Their numbers.
        invariants: Vec<u8>,
        /// What was found first.
        first: String,
    },
    /// The vault holds less than it owes.
    #[error("not solvent: a market holds less than it owes")]
    Insolvent,
    /// A sabotage was not noticed.
    #[error("the sabotage of invariant {invariant} was not noticed")]
    Unnoticed {
        /// Its number.
        invariant: u8,
    },
}

impl Failure {
    /// 2 for what the user can mend, 1 for all else.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Prices { .. }
            | Self::Path(_)
            | Self::Run {
                error:
                    SimulationError::Accounts { .. }
                    | SimulationError::NoSuchInvariant { .. }
                    | SimulationError::TooShort { .. }
                    | SimulationError::NoPrices
                    | SimulationError::BadPrice { .. },
            } => ExitCode::from(USAGE),
            _ => ExitCode::FAILURE,
        }
    }
}

fn names(invariants: &[u8]) -> String {
    let numbers: Vec<String> = invariants.iter().map(ToString::to_string).collect();
    let (noun, verb) = match numbers.len() {
        1 => ("invariant", "is"),
        _ => ("invariants", "are"),
    };
    format!("{noun} {} {verb}", numbers.join(", "))
}

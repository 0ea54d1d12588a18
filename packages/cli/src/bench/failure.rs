//! Why a benchmark does not end well, and which exit code says so.

use std::process::ExitCode;

use bulwark_bench::BenchError;
use thiserror::Error;

use crate::{access, localnet};

/// Something is wrong with what the user asked for.
const USAGE: u8 = 2;

/// Why a benchmark does not end well.
#[derive(Debug, Error)]
pub enum Failure {
    /// It cannot begin.
    #[error(transparent)]
    Start(#[from] localnet::Failure),
    /// The measurement.
    #[error(transparent)]
    Bench(#[from] BenchError),
    /// The report cannot be written.
    #[error(transparent)]
    Output(#[from] access::Failure),
    /// Somebody ended it.
    #[error("interrupted: nothing was measured to its end, and the network is gone")]
    Interrupted,
}

impl Failure {
    /// 2 for what the user can mend by another command line, 1 for all else.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Start(failure) => failure.exit_code(),
            Self::Bench(BenchError::Deposits { .. } | BenchError::Accounts { .. }) => {
                ExitCode::from(USAGE)
            }
            _ => ExitCode::FAILURE,
        }
    }
}

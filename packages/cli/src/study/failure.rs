//! Why a study does not end well, and which exit code says so.

use std::path::PathBuf;
use std::process::ExitCode;

use bulwark_simulator::prices::PriceFileError;
use bulwark_simulator::study::StudyError;
use thiserror::Error;

/// Something is wrong with what the user asked for.
const USAGE: u8 = 2;

/// Why a study does not end well.
#[derive(Debug, Error)]
pub enum Failure {
    /// A price file is not understood.
    #[error("{}: {error}", file.display())]
    Prices {
        /// The file.
        file: PathBuf,
        /// What is wrong with it, with its line and column.
        error: PriceFileError,
    },
    /// The folder that `BULWARK_PRICES` names cannot be read.
    #[error("BULWARK_PRICES={}: {error}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        error: std::io::Error,
    },
    /// The report cannot be written.
    #[error("{}: {error}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the operating system says.
        error: std::io::Error,
    },
    /// The report cannot be represented.
    #[error("the report is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The study could not be made.
    #[error(transparent)]
    Study(#[from] StudyError),
}

impl Failure {
    /// 2 for what the user can mend, 1 for all else.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Prices { .. }
            | Self::Folder { .. }
            | Self::Study(
                StudyError::Accounts { .. }
                | StudyError::Generated { .. }
                | StudyError::NoPaths
                | StudyError::TooManyAssets { .. }
                | StudyError::NothingVolatile { .. }
                | StudyError::Path(_)
                | StudyError::Price { .. },
            ) => ExitCode::from(USAGE),
            Self::Write { .. }
            | Self::Json(_)
            | Self::Study(StudyError::Risk { .. } | StudyError::Worker) => ExitCode::FAILURE,
        }
    }
}

//! Why a study cannot be made.

use bulwark_risk::RiskError;
use bulwark_risk::liquidation::LiquidationError;
use thiserror::Error;

use super::config::{MAX_ACCOUNTS, MAX_ASSETS, MAX_GENERATED, MIN_ACCOUNTS};
use crate::engine::SimulationError;
use crate::prices::PathConfigError;

/// Why a study cannot be made.
#[derive(Debug, Error)]
pub enum StudyError {
    /// A number of accounts out of range.
    #[error("a study has {MIN_ACCOUNTS} to {MAX_ACCOUNTS} accounts, not {accounts}")]
    Accounts {
        /// What was asked for.
        accounts: usize,
    },
    /// A number of generated paths out of range.
    #[error("a study has at most {MAX_GENERATED} generated paths, not {generated}")]
    Generated {
        /// What was asked for.
        generated: usize,
    },
    /// Neither generated paths nor price files.
    #[error("a study without generated paths needs a price file")]
    NoPaths,
    /// A path with more assets than there are groups.
    #[error("{path}: a study takes at most {MAX_ASSETS} assets, not {assets}")]
    TooManyAssets {
        /// The path.
        path: String,
        /// Its assets.
        assets: usize,
    },
    /// A path in which nothing volatile has figures in most rows.
    #[error(
        "{path}: no volatile asset has figures in at least 80 % of the rows from its first to its last"
    )]
    NothingVolatile {
        /// The path.
        path: String,
    },
    /// A path cannot be generated.
    #[error("no price path can be generated: {0}")]
    Path(#[from] PathConfigError),
    /// A price that the contracts cannot represent.
    #[error("{path}: {error}")]
    Price {
        /// The path.
        path: String,
        /// Which price.
        error: SimulationError,
    },
    /// The arithmetic refuses a value.
    #[error("{path}: {error}")]
    Risk {
        /// The path.
        path: String,
        /// What was refused.
        error: Box<RiskError>,
    },
    /// A worker stopped without an answer.
    #[error("a worker of the study stopped without an answer")]
    Worker,
}

/// Why one run of a study cannot go on; the path's name is added where it is known.
#[derive(Debug, Error)]
pub enum RunError {
    /// A price that the contracts cannot represent.
    #[error(transparent)]
    Price(#[from] SimulationError),
    /// The arithmetic refuses a value.
    #[error(transparent)]
    Risk(#[from] Box<RiskError>),
}

impl RunError {
    /// The same with the path's name.
    pub fn on(self, path: &str) -> StudyError {
        let path = path.to_owned();
        match self {
            Self::Price(error) => StudyError::Price { path, error },
            Self::Risk(error) => StudyError::Risk { path, error },
        }
    }
}

/// What of a refused liquidation is a failure: everything else means that it does not happen.
pub fn refused(error: LiquidationError) -> Result<(), RunError> {
    match error {
        LiquidationError::Risk(error) => Err(error.into()),
        LiquidationError::NotLiquidatable
        | LiquidationError::NoSuchPair
        | LiquidationError::Unpriced
        | LiquidationError::RatioNotRaised
        | LiquidationError::NothingSeized => Ok(()),
    }
}

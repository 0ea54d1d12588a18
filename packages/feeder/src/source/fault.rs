//! Why a source has nothing to say.

use bulwark_risk::units::Price;
use serde::Serialize;
use thiserror::Error;

/// Why a source has nothing to say of an asset.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceError {
    /// The server cannot be reached, or takes too long.
    #[error("{url} does not answer: {detail}")]
    Unreachable {
        /// The document.
        url: String,
        /// What the transport says.
        detail: String,
    },
    /// The server answers with an error.
    #[error("{url} answers with status {status}")]
    Status {
        /// The document.
        url: String,
        /// HTTP status code.
        status: u16,
    },
    /// The document is too long.
    #[error("{url} answers with more than {limit} bytes")]
    TooLong {
        /// The document.
        url: String,
        /// Bytes that are read.
        limit: u64,
    },
    /// The document is no JSON.
    #[error("{url} answers with something that is no JSON: {detail}")]
    NotJson {
        /// The document.
        url: String,
        /// Where it stops being JSON.
        detail: String,
    },
    /// The document has nothing where the price, its uncertainty or its time should be.
    #[error("there is nothing at {pointer}")]
    Missing {
        /// JSON pointer.
        pointer: String,
    },
    /// What stands there is no price: no number, not above zero, or absurd.
    #[error("{found} at {pointer} is no price")]
    NotAPrice {
        /// JSON pointer.
        pointer: String,
        /// What stands there, shortened.
        found: String,
    },
    /// What stands there is no time of the form that the configuration says.
    #[error("{found} at {pointer} is no time in {unit}")]
    NotATime {
        /// JSON pointer.
        pointer: String,
        /// What stands there, shortened.
        found: String,
        /// What it should be in.
        unit: &'static str,
    },
    /// The price is out of the bounds that the configuration sets.
    #[error("{price} USD is not between {min} and {max}")]
    OutOfBounds {
        /// USD per whole token.
        price: Price,
        /// The least, USD per whole token.
        min: Price,
        /// The most, USD per whole token.
        max: Price,
    },
    /// The row in force of a price file has no figure.
    #[error("row {row} of the price file has no figure")]
    Blank {
        /// The row, counted from 1 after the header.
        row: usize,
    },
    /// Prices that are meant to be held cannot be read.
    #[error("{path}: {detail}")]
    Held {
        /// The file.
        path: String,
        /// What is wrong with it.
        detail: String,
    },
}

impl SourceError {
    /// Whether asking again soon may help.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::NotJson { .. } => true,
            Self::Status { status, .. } => *status >= 500 || *status == 429 || *status == 408,
            _ => false,
        }
    }
}

//! Why a simulation cannot be run to its end.

use bulwark_types::wire::WireError;
use thiserror::Error;

/// Why a simulation cannot be run to its end. What a contract refuses an actor in the course of
/// business is none of these: it is counted and the run goes on.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SimulationError {
    /// The number of accounts is out of range.
    #[error("accounts must be between 1 and {most}, not {accounts}")]
    Accounts {
        /// What was asked for.
        accounts: usize,
        /// The most that can be simulated.
        most: usize,
    },
    /// No invariant has this number.
    #[error("there are invariants 1 to 20, but no {invariant} to break")]
    NoSuchInvariant {
        /// What was asked for.
        invariant: u8,
    },
    /// The path has fewer than two rows.
    #[error("a price path needs at least 2 rows, this one has {rows}")]
    TooShort {
        /// The path's rows.
        rows: usize,
    },
    /// No symbol has a price in the first row that has any.
    #[error("the price path has no prices")]
    NoPrices,
    /// A price that the contracts cannot represent.
    #[error("{symbol}: {price} USD is no price with 18 decimals")]
    BadPrice {
        /// The symbol.
        symbol: String,
        /// The price (USD per whole token).
        price: String,
    },
    /// A message or query that has to work for the simulation to go on was refused.
    #[error("{doing} failed: {name}: {sentence} {fields}")]
    Refused {
        /// What was being done.
        doing: String,
        /// The error's name.
        name: String,
        /// Its sentence.
        sentence: String,
        /// Its fields as one JSON object.
        fields: String,
    },
}

impl SimulationError {
    /// A refusal that ends the run, with what was being done.
    pub(crate) fn refused(doing: impl Into<String>) -> impl FnOnce(WireError) -> Self {
        let doing = doing.into();
        |error| Self::Refused {
            doing,
            name: error.name,
            sentence: error.sentence,
            fields: error.fields,
        }
    }
}

//! Errors as a client of a chain sees them.

use std::fmt;

use bulwark_types::wire::WireError;
use cosmwasm_std::StdError;

/// Name of an error that the chain itself answers, such as missing funds.
pub const CHAIN: &str = "chain";

/// Name of an error of a scenario that asks for something that does not exist.
pub const SCENARIO: &str = "scenario";

/// The displayed form of a contract's error inside what the chain answers; an error named
/// [`CHAIN`] with the whole text where there is none.
#[must_use]
pub fn wire_error(error: &StdError) -> WireError {
    let text = error.to_string();
    WireError::find(&text).unwrap_or_else(|| plain(CHAIN, text))
}

pub(crate) fn scenario_error(sentence: impl fmt::Display) -> WireError {
    plain(SCENARIO, sentence.to_string())
}

fn plain(name: &str, sentence: String) -> WireError {
    WireError {
        name: name.into(),
        sentence,
        fields: "{}".into(),
    }
}

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
    WireError::find(reason(&text)).unwrap_or_else(|| plain(CHAIN, text))
}

/// The reason alone: the embedded chain repeats sender and message, a line each, before it, and
/// a user's words inside a message are not to be taken for an error.
fn reason(text: &str) -> &str {
    text.rsplit_once("Error executing WasmMsg:\n")
        .and_then(|(_, told)| told.splitn(3, '\n').nth(2))
        .unwrap_or(text)
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

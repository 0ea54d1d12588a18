//! Errors as a client of a chain sees them.

use std::collections::BTreeSet;
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

/// Names of the variants of an error enum as they are displayed, read out of its source; not
/// those that only wrap. Empty if the enum is not in the source.
#[must_use]
pub fn variants(of: &str, source: &str) -> BTreeSet<String> {
    let body = source
        .split_once(&format!("pub enum {of} {{"))
        .and_then(|(_, rest)| rest.split_once("\n}"))
        .map_or("", |(body, _)| body);
    body.lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .filter(|line| !line.contains("Error>),") && !line.ends_with("Error),"))
        .map(snake_case)
        .collect()
}

/// The name at the start of a line.
fn snake_case(line: &str) -> String {
    let mut snake = String::new();
    for c in line.chars().take_while(char::is_ascii_alphanumeric) {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_read_out_of_the_sources() {
        let sample = "pub enum Sample {\n    /// Doc.\n    #[error(\"x\")]\n    TooDeep {\n        /// D.\n        depth: u8,\n    },\n    Unit,\n    Risk(#[from] RiskError),\n}\npub enum Other {\n    Not,\n}";
        let names: Vec<String> = variants("Sample", sample).into_iter().collect();
        assert_eq!(names, ["too_deep", "unit"]);
    }
}

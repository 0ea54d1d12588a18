//! Refusals in plain words.

use std::fmt;

use bulwark_chain::Refusal;
use bulwark_types::wire::WireError;
use serde_json::{Map, Value};

/// A refusal of the chain as people read it: when, the sentence, the values, the error's name.
pub struct Words<'a>(pub &'a Refusal);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refusal = self.0;
        match &refusal.reason {
            Some(reason) => f.write_str(&of_reason(reason))?,
            None => write!(
                f,
                "{} ({} {})",
                refusal.log, refusal.codespace, refusal.code
            )?,
        }
        match &refusal.hash {
            Some(hash) => write!(f, "; its fee is paid, transaction {hash}"),
            None => f.write_str("; nothing was sent"),
        }
    }
}

/// One of the contracts' errors: its sentence, its values, its name.
#[must_use]
pub fn of_reason(reason: &WireError) -> String {
    let fields: Map<String, Value> = serde_json::from_str(&reason.fields).unwrap_or_default();
    let values: Vec<String> = fields
        .iter()
        .map(|(name, value)| {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            format!("{} {value}", name.replace('_', " "))
        })
        .collect();
    let values = if values.is_empty() {
        String::new()
    } else {
        format!(": {}", values.join(", "))
    };
    format!("{}{values} ({})", reason.sentence, reason.name)
}

#[cfg(test)]
mod tests {
    use bulwark_chain::Phase;

    use super::*;

    #[test]
    fn a_contracts_refusal_is_a_sentence_with_values() {
        let log = r#"failed to execute message; message index: 0: cap_reached: the deposit cap is reached {"asset":"ubtc","cap":"5","room":null}: execute wasm contract failed"#;
        let refusal = Refusal::new(Phase::Simulate, "wasm", 5, log);
        assert_eq!(
            Words(&refusal).to_string(),
            "the deposit cap is reached: asset ubtc, cap 5, room null (cap_reached); nothing was sent"
        );
        assert_eq!(
            Words(&refusal.of("AB")).to_string(),
            "the deposit cap is reached: asset ubtc, cap 5, room null (cap_reached); its fee is paid, transaction AB"
        );
    }

    #[test]
    fn another_refusal_is_told_as_it_is() {
        let refusal = Refusal::new(Phase::Check, "sdk", 13, "insufficient fee");
        assert_eq!(
            Words(&refusal).to_string(),
            "insufficient fee (sdk 13); nothing was sent"
        );
    }
}

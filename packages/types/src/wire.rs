//! The one displayed form of every error, `<name>: <sentence> {json fields}`.
//!
//! A chain hands clients nothing but text. Whoever displays and whoever parses use this.

use std::fmt;

use cosmwasm_std::to_json_string;
use serde::Serialize;

/// Displays an error enum: its serde tag is the name, its serde fields are the fields.
pub struct Wire<'a, E, S> {
    error: &'a E,
    sentence: S,
}

/// Pairs an error with its sentence; to be used in `#[error("{}", wire(self, "…"))]`.
pub const fn wire<E: Serialize, S: fmt::Display>(error: &E, sentence: S) -> Wire<'_, E, S> {
    Wire { error, sentence }
}

impl<E: Serialize, S: fmt::Display> fmt::Display for Wire<'_, E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = to_json_string(self.error).map_err(|_| fmt::Error)?;
        let (name, fields) = split_tag(&json).ok_or(fmt::Error)?;
        write!(f, "{name}: {} {fields}", self.sentence)
    }
}

/// `{"name":{…}}` or `"name"` into the name and its fields as JSON.
fn split_tag(json: &str) -> Option<(&str, &str)> {
    if let Some(tagged) = json.strip_prefix("{\"") {
        let (name, rest) = tagged.split_once("\":")?;
        return Some((name, rest.strip_suffix('}')?));
    }
    let name = json.strip_prefix('"')?.strip_suffix('"')?;
    Some((name, "{}"))
}

/// An error of one of the contracts, found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireError {
    /// The name, such as `insufficient_cash`.
    pub name: String,
    /// The sentence for people.
    pub sentence: String,
    /// The fields as one JSON object.
    pub fields: String,
}

impl WireError {
    /// Finds the displayed form of an error inside a text: a chain puts words of its own
    /// before and after it. Of several the last one counts; one inside the fields of another
    /// is part of those fields.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        let mut found = None;
        let mut from = 0usize;
        while let Some(at) = text.get(from..)?.find(" {") {
            let blank = from.checked_add(at)?;
            let brace = blank.checked_add(1)?;
            let end = end_of_object(text.get(brace..)?);
            let end = end.and_then(|length| brace.checked_add(length));
            let form = end.and_then(|end| Self::at(text.get(..blank)?, text.get(brace..end)?));
            from = match end {
                Some(end) if form.is_some() => end,
                _ => brace,
            };
            found = form.or(found);
        }
        found
    }

    /// The error whose fields are `fields` and whose name and sentence end `before`.
    fn at(before: &str, fields: &str) -> Option<Self> {
        let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
        before.rmatch_indices(": ").find_map(|(colon, separator)| {
            let head = before.get(..colon)?;
            let name = head
                .rsplit(|c| !is_name(c))
                .next()
                .filter(|name| !name.is_empty())?;
            // A name starts the text or follows a blank.
            let lead = head.strip_suffix(name)?;
            let stands_alone = lead.is_empty() || lead.ends_with(char::is_whitespace);
            let sentence = before.get(colon..)?.strip_prefix(separator)?;
            stands_alone.then(|| Self {
                name: name.into(),
                sentence: sentence.into(),
                fields: fields.into(),
            })
        })
    }
}

/// Length of the JSON object at the start of a text.
fn end_of_object(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => depth = depth.checked_add(1)?,
            '}' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return at.checked_add(1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use thiserror::Error;

    use super::*;

    #[derive(Error, Serialize, Debug)]
    #[serde(rename_all = "snake_case")]
    enum Inner {
        #[error("{}", wire(self, "it is too deep"))]
        TooDeep { depth: u8 },
    }

    #[derive(Error, Serialize, Debug)]
    #[serde(rename_all = "snake_case")]
    enum Sample {
        #[error("{}", wire(self, format_args!("no market is listed for {asset}")))]
        UnknownMarket { asset: String },
        #[error("{}", wire(self, "nothing is owed"))]
        NoDebt,
        #[error(transparent)]
        #[serde(untagged)]
        Inner(Inner),
    }

    #[test]
    fn errors_display_as_name_sentence_fields() {
        let asset = "a\"b: {x".to_owned();
        let error = Sample::UnknownMarket { asset };
        let text = error.to_string();
        assert_eq!(
            text,
            r#"unknown_market: no market is listed for a"b: {x {"asset":"a\"b: {x"}"#
        );
        assert_eq!(Sample::NoDebt.to_string(), "no_debt: nothing is owed {}");
        assert_eq!(
            Sample::Inner(Inner::TooDeep { depth: 9 }).to_string(),
            r#"too_deep: it is too deep {"depth":9}"#
        );
    }

    #[test]
    fn errors_are_found_in_what_a_chain_says() {
        let text = r#"failed to execute message; message index: 0: cap_reached: the deposit cap of ubtc is reached {"asset":"ubtc","cap":"5"}: execute wasm contract failed"#;
        let found = WireError::find(text).unwrap();
        assert_eq!(found.name, "cap_reached");
        assert_eq!(found.sentence, "the deposit cap of ubtc is reached");
        assert_eq!(found.fields, r#"{"asset":"ubtc","cap":"5"}"#);
        assert_eq!(WireError::find("out of gas: {}"), None);
        let nested = r#"std: the chain refused {"detail":"no_debt: nothing is owed {}"}: failed"#;
        assert_eq!(WireError::find(nested).unwrap().name, "std");
        let in_turn = "no_feed: there is none {\"asset\":\"x\"}: no_debt: nothing is owed {}";
        assert_eq!(WireError::find(in_turn).unwrap().name, "no_debt");
        assert_eq!(WireError::find(""), None);
        assert_eq!(
            WireError::find("no_debt: nothing is owed {}").unwrap().name,
            "no_debt"
        );
    }
}

//! What changes, value by value.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// A value that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which one, `limits.deposit_cap`.
    pub field: String,
    /// As it is.
    pub from: String,
    /// As it will be.
    pub to: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} → {}", self.field, self.from, self.to)
    }
}

/// All values in which two things of the same shape differ.
///
/// # Errors
/// If one of them cannot be written as JSON.
pub fn differences(
    from: &impl Serialize,
    to: &impl Serialize,
) -> Result<Vec<Difference>, serde_json::Error> {
    let mut found = Vec::new();
    let (from, to) = (serde_json::to_value(from)?, serde_json::to_value(to)?);
    compare("", &from, &to, &mut found);
    Ok(found)
}

fn compare(field: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    match (from, to) {
        (Value::Object(from), Value::Object(to)) => {
            let new = to.keys().filter(|key| !from.contains_key(*key));
            for key in from.keys().chain(new) {
                let inner = if field.is_empty() {
                    key.clone()
                } else {
                    format!("{field}.{key}")
                };
                let value = |table: &serde_json::Map<String, Value>| {
                    table.get(key).cloned().unwrap_or(Value::Null)
                };
                compare(&inner, &value(from), &value(to), found);
            }
        }
        (from, to) if from != to => found.push(Difference {
            field: field.into(),
            from: shown(from),
            to: shown(to),
        }),
        _ => {}
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".into(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let from = json!({"a": {"b": "1", "c": 2}, "d": null, "e": [1]});
        let to = json!({"a": {"b": "2", "c": 2}, "d": "x", "e": [1]});
        let shown: Vec<_> = differences(&from, &to)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(shown, ["a.b: 1 → 2", "d: none → x"]);
    }
}

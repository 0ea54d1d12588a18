//! What changes, value by value.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// A value that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which one, `limits.deposit_cap`.
    pub field: String,
    /// As it is; empty for what is new.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// As it will be.
    pub to: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from.is_empty() {
            return write!(f, "{}: {}", self.field, self.to);
        }
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

/// All values of something new.
///
/// # Errors
/// If it cannot be written as JSON.
pub fn values(of: &impl Serialize) -> Result<Vec<Difference>, serde_json::Error> {
    let nothing = serde_json::Map::new();
    let mut found = Vec::new();
    compare(
        "",
        &Value::Object(nothing),
        &serde_json::to_value(of)?,
        &mut found,
    );
    for value in &mut found {
        value.from.clear();
    }
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
        (Value::Null, Value::Object(to)) if !to.is_empty() => {
            let nothing = Value::Object(serde_json::Map::new());
            compare(field, &nothing, &Value::Object(to.clone()), found);
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

    #[test]
    fn what_is_new_is_shown_to_its_last_value() {
        let new = json!({"a": {"b": "1", "c": {"d": 2}}, "e": null, "f": [1]});
        let shown: Vec<_> = values(&new)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(shown, ["a.b: 1", "a.c.d: 2", "f: [1]"]);
    }
}

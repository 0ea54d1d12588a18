use std::fmt::Debug;

use bulwark_types::wire::WireError;
use serde_json::Value;

/// Asserts that something was refused with exactly this error: name and every field.
///
/// # Panics
/// If it passed, or was refused for another reason.
#[track_caller]
pub fn refused<T: Debug>(answer: Result<T, WireError>, name: &str, fields: Value) {
    let error = match answer {
        Ok(passed) => panic!("it passed, {name} was expected: {passed:?}"),
        Err(error) => error,
    };
    assert_eq!(error.name, name, "{error:?}");
    let found: Value = serde_json::from_str(&error.fields)
        .unwrap_or_else(|_| panic!("the fields are no JSON: {error:?}"));
    assert_eq!(found, fields, "fields of {name}");
}

//! What provokes the errors that need a second contract to be seen.

pub mod calls;
pub mod operators;
pub mod tokens;

use bulwark_types::wire::WireError;
use serde_json::Value;

/// Name of an error, its fields (null where they are a library's words), and what was answered.
pub type Provoked = (&'static str, Value, Result<(), WireError>);

/// Takes an answer of any kind as a case.
pub fn case<T>(name: &'static str, fields: Value, answer: Result<T, WireError>) -> Provoked {
    (name, fields, answer.map(drop))
}

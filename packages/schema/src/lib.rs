//! Describes what the contracts' JSON schemas leave out: the errors that come back as text, and
//! the events.
//!
//! Both are read out of the Rust types themselves, so a client that is generated from
//! `schema/bulwark-errors.json` and `schema/bulwark-events.json` cannot drift from the contracts.
//! `scripts/schema` writes the two files, and checks that they are up to date.

mod errors;
mod events;

pub use errors::{ErrorDescription, Errors, SchemaError, errors};
pub use events::{Attribute, Event, Events, events};

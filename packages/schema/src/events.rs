//! Every event of every contract.

use bulwark_types::events::EVENTS;
use serde::Serialize;

/// The content of `schema/bulwark-events.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Events {
    /// What the file is.
    pub description: &'static str,
    /// The events, in the order of their declaration.
    pub events: Vec<Event>,
}

/// An event.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Its type as the contract emits it; a chain puts `wasm-` before it.
    #[serde(rename = "type")]
    pub event_type: &'static str,
    /// What has happened when it is emitted.
    pub description: String,
    /// Its attributes, in their order.
    pub attributes: Vec<Attribute>,
}

/// An attribute of an event.
#[derive(Clone, Debug, Serialize)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub description: String,
    /// Name of the Rust type whose displayed form its value is.
    pub value: &'static str,
}

/// The events, out of their types.
#[must_use]
pub fn events() -> Events {
    Events {
        description: "Every event that a contract emits. On a chain the type has the prefix wasm-",
        events: EVENTS
            .iter()
            .map(|event| Event {
                event_type: event.event_type,
                description: event.doc.trim().into(),
                attributes: event
                    .attributes
                    .iter()
                    .map(|attribute| Attribute {
                        name: attribute.name,
                        description: attribute.doc.trim().into(),
                        value: attribute.value,
                    })
                    .collect(),
            })
            .collect(),
    }
}

//! The caller contract: runs the outside calls of others, one after the other, without rights
//! and with nothing to keep between two of them.
//!
//! [`contract`] is the table of messages; each has its file under `execute`. The messages
//! themselves stand in `bulwark_types::caller`.

pub mod contract;
mod error;
mod execute;
mod running;

pub use error::ContractError;

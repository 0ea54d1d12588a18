//! The caller contract: runs the outside calls of others, without rights and without state.
//!
//! [`contract`] is the table of messages; each has its file under `execute`. The messages
//! themselves stand in `bulwark_types::caller`.

pub mod contract;
mod error;
mod execute;

pub use error::ContractError;

//! The liquidator contract: liquidates by callback for keepers without inventory, and keeps nothing
//! between two transactions.
//!
//! [`contract`] is the table of messages; each has its file under `execute`. The messages
//! themselves stand in `bulwark_types::liquidator`.

pub mod contract;
mod error;
mod execute;
mod state;

pub use error::ContractError;

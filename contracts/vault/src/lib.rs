//! The vault contract: margin accounts, lending pools, liquidation.
//!
//! Every message works on [`books::Books`]: they load what the message touches, bring its
//! interest up to date, carry the message out in memory, check what must hold afterwards,
//! and only then are written back.

pub mod books;
pub mod contract;
mod error;
mod execute;
mod governance;
mod lock;
mod migrate;
mod query;
mod reply;
pub mod state;

pub use error::{ContractError, ContractResult};

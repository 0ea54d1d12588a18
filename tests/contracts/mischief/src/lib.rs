//! A contract for tests that does what it was told, once, as soon as anybody calls it with any
//! message: an attacker who is called from inside of somebody else's transaction.

pub mod contract;
pub mod msg;
mod state;

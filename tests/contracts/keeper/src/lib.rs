//! A keeper's contract for tests, which holds no inventory: the vault sends it what a
//! liquidation seized and calls it, it sells that at a pool and repays the debt out of the
//! proceeds. What remains is its owner's.

pub mod contract;
mod error;
pub mod msg;
mod state;

pub use error::KeeperError;

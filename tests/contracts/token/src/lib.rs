//! A CW20 token for tests: transfers, sends with a hook, allowances, minting. Its minter can
//! tell it to misbehave in the ways that [`msg::Misbehaviour`] lists. Not for a real chain.

pub mod contract;
mod error;
mod ledger;
pub mod msg;
mod state;

pub use error::TokenError;

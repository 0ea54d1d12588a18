//! Real nodes with real wasm, for scenarios: a network of its own for each, with Bulwark on it.

mod artifacts;
mod bulwark;

pub use artifacts::{artifacts, test_contract};
pub use bulwark::{Bulwark, DEPLOYMENT, chain, price, units};

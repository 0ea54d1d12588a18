//! Real nodes with real wasm, for scenarios: a network of its own for each, with Bulwark on it.

mod artifacts;
mod author;
mod bulwark;
mod history;
mod mirror;
mod proxy;

pub use artifacts::{artifacts, test_contract};
pub use author::{Author, Draft, Listed, Places};
pub use bulwark::{Bulwark, DEPLOYMENT, chain, price, units};
pub use history::state;
pub use mirror::{Mirror, Mirrored};
pub use proxy::{Manner, Proxy};

//! The margin formula for clients.
//!
//! Requests and answers are JSON, in the vault's and the oracle's own types: what their queries
//! answered goes in, what the vault would answer comes out, to the last digit, because it is the
//! same code. Nothing panics on bad input: the answer then names what was refused.
//!
//! The four functions of [`evaluate`] are all there is. On wasm a host calls them by the exports
//! of `abi.rs`: it asks for memory with `alloc`, writes the request there, calls the function with
//! address and length, reads the answer, and hands both pieces of memory back with `free`.

#[cfg(target_arch = "wasm32")]
mod abi;
mod basket;
mod error;
pub mod evaluate;

pub use basket::{Basket, BasketHolding};
pub use error::EngineError;

//! A constant-product pool of two assets for tests, bank denoms or CW20 tokens. Anyone fills it,
//! nobody takes out other than by swapping: it stands for the rest of the market.

pub mod contract;
mod curve;
mod error;
pub mod msg;
mod state;

pub use error::SwapError;

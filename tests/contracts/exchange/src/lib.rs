//! A practice exchange: swaps any listed coin for any other at the oracle's prices, less a fee. Anyone
//! fills it, nobody takes out other than by swapping. It stands for the rest of the market where prices
//! are replayed, which a pool with reserves would not follow. **Not for a chain where coins are worth
//! anything**: it trades at prices that are known to lag behind.

pub mod contract;
mod error;
pub mod msg;
mod price;
mod state;

pub use error::ExchangeError;

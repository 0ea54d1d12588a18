//! **A stand-in for tests; never to be deployed where it counts.**
//!
//! One contract that answers as the contracts of others do which an oracle asks: Pyth, Stride's
//! and Drop's adapters, Drop's core, an Eris hub. Whoever calls it decides what it says, and may
//! have it refuse or answer with any bytes. The shapes of queries and answers are the real ones.

pub mod contract;
pub mod msg;

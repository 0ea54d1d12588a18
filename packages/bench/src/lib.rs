//! Benchmarks of Bulwark that run on a real chain.

// A tool, not a contract: it counts and divides what it has measured itself.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing
)]
// Tests say what has to be there.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod error;
pub mod gas;

pub use error::{BenchError, BenchResult};

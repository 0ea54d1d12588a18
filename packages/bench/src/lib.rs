//! Benchmarks of Bulwark: gas on a real chain, the keeper's decisions, and the keeper through a crash.

// A tool, not a contract: it counts and divides what it has measured itself.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing
)]
// Tests say what has to be there.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod crash;
mod error;
pub mod gas;
pub mod keeper;

pub use error::{BenchError, BenchResult};

//! The simulation: actors that play a price path against the contracts, step by step.
//!
//! [`run`] builds the chain, lets borrowers open positions and plays the path's rows. Everything
//! random comes from one seed: the same configuration always gives the same run.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a tool, not a contract: it counts steps and estimates values in f64; overflow \
              checks are on in every profile"
)]

mod audit;
mod borrowers;
mod chain;
pub mod console;
mod error;
mod explain;
mod feeders;
mod keepers;
pub(crate) mod market_setup;
pub(crate) mod numbers;
mod observer;
mod outcome;
mod owners;
mod recorder;
mod run;
mod story;
mod suppliers;

pub use error::SimulationError;
pub use outcome::Outcome;
pub use run::{MAX_ACCOUNTS, Progress, Run, RunConfig, run};

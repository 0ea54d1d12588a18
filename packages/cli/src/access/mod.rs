//! A deployment on a chain, as the commands for its users reach it.

mod failure;
pub mod format;
pub mod out;
mod reach;
pub mod table;

pub use failure::Failure;
pub use reach::{AccessArgs, Reached, runtime};

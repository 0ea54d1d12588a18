//! The oracle contract: guarded prices and volatilities, one feed per asset.
//!
//! [`contract`] is the table of messages; each has its file under `execute`. What an
//! observation does to a feed is decided by the pure functions of `feed`, what makes an
//! observation by those of `source`. Messages, events and the public record that other
//! contracts read stand in `bulwark_types::oracle`.

#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "tests compare with floating point and fail loudly"
    )
)]

pub mod contract;
pub mod error;

mod execute;
mod feed;
mod feeders;
mod instantiate;
mod migrate;
mod query;
mod source;
mod sources;
pub mod state;

pub use error::ContractError;

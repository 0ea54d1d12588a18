//! Posts prices to the oracle, as one of the feeders whose median counts.
//!
//! A round goes one way: a [`source::Source`] observes, [`decide::decide`] says of each
//! observation whether it is worth a post, [`poster::Poster`] posts. Everything that a decision
//! needs besides stands on the chain, so that a feeder can be killed at any moment and started
//! again. A price that was not seen fresh is never posted: what fails is left out, told, and tried
//! again in the next round.
//!
//! [`config::Config`] is the file behind `bulwark feeder`; a local network has its prices from the
//! same [`Feeder`].

// A tool, not a contract: the oracle checks every price that it sends.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::indexing_slicing
)]
// Tests say what has to be there.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod config;
pub mod decide;
pub mod error;
mod feeder;
pub mod log;
pub mod observation;
pub mod poster;
pub mod price;
mod run;
pub mod source;

pub use config::Config;
pub use decide::{Rule, Skip};
pub use error::FeederError;
pub use feeder::{Feeder, Round};
pub use observation::Observation;
pub use poster::Poster;
pub use run::run;
pub use source::{Source, SourceError};

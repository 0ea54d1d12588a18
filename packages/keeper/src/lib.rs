//! The liquidation bot: a mirror of the vault's accounts, who can be liquidated, and what to do.
//!
//! One direction: records of the chain → [`book`] (compact accounts, index by market) → [`scan`]
//! (which accounts can be liquidated) → [`plan`] (what to do about it, a pure function) → [`execute`]
//! (doing it, and saying what came of it); accounts that are only short of their initial margin get a
//! [`margin_call`]. [`run`](run()) puts it together, block by block; [`Config`] is the file behind
//! `bulwark keeper`.
//!
//! There is no second copy of the vault's rules. The book keeps the raw records of vault and oracle;
//! whatever has to be exact is decided by the vault's own functions, run natively over these records.
//! What makes a million accounts fast is a filter before that: floating point with a proven bound on
//! its error sorts accounts into surely healthy, surely liquidatable, and to be evaluated exactly.

// A tool, not a contract: its counters are bounded by memory, its conversions to floating point
// are accounted for in the bound on the filter's error, and positions in its tables are its own.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::indexing_slicing
)]
// Tests say what has to be there.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod book;
pub mod config;
mod consult;
pub mod error;
pub mod execute;
pub mod fault;
pub mod health;
mod lock;
pub mod margin_call;
pub mod metrics;
pub mod mirror;
pub mod plan;
pub mod population;
pub mod run;
pub mod scan;
pub mod serve;
mod wallet;

pub use config::Config;
pub use error::KeeperError;
pub use run::{Options, Told, run};

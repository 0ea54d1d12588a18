//! Bulwark's margin, pool and liquidation arithmetic: plain data in, plain data out.
//!
//! Nothing here knows of storage, queriers or a chain. The contracts, the keeper, the
//! simulator and (compiled to wasm) the page all use this one copy.

#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        reason = "tests compare with floating point and fail loudly"
    )
)]

pub mod account;
pub mod config;
mod error;
pub mod haircut;
pub mod interest;
pub mod liquidation;
pub mod margin;
pub mod outflow;
pub mod pool;
pub mod ramp;
pub mod search;
pub mod units;
pub mod volatility;
pub mod wide;

pub use error::{RiskError, RiskResult};

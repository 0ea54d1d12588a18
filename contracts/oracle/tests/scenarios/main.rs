//! The oracle on an embedded chain, as scenarios: one file per part.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets something unforeseen shall fail loudly"
)]

mod boards;
mod changes;
mod crash;
mod feeds;
mod halts;
mod migration;
mod posting;
mod properties;
mod pyth;
mod redemption;
mod refresh;
mod roles;
mod stand_ins;
mod world;

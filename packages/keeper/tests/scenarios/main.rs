//! The keeper's core against the contracts on the embedded chain.

// Scenarios say what has to be there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing
)]

mod book;
mod chain;
mod margin_calls;
mod notices;
mod plan;
mod plan_properties;
mod scan;
mod touched;

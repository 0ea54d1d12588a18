//! The program as somebody at a terminal uses it. One binary: whoever waits for a network does so
//! while another test computes.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

mod crash;
mod demo;
mod feeders;
mod keeper;
mod keeper_faults;
mod keeper_rival;
mod localnet;
mod page;
mod study;
mod support;
mod users;

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

mod calibration;
mod chain;
mod crash;
mod fixture;
mod formula;
mod impact;
mod whole;

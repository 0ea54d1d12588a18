//! Scenarios on real nodes. Each starts a network of its own.
#![allow(missing_docs)]

mod client;
mod deploy;
mod endpoints;
mod errors;
mod gas;
mod keeper_execute;
mod keeper_load;
mod keeper_mirror;
mod keeper_slow;
mod liar;
mod life;
mod liquidation;
mod migration;
mod replay;
mod tokens;
mod validators;

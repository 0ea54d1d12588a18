//! A local network of real nodes, for development and tests.
//!
//! [`Localnet::temporary`] gives a test a network of its own, which stops when it is dropped;
//! [`Localnet::up`] one that goes on running and that another process finds again by its folder,
//! with [`Localnet::open`]. Nodes are `wasmd`, built once from source by [`wasmd`]. Everything
//! listens on 127.0.0.1 only, and all keys are public test keys: [`users`]. [`market`] puts the
//! contracts on a network, and prices that move; [`web`] serves a page for it.

// A tool for developers: it counts ports and processes, and its mistakes stay on their machine.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::indexing_slicing
)]
// Tests say what has to be there.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod cache;
mod config;
pub mod denoms;
mod error;
mod files;
mod genesis;
mod init;
mod keys;
mod localnet;
pub mod market;
mod node;
mod ports;
mod processes;
mod progress;
mod rpc;
mod spec;
mod state;
pub mod users;
pub mod wasmd;
pub mod web;

pub use cache::{cache_folder, default_home};
pub use error::{LocalnetError, Result};
pub use init::{keyring_file, network_file};
pub use keys::without_keys;
pub use localnet::{Localnet, NodeStatus};
pub use progress::{Progress, Step};
pub use spec::{Ports, Spec};

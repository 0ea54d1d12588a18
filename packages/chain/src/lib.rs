//! A client of Bulwark on a real chain: keys, queries, transactions, events.
//!
//! Everything goes through a node's RPC endpoint, so that a network needs no other kind of
//! endpoint: queries by `abci_query`, transactions by `broadcast_tx_sync` and `tx`, events block
//! by block. Start with [`network::Network`] and [`client::Client::connect`]; send with
//! [`sender::Sender`]; speak to the contracts through [`contracts`].

// A client, not a contract: what it indexes and counts is its own, and a transaction that it gets
// wrong is refused by the chain.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::indexing_slicing
)]
// Tests say what has to be there.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod answers;
mod blocks;
mod broadcast;
pub mod client;
pub mod contracts;
pub mod endpoints;
pub mod error;
pub mod events;
#[cfg(test)]
mod fake;
pub mod keys;
pub mod lookup;
pub mod message;
pub mod network;
pub mod query;
pub mod sender;
pub mod sequence;
pub mod tx;

pub use client::Client;
pub use error::{ChainError, Phase, Refusal};
pub use keys::{Keyring, Signer};
pub use message::Message;
pub use network::Network;
pub use sender::Sender;
pub use tx::{Gas, Included, Simulation};

//! The keeper's execution on a real chain: what it reports is what its wallet has more or less of,
//! whatever happens on the way.

mod callback;
mod inventory;
mod killed;
mod rivals;
mod stage;
mod trouble;

//! Random messages of everybody against the contracts, with every invariant checked.
//!
//! An [`author::Author`] looks at the world and writes the next message: of owners, operators,
//! strangers, keepers, the owner and the guardian of the contracts, of feeders; valid ones and
//! invalid ones; with coins and with CW20 tokens. An auditor of `bulwark-testing` checks the
//! invariants after each of them. What a run was is fixed by its seed and its number of steps.

// A test tool does exact integer arithmetic on values far below the limits of their types, and
// draws prices and parts in floating point; an overflow stops it (overflow checks are on in every
// profile).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "see above"
)]

pub mod act;
pub mod author;
pub mod dice;
pub mod errors;
pub mod kind;
pub mod prices;
pub mod run;
pub mod shrink;
pub mod sight;
pub mod stage;
pub mod tally;

mod draw;

//! A Bulwark world over cw-multi-test: builder, named actors, invariants.
//!
//! ```no_run
//! use bulwark_testing::{Auditor, World};
//!
//! let mut world = World::standard()?;
//! let mut auditor = Auditor::new(&mut world);
//! world.deposit("alice", "ATOM", 100)?;
//! world.deposit_lent("bob", "USDC", 5_000)?;
//! world.borrow("alice", "USDC", "250.5")?;
//! assert!(auditor.audit(&mut world).is_empty());
//! # Ok::<(), bulwark_types::wire::WireError>(())
//! ```

// A test tool does exact integer arithmetic on values far below the limits of their types, and
// an overflow stops it (overflow checks are on in every profile); it still panics on nothing
// that a contract answers.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "see above"
)]

pub mod defaults;
pub mod error;
pub mod invariants;
pub mod storage;

mod builder;
mod market_spec;
mod prices_dir;
mod terms;
mod world;

pub use builder::WorldBuilder;
pub use invariants::{Auditor, CheckCounts, Sabotage, Violation, sabotage};
pub use market_spec::MarketSpec;
pub use prices_dir::prices_dir;
pub use terms::{Account, Quantity};
pub use world::{Embedded, Outcome, Step, SwapPool, Target, World, events_of, hook_of};

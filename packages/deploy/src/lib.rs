//! Deploys Bulwark on a chain, and brings a deployment to what its file says.
//!
//! What is wanted ([`desired::Desired`], from a [`file::Deployment`]) and what is found on the
//! chain ([`found::Found`]) make a [`plan::Plan`], by a pure function; [`apply::Deployer`] reads
//! the one and carries out the other. A plan for what is there already is empty.

// A tool, not a contract: the contracts check every value that it sends.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing
)]
// Tests say what has to be there.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod addresses;
pub mod apply;
pub mod artifacts;
pub mod desired;
pub mod diff;
pub mod error;
pub mod file;
mod flight;
pub mod found;
mod lock;
mod markets;
mod messages;
mod oracle;
pub mod order;
pub mod plan;
mod planner;
mod read;
pub mod step;
mod template;
pub mod unsigned;
mod vault;

pub use addresses::Addresses;
pub use apply::Deployer;
pub use artifacts::Artifacts;
pub use desired::Desired;
pub use error::DeployError;
pub use file::Deployment;
pub use flight::gas_of_post;
pub use found::Found;
pub use order::Readiness;
pub use plan::{Plan, plan};
pub use step::{Kind, Step};

//! Who may change a contract, how long changes wait, and what a guardian can stop.
//!
//! Both contracts use the same rules: ownership moves in two steps; a change that could hurt
//! waits in the open and can be cancelled; a guardian can only tighten, and not for long.

mod brake;
mod changes;
mod ownership;

pub use brake::{BRAKE_COOLDOWN, BRAKE_LENGTH, Brake};
pub use changes::{CHANGE_LIFETIME, Changes, PendingChange};
pub use ownership::{Ownership, OwnershipAction, OwnershipResponse, OwnershipStore};

use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use crate::wire::wire;

/// What the rules of governance refuse.
#[derive(Error, Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum GovernanceError {
    /// Only a certain role may send this message.
    #[error("{}", wire(self, format_args!("only the {role} may do this")))]
    Unauthorized {
        /// Who sent the message.
        sender: String,
        /// Who could have.
        role: String,
    },
    /// Nobody has been proposed as owner.
    #[error("{}", wire(self, "nobody has been proposed as owner"))]
    NoPendingOwner {},
    /// There is no such pending change.
    #[error("{}", wire(self, "there is no such pending change"))]
    UnknownChange {
        /// Its number.
        change: u64,
    },
    /// The change still waits.
    #[error("{}", wire(self, "the change still waits"))]
    ChangeNotReady {
        /// Its number.
        change: u64,
        /// Block time in seconds from which it can be applied.
        ready_at: u64,
        /// Block time in seconds.
        now: u64,
    },
    /// The change was not applied in time; it can only be cancelled.
    #[error("{}", wire(self, "the change was not applied in time"))]
    ChangeExpired {
        /// Its number.
        change: u64,
        /// The last block time in seconds at which it could be applied.
        expires_at: u64,
        /// Block time in seconds.
        now: u64,
    },
    /// What has been stopped lately cannot be stopped again so soon.
    #[error(
        "{}",
        wire(self, "this was stopped lately and cannot be stopped again so soon")
    )]
    CoolingDown {
        /// Block time in seconds from which it can be stopped again.
        until: u64,
        /// Block time in seconds.
        now: u64,
    },
}

//! From what is wanted and what is found to the steps in between. Pure: the same two give the
//! same plan, and a plan for what is there already has no steps.
//!
//! Contracts are created without a delay and owned by the deployer. Feeds and markets are then
//! set up at once; last the delays come into force and the contracts are handed over. Whatever
//! changes later is proposed, waits in the open, and is applied by a later run.

use std::fmt;

use serde::Serialize;

use crate::desired::Desired;
use crate::error::DeployResult;
use crate::found::Found;
use crate::planner::Planner;
use crate::step::{Kind, Planned};
use crate::{markets, oracle, vault};

/// What to do, in this order, and what has to be waited for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    /// What to do.
    pub steps: Vec<Planned>,
    /// What has to be waited for, and what cannot be done.
    pub waits: Vec<Wait>,
}

/// Something that no step of this run can bring about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "wait")]
pub enum Wait {
    /// A change waits in the open.
    Change {
        /// Which contract.
        contract: Kind,
        /// Its number.
        change: u64,
        /// What it will do.
        what: String,
        /// Block time in seconds from which a run of `deploy` applies it.
        ready_at: u64,
    },
    /// A change that this deployment did not ask for waits in the open.
    OtherChange {
        /// Which contract.
        contract: Kind,
        /// Its number.
        change: u64,
    },
    /// An asset has had no price yet: its market cannot be listed.
    FirstPrice {
        /// Asset.
        asset: String,
    },
    /// Delays and ownership wait until every market is listed.
    Setup {},
    /// A contract has other code than the wasm that is here, and nobody may migrate it.
    OtherCode {
        /// Which contract.
        contract: Kind,
        /// SHA-256 of the code that it has, and keeps.
        found: String,
    },
    /// Whether a contract has the code that it should is not known: its wasm is not here.
    CodeUnknown {
        /// Which contract.
        contract: Kind,
    },
    /// Nobody owns a contract any more: what differs stays.
    Unowned {
        /// Which contract.
        contract: Kind,
    },
    /// Something is on the chain that the file does not name; it stays.
    NotInFile {
        /// Which contract.
        contract: Kind,
        /// Asset.
        asset: String,
    },
}

impl Plan {
    /// Whether it is what is left of another plan of which somebody has carried out a part.
    #[must_use]
    pub fn is_rest_of(&self, other: &Self) -> bool {
        self.first_not_in(other).is_none()
    }

    /// The first step that is not in another plan, or not in this order.
    #[must_use]
    pub fn first_not_in(&self, other: &Self) -> Option<&Planned> {
        let mut others = other.steps.iter();
        let mut steps = self.steps.iter();
        steps.find(|planned| !others.any(|other| other == *planned))
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Change {
                contract,
                change,
                what,
                ready_at,
            } => write!(
                f,
                "change {change} of the {contract} waits until block time {ready_at}: {what}"
            ),
            Self::OtherChange { contract, change } => {
                write!(
                    f,
                    "change {change} of the {contract} waits; it is not of this file. Owner and guardian can cancel it: {{\"cancel\":{{\"change\":{change}}}}}"
                )
            }
            Self::FirstPrice { asset } => {
                write!(
                    f,
                    "{asset} has no price yet: start the feeders, then run this again"
                )
            }
            Self::Setup {} => {
                write!(
                    f,
                    "delays and ownership stay as they are until every market is listed"
                )
            }
            Self::OtherCode { contract, found } => write!(
                f,
                "the {contract} has other code than the wasm here, checksum {found}, and nobody may migrate it; it stays"
            ),
            Self::CodeUnknown { contract } => write!(
                f,
                "the code of the {contract} was not compared: its wasm is not here"
            ),
            Self::Unowned { contract } => {
                write!(f, "nobody owns the {contract}: what differs stays")
            }
            Self::NotInFile { contract, asset } => {
                write!(
                    f,
                    "the {contract} has {asset}, which the file does not name; it stays"
                )
            }
        }
    }
}

/// The steps from what is found to what is wanted.
///
/// # Errors
/// [`DeployError::NoArtifact`](crate::DeployError::NoArtifact) if a contract has to be created without its wasm,
/// [`DeployError::Fixed`](crate::DeployError::Fixed) if a value differs that is fixed for good.
pub fn plan(desired: &Desired, found: &Found) -> DeployResult<Plan> {
    let mut planner = Planner {
        desired,
        found,
        plan: Plan::default(),
    };
    for kind in Kind::ALL {
        planner.code(kind)?;
    }
    let oracle = oracle::current(&planner);
    let vault = vault::current(&planner);
    let priced = oracle::feeds(&mut planner, &oracle)?;
    vault::parameters(&mut planner, &vault)?;
    markets::markets(&mut planner, &vault, &priced)?;
    // As long as something is missing, setting up goes on without delays.
    let is_ready = |wait: &Wait| !matches!(wait, Wait::FirstPrice { .. });
    let is_ready = planner.plan.waits.iter().all(is_ready);
    oracle::seal(&mut planner, &oracle, is_ready)?;
    vault::seal(&mut planner, &vault, is_ready)?;
    for kind in [Kind::Oracle, Kind::Vault] {
        planner.admin(kind);
    }
    oracle::others(&mut planner, &oracle);
    markets::others(&mut planner, &vault);
    Ok(planner.plan)
}

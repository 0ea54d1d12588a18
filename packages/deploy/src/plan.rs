//! From what is wanted and what is found to the steps in between. Pure: the same two give the
//! same plan, and a plan for what is there already has no steps.
//!
//! Contracts are created without a delay and owned by the deployer. Feeds and markets are then
//! set up at once; last the delays come into force and the contracts are handed over. Whatever
//! changes later is proposed, waits in the open, and is applied by a later run.

use std::fmt;

use bulwark_types::governance::PendingChange;
use bulwark_types::{oracle as oracle_types, vault as vault_types};
use serde::Serialize;

use crate::desired::Desired;
use crate::diff::Difference;
use crate::error::{DeployError, DeployResult};
use crate::found::{Found, FoundContract};
use crate::step::{Kind, Planned, Step};
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
                    "change {change} of the {contract} waits; it is not of this file"
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
/// [`DeployError::NoArtifact`] if a contract has to be created without its wasm,
/// [`DeployError::Fixed`] if a value differs that is fixed for good.
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

/// A plan in the making.
pub struct Planner<'a> {
    pub desired: &'a Desired,
    pub found: &'a Found,
    pub plan: Plan,
}

impl Planner<'_> {
    pub fn contract(&self, kind: Kind) -> Option<&FoundContract> {
        self.found.contracts.get(&kind)
    }

    pub fn step(&mut self, step: Step, sender: &str, waits: u64, changes: Vec<Difference>) {
        self.plan.steps.push(Planned {
            step,
            sender: sender.into(),
            waits,
            changes,
        });
    }

    pub fn wait(&mut self, wait: Wait) {
        if !self.plan.waits.contains(&wait) {
            self.plan.waits.push(wait);
        }
    }

    /// Code, and the contract itself.
    fn code(&mut self, kind: Kind) -> DeployResult<()> {
        let (desired, found) = (self.desired, self.contract(kind).cloned());
        let Some(wanted) = desired.checksums.get(&kind) else {
            return match found {
                Some(_) => Ok(()),
                None => Err(DeployError::NoArtifact { kind }),
            };
        };
        let from = match &found {
            Some(found) if found.checksum == *wanted => return Ok(()),
            Some(found) => Some(found.checksum.clone()),
            None => None,
        };
        let store = Step::Store {
            contract: kind,
            checksum: wanted.clone(),
        };
        if !self.found.codes.contains_key(wanted) {
            self.step(store, &desired.deployer, 0, Vec::new());
        }
        match (found.and_then(|found| found.admin), from) {
            (Some(admin), Some(from)) => {
                let migrate = Step::Migrate {
                    contract: kind,
                    from,
                    to: wanted.clone(),
                };
                self.step(migrate, &admin, 0, Vec::new());
            }
            // The caller keeps nothing: a newer one is another one.
            (None, Some(_)) if kind != Kind::Caller => {}
            (_, _) => {
                let create = Step::Instantiate { contract: kind };
                self.step(create, &desired.deployer, 0, Vec::new());
            }
        }
        Ok(())
    }

    /// Who may migrate a contract.
    fn admin(&mut self, kind: Kind) {
        let admin = &self.desired.admin;
        let current = self.contract(kind).and_then(|found| found.admin.clone());
        let Some(current) = current.filter(|current| current != admin) else {
            return;
        };
        let change = Difference {
            field: "admin".into(),
            from: current.clone(),
            to: admin.clone(),
        };
        let step = Step::UpdateAdmin {
            contract: kind,
            admin: admin.clone(),
        };
        self.step(step, &current, 0, vec![change]);
    }

    /// A change by the owner: sent, or applied if it has waited, or waited for.
    pub fn propose<C: PartialEq>(
        &mut self,
        place: &Place<'_, C>,
        change: &C,
        step: Step,
        changes: Vec<Difference>,
    ) {
        let (contract, what) = (place.contract, step.to_string());
        let now = self.found.now;
        let waiting = place.changes.iter();
        let waiting = waiting
            .filter(|pending| pending.change == *change && now <= pending.expires_at)
            .min_by_key(|pending| pending.ready_at);
        match (waiting, place.owner) {
            (Some(pending), _) if pending.ready_at <= now => {
                let apply = Step::Apply {
                    contract,
                    change: pending.id,
                    what,
                };
                let sender = &self.desired.deployer;
                self.step(apply, sender, 0, changes);
            }
            (Some(pending), _) => self.wait(Wait::Change {
                contract,
                change: pending.id,
                what,
                ready_at: pending.ready_at,
            }),
            (None, Some(owner)) => self.step(step, owner, place.delay, changes),
            (None, None) => self.wait(Wait::Unowned { contract }),
        }
    }

    /// Changes that wait and are none of this plan.
    pub fn other_changes(&mut self, contract: Kind, changes: impl Iterator<Item = u64>) {
        let is_own = |number: u64| {
            let applied = self.plan.steps.iter().any(|planned| {
                matches!(&planned.step, Step::Apply { contract: of, change, .. }
                    if *of == contract && *change == number)
            });
            let awaited = self.plan.waits.iter().any(|wait| {
                matches!(wait, Wait::Change { contract: of, change, .. }
                    if *of == contract && *change == number)
            });
            applied || awaited
        };
        let others: Vec<u64> = changes.filter(|number| !is_own(*number)).collect();
        for change in others {
            self.wait(Wait::OtherChange { contract, change });
        }
    }

    /// Hands a contract over, in two steps.
    pub fn hand_over(
        &mut self,
        kind: Kind,
        current: &bulwark_types::governance::OwnershipResponse,
    ) {
        let desired = &self.desired.owner;
        if current.owner.as_ref() == Some(desired) {
            return;
        }
        let Some(owner) = current.owner.clone() else {
            self.wait(Wait::Unowned { contract: kind });
            return;
        };
        if current.pending_owner.as_ref() != Some(desired) {
            let propose = Step::ProposeOwner {
                contract: kind,
                owner: desired.clone(),
            };
            self.step(propose, &owner, 0, Vec::new());
        }
        let change = Difference {
            field: "owner".into(),
            from: owner,
            to: desired.clone(),
        };
        let accept = Step::AcceptOwner { contract: kind };
        self.step(accept, &desired.clone(), 0, vec![change]);
    }
}

/// Where a change is proposed.
pub struct Place<'a, C> {
    pub contract: Kind,
    pub owner: Option<&'a str>,
    pub delay: u64,
    pub changes: &'a [PendingChange<C>],
}

pub type OraclePlace<'a> = Place<'a, oracle_types::Change>;
pub type VaultPlace<'a> = Place<'a, vault_types::Change>;

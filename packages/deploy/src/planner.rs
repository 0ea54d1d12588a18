//! A plan in the making: what contracts, proposals and hand-overs have in common.

use bulwark_types::governance::{OwnershipResponse, PendingChange};
use bulwark_types::vault::Parameters;
use bulwark_types::{oracle, vault};
use serde_json::json;

use crate::desired::Desired;
use crate::diff::{Difference, values};
use crate::error::{DeployError, DeployResult};
use crate::found::{Found, FoundContract};
use crate::plan::{Plan, Wait};
use crate::step::{Kind, Planned, Step};

/// A plan in the making.
pub struct Planner<'a> {
    /// What is wanted.
    pub desired: &'a Desired,
    /// What is found.
    pub found: &'a Found,
    /// The steps so far.
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
    pub fn code(&mut self, kind: Kind) -> DeployResult<()> {
        if kind == Kind::Liquidator && self.desired.liquidator.is_none() {
            return Ok(());
        }
        let (desired, found) = (self.desired, self.contract(kind).cloned());
        let Some(wanted) = desired.checksums.get(&kind) else {
            return match found {
                Some(_) => {
                    self.wait(Wait::CodeUnknown { contract: kind });
                    Ok(())
                }
                None => Err(DeployError::NoArtifact { kind }),
            };
        };
        let from = match &found {
            Some(found) if found.checksum == *wanted => return Ok(()),
            Some(found) if found.admin.is_none() && !kind.keeps_nothing() => {
                self.wait(Wait::OtherCode {
                    contract: kind,
                    found: found.checksum.clone(),
                });
                return Ok(());
            }
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
            (_, _) => {
                let create = Step::Instantiate { contract: kind };
                let values = created(desired, kind)?;
                self.step(create, &desired.deployer, 0, values);
            }
        }
        Ok(())
    }

    /// Who may migrate a contract.
    pub fn admin(&mut self, kind: Kind) {
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
    pub fn hand_over(&mut self, kind: Kind, current: &OwnershipResponse) {
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

/// The values that a contract is created with.
fn created(desired: &Desired, kind: Kind) -> DeployResult<Vec<Difference>> {
    let (oracle, vault) = (&desired.oracle, &desired.vault);
    let values = match kind {
        Kind::Caller | Kind::Liquidator => values(&json!({ "label": kind.label(&desired.name) })),
        Kind::Oracle => values(&json!({
            "label": kind.label(&desired.name),
            "admin": desired.admin,
            "owner": desired.deployer,
            "guardian": desired.guardian,
            "feeders": oracle.feeders,
            "quorum": oracle.quorum,
            "owner_delay": 0,
        })),
        Kind::Vault => values(&json!({
            "label": kind.label(&desired.name),
            "admin": desired.admin,
            "owner": desired.deployer,
            "guardian": desired.guardian,
            "oracle_mode": vault.oracle_mode,
            "groups": vault.groups,
            "bounds": vault.bounds,
            "cap_multiple": vault.cap_multiple,
            "unpriced_grace": vault.unpriced_grace,
            "parameters": Parameters { owner_delay: 0, ..vault.parameters.clone() },
        })),
    };
    Ok(values?)
}

/// Where a change is proposed.
pub struct Place<'a, C> {
    pub contract: Kind,
    pub owner: Option<&'a str>,
    pub delay: u64,
    pub changes: &'a [PendingChange<C>],
}

pub type OraclePlace<'a> = Place<'a, oracle::Change>;
pub type VaultPlace<'a> = Place<'a, vault::Change>;

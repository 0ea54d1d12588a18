//! Which steps of a plan can be carried out now, where some are somebody else's: a step waits for
//! what it needs.

use std::collections::BTreeSet;

use bulwark_types::vault::FamilyListing;
use serde::Serialize;

use crate::plan::Plan;
use crate::step::{Kind, Planned, Step};

/// When a step of a plan can be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// In this run.
    Now,
    /// By somebody whose key is not here.
    Elsewhere,
    /// In a later run: it needs what somebody else has to send first.
    Later,
}

/// When each step of a plan can be carried out, of which those can be sent for which `can_send`
/// says so.
pub fn readiness(plan: &Plan, can_send: impl Fn(&Planned) -> bool) -> Vec<Readiness> {
    let sendable: Vec<bool> = plan.steps.iter().map(&can_send).collect();
    let now = feasible(&plan.steps, |at| sendable[at]);
    let known = now.into_iter().zip(sendable);
    known
        .map(|known| match known {
            (true, _) => Readiness::Now,
            (false, true) => Readiness::Later,
            (false, false) => Readiness::Elsewhere,
        })
        .collect()
}

/// For each step whether it can be carried out: `can` says so, and so it is with everything that
/// it needs.
pub fn feasible(steps: &[Planned], can: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut feasible: Vec<bool> = Vec::new();
    for (at, planned) in steps.iter().enumerate() {
        let earlier = steps.iter().zip(&feasible);
        let mut missing = earlier.filter(|(_, is_feasible)| !**is_feasible);
        let is_held_up = missing.any(|(earlier, _)| needs(planned, &earlier.step));
        feasible.push(can(at) && !is_held_up);
    }
    feasible
}

/// Whether a step cannot be carried out before an earlier one of the same plan is.
fn needs(planned: &Planned, earlier: &Step) -> bool {
    let step = &planned.step;
    if let (Some(contract), Step::Instantiate { contract: created }) = (place(step), earlier)
        && contract == *created
    {
        return true;
    }
    match (step, earlier) {
        (
            Step::Instantiate { contract } | Step::Migrate { contract, .. },
            Step::Store {
                contract: stored, ..
            },
        ) => contract == stored,
        // The vault is created with the addresses of those before it, the liquidator with the vault's.
        (
            Step::Instantiate {
                contract: Kind::Vault,
            },
            Step::Instantiate { .. },
        )
        | (
            Step::Instantiate {
                contract: Kind::Liquidator,
            },
            Step::Instantiate {
                contract: Kind::Vault,
            },
        ) => true,
        (Step::UseOracle { .. }, Step::Instantiate { contract }) => *contract == Kind::Oracle,
        (Step::UseCaller {}, Step::Instantiate { contract }) => *contract == Kind::Caller,
        (Step::PostPrices { .. }, Step::UpdateFeeders { .. }) => true,
        (Step::PostPrices { .. } | Step::Refresh { .. }, Step::SetFeed { asset, .. }) => {
            assets(step).contains(asset.as_str())
        }
        // A rate may be read beside prices that are posted.
        (Step::Refresh { .. }, Step::PostPrices { .. }) => true,
        // What waits is carried out by a later run, and can be proposed before its asset is
        // priced.
        (Step::ListMarket { .. }, _) if planned.waits > 0 => false,
        (Step::ListMarket { listing }, _) => match earlier {
            Step::UseOracle { .. } => true,
            Step::ListMarket { listing: base } => {
                matches!(&listing.family, FamilyListing::Member { of } if *of == base.asset)
            }
            _ => assets(earlier).contains(listing.asset.as_str()),
        },
        (
            Step::AcceptOwner { contract },
            Step::ProposeOwner {
                contract: proposed, ..
            },
        ) => contract == proposed,
        (_, _) => is_seal(step) && is_setup(earlier),
    }
}

/// The contract that a step is sent to; none for what is sent to the chain itself.
const fn place(step: &Step) -> Option<Kind> {
    match step {
        Step::Store { .. } | Step::Instantiate { .. } => None,
        Step::Migrate { contract, .. }
        | Step::Apply { contract, .. }
        | Step::ProposeOwner { contract, .. }
        | Step::AcceptOwner { contract }
        | Step::UpdateAdmin { contract, .. } => Some(*contract),
        Step::SetFeed { .. }
        | Step::UpdateFeeders { .. }
        | Step::UpdateOracle { .. }
        | Step::PostPrices { .. }
        | Step::Refresh { .. } => Some(Kind::Oracle),
        Step::UseOracle { .. }
        | Step::UseCaller {}
        | Step::UpdateParameters { .. }
        | Step::ListMarket { .. }
        | Step::UpdateMarket { .. } => Some(Kind::Vault),
    }
}

/// The assets that get a feed or a price.
fn assets(step: &Step) -> BTreeSet<&str> {
    match step {
        Step::SetFeed { asset, .. } => BTreeSet::from([asset.as_str()]),
        Step::PostPrices { prices } => prices.iter().map(|(asset, _)| asset.as_str()).collect(),
        Step::Refresh { assets } => assets.iter().map(String::as_str).collect(),
        _ => BTreeSet::new(),
    }
}

/// What ends the time in which the deployer sets everything up without delays.
const fn is_seal(step: &Step) -> bool {
    match step {
        Step::UpdateOracle { owner_delay, .. } => owner_delay.is_some(),
        Step::UpdateParameters { update } => update.owner_delay.is_some(),
        Step::ProposeOwner { .. } | Step::AcceptOwner { .. } => true,
        _ => false,
    }
}

const fn is_setup(step: &Step) -> bool {
    matches!(
        step,
        Step::Instantiate { .. }
            | Step::SetFeed { .. }
            | Step::PostPrices { .. }
            | Step::Refresh { .. }
            | Step::ListMarket { .. }
    )
}

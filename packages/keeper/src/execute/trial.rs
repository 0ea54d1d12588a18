//! An action, tried out on a node before anything is sent: what is refused there costs no fee.

use std::collections::BTreeSet;

use bulwark_chain::{ChainError, Message, Refusal};
use bulwark_risk::units::Amount;
use bulwark_types::vault::AccountRef;
use tokio::sync::OnceCell;

use super::Shared;
use super::classify::{self, Rivals};
use super::dissect::{Dissected, Verdict, dissect};
use super::entry::Entry;
use super::error::ExecuteResult;
use super::fate::rivals;
use super::outcome::{Outcome, Realised, Report};
use super::pools::Pools;
use super::realised::Deeds;
use crate::plan::{Action, Pair};

/// What came of trying an action out.
#[derive(Debug, Default)]
pub struct Trial {
    /// What can be sent, if anything is left of it.
    pub ready: Vec<Ready>,
    /// What came of the accounts that are left out.
    pub refused: Option<Report>,
    /// What does not work for them.
    pub avoid: Vec<(Pair, Outcome)>,
    /// Those of them that may be tried again as they are, with others.
    pub again: Vec<AccountRef>,
}

/// A transaction that the chain would carry out.
#[derive(Debug)]
pub struct Ready {
    /// What it is to do.
    pub entry: Entry,
    /// Its message.
    pub message: Message,
    /// What its callback swaps in.
    pub pools: BTreeSet<String>,
}

/// Tries an action out. Accounts that the vault would pass over are left out, and the rest is tried
/// again; where the chain refuses all of it, its parts are tried. A callback that others come before
/// over the same pools does not find them `untouched`: what it brings here is not what it will bring,
/// and it is bound by what it has to earn alone.
pub async fn run(
    shared: &Shared,
    action: Action,
    height: u64,
    untouched: bool,
) -> ExecuteResult<Trial> {
    let entry = Entry::of(&action, 0, height);
    let trier = Trier {
        shared,
        height,
        untouched,
        rivals: OnceCell::new(),
    };
    let Dissected {
        ready,
        outcomes,
        avoid,
        again,
    } = dissect(action, |part| trier.try_out(part)).await?;
    let refused = (!outcomes.is_empty()).then(|| Report {
        entry: Entry {
            accounts: outcomes
                .iter()
                .map(|(account, _)| account.clone())
                .collect(),
            ..entry
        },
        hash: None,
        height: None,
        gas_used: None,
        outcomes,
        realised: Realised::default(),
        recovered: false,
    });
    Ok(Trial {
        ready,
        refused,
        avoid,
        again,
    })
}

/// Who tries out a transaction and its parts.
struct Trier<'a> {
    shared: &'a Shared,
    /// The block whose state it was planned on.
    height: u64,
    /// Whether nobody comes before it over the same pools.
    untouched: bool,
    /// What others did since; asked for once, if at all.
    rivals: OnceCell<Rivals>,
}

impl Trier<'_> {
    async fn try_out(&self, action: Action) -> ExecuteResult<Verdict<Ready>> {
        let shared = self.shared;
        let refused = |outcome: Outcome, action: Action| {
            let outcomes = outcome.of_each(action.accounts());
            Ok(Verdict::Refused(action, outcomes))
        };
        let Some(message) = shared.writer.message(&action, Amount::ZERO)? else {
            return refused(Outcome::Unroutable {}, action);
        };
        let simulated = shared.sender.try_out(std::slice::from_ref(&message)).await;
        let simulation = match simulated {
            Ok(simulation) => simulation,
            Err(ChainError::Refused(refusal)) => {
                let rivals = self.rivals().await;
                let accounts: Vec<AccountRef> = action.accounts().cloned().collect();
                let outcomes = classified(&accounts, &refusal, rivals);
                return Ok(Verdict::Refused(action, outcomes));
            }
            Err(error) => return refused(Outcome::unsent(&error), action),
        };
        let deeds = match Deeds::of(&simulation.events, &shared.parties) {
            Ok(deeds) => deeds,
            Err(error) => return refused(Outcome::not_understood(&error), action),
        };
        let mut targets = action.targets.iter();
        if targets.any(|target| deeds.skipped(&target.account).is_some()) {
            return Ok(self.leave_out(&action, &deeds).await);
        }
        let network = shared.sender.client().network();
        let Ok(gas_limit) = network.adjusted(simulation.gas_used) else {
            return refused(Outcome::OutOfGas {}, action);
        };
        if let Some(outcome) = shared.bounds.objection(&action, gas_limit) {
            return refused(outcome, action);
        }
        // What the swaps brought here is not given away to whoever comes in between.
        let left = deeds.left_by_callback().filter(|_| self.untouched);
        let bound = left.map(|(left, repaid)| {
            let left = shared.writer.bound(left, repaid);
            shared.writer.message(&action, left)
        });
        let message = bound.transpose()?.flatten().unwrap_or(message);
        let entry = Entry {
            gas_limit,
            fee: network.fee(gas_limit),
            ..Entry::of(&action, shared.journal().next_id(), self.height)
        };
        Ok(Verdict::Ready(Ready {
            entry,
            message,
            pools: Pools::of(&shared.writer.routes, &action),
        }))
    }

    /// Takes the accounts out of an action that the vault passes over.
    async fn leave_out(&self, action: &Action, deeds: &Deeds) -> Verdict<Ready> {
        let rivals = self.rivals().await;
        let (mut outcomes, mut kept) = (Vec::new(), Vec::new());
        for target in &action.targets {
            match deeds.skipped(&target.account) {
                Some(name) => {
                    let outcome = classify::named(&target.account, name, "{}", rivals);
                    outcomes.push((target.account.clone(), outcome));
                }
                None => kept.push(target.clone()),
            }
        }
        Verdict::Without(outcomes, action.with(kept))
    }

    async fn rivals(&self) -> &Rivals {
        let asked = || others(self.shared, self.height);
        self.rivals.get_or_init(asked).await
    }
}

/// What the refusal of a transaction means for its accounts.
pub async fn refused_accounts(
    shared: &Shared,
    accounts: &[AccountRef],
    refusal: &Refusal,
    height: u64,
) -> Vec<(AccountRef, Outcome)> {
    let rivals = others(shared, height).await;
    classified(accounts, refusal, &rivals)
}

fn classified(
    accounts: &[AccountRef],
    refusal: &Refusal,
    rivals: &Rivals,
) -> Vec<(AccountRef, Outcome)> {
    let outcome = |account: &AccountRef| {
        let outcome = classify::refused(account, refusal, rivals);
        (account.clone(), outcome)
    };
    accounts.iter().map(outcome).collect()
}

/// What others did since the state that was planned on.
pub async fn others(shared: &Shared, height: u64) -> Rivals {
    let parties = &shared.parties;
    let client = shared.sender.client();
    rivals(client, &parties.vault, &parties.keeper, height).await
}

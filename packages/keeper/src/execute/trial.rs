//! An action, tried out on a node before anything is sent: what is refused there costs no fee.

use bulwark_chain::{ChainError, Message, Refusal};
use bulwark_risk::units::Amount;
use bulwark_types::vault::AccountRef;

use super::Shared;
use super::classify::{self, Rivals};
use super::entry::Entry;
use super::error::ExecuteResult;
use super::fate::rivals;
use super::outcome::{Outcome, Realised, Report};
use super::realised::Deeds;
use crate::plan::{Action, Means};

/// What came of trying an action out.
#[derive(Debug, Default)]
pub struct Trial {
    /// What can be sent, if anything is left of it.
    pub ready: Option<Ready>,
    /// What came of the accounts that are left out.
    pub refused: Option<Report>,
}

/// A transaction that the chain would carry out.
#[derive(Debug)]
pub struct Ready {
    /// What it is to do.
    pub entry: Entry,
    /// Its message.
    pub message: Message,
}

/// Tries an action out. Accounts that the vault would pass over are left out, and the rest is tried
/// again.
pub async fn run(shared: &Shared, mut action: Action, height: u64) -> ExecuteResult<Trial> {
    let entry = Entry::of(&action, 0, height);
    let mut outcomes: Vec<(AccountRef, Outcome)> = Vec::new();
    let ready = loop {
        if action.accounts().next().is_none() {
            break None;
        }
        let Some(message) = shared.writer.message(&action)? else {
            outcomes.extend(Outcome::Unroutable {}.of_each(action.accounts()));
            break None;
        };
        let simulated = shared.sender.try_out(std::slice::from_ref(&message)).await;
        let simulation = match simulated {
            Ok(simulation) => simulation,
            Err(ChainError::Refused(refusal)) => {
                outcomes.extend(refused(shared, &action, &refusal, height).await);
                break None;
            }
            Err(_) => {
                outcomes.extend(Outcome::Unreached {}.of_each(action.accounts()));
                break None;
            }
        };
        let deeds = match Deeds::of(&simulation.events, &shared.parties) {
            Ok(deeds) => deeds,
            Err(error) => {
                outcomes.extend(Outcome::not_understood(&error).of_each(action.accounts()));
                break None;
            }
        };
        let mut targets = action.targets.iter();
        if !targets.any(|target| deeds.skipped(&target.account).is_some()) {
            let network = shared.sender.client().network();
            let Ok(gas_limit) = network.adjusted(simulation.gas_used) else {
                outcomes.extend(Outcome::OutOfGas {}.of_each(action.accounts()));
                break None;
            };
            if let Some(outcome) = shared.bounds.objection(&action, gas_limit) {
                outcomes.extend(outcome.of_each(action.accounts()));
                break None;
            }
            let entry = Entry {
                gas_limit,
                fee: network.fee(gas_limit),
                ..Entry::of(&action, shared.journal().next_id(), height)
            };
            break Some(Ready { entry, message });
        }
        outcomes.extend(leave_out(shared, &mut action, &deeds, height).await);
    };
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
    Ok(Trial { ready, refused })
}

/// What the refusal of a whole action means for its accounts.
pub async fn refused(
    shared: &Shared,
    action: &Action,
    refusal: &Refusal,
    height: u64,
) -> Vec<(AccountRef, Outcome)> {
    let accounts: Vec<AccountRef> = action.accounts().cloned().collect();
    refused_accounts(shared, &accounts, refusal, height).await
}

/// The same of accounts.
pub async fn refused_accounts(
    shared: &Shared,
    accounts: &[AccountRef],
    refusal: &Refusal,
    height: u64,
) -> Vec<(AccountRef, Outcome)> {
    let rivals = others(shared, height).await;
    let outcome = |account: &AccountRef| {
        let outcome = classify::refused(account, refusal, &rivals);
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

/// Takes the accounts out of an action that the vault passes over.
async fn leave_out(
    shared: &Shared,
    action: &mut Action,
    deeds: &Deeds,
    height: u64,
) -> Vec<(AccountRef, Outcome)> {
    let rivals = others(shared, height).await;
    let (mut outcomes, mut kept) = (Vec::new(), Vec::new());
    for target in std::mem::take(&mut action.targets) {
        match deeds.skipped(&target.account) {
            Some(name) => {
                let outcome = classify::named(&target.account, name, "{}", &rivals);
                outcomes.push((target.account, outcome));
            }
            None => kept.push(target),
        }
    }
    action.targets = kept;
    if let Means::Inventory(sent) = &mut action.means {
        let needed = action.targets.iter().map(|target| target.debt.amount.0);
        sent.amount = Amount(needed.fold(0, u128::saturating_add));
    }
    outcomes
}

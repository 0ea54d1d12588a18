//! A transaction from its signature to its fate.

use std::sync::Arc;

use bulwark_chain::lookup::Landed;
use bulwark_chain::sender::{Pending, Terms};
use bulwark_chain::{ChainError, Gas};
use bulwark_risk::units::Usd;
use bulwark_types::vault::AccountRef;
use futures::future::BoxFuture;

use super::Shared;
use super::classify;
use super::departures::Departure;
use super::entry::{Entry, Kind};
use super::error::{ExecuteError, ExecuteResult, JournalError};
use super::fate::{Fate, fate};
use super::journal::InFlight;
use super::outcome::{Outcome, Realised, Report, Totals};
use super::realised::Deeds;
use super::trial::{Ready, others, refused_accounts};

/// What came of sending.
enum Begun {
    /// It is on its way.
    Waits(BoxFuture<'static, ExecuteResult<Report>>),
    /// No node has it.
    Ended(Box<Report>),
}

/// Sends what is ready when its turn comes, and waits for its fate.
pub async fn fly(
    shared: Arc<Shared>,
    ready: Ready,
    lifetime: u64,
    mut departure: Departure,
) -> ExecuteResult<Report> {
    departure.is_next().await;
    let begun = begin(&shared, ready, lifetime).await;
    // It is in the journal, or nothing will be sent; the next one can go.
    drop(departure);
    match begun? {
        Begun::Waits(waiting) => waiting.await,
        Begun::Ended(report) => Ok(*report),
    }
}

/// Writes down what is about to be sent, sends it, and answers with what waits for its fate.
async fn begin(shared: &Arc<Shared>, ready: Ready, lifetime: u64) -> ExecuteResult<Begun> {
    let Ready {
        mut entry, message, ..
    } = ready;
    // By the keeper's own count, not by a node's word: nothing may wait for ever.
    entry.timeout_height = entry.height.saturating_add(lifetime);
    let terms = Terms {
        gas: Gas::Limit(entry.gas_limit),
        timeout_height: Some(entry.timeout_height),
    };
    let mut failed: Option<JournalError> = None;
    let sent = {
        let mut witness = |transaction: &bulwark_chain::tx::SignedTx| {
            let written = shared
                .journal()
                .signed(&entry, &transaction.hash, transaction.sequence);
            written.map_err(|error| {
                let hash = transaction.hash.clone();
                let detail = error.to_string();
                failed = Some(error);
                ChainError::Withheld { hash, detail }
            })
        };
        let messages = std::slice::from_ref(&message);
        shared
            .sender
            .submit_witnessed(messages, terms, &mut witness)
            .await
    };
    if let Some(error) = failed {
        return Err(error.into());
    }
    match sent {
        Ok(pending) => {
            shared.journal().sent(entry.id)?;
            Ok(waits(shared, entry.id, Some(pending)))
        }
        Err(error) => ended(shared, entry, error).await,
    }
}

/// What an earlier process left on its way.
pub async fn recover(shared: Arc<Shared>, flight: InFlight) -> ExecuteResult<Report> {
    let report = follow(&shared, &flight, None).await?;
    Ok(Report {
        recovered: true,
        ..report
    })
}

fn waits(shared: &Arc<Shared>, id: u64, pending: Option<Pending>) -> Begun {
    let shared = Arc::clone(shared);
    Begun::Waits(Box::pin(async move {
        let flight = shared.journal().get(id).cloned();
        let flight = flight.ok_or(ExecuteError::Lost { id })?;
        follow(&shared, &flight, pending).await
    }))
}

/// It could not be handed to a node. If it was signed, and no node was heard to refuse it, one may
/// have it nevertheless.
async fn ended(shared: &Arc<Shared>, entry: Entry, error: ChainError) -> ExecuteResult<Begun> {
    let hashes = shared
        .journal()
        .get(entry.id)
        .map(|flight| flight.hashes.len());
    let signed = hashes.is_some();
    let outcomes = match &error {
        // Signed again, it is refused; what it was before may stand in a block yet.
        ChainError::Refused(_) if hashes > Some(1) => return Ok(waits(shared, entry.id, None)),
        ChainError::Refused(refusal) => {
            refused_accounts(shared, &entry.accounts, refusal, entry.height).await
        }
        _ if signed => return Ok(waits(shared, entry.id, None)),
        _ => Outcome::unsent(&error).of_each(&entry.accounts),
    };
    let report = Report {
        entry,
        hash: None,
        height: None,
        gas_used: None,
        outcomes,
        realised: Realised::default(),
        recovered: false,
    };
    if signed {
        settle(shared, &report)?;
    }
    Ok(Begun::Ended(Box::new(report)))
}

/// Waits for the fate of what is signed, and says what came of it.
async fn follow(
    shared: &Shared,
    flight: &InFlight,
    pending: Option<Pending>,
) -> ExecuteResult<Report> {
    let InFlight { entry, hashes, .. } = flight;
    let client = shared.sender.client();
    let mut report = Report {
        entry: entry.clone(),
        hash: hashes.last().cloned(),
        height: None,
        gas_used: None,
        outcomes: Vec::new(),
        realised: Realised::default(),
        recovered: false,
    };
    match fate(client, &shared.parties.keeper, pending, flight).await {
        Fate::Landed(all) => {
            for landed in all {
                land(shared, &mut report, landed).await;
            }
        }
        Fate::Expired => report.outcomes = Outcome::Expired {}.of_each(&entry.accounts),
        Fate::Unknown(why) => {
            tracing::error!(
                hashes = hashes.join(" "),
                why,
                "nobody says what became of it"
            );
            report.outcomes = Outcome::untraceable(why).of_each(&entry.accounts);
        }
    }
    report.share_costs();
    settle(shared, &report)?;
    Ok(report)
}

/// Adds what stands in a block to a report: the first says what came of the accounts, and all of it
/// counts in what was earned.
async fn land(shared: &Shared, report: &mut Report, landed: Landed) {
    let is_first = report.outcomes.is_empty();
    let entry = report.entry.clone();
    match landed {
        Ok(included) => {
            let (outcomes, realised) = match Deeds::of(&included.events, &shared.parties) {
                Ok(deeds) => (
                    done(shared, &entry, &deeds).await,
                    deeds.realised(entry.kind),
                ),
                Err(error) => (
                    Outcome::not_understood(&error).of_each(&entry.accounts),
                    Realised::default(),
                ),
            };
            report.realised.add(&with_fee(shared, &entry, realised));
            if is_first {
                report.outcomes = outcomes;
                report.height = Some(included.height);
                report.gas_used = Some(included.gas_used);
                report.hash = Some(included.hash);
            }
        }
        Err(refusal) => {
            if refusal.charged {
                let realised = with_fee(shared, &entry, Realised::default());
                report.realised.add(&realised);
            }
            if is_first {
                report.outcomes =
                    refused_accounts(shared, &entry.accounts, &refusal, entry.height).await;
                report.hash = refusal.hash.clone().or(report.hash.take());
            }
        }
    }
}

fn settle(shared: &Shared, report: &Report) -> Result<(), JournalError> {
    let totals = Totals::from(report);
    shared.journal().settled(report.entry.id, &totals)
}

/// What a transaction that succeeded did about each account.
async fn done(shared: &Shared, entry: &Entry, deeds: &Deeds) -> Vec<(AccountRef, Outcome)> {
    let rivals = if deeds.has_skipped() {
        others(shared, entry.height).await
    } else {
        classify::Rivals::new()
    };
    let outcome = |account: &AccountRef| {
        let outcome = if let Some(won) = deeds.won(account, entry.kind) {
            Outcome::Won(won)
        } else if let Some(name) = deeds.skipped(account) {
            classify::named(account, name, "{}", &rivals)
        } else if entry.kind == Kind::WriteOff || deeds.is_written_off(account) {
            Outcome::WrittenOff {}
        } else {
            Outcome::Healed {}
        };
        (account.clone(), outcome)
    };
    entry.accounts.iter().map(outcome).collect()
}

/// The fee leaves the wallet whether a transaction succeeds or fails in its block, unless it fails
/// before the fee is taken.
fn with_fee(shared: &Shared, entry: &Entry, mut realised: Realised) -> Realised {
    let denom = shared.sender.client().network().denom.clone();
    let fee = i128::try_from(entry.fee).unwrap_or(i128::MAX);
    let flow = realised.flows.entry(denom).or_default();
    *flow = flow.saturating_sub(fee);
    realised.flows.retain(|_, flow| *flow != 0);
    realised.fee = entry.fee;
    let cost = shared
        .bounds
        .gas_price
        .0
        .saturating_mul(i128::from(entry.gas_limit));
    realised.profit = Usd(realised.profit.0.saturating_sub(cost));
    realised
}

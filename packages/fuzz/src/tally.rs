//! What a run has seen: messages by kind, errors by name, checks by invariant.

use std::collections::BTreeMap;
use std::fmt;

use bulwark_testing::CheckCounts;
use bulwark_testing::invariants::{COUNT, sentence};
use bulwark_types::wire::WireError;

use crate::act::{Act, Party};
use crate::errors::{self, Met};
use crate::kind::{KINDS, kinds};

/// Messages of every kind that have to succeed in a run of some length.
pub const ENOUGH: u64 = 500;

/// Percent of the messages that have to succeed.
pub const SUCCEEDING: u64 = 40;

/// Counts of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Everything that was done, time that passed among it.
    pub steps: u64,
    /// Messages to the two contracts.
    pub messages: u64,
    /// Of those, how many succeeded.
    pub succeeded: u64,
    /// Of each kind, how many succeeded and how many were refused.
    kinds: BTreeMap<&'static str, (u64, u64)>,
    /// Refusals by contract and name.
    errors: BTreeMap<(Party, String), u64>,
    /// Checks of each invariant.
    checks: BTreeMap<u8, u64>,
}

impl Tally {
    /// Counts what came of an act.
    pub fn count(&mut self, act: &Act, party: Party, outcome: &Result<(), WireError>) {
        self.steps += 1;
        if party != Party::None {
            self.messages += 1;
            self.succeeded += u64::from(outcome.is_ok());
        }
        for kind in kinds(act) {
            let (succeeded, refused) = self.kinds.entry(kind).or_default();
            *succeeded += u64::from(outcome.is_ok());
            *refused += u64::from(outcome.is_err());
        }
        if let Err(error) = outcome {
            let whose = match act {
                Act::AskOracle(_) => Party::Oracle,
                _ => party,
            };
            *self.errors.entry((whose, error.name.clone())).or_default() += 1;
        }
    }

    /// Counts a message of somebody who is not the owner.
    pub fn count_operator(&mut self) {
        self.kinds.entry("by an operator").or_default().0 += 1;
    }

    /// Adds the checks of an auditor.
    pub fn add_checks(&mut self, checks: &CheckCounts) {
        for number in 1..=COUNT {
            *self.checks.entry(number).or_default() += checks.of(number);
        }
    }

    /// Adds what another run has seen.
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.messages += other.messages;
        self.succeeded += other.succeeded;
        for (kind, (succeeded, refused)) in &other.kinds {
            let own = self.kinds.entry(kind).or_default();
            own.0 += succeeded;
            own.1 += refused;
        }
        for (error, times) in &other.errors {
            *self.errors.entry(error.clone()).or_default() += times;
        }
        for (number, times) in &other.checks {
            *self.checks.entry(*number).or_default() += times;
        }
    }

    /// What a run of some length should have seen and has not.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        for kind in KINDS {
            let (succeeded, _) = self.of_kind(kind);
            if succeeded < ENOUGH {
                missing.push(format!("{kind} succeeded {succeeded} times, not {ENOUGH}"));
            }
        }
        for (party, name, met) in expected() {
            let times = self.of_error(party, name);
            match met {
                Met::InRuns if times == 0 => {
                    missing.push(format!("{party:?}: {name} never occurred"))
                }
                Met::Elsewhere(_) if times > 0 => {
                    missing.push(format!("{party:?}: {name} occurred, which it should not"));
                }
                _ => {}
            }
        }
        for number in 1..=COUNT {
            if self.checks.get(&number).copied().unwrap_or(0) == 0 {
                missing.push(format!("invariant {number} was never checked"));
            }
        }
        if self.succeeded * 100 < self.messages * SUCCEEDING {
            missing.push(format!(
                "less than {SUCCEEDING} % of the messages succeeded"
            ));
        }
        missing
    }

    fn of_kind(&self, kind: &str) -> (u64, u64) {
        self.kinds.get(kind).copied().unwrap_or_default()
    }

    fn of_error(&self, party: Party, name: &str) -> u64 {
        let key = (party, name.to_owned());
        self.errors.get(&key).copied().unwrap_or(0)
    }
}

/// Every error that is known, by contract.
fn expected() -> impl Iterator<Item = (Party, &'static str, Met)> {
    let vault = errors::of_vault().map(|(name, met)| (Party::Vault, name, met));
    let oracle = errors::of_oracle().map(|(name, met)| (Party::Oracle, name, met));
    vault.chain(oracle)
}

/// Whether a contract knows an error of this name.
#[must_use]
pub fn is_known(party: Party, name: &str) -> bool {
    expected().any(|(whose, known, _)| whose == party && known == name)
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.succeeded as f64 * 100.0 / self.messages.max(1) as f64;
        writeln!(
            f,
            "{} steps, {} messages, {percent:.1} % of them succeeded\n",
            self.steps, self.messages
        )?;
        writeln!(
            f,
            "{:<38}{:>12}{:>12}",
            "kind of message", "succeeded", "refused"
        )?;
        for kind in KINDS {
            let (succeeded, refused) = self.of_kind(kind);
            writeln!(f, "{kind:<38}{succeeded:>12}{refused:>12}")?;
        }
        writeln!(f, "\n{:<38}{:>12}{:>12}", "error", "vault", "oracle")?;
        let mut names: Vec<(&str, Met)> = expected().map(|(_, name, met)| (name, met)).collect();
        names.sort_by_key(|(name, _)| *name);
        names.dedup_by_key(|(name, _)| *name);
        for (name, met) in names {
            let times = |party| match (self.of_error(party, name), is_known(party, name)) {
                (0, false) => "-".to_owned(),
                (times, _) => times.to_string(),
            };
            let why = match met {
                Met::InRuns => "",
                Met::Elsewhere(why) => why,
            };
            let (vault, oracle) = (times(Party::Vault), times(Party::Oracle));
            writeln!(f, "{name:<38}{vault:>12}{oracle:>12}  {why}")?;
        }
        let others: Vec<_> = self
            .errors
            .iter()
            .filter(|((party, name), _)| *party != Party::None && !is_known(*party, name))
            .collect();
        if !others.is_empty() {
            writeln!(f, "\nerrors of other contracts in the middle of messages")?;
            for ((_, name), times) in others {
                writeln!(f, "{name:<38}{times:>12}")?;
            }
        }
        writeln!(f, "\n{:<10}{:>14}", "invariant", "checks")?;
        for number in 1..=COUNT {
            let times = self.checks.get(&number).copied().unwrap_or(0);
            writeln!(f, "{number:<10}{times:>14}  {}", sentence(number))?;
        }
        Ok(())
    }
}

//! The numbered invariants, checked on a running world.
//!
//! An [`Auditor`] looks at raw records, not at the contract's queries: it keeps its own sums
//! and its own valuation, and sees what changed by comparing storage. Invariants about one
//! step (`state`) are checked after every message; those that need to try something out
//! (`forks`) on a fork of the world at every [`FORK_INTERVAL`]th audit.

mod auditor;
mod book;
mod forks;
mod layout;
mod ledger;
mod sabotage;
mod state;
mod tamper;

use std::fmt;

pub use auditor::{Auditor, FORK_INTERVAL};
pub use book::Book;
pub use ledger::{Ledger, Sums};
pub use sabotage::{Sabotage, sabotage};

/// How many invariants there are; they are numbered from 1.
pub const COUNT: u8 = 20;

/// The invariants in words, in their order.
const SENTENCES: [&str; COUNT as usize] = [
    "per market the supply shares (the reserve's included) and the debt shares add up to their totals",
    "per asset the contract holds at least idle + supplied - borrowed, and debts do not exceed supply",
    "an action changes no other market's totals (accrual aside) and no other account's holdings",
    "supply share prices fall only by bad debt, debt share prices rise only by accrual, and accrue-then-act equals act",
    "deposit then withdraw, borrow then repay, lend then recall never gain",
    "a direct transfer to the contract changes no share price, utilisation or margin",
    "at fixed prices and time no message makes a healthy account unhealthy, bad debt aside",
    "an account below initial margin can only do what lowers neither its surplus nor its ratio, and can always deposit and repay",
    "without debts idle deposits can always leave and lent ones up to cash and outflow limit, without any price",
    "deposits and repayments never lower E - M nor E_open - I",
    "healthy accounts cannot be liquidated, liquidatable ones can be by some pair if all their assets have prices",
    "outside distress a liquidation raises the ratio, makes no bad debt, and pays at most its bonus",
    "after a liquidation the ratio is at most the target, or the debt or the deposit is gone or dust",
    "bad debt arises only with no deposits left, and reserve and suppliers bear exactly what is written off",
    "whoever passes initial passes maintenance, and at fixed prices the margin is continuous in time",
    "caps and limits hold after every message that could break them",
    "only the owner, its operator or a liquidation lowers a deposit or raises a debt",
    "a failing message changes nothing, and none leaves the vault locked",
    "bad input gives a typed error that names the offending value, and no panic",
    "in one block at fixed prices an attacker's wealth does not rise",
];

/// The invariant in words; empty for a number that none has.
#[must_use]
pub fn sentence(number: u8) -> &'static str {
    let position = usize::from(number).wrapping_sub(1);
    SENTENCES.get(position).copied().unwrap_or_default()
}

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Its number.
    pub number: u8,
    /// What was found.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, detail } = self;
        write!(
            f,
            "invariant {number} ({}) is broken: {detail}",
            sentence(*number)
        )
    }
}

/// How often each invariant was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckCounts([u64; COUNT as usize + 1]);

impl CheckCounts {
    /// Checks of one invariant.
    #[must_use]
    pub fn of(&self, number: u8) -> u64 {
        self.0.get(usize::from(number)).copied().unwrap_or(0)
    }

    /// Checks of all invariants.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// What checks have found so far.
#[derive(Default)]
pub(crate) struct Findings {
    counts: CheckCounts,
    violations: Vec<Violation>,
}

impl Findings {
    /// Counts a check, and notes what is wrong if it does not hold.
    pub(crate) fn check(&mut self, number: u8, holds: bool, detail: impl FnOnce() -> String) {
        if let Some(count) = self.counts.0.get_mut(usize::from(number)) {
            *count += 1;
        }
        if !holds {
            let detail = detail();
            self.violations.push(Violation { number, detail });
        }
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.violations)
    }
}

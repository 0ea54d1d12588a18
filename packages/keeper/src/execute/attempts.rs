//! Nothing is tried again blindly: only when an account's record or one of its prices has changed,
//! later after each failure, and rarely after many.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use bulwark_risk::account::Side;
use bulwark_risk::units::Amount;
use bulwark_types::vault::AccountRef;
use bulwark_vault::state::Balance;

use super::outcome::Next;
use crate::book::{AccountId, Book, BookResult, Moment};

/// How often is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// Failures in a row after which an account has a rest.
    pub most: u32,
    /// How long that is, in blocks.
    pub rest: u64,
}

impl Default for Tries {
    fn default() -> Self {
        Self { most: 6, rest: 300 }
    }
}

/// Blocks between two failures in a row at most, before the rest.
const LONGEST_WAIT: u64 = 32;

/// Accounts that are remembered; the ones that were tried longest ago are forgotten.
const REMEMBERED: usize = 100_000;

/// An account's record and the prices of its assets, in one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Of an account in a book at a moment.
    ///
    /// # Errors
    /// If a record does not unpack.
    pub fn of(book: &Book, id: AccountId, moment: Moment) -> BookResult<Self> {
        let mut hasher = DefaultHasher::new();
        if let Some(record) = book.record(id)? {
            let native = book.at(moment);
            let mut books = native.books()?;
            for position in &record.holdings {
                let side = match position.balance {
                    Balance::Debt(_) => Side::Debt,
                    Balance::Deposit { .. } => Side::Deposit,
                };
                let valued = books.valued(position.market, side, Amount::ZERO);
                let price = valued.map(|valued| valued.holding.quote);
                // What cannot be priced has no price: that is what is remembered of it.
                let price = price.map_or_else(
                    |error| error.to_string(),
                    |quote| format!("{:?} {:?}", quote.mid, quote.tradable),
                );
                (position.market, format!("{:?}", position.balance), price).hash(&mut hasher);
            }
        }
        Ok(Self(hasher.finish()))
    }
}

/// What was tried.
#[derive(Debug)]
pub struct Attempts {
    tries: Tries,
    known: BTreeMap<AccountRef, Attempt>,
}

#[derive(Clone, Copy, Debug)]
struct Attempt {
    print: Fingerprint,
    height: u64,
    failures: u32,
    may_repeat: bool,
}

impl Attempts {
    pub const fn new(tries: Tries) -> Self {
        Self {
            tries,
            known: BTreeMap::new(),
        }
    }

    /// Whether an account may be tried in a block after this height.
    pub fn may_try(&self, account: &AccountRef, print: Fingerprint, height: u64) -> bool {
        let Some(attempt) = self.known.get(account) else {
            return true;
        };
        if attempt.print == print && !attempt.may_repeat {
            return false;
        }
        let wait = match attempt.failures {
            0 => 0,
            failures if failures >= self.tries.most => self.tries.rest,
            failures => LONGEST_WAIT.min(1 << (failures - 1).min(16)),
        };
        // A height from before the chain turned out to be lower says nothing.
        height < attempt.height || height >= attempt.height.saturating_add(wait)
    }

    /// An account is tried, as it is.
    pub fn begin(&mut self, account: &AccountRef, print: Fingerprint, height: u64) {
        let failures = self.known.get(account).map_or(0, |known| known.failures);
        let attempt = Attempt {
            print,
            height,
            failures,
            may_repeat: false,
        };
        self.known.insert(account.clone(), attempt);
        if self.known.len() > REMEMBERED {
            let oldest = self.known.values().map(|known| known.height).min();
            self.known.retain(|_, known| Some(known.height) != oldest);
        }
    }

    /// They were not tried after all: there was no room.
    pub fn forget(&mut self, accounts: &[AccountRef]) {
        for account in accounts {
            self.known.remove(account);
        }
    }

    /// It may be tried as it is, in another way: not at once.
    pub fn may_repeat(&mut self, account: &AccountRef) {
        if let Some(attempt) = self.known.get_mut(account) {
            attempt.may_repeat = true;
        }
    }

    /// What came of it is known.
    pub fn end(&mut self, account: &AccountRef, next: Next) {
        let Some(attempt) = self.known.get_mut(account) else {
            return;
        };
        attempt.may_repeat = matches!(next, Next::Transient | Next::Untried);
        attempt.failures = match next {
            Next::Done => 0,
            Next::Untried => attempt.failures,
            Next::Failed | Next::Transient => attempt.failures.saturating_add(1),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Fingerprint = Fingerprint(1);
    const NEW: Fingerprint = Fingerprint(2);

    fn account() -> AccountRef {
        AccountRef {
            owner: "alice".into(),
            id: 0,
        }
    }

    fn after(ends: &[Next]) -> Attempts {
        let mut attempts = Attempts::new(Tries { most: 4, rest: 300 });
        for end in ends {
            attempts.begin(&account(), OLD, 100);
            attempts.end(&account(), *end);
        }
        attempts
    }

    #[test]
    fn the_same_is_not_tried_twice() {
        let attempts = after(&[Next::Done]);
        assert!(!attempts.may_try(&account(), OLD, 10_000));
        assert!(attempts.may_try(&account(), NEW, 100));
        let attempts = after(&[Next::Failed]);
        assert!(!attempts.may_try(&account(), OLD, 10_000));
    }

    #[test]
    fn failures_wait_ever_longer_and_then_rest() {
        for (failures, wait) in [(1, 1), (2, 2), (3, 4), (4, 300), (9, 300)] {
            let attempts = after(&vec![Next::Failed; failures]);
            assert!(
                !attempts.may_try(&account(), NEW, 100 + wait - 1),
                "{failures}"
            );
            assert!(attempts.may_try(&account(), NEW, 100 + wait), "{failures}");
        }
        let attempts = after(&[Next::Failed, Next::Failed, Next::Done]);
        assert!(attempts.may_try(&account(), NEW, 100));
    }

    #[test]
    fn what_may_go_in_another_way_is_tried_again_as_it_is() {
        let mut attempts = after(&[Next::Failed]);
        attempts.may_repeat(&account());
        assert!(!attempts.may_try(&account(), OLD, 100));
        assert!(attempts.may_try(&account(), OLD, 101));
        attempts.begin(&account(), OLD, 101);
        attempts.forget(&[account()]);
        assert!(attempts.may_try(&account(), OLD, 101));
    }

    #[test]
    fn what_never_had_its_chance_is_tried_again_as_it_is() {
        let attempts = after(&[Next::Transient]);
        assert!(!attempts.may_try(&account(), OLD, 100));
        assert!(attempts.may_try(&account(), OLD, 101));
    }

    /// A keeper that reads blocks that it has missed signs for blocks that are over: it rested for
    /// 300 when it had caught up.
    #[test]
    fn what_came_too_late_is_no_failure() {
        let attempts = after(&[Next::Untried; 9]);
        assert!(attempts.may_try(&account(), OLD, 100));
    }
}

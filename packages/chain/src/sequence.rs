//! The sequence of an account with many transactions in flight: what to do when a node expects
//! another one than was sent.

use std::collections::BTreeMap;

use crate::error::Refusal;
use crate::tx::SignedTx;

/// The SDK's code for a wrong sequence, in its codespace.
const WRONG_SEQUENCE: (&str, u32) = ("sdk", 32);

/// Transactions remembered at most; more than this in flight are not sent again when they get
/// lost.
const REMEMBERED: usize = 1024;

/// The sequence that a node expects, if that is why it refused.
#[must_use]
pub fn expected(refusal: &Refusal) -> Option<u64> {
    // A simulation has the SDK's code only in its words.
    let is_sequence = (refusal.codespace.as_str(), refusal.code) == WRONG_SEQUENCE
        || refusal.log.contains("account sequence mismatch");
    let (_, after) = refusal
        .log
        .split_once("account sequence mismatch, expected ")
        .filter(|_| is_sequence)?;
    let end = after.find(|c: char| !c.is_ascii_digit())?;
    after.get(..end)?.parse().ok()
}

/// What follows from a node's expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Sign again with this sequence.
    Resume(u64),
    /// The node does not have these transactions, or not any more: send them again, in this
    /// order, and then what was refused.
    Resend(Vec<SignedTx>),
}

/// The next sequence of an account, and the transactions that no block has as far as is known.
#[derive(Debug, Default)]
pub struct Tracker {
    next: Option<u64>,
    in_flight: BTreeMap<u64, SignedTx>,
}

impl Tracker {
    /// The next sequence, if it is known.
    #[must_use]
    pub const fn next(&self) -> Option<u64> {
        self.next
    }

    /// Takes over what the chain says of the account when nothing is known. Its answer does
    /// not count transactions that wait for a block; those that are remembered do.
    pub fn start(&mut self, committed: u64) -> u64 {
        self.settle(committed);
        let after = self.in_flight.last_key_value().map(|(last, _)| last + 1);
        let next = after.map_or(committed, |after| after.max(committed));
        self.next = Some(next);
        next
    }

    /// A node has taken a transaction.
    pub fn taken(&mut self, transaction: SignedTx) {
        self.next = Some(transaction.sequence + 1);
        self.in_flight.insert(transaction.sequence, transaction);
        while self.in_flight.len() > REMEMBERED {
            self.in_flight.pop_first();
        }
    }

    /// Everything below this sequence stands in blocks.
    pub fn settle(&mut self, committed: u64) {
        self.in_flight = self.in_flight.split_off(&committed);
    }

    /// Nothing is known of the next sequence any more.
    pub const fn forget(&mut self) {
        self.next = None;
    }

    /// What a node that expects this sequence does not have, or not any more; nothing if that is not
    /// remembered.
    #[must_use]
    pub fn lost(&self, sequence: u64) -> Vec<SignedTx> {
        if self.next.is_none_or(|next| sequence >= next) || !self.in_flight.contains_key(&sequence)
        {
            return Vec::new();
        }
        let lost = self.in_flight.range(sequence..);
        lost.map(|(_, lost)| lost.clone()).collect()
    }

    /// A node expects another sequence than the next one.
    pub fn expects(&mut self, sequence: u64) -> Remedy {
        let lost = self.lost(sequence);
        if !lost.is_empty() {
            return Remedy::Resend(lost);
        }
        // The sequence was used by somebody else, or what had it is lost for good.
        self.in_flight.split_off(&sequence);
        self.next = Some(sequence);
        Remedy::Resume(sequence)
    }

    /// A lost transaction is refused when it is sent again: it and what came after it will
    /// never be in a block.
    pub fn drop_from(&mut self, sequence: u64) {
        self.in_flight.split_off(&sequence);
        self.next = Some(sequence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Phase;

    fn transaction(sequence: u64) -> SignedTx {
        SignedTx {
            bytes: vec![],
            hash: format!("{sequence:X}"),
            sequence,
        }
    }

    fn tracker(sequences: std::ops::Range<u64>) -> Tracker {
        let mut tracker = Tracker::default();
        tracker.start(sequences.start);
        sequences.for_each(|sequence| tracker.taken(transaction(sequence)));
        tracker
    }

    #[test]
    fn the_expected_sequence_is_read_from_the_refusal() {
        let log = "account sequence mismatch, expected 12, got 9: incorrect account sequence";
        let refusal = Refusal::new(Phase::Check, "sdk", 32, log);
        assert_eq!(expected(&refusal), Some(12));
        let other = Refusal::new(Phase::Check, "sdk", 13, "insufficient fee");
        assert_eq!(expected(&other), None);
        let simulated = Refusal::new(Phase::Simulate, "sdk", 18, log);
        assert_eq!(expected(&simulated), Some(12));
    }

    #[test]
    fn somebody_else_used_the_key() {
        let mut tracker = tracker(3..5);
        assert_eq!(tracker.expects(9), Remedy::Resume(9));
        assert_eq!(tracker.next(), Some(9));
    }

    #[test]
    fn what_a_node_lost_is_sent_again() {
        let mut tracker = tracker(3..6);
        let lost = vec![transaction(4), transaction(5)];
        assert_eq!(tracker.lost(4), lost);
        assert!(tracker.lost(6).is_empty() && tracker.lost(2).is_empty());
        assert_eq!(tracker.expects(4), Remedy::Resend(lost));
        assert_eq!(tracker.next(), Some(6));
    }

    #[test]
    fn what_is_not_remembered_cannot_be_sent_again() {
        let mut tracker = tracker(3..6);
        assert_eq!(tracker.expects(2), Remedy::Resume(2));
        assert_eq!(tracker.next(), Some(2));
    }

    #[test]
    fn a_lost_transaction_that_is_refused_takes_its_followers_along() {
        let mut tracker = tracker(3..6);
        tracker.drop_from(4);
        assert_eq!(tracker.next(), Some(4));
        assert_eq!(tracker.expects(3), Remedy::Resend(vec![transaction(3)]));
    }

    #[test]
    fn blocks_settle_what_they_have() {
        let mut tracker = tracker(3..6);
        tracker.settle(5);
        tracker.forget();
        assert_eq!(tracker.start(5), 6);
        tracker.settle(6);
        tracker.forget();
        assert_eq!(tracker.start(6), 6);
        // Somebody else sent in the meantime.
        tracker.forget();
        assert_eq!(tracker.start(8), 8);
    }
}

//! What is wrong at the moment: said once when it begins, and once when it ends.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No endpoint answers.
    Unreachable,
    /// One of several endpoints is set aside.
    EndpointAside(String),
    /// The newest block is old.
    Lagging,
    /// The local copy differed from the chain; it has been mended.
    Drifted,
    /// Endpoints tell different records, and no more of them one thing than the other.
    Disputed,
    /// The price of an asset is past its age: what it is part of cannot change hands.
    StalePrice(String),
    /// The price of an asset is halted, likewise.
    HaltedPrice(String),
    /// Accounts could be liquidated, but of an asset that they owe nothing is left to spend.
    OutOfFunds(String),
    /// The wallet cannot be asked for an asset: nothing of it is spent.
    UnknownBalance(String),
    /// The wallet cannot pay the fee of one liquidation.
    OutOfFees,
    /// The wallet has less of the coin that fees are paid in than is to be left for them.
    LowOnFees,
    /// The local copy has not been compared with the chain for long.
    Unverified,
    /// Nothing that the configuration names is an asset of the vault.
    NothingUsable,
    /// The webhook does not take margin calls.
    Webhook,
    /// No node tells what became of transactions that can come into no block any more.
    Unsettled,
    /// What the keeper remembers cannot be written.
    Memory,
}

impl Fault {
    /// Its kind, as in metrics.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::EndpointAside(_) => "endpoint_aside",
            Self::Lagging => "lagging",
            Self::Drifted => "drifted",
            Self::Disputed => "disputed",
            Self::StalePrice(_) => "stale_price",
            Self::HaltedPrice(_) => "halted_price",
            Self::OutOfFunds(_) => "out_of_funds",
            Self::UnknownBalance(_) => "unknown_balance",
            Self::OutOfFees => "out_of_fees",
            Self::LowOnFees => "low_on_fees",
            Self::Unverified => "unverified",
            Self::NothingUsable => "nothing_usable",
            Self::Webhook => "webhook",
            Self::Unsettled => "unsettled",
            Self::Memory => "memory",
        }
    }

    /// Whether nothing can be liquidated while it lasts.
    #[must_use]
    pub const fn is_grave(&self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::Lagging
                | Self::OutOfFees
                | Self::NothingUsable
                | Self::Memory
        )
    }

    /// The asset or the endpoint that it is about.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::EndpointAside(endpoint) => Some(endpoint),
            Self::StalePrice(asset)
            | Self::HaltedPrice(asset)
            | Self::OutOfFunds(asset)
            | Self::UnknownBalance(asset) => Some(asset),
            Self::Unreachable
            | Self::Lagging
            | Self::Drifted
            | Self::Disputed
            | Self::OutOfFees
            | Self::LowOnFees
            | Self::Unverified
            | Self::NothingUsable
            | Self::Webhook
            | Self::Unsettled
            | Self::Memory => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.subject() {
            Some(subject) => write!(f, "{} {subject}", self.kind()),
            None => f.write_str(self.kind()),
        }
    }
}

/// A fault that lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lasting {
    /// Which, as it is logged.
    pub fault: String,
    /// Since when, Unix seconds.
    pub since: u64,
    /// In the words of whoever noticed it.
    pub detail: String,
    /// Whether nothing can be liquidated while it lasts.
    pub grave: bool,
}

/// What is wrong at the moment.
#[derive(Debug, Default)]
pub struct Faults {
    lasting: BTreeMap<Fault, (u64, String)>,
}

/// A fault that has begun or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It was not there before.
    Begun(Fault),
    /// It lasted until now.
    Ended(Fault),
}

impl Faults {
    /// A fault is there, or not, at a time in Unix seconds; `detail` says what was noticed. Says
    /// whether that is news, and logs it then.
    pub fn set(&mut self, fault: Fault, detail: Option<String>, now: u64) -> Option<Turn> {
        match detail {
            Some(detail) => self.begin(fault, detail, now),
            None => self.end(&fault, now),
        }
    }

    /// Faults of one kind are these and no others, at a time in Unix seconds.
    pub fn set_all(
        &mut self,
        kind: &'static str,
        now_there: impl IntoIterator<Item = (Fault, String)>,
        now: u64,
    ) -> Vec<Turn> {
        let mut turns = Vec::new();
        let now_there: BTreeMap<Fault, String> = now_there.into_iter().collect();
        let gone = self.lasting.keys();
        let gone = gone.filter(|fault| fault.kind() == kind && !now_there.contains_key(fault));
        for fault in gone.cloned().collect::<Vec<_>>() {
            turns.extend(self.end(&fault, now));
        }
        for (fault, detail) in now_there {
            turns.extend(self.begin(fault, detail, now));
        }
        turns
    }

    fn begin(&mut self, fault: Fault, detail: String, now: u64) -> Option<Turn> {
        if let Some((_, known)) = self.lasting.get_mut(&fault) {
            *known = detail;
            return None;
        }
        if fault.is_grave() {
            tracing::error!(fault = %fault, detail, "fault begins");
        } else {
            tracing::warn!(fault = %fault, detail, "fault begins");
        }
        self.lasting.insert(fault.clone(), (now, detail));
        Some(Turn::Begun(fault))
    }

    fn end(&mut self, fault: &Fault, now: u64) -> Option<Turn> {
        let (since, _) = self.lasting.remove(fault)?;
        let lasted_s = now.saturating_sub(since);
        tracing::info!(fault = %fault, lasted_s, "fault ends");
        Some(Turn::Ended(fault.clone()))
    }

    /// Whether a fault is there.
    #[must_use]
    pub fn has(&self, fault: &Fault) -> bool {
        self.lasting.contains_key(fault)
    }

    /// How many faults of a kind there are.
    #[must_use]
    pub fn count(&self, kind: &str) -> usize {
        self.lasting
            .keys()
            .filter(|fault| fault.kind() == kind)
            .count()
    }

    /// What is there.
    #[must_use]
    pub fn lasting(&self) -> Vec<Lasting> {
        let lasting = self.lasting.iter();
        let shown = lasting.map(|(fault, (since, detail))| Lasting {
            fault: fault.to_string(),
            since: *since,
            detail: detail.clone(),
            grave: fault.is_grave(),
        });
        shown.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stale(asset: &str) -> Fault {
        Fault::StalePrice(asset.into())
    }

    #[test]
    fn a_fault_is_news_when_it_begins_and_when_it_ends() {
        let mut faults = Faults::default();
        let mut set =
            |detail: Option<&str>, now| faults.set(Fault::Lagging, detail.map(str::to_owned), now);
        assert_eq!(set(None, 1), None);
        assert_eq!(set(Some("90 s"), 2), Some(Turn::Begun(Fault::Lagging)));
        assert_eq!(set(Some("95 s"), 7), None);
        assert_eq!(set(None, 9), Some(Turn::Ended(Fault::Lagging)));
        assert_eq!(set(None, 10), None);
    }

    #[test]
    fn a_lasting_fault_says_since_when_and_what_is_known_last() {
        let mut faults = Faults::default();
        faults.set(Fault::Lagging, Some("90 s".into()), 2);
        faults.set(Fault::Lagging, Some("95 s".into()), 7);
        let lasting = faults.lasting();
        assert_eq!((lasting[0].since, lasting[0].detail.as_str()), (2, "95 s"));
        assert!(lasting[0].grave);
    }

    #[test]
    fn the_manual_lists_every_fault() {
        let (source, manual) = (include_str!("fault.rs"), include_str!("../README.md"));
        let kinds = source.lines().filter_map(|line| {
            let (variant, kind) = line.trim().split_once(" => \"")?;
            variant
                .starts_with("Self::")
                .then(|| kind.trim_end_matches("\","))
        });
        let kinds: Vec<&str> = kinds.collect();
        assert!(kinds.contains(&"memory") && kinds.len() > 10, "{kinds:?}");
        for kind in kinds {
            assert!(manual.contains(&format!("`{kind}`")), "{kind}");
        }
    }

    #[test]
    fn of_one_kind_those_that_are_not_named_any_more_end() {
        let mut faults = Faults::default();
        faults.set(Fault::Webhook, Some("503".into()), 1);
        let there = |assets: &[&str]| {
            let named = assets.iter().map(|asset| (stale(asset), String::new()));
            named.collect::<Vec<_>>()
        };
        faults.set_all("stale_price", there(&["a", "b"]), 1);
        let turns = faults.set_all("stale_price", there(&["b", "c"]), 2);
        assert_eq!(turns, [Turn::Ended(stale("a")), Turn::Begun(stale("c"))]);
        assert!(faults.has(&Fault::Webhook));
        assert_eq!(faults.count("stale_price"), 2);
    }
}

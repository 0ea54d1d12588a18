//! Ways to liquidate accounts that the chain has refused: others are tried meanwhile.

use std::collections::BTreeMap;

use super::outcome::{Next, Outcome};
use crate::plan::Pair;

/// Blocks for which a way is left alone when it was refused for the first time; doubles each time. The
/// account itself may be tried again sooner.
const FIRST: u64 = 8;

/// The same where it may be otherwise in the next block.
const FIRST_OF_TRANSIENT: u64 = 2;
const LONGEST_OF_TRANSIENT: u64 = 16;

/// Ways that are remembered; those that are longest ago are forgotten.
const REMEMBERED: usize = 100_000;

/// Ways to liquidate accounts that the chain has refused.
#[derive(Debug)]
pub struct Refusals {
    /// Blocks for which a way is left alone at most.
    longest: u64,
    known: BTreeMap<Pair, Refused>,
}

#[derive(Debug)]
struct Refused {
    times: u32,
    /// It is left alone below this height.
    until: u64,
    outcome: &'static str,
}

impl Refusals {
    pub const fn new(longest: u64) -> Self {
        Self {
            longest,
            known: BTreeMap::new(),
        }
    }

    /// The chain does not carry this out in a block at this height.
    pub fn add(&mut self, pair: Pair, outcome: &Outcome, height: u64) {
        let times = self.known.get(&pair).map_or(0, |known| known.times);
        let (first, longest) = match outcome.next() {
            Next::Transient | Next::Untried => (FIRST_OF_TRANSIENT, LONGEST_OF_TRANSIENT),
            Next::Done | Next::Failed => (FIRST, self.longest),
        };
        let wait = first.saturating_mul(1 << times.min(16)).min(longest);
        let refused = Refused {
            times: times.saturating_add(1),
            until: height.saturating_add(wait),
            outcome: outcome.name(),
        };
        self.known.insert(pair, refused);
        if self.known.len() > REMEMBERED {
            let oldest = self.known.values().map(|known| known.until).min();
            self.known.retain(|_, known| Some(known.until) != oldest);
        }
    }

    /// Forgets what was refused long ago: it may be tried again, as if for the first time.
    pub fn forget(&mut self, height: u64) {
        let longest = self.longest;
        self.known
            .retain(|_, known| height < known.until.saturating_add(longest));
    }

    /// What is left alone at a height, and what had come of it.
    pub fn at(&self, height: u64) -> impl Iterator<Item = (Pair, String)> {
        let known = self.known.iter();
        let known = known.filter(move |(_, known)| height < known.until);
        known.map(|(pair, known)| (pair.clone(), format!("tried before: {}", known.outcome)))
    }
}

#[cfg(test)]
mod tests {
    use bulwark_types::vault::AccountRef;

    use super::*;

    fn pair(seize: &str) -> Pair {
        Pair {
            account: AccountRef {
                owner: "alice".into(),
                id: 0,
            },
            debt: "uusd".into(),
            seize: seize.into(),
            by_callback: false,
        }
    }

    fn refused(name: &str) -> Outcome {
        Outcome::Refused {
            name: name.into(),
            fields: "{}".into(),
        }
    }

    fn left_alone(refusals: &Refusals, height: u64) -> Vec<String> {
        refusals.at(height).map(|(pair, _)| pair.seize).collect()
    }

    #[test]
    fn a_way_that_was_refused_is_left_alone_for_ever_longer() {
        let mut refusals = Refusals::new(20);
        refusals.add(pair("uatom"), &refused("paused"), 100);
        assert_eq!(left_alone(&refusals, 107), ["uatom"]);
        assert_eq!(left_alone(&refusals, 108), [""; 0]);
        for (height, until) in [(108, 124), (124, 144), (144, 164)] {
            refusals.add(pair("uatom"), &refused("paused"), height);
            assert_eq!(left_alone(&refusals, until - 1), ["uatom"], "{height}");
            assert_eq!(left_alone(&refusals, until), [""; 0], "{height}");
        }
        let (_, why) = refusals.at(150).next().unwrap();
        assert_eq!(why, "tried before: refused");
        refusals.forget(183);
        refusals.add(pair("uatom"), &refused("paused"), 183);
        assert_eq!(left_alone(&refusals, 202), ["uatom"], "not forgotten yet");
        refusals.forget(223);
        refusals.add(pair("uatom"), &refused("paused"), 223);
        assert_eq!(left_alone(&refusals, 231), [""; 0], "as for the first time");
    }

    #[test]
    fn what_a_pool_pays_may_be_more_soon() {
        let mut refusals = Refusals::new(300);
        refusals.add(pair("uatom"), &refused("too_little_profit"), 100);
        refusals.add(pair("uosmo"), &refused("paused"), 100);
        assert_eq!(left_alone(&refusals, 101), ["uatom", "uosmo"]);
        assert_eq!(left_alone(&refusals, 102), ["uosmo"]);
        for height in 200..220 {
            refusals.add(pair("uatom"), &refused("too_little_profit"), height);
        }
        assert_eq!(left_alone(&refusals, 234), ["uatom"]);
        assert_eq!(left_alone(&refusals, 235), [""; 0], "not 300 blocks");
    }
}

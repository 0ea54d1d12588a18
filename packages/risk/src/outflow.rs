//! How much of a pool has left it lately, net.

use serde::{Deserialize, Serialize};

use crate::error::{RiskError, RiskResult};
use crate::units::Amount;

/// A window is counted in this many parts.
const PARTS: u64 = 4;

/// Net outflow of a pool over a rolling window.
///
/// The window is counted in quarters: what left counts for as long as the quarter in which it
/// left is not wholly out of the window, that is for one window at least and one and a quarter
/// at most. What comes in takes away from what has left, the newest first; what is more than that
/// may leave again within the same time without counting, the oldest first. So whoever lends and
/// takes back uses up nothing of what others may take out.
///
/// Keeping [`Self::total`] within a limit keeps what leaves within **any** span as long as the
/// window, less what came in during that span and the window and a quarter before it, within
/// the limit.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outflow {
    /// Number of the newest quarter since 1970.
    quarter: u64,
    /// Smallest units that left on balance, the newest quarter first; negative for what came in.
    /// Never some of them positive and others negative.
    parts: [i128; 5],
}

impl Outflow {
    /// The same outflow as it counts at `now`, for a window of so many seconds. A time before
    /// the newest quarter, as a longer window makes it, forgets nothing.
    #[must_use]
    pub fn at(&self, now: u64, window: u64) -> Self {
        let length = window.div_ceil(PARTS).max(1);
        let quarter = now.checked_div(length).unwrap_or_default();
        let passed = quarter.saturating_sub(self.quarter);
        let passed = usize::try_from(passed).unwrap_or(usize::MAX);
        let mut parts = [0; 5];
        for (part, old) in parts.iter_mut().skip(passed).zip(self.parts) {
            *part = old;
        }
        Self { quarter, parts }
    }

    /// What counts against a limit, smallest units; nothing while more came in than left.
    #[must_use]
    pub fn total(&self) -> Amount {
        let left = self.parts.iter().map(|part| part.max(&0).unsigned_abs());
        Amount(left.fold(0, u128::saturating_add))
    }

    /// What may leave without counting, because it came in lately; smallest units.
    #[must_use]
    pub fn credit(&self) -> Amount {
        let entered = self.parts.iter().map(|part| part.min(&0).unsigned_abs());
        Amount(entered.fold(0, u128::saturating_add))
    }

    /// Counts what left.
    ///
    /// # Errors
    /// [`RiskError::Overflow`].
    pub fn leave(&mut self, amount: Amount) -> RiskResult<()> {
        let mut left = signed(amount)?;
        for part in self.parts.iter_mut().rev() {
            let offset = left.min(part.min(&mut 0).saturating_neg());
            *part = part.saturating_add(offset);
            left = left.saturating_sub(offset);
        }
        self.add_to_newest(left)
    }

    /// Counts what came in.
    ///
    /// # Errors
    /// [`RiskError::Overflow`].
    pub fn enter(&mut self, amount: Amount) -> RiskResult<()> {
        let mut entered = signed(amount)?;
        for part in &mut self.parts {
            let offset = entered.min(*part.max(&mut 0));
            *part = part.saturating_sub(offset);
            entered = entered.saturating_sub(offset);
        }
        self.add_to_newest(entered.saturating_neg())
    }

    fn add_to_newest(&mut self, amount: i128) -> RiskResult<()> {
        let [newest, ..] = &mut self.parts;
        *newest = newest
            .checked_add(amount)
            .ok_or_else(|| RiskError::overflow("an outflow"))?;
        Ok(())
    }
}

fn signed(amount: Amount) -> RiskResult<i128> {
    i128::try_from(amount.0).map_err(|_| RiskError::overflow("an outflow"))
}

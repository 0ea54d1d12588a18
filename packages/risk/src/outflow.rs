//! How much of a pool has left it lately, net.

use serde::{Deserialize, Serialize};

use crate::error::RiskResult;
use crate::units::Amount;

/// A window is counted in this many parts.
const PARTS: u64 = 4;

/// Net outflow of a pool over a rolling window.
///
/// The window is counted in quarters: what left counts for as long as the quarter in which it
/// left is not wholly out of the window, that is for one window at least and one and a quarter
/// at most. What comes in takes away from the newest quarters first, never below nothing: the
/// sum of the quarters since any moment is then at least the net outflow since that moment.
/// Keeping [`Self::total`] within a limit therefore keeps the net outflow of **every** span as
/// long as the window within it.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outflow {
    /// Number of the newest quarter since 1970.
    quarter: u64,
    /// Smallest units that left on balance, the newest quarter first.
    parts: [Amount; 5],
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
        let mut parts = [Amount::ZERO; 5];
        for (part, old) in parts.iter_mut().skip(passed).zip(self.parts) {
            *part = old;
        }
        Self { quarter, parts }
    }

    /// What counts against a limit, smallest units.
    ///
    /// # Errors
    /// [`crate::RiskError::Overflow`].
    pub fn total(&self) -> RiskResult<Amount> {
        self.parts
            .iter()
            .try_fold(Amount::ZERO, |total, part| total.plus(*part))
    }

    /// Counts what left.
    ///
    /// # Errors
    /// [`crate::RiskError::Overflow`].
    pub fn leave(&mut self, amount: Amount) -> RiskResult<()> {
        let [newest, ..] = &mut self.parts;
        *newest = newest.plus(amount)?;
        Ok(())
    }

    /// Counts what came in.
    ///
    /// # Errors
    /// None in practice.
    pub fn enter(&mut self, amount: Amount) -> RiskResult<()> {
        let mut left = amount;
        for part in &mut self.parts {
            let offset = left.min(*part);
            *part = part.minus(offset)?;
            left = left.minus(offset)?;
        }
        Ok(())
    }
}

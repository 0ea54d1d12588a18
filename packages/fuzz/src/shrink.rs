//! Finds few acts that still break the same invariant.

use std::time::{Duration, Instant};

use bulwark_testing::Violation;

use crate::act::Act;
use crate::run::replay;

/// No replay begins after so much time.
const PATIENCE: Duration = Duration::from_secs(120);

/// Audits with forks at the end of a replay: each looks at other accounts and markets.
const FORKS: u32 = 6;

/// Leaves out halves, quarters and so on of the acts, as long as the same invariant is broken
/// without them. Gives all of them back if a replay does not break it.
#[must_use]
pub fn shrink(acts: Vec<Act>, violations: &[Violation]) -> Vec<Act> {
    let numbers: Vec<u8> = violations.iter().map(|found| found.number).collect();
    let is_broken = |acts: &[Act], forks: u32| {
        let found = replay(acts, forks);
        found.iter().any(|found| numbers.contains(&found.number))
    };
    let forks = if is_broken(&acts, 0) { 0 } else { FORKS };
    if forks > 0 && !is_broken(&acts, forks) {
        return acts;
    }
    let mut left = acts;
    let mut size = left.len() / 2;
    let begun = Instant::now();
    while size > 0 && begun.elapsed() < PATIENCE {
        let mut at = 0;
        let mut shorter = false;
        while at < left.len() && begun.elapsed() < PATIENCE {
            let end = (at + size).min(left.len());
            let mut fewer = left.clone();
            fewer.drain(at..end);
            if is_broken(&fewer, forks) {
                left = fewer;
                shorter = true;
            } else {
                at = end;
            }
        }
        if !shorter || size > 1 {
            size /= 2;
        }
    }
    left
}

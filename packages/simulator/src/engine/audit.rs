//! The invariants, checked as the run goes on.

use std::collections::BTreeSet;

use bulwark_testing::{Auditor, World, sabotage};

use super::SimulationError;
use crate::report;

/// Violations whose text is kept.
const KEPT: usize = 50;

/// An auditor with what it found.
pub struct Audit {
    auditor: Auditor,
    /// Checks that failed.
    pub failed: u64,
    /// The numbers of the broken invariants.
    pub broken: BTreeSet<u8>,
    /// The first failed checks.
    pub first: Vec<report::Violation>,
}

impl Audit {
    /// Begins to watch a world.
    pub fn new(world: &mut World) -> Self {
        Self {
            auditor: Auditor::new(world),
            failed: 0,
            broken: BTreeSet::new(),
            first: Vec::new(),
        }
    }

    /// Checks every message since the last time, and every twentieth time forks of the state.
    pub fn check(&mut self, world: &mut World, step: usize) {
        let found = self.auditor.audit(world);
        self.note(&found, step);
    }

    /// Checks forks of the state now.
    pub fn check_forks(&mut self, world: &mut World, step: usize) {
        let found = self.auditor.audit_forks(world);
        self.note(&found, step);
    }

    /// Corrupts the state so that an invariant is broken, and looks for it.
    ///
    /// # Errors
    /// [`SimulationError::Refused`] where the state has nothing to corrupt in that way.
    pub fn sabotage(
        &mut self,
        world: &mut World,
        invariant: u8,
        step: usize,
    ) -> Result<(), SimulationError> {
        sabotage(world, invariant).map_err(SimulationError::refused(format!(
            "the sabotage of invariant {invariant}"
        )))?;
        self.check(world, step);
        self.check_forks(world, step);
        Ok(())
    }

    /// How many checks were made.
    pub fn checks(&self) -> u64 {
        self.auditor.checks().total()
    }

    fn note(&mut self, found: &[bulwark_testing::Violation], step: usize) {
        for violation in found {
            self.failed += 1;
            self.broken.insert(violation.number);
            if self.first.len() < KEPT {
                self.first.push(report::Violation {
                    invariant: violation.number.into(),
                    step: step as u64,
                    text: violation.detail.clone(),
                });
            }
        }
    }
}

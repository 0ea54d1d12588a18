//! Follows a world and checks every step.

use std::rc::Rc;

use cosmwasm_std::StdResult;

use super::book::Book;
use super::forks::{self, Probe};
use super::layout::Layout;
use super::ledger::{Delta, Ledger};
use super::state::{self, View};
use super::{CheckCounts, Findings, Violation};
use crate::World;
use crate::storage::Snapshot;
use crate::world::Step;

/// Every so many audits things are tried out on forks, unless told otherwise.
pub const FORK_INTERVAL: u64 = 20;

/// Follows a world: notes its messages, and checks the numbered invariants on each
/// of them and on what they led to.
pub struct Auditor {
    layout: Layout,
    ledger: Ledger,
    seen: Snapshot,
    /// The ledger's book with interest up to the time of the last step.
    accrued: Option<(u64, Rc<Book>)>,
    /// When all accounts were last checked; none if something has moved them since.
    checked_at: Option<u64>,
    findings: Findings,
    audits: u64,
    fork_interval: u64,
}

impl Auditor {
    /// Begins to follow a world from its state as it is now. Records that do not read show as
    /// violations of invariant 1.
    #[must_use]
    pub fn new(world: &mut World) -> Self {
        world.start_journal();
        let layout = Layout::of(world);
        let seen = world.snapshot();
        let mut findings = Findings::default();
        let ledger = Ledger::read(&layout, &seen);
        Self {
            ledger: readable(ledger, &mut findings).unwrap_or_default(),
            layout,
            seen,
            accrued: None,
            checked_at: None,
            findings,
            audits: 0,
            fork_interval: FORK_INTERVAL,
        }
    }

    /// Tries things out on forks at every so many audits; never for zero.
    #[must_use]
    pub fn with_fork_interval(mut self, audits: u64) -> Self {
        self.fork_interval = audits;
        self
    }

    /// Checks every message since the last audit, and the state that they led to; at every
    /// [`FORK_INTERVAL`]th call, or as often as told, also what has to be tried out. Returns what
    /// is wrong.
    pub fn audit(&mut self, world: &mut World) -> Vec<Violation> {
        let steps = self.follow(world);
        self.audits += 1;
        if self.fork_interval > 0 && self.audits % self.fork_interval == 0 {
            self.try_out(world, &steps);
        }
        self.findings.take_violations()
    }

    /// As [`Self::audit`], without anything that has to be tried out.
    pub fn audit_steps(&mut self, world: &mut World) -> Vec<Violation> {
        self.follow(world);
        self.findings.take_violations()
    }

    /// As [`Self::audit`], and tries out on forks what has to be tried out.
    pub fn audit_forks(&mut self, world: &mut World) -> Vec<Violation> {
        let steps = self.follow(world);
        self.audits += 1;
        self.try_out(world, &steps);
        self.findings.take_violations()
    }

    /// How often each invariant was checked.
    #[must_use]
    pub fn checks(&self) -> &CheckCounts {
        &self.findings.counts
    }

    /// All accounts and totals, as of the last audit.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The book of the ledger with interest up to `now`.
    pub fn book(&mut self, now: u64) -> Rc<Book> {
        match &self.accrued {
            Some((at, book)) if *at == now => Rc::clone(book),
            _ => {
                let book = Rc::new(self.ledger.book.accrued(now));
                self.accrued = Some((now, Rc::clone(&book)));
                book
            }
        }
    }

    fn follow(&mut self, world: &mut World) -> Vec<Step> {
        let steps = world.take_journal();
        for step in &steps {
            let followed = self.follow_step(step);
            readable(followed, &mut self.findings);
        }
        let followed = self.catch_up(&world.snapshot());
        readable(followed, &mut self.findings);

        state::check_totals(&self.ledger, &mut self.findings);
        // At one instant nothing but the messages looked at above moves an account, unless they
        // move prices or parameters.
        let now = world.now();
        if self.checked_at != Some(now) {
            let book = self.book(now);
            state::all_accounts(&self.ledger, &book, now, &mut self.findings);
            self.checked_at = Some(now);
        }
        steps
    }

    fn follow_step(&mut self, step: &Step) -> StdResult<()> {
        self.catch_up(&step.before)?;
        let now = step.block.time.seconds();
        let before = self.book(now);
        let delta = self.take(&step.before, &step.after)?;
        let after = self.book(now);
        self.seen = step.after.clone();
        let view = View {
            step,
            now,
            before: &before,
            after: &after,
            changed: &delta.accounts,
            ledger: &self.ledger,
            operators: &delta.operators,
        };
        state::check(&view, &delta, &mut self.findings);
        Ok(())
    }

    /// Takes in what happened outside of the journal.
    fn catch_up(&mut self, state: &Snapshot) -> StdResult<()> {
        if self.seen.same_as(state) {
            return Ok(());
        }
        let seen = std::mem::replace(&mut self.seen, state.clone());
        self.take(&seen, state).map(|_| ())
    }

    fn take(&mut self, before: &Snapshot, after: &Snapshot) -> StdResult<Delta> {
        let delta = self.ledger.follow(&self.layout, before, after)?;
        if delta.book {
            self.accrued = None;
        }
        if delta.terms {
            self.checked_at = None;
        }
        Ok(delta)
    }

    fn try_out(&mut self, world: &mut World, steps: &[Step]) {
        let book = self.book(world.now());
        forks::check(&mut Probe {
            world,
            steps,
            ledger: &self.ledger,
            book: &book,
            layout: &self.layout,
            findings: &mut self.findings,
            turn: self.audits,
        });
    }
}

/// Records that do not read show as violations of invariant 1: nothing adds up then.
fn readable<T>(read: StdResult<T>, findings: &mut Findings) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(error) => {
            findings.check(1, false, || format!("a record does not read: {error}"));
            None
        }
    }
}

//! Runs: one world after the other, each for some steps, each step audited.

use std::cell::Cell;
use std::fmt;

use bulwark_testing::{Auditor, Violation, World};
use bulwark_types::vault::{Action, ExecuteMsg};
use bulwark_types::wire::WireError;

use crate::act::{Act, Party};
use crate::author::Author;
use crate::shrink::shrink;
use crate::sight::Sight;
use crate::stage;
use crate::tally::{Tally, is_known};

/// Steps that one world lasts: long enough for months and for every story, short enough to be
/// played again when something is wrong.
pub const STEPS_PER_WORLD: u64 = 5_000;

thread_local! {
    /// Seed, world and step that this thread is at, for the report of a panic.
    static POSITION: Cell<(u64, u64, u64)> = const { Cell::new((0, 0, 0)) };
}

/// Which world of a run to play, and how.
#[derive(Clone, Copy, Debug)]
pub struct Play {
    /// Seed of the run.
    pub seed: u64,
    /// Which of its worlds.
    pub world: u64,
    /// Steps to take, at most [`STEPS_PER_WORLD`].
    pub steps: u64,
    /// Steps from one time that things are tried out on forks to the next.
    pub fork_interval: u64,
    /// Whether a failure is played again with fewer and fewer acts.
    pub shrink: bool,
}

/// Something is wrong, and how to see it again.
#[derive(Debug)]
pub struct Failure {
    /// What was played.
    pub play: Play,
    /// Which step of it, from 1.
    pub step: u64,
    /// What is wrong.
    pub violations: Vec<Violation>,
    /// What was done last.
    pub last: Act,
    /// The fewest acts found that lead to the same; none if nobody looked for them.
    pub shrunk: Vec<Act>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Play {
            seed,
            world,
            steps,
            fork_interval,
            shrink: _,
        } = self.play;
        let step = self.step;
        writeln!(
            f,
            "seed {seed}, world {world}, step {step}: {:?}",
            self.last
        )?;
        for violation in &self.violations {
            writeln!(f, "{violation}")?;
        }
        if !self.shrunk.is_empty() {
            writeln!(f, "the same after {} acts:", self.shrunk.len())?;
        }
        for act in &self.shrunk {
            writeln!(f, "    {act:?}")?;
        }
        writeln!(
            f,
            "again with --seed {seed} --world {world} --steps {steps} \
             --fork-interval {fork_interval}"
        )
    }
}

/// Where the current thread is: seed, world and step.
#[must_use]
pub fn position() -> (u64, u64, u64) {
    POSITION.get()
}

/// Runs one world of a seed for some steps.
///
/// # Errors
/// [`Failure`] at the first violation; boxed, because it is large.
pub fn run_world(play: Play, tally: &mut Tally) -> Result<(), Box<Failure>> {
    let failed = |step, last, violations, shrunk| {
        Box::new(Failure {
            play,
            step,
            violations,
            last,
            shrunk,
        })
    };
    let mut stage = match stage::build() {
        Ok(stage) => stage,
        Err(error) => {
            let detail = format!("the world does not come about: {error:?}");
            let violation = Violation { number: 0, detail };
            return Err(failed(0, Act::Wait(0), vec![violation], vec![]));
        }
    };
    let Play {
        seed, world, steps, ..
    } = play;
    let mut author = Author::new(seed_of(seed, world), &stage, steps);
    let mut auditor = Auditor::new(&mut stage.world).with_fork_interval(play.fork_interval);
    let mut acts = Vec::new();
    for step in 1..=steps {
        POSITION.set((seed, world, step));
        let now = stage.world.now();
        let book = auditor.book(now);
        let sight = Sight::new(&stage.world, auditor.ledger(), &book);
        let act = author.next(&sight);
        let is_operator = is_by_operator(&act, &sight);
        drop(book);
        let outcome = act.perform(&mut stage.world);
        let party = act.party(&stage.world);
        tally.count(&act, party, &outcome);
        if is_operator && outcome.is_ok() {
            tally.count_operator();
        }
        let mut violations = auditor.audit(&mut stage.world);
        violations.extend(untyped(&act, party, &outcome));
        acts.push(act);
        if !violations.is_empty() {
            let last = acts.last().cloned().unwrap_or(Act::Wait(0));
            // Shrinking takes a while: whoever waits knows already.
            eprintln!("seed {seed}, world {world}, step {step}: {violations:?} after {last:?}");
            let shrunk = if play.shrink {
                shrink(acts, &violations)
            } else {
                vec![]
            };
            return Err(failed(step, last, violations, shrunk));
        }
    }
    tally.add_checks(auditor.checks());
    Ok(())
}

/// The seed of one world of a run.
const fn seed_of(seed: u64, number: u64) -> u64 {
    seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(number)
}

fn is_by_operator(act: &Act, sight: &Sight<'_>) -> bool {
    let Act::Vault {
        sender, message, ..
    } = act
    else {
        return false;
    };
    let account = match message.as_ref() {
        ExecuteMsg::Withdraw { account, .. }
        | ExecuteMsg::Lend { account, .. }
        | ExecuteMsg::Recall { account, .. }
        | ExecuteMsg::Borrow { account, .. }
        | ExecuteMsg::Transfer { account, .. }
        | ExecuteMsg::Batch { account, .. } => account,
        _ => return false,
    };
    account.as_ref().is_some_and(|account| {
        account.owner != *sender && sight.ledger.may_act(account, sender, sight.now)
    })
}

/// 19, of every message: what is refused is refused by a typed error. A message that calls other
/// contracts can also fail by theirs.
pub fn untyped(act: &Act, party: Party, outcome: &Result<(), WireError>) -> Option<Violation> {
    let error = outcome.as_ref().err()?;
    let calls_others = match act {
        Act::Vault { message, .. } => match message.as_ref() {
            ExecuteMsg::Batch { actions, .. } => actions
                .iter()
                .any(|action| matches!(action, Action::Call { .. })),
            ExecuteMsg::Liquidate { callback, .. } => callback.is_some(),
            ExecuteMsg::Receive(_) => true,
            _ => false,
        },
        Act::Oracle { .. } => false,
        _ => true,
    };
    // Who has too little money is stopped by the bank.
    let is_poor = error.sentence.contains("Cannot Sub");
    let is_typed = is_known(party, &error.name) || calls_others || is_poor;
    (!is_typed).then(|| Violation {
        number: 19,
        detail: format!("{act:?} was refused without a typed error: {error:?}"),
    })
}

/// What an audit of acts finds in a world of their own; forks are tried at the end.
pub fn replay(acts: &[Act], forks: u32) -> Vec<Violation> {
    let Ok(mut stage) = stage::build() else {
        return vec![];
    };
    let world: &mut World = &mut stage.world;
    let mut auditor = Auditor::new(world);
    for act in acts {
        let outcome = act.perform(world);
        let party = act.party(world);
        let mut violations = auditor.audit_steps(world);
        violations.extend(untyped(act, party, &outcome));
        if !violations.is_empty() {
            return violations;
        }
    }
    for _ in 0..forks {
        let violations = auditor.audit_forks(world);
        if !violations.is_empty() {
            return violations;
        }
    }
    vec![]
}

//! What has happened since an auditor looked: each step with the state before and after.

use bulwark_types::oracle;
use bulwark_types::vault::ExecuteMsg;
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, BlockInfo, Coin};
use cw_multi_test::AppResponse;

use super::{Answer, World};
use crate::storage::Snapshot;

/// What a step was sent to.
#[derive(Clone, Debug)]
pub enum Target {
    /// A message of the vault, with its funds.
    Vault(Box<ExecuteMsg>, Vec<Coin>),
    /// A message of the oracle.
    Oracle(Box<oracle::ExecuteMsg>),
    /// A transfer, or tokens created or destroyed.
    Bank,
}

/// What came of a step.
pub type Outcome = Result<AppResponse, WireError>;

/// One message with the state around it.
#[derive(Clone, Debug)]
pub struct Step {
    /// Who sent it.
    pub sender: Addr,
    /// What was sent.
    pub target: Target,
    /// What came of it.
    pub outcome: Outcome,
    /// State before.
    pub before: Snapshot,
    /// State after.
    pub after: Snapshot,
    /// Block in which it happened.
    pub block: BlockInfo,
    /// Whether a sabotage played the contract: such a step cannot be replayed.
    pub tampered: bool,
}

impl World {
    /// Begins to note steps; what was noted before is dropped.
    pub(crate) fn start_journal(&mut self) {
        self.journal = Some(Vec::new());
    }

    /// Takes the steps noted so far.
    pub(crate) fn take_journal(&mut self) -> Vec<Step> {
        self.journal
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Runs one message and notes it if somebody audits.
    pub(crate) fn journaled(
        &mut self,
        sender: Addr,
        target: Target,
        run: impl FnOnce(&mut Self) -> Answer,
    ) -> Answer {
        self.noted(sender, target, false, run)
    }

    /// As [`Self::journaled`], for a closure that plays a broken contract.
    pub(crate) fn tampered(
        &mut self,
        sender: Addr,
        target: Target,
        run: impl FnOnce(&mut Self) -> Answer,
    ) -> Answer {
        self.noted(sender, target, true, run)
    }

    /// Whether somebody audits.
    pub(crate) fn is_journaled(&self) -> bool {
        self.journal.is_some()
    }

    /// Lets the forks of an audit break an invariant on purpose.
    pub(crate) fn interfere(&mut self, number: u8) {
        self.interference = Some(number);
    }

    /// Whether the forks of an audit are to break this invariant.
    pub(crate) fn is_interfered(&self, number: u8) -> bool {
        self.interference == Some(number)
    }

    fn noted(
        &mut self,
        sender: Addr,
        target: Target,
        tampered: bool,
        run: impl FnOnce(&mut Self) -> Answer,
    ) -> Answer {
        let Some(mut journal) = self.journal.take() else {
            return run(self);
        };
        let before = self.snapshot();
        let block = self.app.block_info();
        let outcome = run(self);
        journal.push(Step {
            sender,
            target,
            outcome: outcome.clone(),
            before,
            after: self.snapshot(),
            block,
            tampered,
        });
        self.journal = Some(journal);
        outcome
    }
}

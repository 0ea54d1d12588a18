//! Invariants that one step shows: its message, and the records before and after it.

mod failure;
mod health;
mod limits;
mod liquidation;
mod reach;
mod share_prices;
mod totals;

use bulwark_types::vault::{AccountRef, ExecuteMsg};
use bulwark_vault::state::AccountRecord;
use cw_multi_test::AppResponse;

use super::Findings;
use super::book::Book;
use super::ledger::{AccountChange, Delta, Ledger};
use crate::world::{Step, Target};

pub(crate) use health::all_accounts;

/// A step as the checks see it.
pub(crate) struct View<'a> {
    pub(crate) step: &'a Step,
    /// Block time in seconds.
    pub(crate) now: u64,
    /// Before the step, with interest up to now.
    pub(crate) before: &'a Book,
    /// After the step, with interest up to now.
    pub(crate) after: &'a Book,
    pub(crate) changed: &'a [AccountChange],
    /// All accounts after the step.
    pub(crate) ledger: &'a Ledger,
}

impl View<'_> {
    /// The vault's message, if it is one.
    fn message(&self) -> Option<&ExecuteMsg> {
        match &self.step.target {
            Target::Vault(message, _) => Some(message),
            Target::Oracle(_) | Target::Bank => None,
        }
    }

    fn response(&self) -> Option<&AppResponse> {
        self.step.outcome.as_ref().ok()
    }

    /// An account's record before the step.
    fn record_before(&self, account: &AccountRef) -> AccountRecord {
        let change = self
            .changed
            .iter()
            .find(|change| change.account == *account);
        match change {
            Some(change) => change.before.clone(),
            None => self
                .ledger
                .accounts
                .get(account)
                .cloned()
                .unwrap_or_default(),
        }
    }

    /// An account's record after the step.
    fn record_after(&self, account: &AccountRef) -> AccountRecord {
        self.ledger
            .accounts
            .get(account)
            .cloned()
            .unwrap_or_default()
    }

    /// What was sent, for the detail of a violation.
    fn described(&self) -> String {
        let Step { sender, target, .. } = self.step;
        match target {
            Target::Vault(message, funds) => format!("{sender} sent {message:?} with {funds:?}"),
            Target::Oracle(message) => format!("{sender} sent {message:?} to the oracle"),
            Target::Bank => format!("{sender} moved tokens"),
        }
    }
}

/// Checks what one liquidation shows: 12, 13 and 14.
pub(crate) fn check_liquidation(view: &View<'_>, findings: &mut Findings) {
    liquidation::pays_at_most_its_bonus(view, findings);
    liquidation::stops_at_the_target(view, findings);
    liquidation::bad_debt_is_borne(view, findings);
}

/// 1 and 2, of the records as they are.
pub(crate) fn check_totals(ledger: &Ledger, findings: &mut Findings) {
    totals::shares_add_up(ledger, findings);
    totals::holds_what_it_owes(ledger, findings);
}

/// Checks what one step shows.
pub(crate) fn check(view: &View<'_>, delta: &Delta, findings: &mut Findings) {
    if view.step.outcome.is_err() {
        failure::changes_nothing(view, findings);
        return;
    }
    if delta.vault {
        totals::shares_add_up(view.ledger, findings);
    }
    totals::holds_what_it_owes(view.ledger, findings);
    reach::stays_within_the_message(view, findings);
    reach::only_the_owner_or_a_liquidation_takes(view, findings);
    share_prices::move_for_a_reason(view, findings);
    health::healthy_accounts_stay_healthy(view, findings);
    health::initial_implies_maintenance(view, findings);
    health::risk_does_not_jump(view, findings);
    check_liquidation(view, findings);
    limits::hold(view, findings);
}

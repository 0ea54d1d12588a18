//! Invariants that one step shows: its message, and the records before and after it.

mod failure;
mod health;
mod limits;
mod liquidation;
mod reach;
mod share_prices;
mod takers;
mod totals;

use std::collections::BTreeMap;

use bulwark_types::token::CW20_PREFIX;
use bulwark_types::vault::{AccountRef, Cw20Hook, ExecuteMsg, OperatorGrant};
use bulwark_vault::state::AccountRecord;
use cosmwasm_std::from_json;
use cw_multi_test::AppResponse;

use super::Findings;
use super::book::Book;
use super::ledger::{self, AccountChange, Delta, Ledger};
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
    /// Operators before the step, of owners who changed theirs.
    pub(crate) operators: &'a BTreeMap<String, Vec<OperatorGrant>>,
}

impl View<'_> {
    /// The vault's message, if it is one.
    fn message(&self) -> Option<&ExecuteMsg> {
        match &self.step.target {
            Target::Vault(message, _) => Some(message),
            Target::Oracle(_) | Target::Bank => None,
        }
    }

    /// Who acts: of tokens that a CW20 contract has passed on, whoever sent them.
    fn actor(&self) -> &str {
        match self.message() {
            Some(ExecuteMsg::Receive(received)) => &received.sender,
            _ => self.step.sender.as_str(),
        }
    }

    /// What a message says to the vault, with the CW20 hook for the message around it.
    fn hook(&self) -> Option<Cw20Hook> {
        match self.message() {
            Some(ExecuteMsg::Receive(received)) => from_json(&received.msg).ok(),
            _ => None,
        }
    }

    /// Assets that came with the message.
    fn paid(&self) -> Vec<String> {
        match &self.step.target {
            Target::Vault(message, funds) => match message.as_ref() {
                ExecuteMsg::Receive(_) => vec![format!("{CW20_PREFIX}{}", self.step.sender)],
                _ => funds.iter().map(|coin| coin.denom.clone()).collect(),
            },
            Target::Oracle(_) | Target::Bank => Vec::new(),
        }
    }

    /// An account that a message names; the actor's first one by default.
    fn named(&self, account: Option<&AccountRef>) -> AccountRef {
        account.cloned().unwrap_or_else(|| AccountRef {
            owner: self.actor().to_owned(),
            id: 0,
        })
    }

    /// Whether the actor could act for an account before the step.
    fn may_act(&self, account: &AccountRef) -> bool {
        let actor = self.actor();
        match self.operators.get(&account.owner) {
            Some(grants) => {
                account.owner == actor || ledger::covers(grants, account, actor, self.now)
            }
            None => self.ledger.may_act(account, actor, self.now),
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
    takers::have_a_right_to(view, findings);
    failure::leaves_no_lock(view, findings);
    share_prices::move_for_a_reason(view, findings);
    health::healthy_accounts_stay_healthy(view, findings);
    health::initial_implies_maintenance(view, findings);
    health::risk_does_not_jump(view, findings);
    check_liquidation(view, findings);
    limits::hold(view, findings);
}

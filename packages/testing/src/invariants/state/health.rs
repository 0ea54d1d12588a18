use bulwark_risk::account::Assessment;
use bulwark_types::events::BadDebtAbsorbed;
use bulwark_types::vault::AccountRef;

use super::View;
use crate::invariants::Findings;
use crate::invariants::book::Book;
use crate::invariants::ledger::Ledger;
use crate::world::{Target, events_of};

/// 7, of the accounts that a message changed: at fixed prices and time no message, of whomever,
/// makes a healthy account unhealthy. Shares of bad debt aside.
pub(super) fn healthy_accounts_stay_healthy(view: &View<'_>, findings: &mut Findings) {
    if !matches!(view.step.target, Target::Vault(..)) {
        return;
    }
    let losses = view
        .response()
        .map(events_of::<BadDebtAbsorbed>)
        .unwrap_or_default();
    if !losses.is_empty() {
        return;
    }
    for change in view.changed {
        let before = view.before.assess(&change.before, view.now);
        let Some(after) = view.after.assess_owing(&change.after, view.now) else {
            continue;
        };
        let was_healthy = before.is_some_and(|before| !before.is_liquidatable());
        findings.check(7, !was_healthy || !after.is_liquidatable(), || {
            let AccountRef { owner, id } = &change.account;
            format!(
                "{}, and account {id} of {owner} became liquidatable",
                view.described()
            )
        });
    }
}

/// 15, of the accounts that a message changed: whoever passes initial passes maintenance.
pub(super) fn initial_implies_maintenance(view: &View<'_>, findings: &mut Findings) {
    for change in view.changed {
        if let Some(assessment) = view.after.assess_owing(&change.after, view.now) {
            passes_both(&change.account, &assessment, findings);
        }
    }
}

/// 15, of all accounts: prices and time move every one of them. The book has to be accrued.
pub(crate) fn all_accounts(ledger: &Ledger, accrued: &Book, now: u64, findings: &mut Findings) {
    for (account, record) in &ledger.accounts {
        if let Some(assessment) = accrued.assess_owing(record, now) {
            passes_both(account, &assessment, findings);
        }
    }
}

fn passes_both(account: &AccountRef, assessment: &Assessment, findings: &mut Findings) {
    let passes = !assessment.meets_initial() || !assessment.is_liquidatable();
    findings.check(15, passes, || {
        let AccountRef { owner, id } = account;
        format!("account {id} of {owner} passes initial, not maintenance: {assessment:?}")
    });
}

/// 15, its second half: at one instant no message moves what decides margins besides prices.
pub(super) fn risk_does_not_jump(view: &View<'_>, findings: &mut Findings) {
    for id in view.before.markets.keys() {
        let (Some(before), Some(after)) = (
            view.before.risk_in_force(*id, view.now),
            view.after.risk_in_force(*id, view.now),
        ) else {
            continue;
        };
        findings.check(15, before == after, || {
            let asset = view.after.asset(*id);
            format!(
                "{}, and the risk of {asset} jumped: {before:?}, {after:?}",
                view.described()
            )
        });
    }
}

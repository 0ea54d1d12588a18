//! What happens, in the log: what is news, once.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_types::vault::AccountRef;

use crate::execute::{Outcome, Report};
use crate::margin_call::{Notice, Occasion};
use crate::mirror::{Changes, Progress, Verification};
use crate::plan::{Action, Plan, SkipReason, Skipped};

/// Logs what is planned, and why accounts are left alone, when that is news.
#[derive(Debug, Default)]
pub struct PlanLog {
    reasons: BTreeMap<AccountRef, &'static str>,
    /// What a dry run would have done, had it not said so before.
    planned: BTreeSet<AccountRef>,
}

impl PlanLog {
    /// Says whether anything was news.
    pub fn log(&mut self, height: u64, plan: &Plan, dry: bool) -> bool {
        let mut is_news = false;
        for action in &plan.actions {
            if action
                .accounts()
                .all(|account| self.planned.contains(account))
            {
                continue;
            }
            is_news = true;
            let accounts = action.accounts().map(name).collect::<Vec<_>>().join(" ");
            let (profit, gas) = (action.profit, action.gas);
            let said = if dry { "would liquidate" } else { "liquidates" };
            tracing::info!(height, accounts, %profit, gas, "{said}");
        }
        self.planned.clear();
        if dry {
            let accounts = plan.actions.iter().flat_map(Action::accounts);
            self.planned.extend(accounts.cloned());
        }
        let mut reasons = BTreeMap::new();
        for Skipped { account, reason } in &plan.skipped {
            let kind = reason.name();
            if self.reasons.get(account) != Some(&kind) {
                is_news = true;
                log_skip(height, account, reason);
            }
            reasons.insert(account.clone(), kind);
        }
        self.reasons = reasons;
        is_news
    }
}

fn log_skip(height: u64, account: &AccountRef, reason: &SkipReason) {
    let account = name(account);
    let kind = reason.name();
    match reason {
        SkipReason::Healthy | SkipReason::Later => {
            tracing::debug!(height, account, reason = kind, "left alone");
        }
        SkipReason::Unvaluable { error } | SkipReason::Refused { error } => {
            tracing::warn!(height, account, reason = kind, error, "left alone");
        }
        SkipReason::NoFunds { debts } => {
            let debts = debts.join(" ");
            tracing::warn!(height, account, reason = kind, debts, "left alone");
        }
        SkipReason::Unprofitable { best } => {
            tracing::info!(height, account, reason = kind, %best, "left alone");
        }
        SkipReason::TooMuchGas { gas } => {
            tracing::warn!(height, account, reason = kind, gas, "left alone");
        }
        SkipReason::NotSwappable => {
            tracing::info!(height, account, reason = kind, "left alone");
        }
    }
}

/// Logs what came of a transaction, account by account.
pub fn report(report: &Report) {
    let hash = report.hash.as_deref().unwrap_or("");
    let (height, recovered) = (report.height, report.recovered);
    for (account, outcome) in &report.outcomes {
        let (account, kind) = (name(account), outcome.name());
        match outcome {
            Outcome::Won(won) => tracing::info!(
                account, outcome = kind, height, hash, recovered,
                repaid = %won.repaid, debt_asset = won.debt_asset,
                tokens = %won.tokens, lent = %won.lent, deposit_asset = won.deposit_asset,
                bonus_value = %won.bonus_value, "liquidated"
            ),
            Outcome::WrittenOff {} => {
                tracing::info!(
                    account,
                    outcome = kind,
                    height,
                    hash,
                    recovered,
                    "written off"
                );
            }
            Outcome::LostToAnother { .. } | Outcome::Healed {} => {
                tracing::info!(account, outcome = kind, hash, recovered, "not liquidated");
            }
            other => {
                let detail = serde_json::to_string(other).unwrap_or_default();
                tracing::warn!(
                    account,
                    outcome = kind,
                    detail,
                    hash,
                    recovered,
                    "not liquidated"
                );
            }
        }
    }
    let realised = &report.realised;
    if report.hash.is_some() && (realised.fee > 0 || !realised.flows.is_empty()) {
        let (profit, planned) = (realised.profit, report.entry.planned_profit);
        tracing::info!(hash, fee = %realised.fee, %profit, %planned, "earned");
    }
}

/// Logs what is told about an account.
pub fn notice(notice: &Notice) {
    let account = name(&notice.account);
    let ratio = notice
        .margin
        .as_ref()
        .and_then(|margin| margin.margin_ratio);
    let ratio = ratio.map(|ratio| ratio.to_string());
    let (occasion, height) = (notice.kind.name(), notice.height);
    match notice.kind {
        Occasion::MarginCall | Occasion::Liquidatable => {
            let cures = serde_json::to_string(&notice.cures).unwrap_or_default();
            tracing::info!(
                account,
                occasion,
                height,
                ratio,
                cures,
                "told of an account"
            );
        }
        Occasion::Liquidated | Occasion::Recovered => {
            tracing::info!(account, occasion, height, ratio, "told of an account");
        }
    }
}

/// Logs how the first reading goes on.
pub fn progress(progress: &Progress) {
    match progress {
        Progress::Unusable(error) => tracing::warn!(%error, "not taken up: everything is read"),
        other => tracing::info!(progress = ?other, "reads the chain"),
    }
}

/// Logs what is unusual about a block.
pub fn changes(changes: &Changes) {
    let height = changes.height;
    tracing::debug!(height, records = changes.records.len(), "block");
    if let Some(oracle) = &changes.oracle {
        tracing::warn!(height, %oracle, "the vault has another oracle");
    }
    if let Some(lost) = &changes.reloaded {
        tracing::warn!(height, why = ?lost, "everything was read anew");
    }
    for error in &changes.refused {
        tracing::error!(height, %error, "a record is not understood");
    }
}

/// Logs what a comparison with the chain has found.
pub fn verification(verification: &Verification) {
    let (height, compared) = (verification.height, verification.compared);
    if verification.drifts.is_empty() {
        tracing::debug!(height, compared, "the local copy is as the chain is");
    }
    for drift in &verification.drifts {
        tracing::warn!(height, %drift, "the local copy had drifted");
    }
}

fn name(account: &AccountRef) -> String {
    format!("{}/{}", account.owner, account.id)
}

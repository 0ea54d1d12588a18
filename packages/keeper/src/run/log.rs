//! What happens, in the log: what is news, once.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_types::vault::AccountRef;

use crate::execute::{Outcome, Report};
use crate::margin_call::{Notice, Occasion};
use crate::mirror::{Changes, Progress, Verification};
use crate::plan::{Action, Plan, SkipReason, Skipped};
use crate::scan::Found;

/// Logs what is planned, and why accounts are left alone, when that is news.
#[derive(Debug, Default)]
pub struct PlanLog {
    reasons: BTreeMap<AccountRef, &'static str>,
    /// What a dry run would have done, had it not said so before.
    planned: BTreeSet<AccountRef>,
}

impl PlanLog {
    /// Says what of it was news. A dry run would do the same block after block; a keeper tries what it
    /// plans, so that all of that is.
    pub fn log(&mut self, height: u64, plan: &Plan, dry: bool) -> News {
        let mut news = News::default();
        for action in &plan.actions {
            if action
                .accounts()
                .all(|account| self.planned.contains(account))
            {
                continue;
            }
            news.actions = news.actions.saturating_add(1);
            let accounts = action.accounts().map(name).collect::<Vec<_>>().join(" ");
            let (profit, gas) = (action.profit, action.gas);
            let said = if dry {
                "would try to liquidate"
            } else {
                "tries to liquidate"
            };
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
                news.skipped = news.skipped.saturating_add(1);
                log_skip(height, account, reason);
            }
            reasons.insert(account.clone(), kind);
        }
        self.reasons = reasons;
        news
    }
}

/// What of a plan was not planned before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Transactions.
    pub actions: u64,
    /// Accounts that are left alone, or for another reason than before.
    pub skipped: u64,
}

impl News {
    /// Whether there is any.
    pub const fn is_any(self) -> bool {
        self.actions > 0 || self.skipped > 0
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
                bonus_value = %won.bonus_value, profit = %won.profit, "liquidated"
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

/// Logs how the first reading goes on: of its pages, which come by the thousand, only so many.
#[derive(Debug, Default)]
pub struct LoadLog {
    /// Records at the last page that was logged.
    logged: u64,
}

impl LoadLog {
    /// Records between one page that is logged and the next.
    const EVERY: u64 = 10_000;

    /// Says how far it is, if that is news.
    pub fn log(&mut self, progress: &Progress) {
        match *progress {
            Progress::Unusable(ref error) => {
                tracing::warn!(%error, "not taken up: everything is read");
            }
            Progress::TakenUp { height, accounts } => {
                tracing::info!(height, accounts, "takes up what an earlier run has read");
            }
            Progress::Resumed { height, records } => {
                tracing::info!(height, records, "goes on reading the chain");
            }
            Progress::Begun { height } => tracing::info!(height, "reads the chain"),
            Progress::Pruned { height } => {
                tracing::info!(
                    height,
                    "no node has that block's state: reads another one's"
                );
            }
            Progress::Read { records } => {
                if self.is_news(records) {
                    tracing::info!(records, "reads the chain");
                }
            }
        }
    }

    /// Whether so many records are more than a few above those that were logged last.
    fn is_news(&mut self, records: u64) -> bool {
        // A reading that begins anew counts anew.
        let since = records.checked_sub(self.logged);
        let is_news = since.is_none_or(|since| since >= Self::EVERY);
        if is_news {
            self.logged = records;
        }
        is_news
    }
}

/// Logs what the first look at all accounts found.
pub fn first_look(height: u64, accounts: usize, found: &Found) {
    let (liquidatable, margin_calls) = (found.liquidatable.len(), found.margin_calls.len());
    tracing::info!(
        height,
        accounts,
        liquidatable,
        margin_calls,
        "looked at all accounts"
    );
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
    for disputed in &verification.disputed {
        tracing::warn!(height, %disputed, "endpoints tell different records");
    }
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

#[cfg(test)]
mod tests {
    use bulwark_risk::units::Usd;

    use super::*;
    use crate::plan::Means;

    fn account(owner: &str) -> AccountRef {
        AccountRef {
            owner: owner.into(),
            id: 0,
        }
    }

    fn plan(acted_on: &[&str], reason: &SkipReason) -> Plan {
        let actions = acted_on.iter().map(|owner| Action {
            means: Means::WriteOff(account(owner)),
            targets: Vec::new(),
            gas: 1,
            profit: Usd::ZERO,
        });
        let skipped = Skipped {
            account: account("skipped"),
            reason: reason.clone(),
        };
        Plan {
            actions: actions.collect(),
            skipped: vec![skipped],
        }
    }

    fn news(actions: u64, skipped: u64) -> News {
        News { actions, skipped }
    }

    #[test]
    fn a_dry_run_counts_what_it_would_do_once() {
        let mut log = PlanLog::default();
        let reason = SkipReason::NotSwappable;
        let two = plan(&["alice", "bob"], &reason);
        assert_eq!(log.log(1, &two, true), news(2, 1));
        assert_eq!(log.log(2, &two, true), news(0, 0));
        assert!(!news(0, 0).is_any());
        let other = plan(&["alice", "carol"], &SkipReason::Later);
        assert_eq!(log.log(3, &other, true), news(1, 1));
        assert_eq!(log.log(4, &two, true), news(1, 1), "bob is back");
    }

    #[test]
    fn a_keeper_counts_every_try() {
        let mut log = PlanLog::default();
        let one = plan(&["alice"], &SkipReason::Later);
        assert_eq!(log.log(1, &one, false), news(1, 1));
        assert_eq!(log.log(2, &one, false), news(1, 0));
    }

    #[test]
    fn of_pages_only_so_many_are_news() {
        let mut log = LoadLog::default();
        let news: Vec<bool> = [35, 9_999, 10_000, 19_999, 20_500, 35]
            .into_iter()
            .map(|records| log.is_news(records))
            .collect();
        assert_eq!(news, [false, false, true, false, true, true]);
    }
}

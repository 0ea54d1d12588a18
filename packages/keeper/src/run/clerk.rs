//! What a keeper does while it waits for blocks: it hears what came of transactions, looks at its
//! wallet, and says how it is. Nothing here waits for anybody but the disk.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_risk::units::{Amount, Usd};

use super::Listener;
use super::log;
use super::purse::Purse;
use super::told::Told;
use super::watch::Watch;
use crate::config::Wallet;
use crate::execute::{ExecuteResult, Executor, Report, Totals};
use crate::fault::Fault;
use crate::margin_call::Desk;
use crate::metrics::{Of, count, usd};
use crate::mirror::HealthView;

/// Who does what is to be done beside following the chain.
#[derive(Debug)]
pub struct Clerk {
    /// None in a dry run.
    pub executor: Option<Executor>,
    pub desk: Desk,
    pub watch: Watch,
    pub purse: Purse,
    pub mirror: HealthView,
    /// What of the wallet may be spent.
    pub wallet: Wallet,
    pub fee_coin: String,
    /// What liquidating one account costs in fees, smallest units.
    pub fee: Amount,
    /// All assets of the vault; read anew when there are more.
    pub assets: BTreeSet<String>,
    /// Whether the wallet cannot pay for that.
    pub is_broke: bool,
    /// USD since the start.
    pub profit: Usd,
}

impl Clerk {
    /// How much of each asset may be spent.
    pub fn limits(&self) -> BTreeMap<String, Amount> {
        self.wallet.limits(self.assets.iter().cloned())
    }

    /// What came of a transaction.
    pub fn report(&mut self, report: &Report, listener: Listener<'_>) {
        log::report(report);
        let metrics = &self.watch.metrics;
        for (_, outcome) in &report.outcomes {
            let kind = Of::kind(outcome.name());
            metrics.outcomes.get_or_create(&kind).inc();
        }
        let realised = &report.realised;
        self.profit = Usd(self.profit.0.saturating_add(realised.profit.0));
        metrics.profit.set(usd(self.profit));
        metrics.fees.inc_by(realised.fee as f64);
        metrics.gas.inc_by(report.gas_paid());
        self.purse.changes();
        self.note_in_flight();
        listener(&Told::from(report));
    }

    pub fn note_in_flight(&self) {
        let in_flight = self.in_flight();
        self.watch.metrics.in_flight.set(count(in_flight));
        self.watch.change(|health| health.in_flight = in_flight);
    }

    /// Transactions on their way.
    pub fn in_flight(&self) -> usize {
        self.executor.as_ref().map_or(0, Executor::in_flight)
    }

    /// Looks at what changes without blocks, too.
    pub fn look(&mut self) {
        self.watch.mirror(&self.mirror.get());
        let kept = self.desk.keep();
        self.watch.delivery(self.desk.delivery());
        let failure = kept.err().map(|error| error.to_string());
        self.watch.fault(Fault::Memory, failure);
        self.note_in_flight();
        self.look_at_flights();
        self.look_at_wallet();
    }

    /// What is on its way for too long is a fault: its accounts and tokens are left alone meanwhile.
    fn look_at_flights(&mut self) {
        let height = self.mirror.get().height;
        let overdue = self.executor.as_ref();
        let overdue = overdue.map_or(0, |executor| executor.overdue(height));
        let detail = format!("{overdue} transactions are past their last block");
        let detail = (overdue > 0).then_some(detail);
        self.watch.fault(Fault::Unsettled, detail);
    }

    fn look_at_wallet(&mut self) {
        let (wallet, assets, fee_coin) = (&self.wallet, &self.assets, &self.fee_coin);
        let wanted = || {
            let limits = wallet.limits(assets.iter().cloned());
            limits.into_keys().chain([fee_coin.clone()]).collect()
        };
        let Some(held) = self.purse.look(wanted) else {
            return;
        };
        let unknown = held.unknown.into_iter();
        let unknown = unknown.map(|(asset, why)| (Fault::UnknownBalance(asset), why));
        self.watch.faults("unknown_balance", unknown);
        let held = held.amounts;
        let fees = held.get(&self.fee_coin).copied().unwrap_or_default();
        self.is_broke = fees < self.fee;
        let reserve = self.wallet.fee_reserve;
        self.watch.wallet(&held, &self.fee_coin, self.fee, reserve);
    }

    /// Sums over everything that the journal ever settled.
    pub fn totals(&self) -> Totals {
        let totals = self.executor.as_ref().map(Executor::totals);
        totals.unwrap_or_default()
    }
}

/// The next transaction whose fate is known; none where nothing is on its way.
pub async fn next_report(executor: &mut Option<Executor>) -> Option<ExecuteResult<Report>> {
    executor.as_mut()?.next().await
}

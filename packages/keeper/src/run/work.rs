//! What a keeper does about a block, and what it knows.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bulwark_chain::ChainError;
use bulwark_chain::events::{events_of, typed};
use bulwark_risk::units::{Amount, Usd};
use bulwark_types::events::Liquidated;
use bulwark_types::vault::{MarketsResponse, QueryMsg};
use cosmwasm_std::Addr;

use super::Listener;
use super::log::{self, PlanLog};
use super::told::Told;
use super::watch::Watch;
use crate::book::{Book, BookResult, Moment};
use crate::config::{Config, Others, Wallet};
use crate::error::KeeperResult;
use crate::execute::{ExecuteResult, Executor, Report, Totals};
use crate::fault::Fault;
use crate::health::Status;
use crate::margin_call::Desk;
use crate::metrics::{Of, count, usd};
use crate::mirror::{Changes, HealthView, Mirror};
use crate::plan::{Costs, Inventory, Plan, plan};
use crate::scan::{Found, Scan};

/// How often the wallet is looked at for whoever watches.
const WALLET: Duration = Duration::from_secs(15);

/// A keeper at work.
pub struct Worker {
    pub mirror: Mirror,
    pub book: Book,
    pub beside: Beside,
    /// How long the end waits for what is on its way.
    pub patience: Duration,
    scan: Scan,
    keeper: String,
    costs: Costs,
    wallet: Wallet,
    fee_coin: String,
    listens: Option<SocketAddr>,
    verify: Duration,
    verified: Instant,
    /// All assets of the vault; read anew when there are more.
    assets: BTreeSet<String>,
    plans: PlanLog,
}

/// What goes on beside the blocks, and while the next one is waited for: the mirror and its book are
/// busy then.
pub struct Beside {
    pub desk: Desk,
    pub watch: Watch,
    /// None in a dry run.
    pub executor: Option<Executor>,
    mirror: HealthView,
    wallet_seen: Option<Instant>,
    /// USD since the start.
    profit: Usd,
}

impl Worker {
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of a keeper, put together once"
    )]
    pub fn new(
        config: &Config,
        keeper: String,
        mirror: Mirror,
        book: Book,
        scan: Scan,
        desk: Desk,
        watch: Watch,
        executor: Option<Executor>,
    ) -> Self {
        Self {
            beside: Beside {
                desk,
                watch,
                executor,
                mirror: mirror.health(),
                wallet_seen: None,
                profit: Usd::ZERO,
            },
            mirror,
            book,
            patience: config.execution.patience,
            scan,
            keeper,
            costs: config.costs.clone(),
            wallet: config.wallet.clone(),
            fee_coin: config.network.denom.clone(),
            listens: None,
            verify: config.follow.verify,
            verified: Instant::now(),
            assets: BTreeSet::new(),
            plans: PlanLog::default(),
        }
    }

    pub fn listening(self, listens: Option<SocketAddr>) -> Self {
        Self { listens, ..self }
    }

    /// A block has come, and the book has what it changed.
    pub async fn block(&mut self, changes: &Changes, listener: Listener<'_>) -> KeeperResult<()> {
        let began = Instant::now();
        log::changes(changes);
        let moment = Moment {
            seconds: changes.time,
            height: changes.height,
        };
        let found = self.scan.update(&mut self.book, moment)?;
        self.beside.watch.found(&self.book, moment, &found);
        self.beside.watch.is(Status::Ok);
        self.beside.watch.prices(&self.book, moment)?;
        self.act(moment, &found, began, &mut *listener).await?;
        let liquidated = self.liquidated(changes);
        let notices = self
            .beside
            .desk
            .after(&self.book, moment, &found, &liquidated)?;
        self.beside.watch.told(&notices);
        for notice in notices {
            log::notice(&notice);
            listener(&Told::Notice(Box::new(notice)));
        }
        self.beside.look();
        self.see_wallet(moment).await?;
        self.compare().await
    }

    /// Plans what to do about accounts that can be liquidated, and begins to.
    async fn act(
        &mut self,
        moment: Moment,
        found: &Found,
        began: Instant,
        listener: Listener<'_>,
    ) -> KeeperResult<()> {
        let ready = match &self.beside.executor {
            Some(executor) => executor.ready(&self.book, moment, &found.liquidatable)?,
            None => found.liquidatable.clone(),
        };
        let plan = if ready.is_empty() {
            Plan::default()
        } else {
            let Some(inventory) = self.inventory(moment).await? else {
                return Ok(());
            };
            plan(&self.book, moment, &ready, &inventory, &self.costs)?
        };
        let decision = &self.beside.watch.metrics.decision;
        decision.0.observe(began.elapsed().as_secs_f64());
        // Those on their way are still liquidatable: what is known of the others holds.
        if ready.is_empty() && !found.liquidatable.is_empty() {
            return Ok(());
        }
        self.beside.watch.planned(&plan);
        let dry = self.beside.executor.is_none();
        let is_news = self.plans.log(moment.height, &plan, dry);
        if is_news {
            listener(&Told::planned(moment.height, &plan));
        }
        let Some(executor) = &mut self.beside.executor else {
            return Ok(());
        };
        let reports = executor.start(&plan.actions, &self.book, moment).await?;
        for report in reports {
            self.beside.report(&report, &mut *listener);
        }
        self.beside.note_in_flight();
        Ok(())
    }

    /// What there is to repay with; none if nobody can be asked.
    async fn inventory(&mut self, moment: Moment) -> KeeperResult<Option<Inventory>> {
        self.name_assets(moment)?;
        let limits = self.wallet.limits(self.assets.iter().cloned());
        let asked = match &self.beside.executor {
            Some(executor) => executor.inventory(&limits).await,
            None => self.imagined(&limits).await.map_err(Into::into),
        };
        match asked {
            Ok(inventory) => Ok(Some(inventory)),
            Err(crate::execute::ExecuteError::Chain(error)) => {
                tracing::debug!(%error, "the wallet cannot be asked for");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What a dry run would repay with.
    async fn imagined(&self, limits: &BTreeMap<String, Amount>) -> Result<Inventory, ChainError> {
        let mut inventory = Inventory::new(Addr::unchecked(&self.keeper));
        for (asset, limit) in limits {
            let held = self.mirror.client().held(&self.keeper, asset).await?;
            let reserve = if *asset == self.fee_coin {
                self.wallet.fee_reserve.0
            } else {
                0
            };
            let free = Amount(held.saturating_sub(reserve)).min(*limit);
            inventory = inventory.with(asset.as_str(), free);
        }
        Ok(inventory)
    }

    /// Learns the names of the vault's assets, if there are new ones.
    fn name_assets(&mut self, moment: Moment) -> BookResult<()> {
        let native = self.book.at(moment);
        let known = bulwark_vault::state::MARKET_COUNT.may_load(native.deps().storage);
        let known = known.ok().flatten().unwrap_or(0);
        if self.assets.len() == usize::from(known) {
            return Ok(());
        }
        let mut start_after = None;
        loop {
            let page: MarketsResponse = native.query(QueryMsg::Markets {
                start_after,
                limit: None,
            })?;
            self.assets
                .extend(page.markets.into_iter().map(|market| market.asset));
            start_after = page.next;
            if start_after.is_none() {
                break;
            }
        }
        if self.wallet.others == Others::Keep {
            let named = &self.wallet.assets;
            let others = self
                .assets
                .iter()
                .filter(|asset| !named.contains_key(*asset));
            self.costs.kept.extend(others.cloned());
        }
        Ok(())
    }

    /// Liquidations in a block, by whomever.
    fn liquidated(&self, changes: &Changes) -> Vec<Liquidated> {
        let vault = self.book.deployment().vault.as_str();
        let parsed = typed(events_of(&changes.events, vault));
        parsed.unwrap_or_else(|error| {
            tracing::error!(height = changes.height, %error, "an event is not understood");
            Vec::new()
        })
    }

    /// Looks at the wallet, now and then.
    async fn see_wallet(&mut self, moment: Moment) -> KeeperResult<()> {
        if self
            .beside
            .wallet_seen
            .is_some_and(|seen| seen.elapsed() < WALLET)
        {
            return Ok(());
        }
        self.beside.wallet_seen = Some(Instant::now());
        self.name_assets(moment)?;
        let limits = self.wallet.limits(self.assets.iter().cloned());
        let mut held = BTreeMap::new();
        for asset in limits.keys().chain([&self.fee_coin]) {
            match self.mirror.client().held(&self.keeper, asset).await {
                Ok(amount) => held.insert(asset.clone(), Amount(amount)),
                // Who cannot be asked is a fault of its own.
                Err(_) => return Ok(()),
            };
        }
        let least = self.wallet.fee_reserve;
        self.beside.watch.wallet(&held, &self.fee_coin, least);
        Ok(())
    }

    /// Compares the local copy with the chain, now and then.
    async fn compare(&mut self) -> KeeperResult<()> {
        if self.verified.elapsed() < self.verify {
            return Ok(());
        }
        self.verified = Instant::now();
        match self.mirror.verify(&mut self.book).await {
            Ok(verification) => {
                log::verification(&verification);
                let drifts = verification.drifts.len();
                let detail = (drifts > 0).then(|| format!("{drifts} records, mended"));
                self.beside.watch.fault(Fault::Drifted, detail);
                self.beside
                    .watch
                    .change(|health| health.verified_at = Some(crate::health::now()));
            }
            Err(error) => tracing::debug!(%error, "not compared"),
        }
        Ok(())
    }

    /// Leaves everything so that the next run goes on from there.
    pub fn leave(&mut self) -> KeeperResult<()> {
        self.beside.desk.keep()?;
        if let Err(error) = self.mirror.save(&self.book) {
            tracing::warn!(%error, "the next run reads everything anew");
        }
        Ok(())
    }

    pub fn started(&self) -> Told {
        Told::Started {
            keeper: self.keeper.clone(),
            listens: self.listens.map(|address| address.to_string()),
            height: self.mirror.height(),
            accounts: self.book.accounts(),
        }
    }

    pub fn ended(&self) -> Told {
        Told::Ended {
            height: self.mirror.height(),
            totals: self
                .beside
                .executor
                .as_ref()
                .map_or_else(Totals::default, Executor::totals),
            in_flight: self.beside.in_flight(),
        }
    }
}

impl Beside {
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
        metrics
            .fees
            .inc_by(u64::try_from(realised.fee).unwrap_or(u64::MAX));
        metrics.gas.inc_by(report.gas_used.unwrap_or(0));
        // It has another content now.
        self.wallet_seen = None;
        self.note_in_flight();
        listener(&Told::from(report));
    }

    fn note_in_flight(&self) {
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
    }
}

/// The next transaction whose fate is known; none where nothing is on its way.
pub async fn next_report(executor: &mut Option<Executor>) -> Option<ExecuteResult<Report>> {
    executor.as_mut()?.next().await
}

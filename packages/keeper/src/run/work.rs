//! What a keeper does about a block.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bulwark_chain::events::{events_of, typed};
use bulwark_types::events::Liquidated;
use bulwark_types::vault::{MarketsResponse, QueryMsg};
use tokio::time::timeout;

use super::Listener;
use super::clerk::Clerk;
use super::log::{self, PlanLog};
use super::names::Names;
use super::told::Told;
use crate::book::{Book, BookResult, Moment};
use crate::config::{Config, Others};
use crate::error::KeeperResult;
use crate::execute::{ExecuteError, ExecuteResult};
use crate::fault::Fault;
use crate::health::Status;
use crate::mirror::{Changes, Mirror};
use crate::plan::{Costs, Inventory, Plan, plan};
use crate::scan::{Found, Scan};
use crate::wallet::{self, Kept};

/// Blocks wait so long for a comparison of the local copy with the chain at most.
const COMPARES_AT_MOST: Duration = Duration::from_secs(10);

/// The end waits so long for what of the last block has to be read yet.
const SETTLES: Duration = Duration::from_secs(3);

/// Without a comparison that ends well for so many times the time between two, that is a fault.
const VERIFIES_MISSED: u32 = 3;

/// A keeper at work.
pub struct Worker {
    pub mirror: Mirror,
    pub book: Book,
    pub clerk: Clerk,
    /// How long the end waits for what is on its way.
    pub patience: Duration,
    scan: Scan,
    keeper: String,
    costs: Costs,
    listens: Option<SocketAddr>,
    verify: Duration,
    /// When a comparison began last, and when one ended well.
    verified: Instant,
    compared: Instant,
    plans: PlanLog,
    /// Whether all accounts were looked at once.
    looked: bool,
}

impl Worker {
    pub fn new(
        config: &Config,
        keeper: String,
        (mirror, book): (Mirror, Book),
        clerk: Clerk,
        listens: Option<SocketAddr>,
    ) -> Self {
        Self {
            mirror,
            book,
            clerk,
            patience: config.execution.patience,
            scan: Scan::new(),
            keeper,
            costs: config.costs.clone(),
            listens,
            verify: config.follow.verify,
            verified: Instant::now(),
            compared: Instant::now(),
            plans: PlanLog::default(),
            looked: false,
        }
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
        if !self.looked {
            self.looked = true;
            log::first_look(moment.height, self.book.accounts(), &found);
        }
        self.name_assets(moment)?;
        let watch = &mut self.clerk.watch;
        watch.found(&self.book, moment, &found);
        watch.is(Status::Ok);
        watch.prices(&self.book, moment)?;
        self.act(moment, &found, began, &mut *listener).await?;
        self.tell(changes, moment, &found, listener)?;
        self.clerk.look();
        self.compare(&found).await;
        Ok(())
    }

    /// Tells of accounts, whoever liquidated them.
    fn tell(
        &mut self,
        changes: &Changes,
        moment: Moment,
        found: &Found,
        listener: Listener<'_>,
    ) -> KeeperResult<()> {
        let liquidated = self.liquidated(changes);
        let clerk = &mut self.clerk;
        let notices = clerk.desk.after(&self.book, moment, found, &liquidated)?;
        clerk.watch.told(&notices);
        for notice in notices {
            log::notice(&notice);
            listener(&Told::Notice(Box::new(notice)));
        }
        Ok(())
    }

    /// Plans what to do about accounts that can be liquidated, and begins to.
    async fn act(
        &mut self,
        moment: Moment,
        found: &Found,
        began: Instant,
        listener: Listener<'_>,
    ) -> KeeperResult<()> {
        let ready = match &self.clerk.executor {
            Some(executor) => executor.ready(&self.book, moment, &found.liquidatable)?,
            None => found.liquidatable.clone(),
        };
        let mut plan = if ready.is_empty() {
            Plan::default()
        } else {
            let Some(inventory) = self.inventory(moment.height).await? else {
                return Ok(());
            };
            plan(&self.book, moment, &ready, &inventory, &self.costs)?
        };
        let clerk = &mut self.clerk;
        let decision = &clerk.watch.metrics.decision;
        decision.0.observe(began.elapsed().as_secs_f64());
        // Those that are tried already are none of these.
        clerk.watch.skipped(&plan.skipped);
        if let Some(executor) = &clerk.executor {
            if clerk.is_broke {
                // That is said; what cannot be paid for is not tried.
                clerk.purse.changes();
                return Ok(());
            }
            plan.actions.truncate(executor.room());
        }
        let dry = clerk.executor.is_none();
        let news = self.plans.log(moment.height, &plan, dry);
        clerk.watch.metrics.planned.inc_by(news.actions);
        if news.is_any() {
            listener(&Told::planned(moment.height, &plan));
        }
        let Some(executor) = &mut clerk.executor else {
            return Ok(());
        };
        let reports = executor.start(&plan.actions, &self.book, moment).await?;
        for report in reports {
            clerk.report(&report, &mut *listener);
        }
        clerk.note_in_flight();
        Ok(())
    }

    /// What there is to repay with; none if nobody can be asked.
    async fn inventory(&self, height: u64) -> ExecuteResult<Option<Inventory>> {
        let limits = self.clerk.limits();
        let asked = match &self.clerk.executor {
            Some(executor) => executor.inventory(&limits, height).await,
            None => self.imagined().await,
        };
        match asked {
            Ok(inventory) => Ok(Some(inventory)),
            Err(ExecuteError::Chain(error)) => {
                tracing::debug!(%error, "the wallet cannot be asked for");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// What a dry run would repay with.
    async fn imagined(&self) -> ExecuteResult<Inventory> {
        let Clerk {
            fee_coin, wallet, ..
        } = &self.clerk;
        let limits = self.clerk.limits();
        let client = self.mirror.client();
        let held = wallet::held(client, &self.keeper, limits.keys().cloned()).await?;
        let kept = Kept {
            fee_coin: fee_coin.clone(),
            fee_reserve: wallet.fee_reserve,
            ..Kept::default()
        };
        Ok(held.inventory(&self.keeper, &limits, &kept))
    }

    /// Learns the names of the vault's assets, if there are new ones.
    fn name_assets(&mut self, moment: Moment) -> BookResult<()> {
        let native = self.book.at(moment);
        let known = bulwark_vault::state::MARKET_COUNT.may_load(native.deps().storage);
        let known = known.ok().flatten().unwrap_or(0);
        let assets = &mut self.clerk.assets;
        if assets.len() == usize::from(known) {
            return Ok(());
        }
        let mut start_after = None;
        loop {
            let page: MarketsResponse = native.query(QueryMsg::Markets {
                start_after,
                limit: None,
            })?;
            assets.extend(page.markets.into_iter().map(|market| market.asset));
            start_after = page.next;
            if start_after.is_none() {
                break;
            }
        }
        self.clerk.purse.changes();
        let wallet = &self.clerk.wallet;
        if wallet.others == Others::Keep {
            let others = assets.iter();
            let others = others.filter(|asset| !wallet.assets.contains_key(*asset));
            self.costs.kept.extend(others.cloned());
        }
        let named = wallet.assets.keys().cloned().collect();
        let names = Names::of(
            &named,
            &self.costs,
            &self.clerk.limits(),
            &self.clerk.assets,
        );
        for asset in &names.unknown {
            tracing::warn!(
                asset,
                "the configuration names what is no asset of the vault"
            );
        }
        let detail = format!("of {} assets", self.clerk.assets.len());
        let detail = (!names.is_usable).then_some(detail);
        self.clerk.watch.fault(Fault::NothingUsable, detail);
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

    /// Compares the local copy with the chain, now and then, and rather while there is nothing to be
    /// liquidated: blocks wait for it.
    async fn compare(&mut self, found: &Found) {
        let detail = overdue(self.compared.elapsed(), self.verify);
        self.clerk.watch.fault(Fault::Unverified, detail);
        let since = self.verified.elapsed();
        let is_busy = !found.liquidatable.is_empty() && since < self.verify * 2;
        if since < self.verify || is_busy {
            return;
        }
        self.verified = Instant::now();
        let compared = timeout(COMPARES_AT_MOST, self.mirror.verify(&mut self.book)).await;
        let watch = &mut self.clerk.watch;
        match compared {
            Ok(Ok(verification)) => {
                self.compared = Instant::now();
                watch.fault(Fault::Unverified, None);
                log::verification(&verification);
                let drifts = verification.drifts.len();
                let detail = (drifts > 0).then(|| format!("{drifts} records, mended"));
                watch.fault(Fault::Drifted, detail);
                let disputed = verification.disputed.len();
                let detail = (disputed > 0).then(|| format!("{disputed} records"));
                watch.fault(Fault::Disputed, detail);
                watch.change(|health| health.verified_at = Some(crate::health::now()));
                // Whoever kills the keeper now leaves a copy that starts quickly.
                self.save();
            }
            Ok(Err(error)) => tracing::warn!(%error, "not compared"),
            Err(_) => tracing::warn!("not compared: the node is too slow for that"),
        }
    }

    /// Leaves everything so that the next run goes on from there.
    pub async fn leave(&mut self) -> KeeperResult<()> {
        self.clerk.desk.close()?;
        // What cannot be read any more is read by the next run.
        let _settled = timeout(SETTLES, self.mirror.settle(&mut self.book)).await;
        self.save();
        Ok(())
    }

    /// Writes the copy of the chain down: about a second for a million accounts.
    fn save(&self) {
        if let Err(error) = self.mirror.save(&self.book) {
            tracing::warn!(%error, "the next run reads everything anew");
        }
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
            totals: self.clerk.totals(),
            in_flight: self.clerk.in_flight(),
        }
    }
}

/// What to say of a local copy that was compared with the chain so long ago.
fn overdue(since: Duration, verify: Duration) -> Option<String> {
    (since > verify * VERIFIES_MISSED).then(|| format!("not compared for {} s", since.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_is_never_compared_is_a_fault() {
        let verify = Duration::from_secs(600);
        assert_eq!(overdue(Duration::from_secs(1_800), verify), None);
        let detail = overdue(Duration::from_secs(1_801), verify);
        assert_eq!(detail.as_deref(), Some("not compared for 1801 s"));
    }
}

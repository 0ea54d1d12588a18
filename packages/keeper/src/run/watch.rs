//! How the keeper is, said to whoever watches: faults in the log, health, metrics.

use std::collections::BTreeMap;

use bulwark_risk::units::Amount;
use bulwark_types::oracle::PriceStatus;
use bulwark_vault::state::MARKET_COUNT;
use tokio::sync::watch;

use crate::book::{Book, BookResult, Moment};
use crate::fault::{Fault, Faults, Turn};
use crate::health::{self, Health, Status};
use crate::margin_call::{Delivery, Notice};
use crate::metrics::{Metrics, Of, count};
use crate::mirror;
use crate::plan::{SkipReason, Skipped};
use crate::scan::Found;

/// How the keeper is.
#[derive(Debug)]
pub struct Watch {
    /// What is counted.
    pub metrics: Metrics,
    faults: Faults,
    health: watch::Sender<Health>,
    /// Seconds that the last block may be old.
    max_lag: u64,
}

impl Watch {
    pub fn new(metrics: Metrics, health: watch::Sender<Health>, max_lag: u64) -> Self {
        Self {
            metrics,
            faults: Faults::default(),
            health,
            max_lag,
        }
    }

    /// A fault is there, or not: `detail` says what was noticed.
    pub fn fault(&mut self, fault: Fault, detail: Option<String>) {
        let turn = self.faults.set(fault, detail, health::now());
        self.count(turn);
        self.show();
    }

    /// Faults of one kind are these and no others.
    pub fn faults(
        &mut self,
        kind: &'static str,
        now_there: impl IntoIterator<Item = (Fault, String)>,
    ) {
        let turns = self.faults.set_all(kind, now_there, health::now());
        self.count(turns);
        self.show();
    }

    fn count(&self, turns: impl IntoIterator<Item = Turn>) {
        for turn in turns {
            let (fault, begun) = match turn {
                Turn::Begun(fault) => (fault, 1),
                Turn::Ended(fault) => (fault, 0),
            };
            let kind = Of::kind(fault.kind());
            self.metrics.faults_begun.get_or_create(&kind).inc_by(begun);
            let lasting = count(self.faults.count(fault.kind()));
            self.metrics.faults.get_or_create(&kind).set(lasting);
        }
    }

    fn show(&self) {
        let faults = self.faults.lasting();
        self.change(|health| health.faults = faults);
    }

    /// Something about the keeper has changed.
    pub fn change(&self, change: impl FnOnce(&mut Health)) {
        self.health.send_modify(change);
    }

    /// The keeper begins, or ends.
    pub fn is(&self, status: Status) {
        self.change(|health| health.status = status);
    }

    /// How the mirror does; looked at also while no blocks come.
    pub fn mirror(&mut self, mirror: &mirror::Health) {
        self.change(|health| {
            health.endpoint.clone_from(&mirror.endpoint);
            health.drifted = mirror.drifts;
        });
        let Metrics {
            drifted,
            verified_height,
            reloads,
            ..
        } = &self.metrics;
        drifted.set(count(mirror.drifts));
        verified_height.set(count(mirror.verified_at.unwrap_or(0)));
        reloads.set(count(mirror.reloads));
        self.fault(Fault::Unreachable, mirror.trouble.clone());
        // Of one alone, `unreachable` says it.
        let several = mirror
            .endpoints
            .iter()
            .filter(|_| mirror.endpoints.len() > 1);
        let aside = several.filter_map(|endpoint| {
            let why = endpoint.aside.as_ref()?.to_string();
            Some((Fault::EndpointAside(endpoint.url.clone()), why))
        });
        self.faults("endpoint_aside", aside);
        let lag = mirror.lag_seconds();
        // A copy that an earlier run left is old until the first block has come.
        let is_followed = self.health.borrow().status != Status::Starting;
        let late = is_followed && mirror.time > 0 && lag > self.max_lag;
        let detail = late.then(|| format!("block {} is {lag} s old", mirror.height));
        self.fault(Fault::Lagging, detail);
    }

    /// What was found in a block.
    pub fn found(&self, book: &Book, moment: Moment, found: &Found) {
        let metrics = &self.metrics;
        metrics.height.set(count(moment.height));
        metrics.block_time.set(count(moment.seconds));
        metrics.accounts.set(count(book.accounts()));
        metrics.indebted.set(count(book.indebted()));
        for (kind, accounts) in [
            ("liquidatable", &found.liquidatable),
            ("margin_call", &found.margin_calls),
            ("unvaluable", &found.unvaluable),
        ] {
            let standing = metrics.standing.get_or_create(&Of::kind(kind));
            standing.set(count(accounts.len()));
        }
        metrics.evaluated.inc_by(found.evaluated as u64);
        metrics.evaluated_exactly.inc_by(found.exactly as u64);
        self.change(|health| {
            health.height = moment.height;
            health.time = moment.seconds;
            health.accounts = book.accounts();
            health.liquidatable = found.liquidatable.len();
            health.margin_calls = found.margin_calls.len();
        });
    }

    /// Prices that nothing can change hands at.
    ///
    /// # Errors
    /// If the vault's settings do not load.
    pub fn prices(&mut self, book: &Book, moment: Moment) -> BookResult<()> {
        let native = book.at(moment);
        let mut books = native.books()?;
        let markets = MARKET_COUNT.may_load(native.deps().storage);
        let markets = markets.ok().flatten().unwrap_or(0);
        let (mut stale, mut halted) = (Vec::new(), Vec::new());
        for market in 0..markets {
            // A market without a record has had no first price yet.
            let (Ok(price), Ok(asset)) = (books.price(market), books.asset(market)) else {
                continue;
            };
            if moment.seconds > price.expires_at {
                let age = moment.seconds.saturating_sub(price.expires_at);
                let detail = format!("expired {age} s ago");
                stale.push((Fault::StalePrice(asset), detail));
            } else if price.status == PriceStatus::Halted {
                let detail = "waits for a confirmation, or for its owner".to_owned();
                halted.push((Fault::HaltedPrice(asset), detail));
            }
        }
        self.faults("stale_price", stale);
        self.faults("halted_price", halted);
        Ok(())
    }

    /// What nothing is done about. What nothing is left for to repay with is a fault.
    pub fn skipped(&mut self, skips: &[Skipped]) {
        let metrics = &self.metrics;
        let mut skipped = BTreeMap::<&str, i64>::new();
        let mut short = BTreeMap::<&String, usize>::new();
        for skip in skips {
            *skipped.entry(skip.reason.name()).or_default() += 1;
            if let SkipReason::NoFunds { debts } = &skip.reason {
                for debt in debts {
                    *short.entry(debt).or_default() += 1;
                }
            }
        }
        for name in SkipReason::NAMES {
            let accounts = skipped.get(name).copied().unwrap_or(0);
            metrics.skipped.get_or_create(&Of::kind(name)).set(accounts);
        }
        let short = short.into_iter().map(|(asset, accounts)| {
            let detail = format!("{accounts} liquidatable accounts owe it");
            (Fault::OutOfFunds(asset.clone()), detail)
        });
        self.faults("out_of_funds", short.collect::<Vec<_>>());
    }

    /// What the wallet has, and whether that pays the fee of one liquidation, and what is to be left
    /// for fees.
    pub fn wallet(
        &mut self,
        wallet: &BTreeMap<String, Amount>,
        fee_coin: &str,
        fee: Amount,
        reserve: Amount,
    ) {
        for (asset, amount) in wallet {
            let asset = crate::metrics::Asset {
                asset: asset.clone(),
            };
            let level = self.metrics.wallet.get_or_create(&asset);
            level.set(amount.0 as f64);
        }
        let held = wallet.get(fee_coin).copied().unwrap_or_default();
        let short_of = |wanted: Amount| {
            let detail = format!("{held} {fee_coin} left, {wanted} wanted");
            (held < wanted).then_some(detail)
        };
        self.change(|health| health.wallet.clone_from(wallet));
        self.fault(Fault::OutOfFees, short_of(fee));
        self.fault(Fault::LowOnFees, short_of(reserve));
    }

    /// What was told about accounts.
    pub fn told(&self, notices: &[Notice]) {
        for notice in notices {
            let kind = Of::kind(notice.kind.name());
            self.metrics.notices.get_or_create(&kind).inc();
        }
    }

    /// How telling goes.
    pub fn delivery(&mut self, delivery: Delivery) {
        self.metrics.untold.set(count(delivery.waiting));
        self.metrics.given_up.set(count(delivery.given_up));
        self.change(|health| health.untold = delivery.waiting);
        self.fault(Fault::Webhook, delivery.failure);
    }
}

#[cfg(test)]
mod tests {
    use bulwark_types::vault::AccountRef;

    use super::*;

    #[test]
    fn accounts_are_left_alone_only_as_long_as_they_are() {
        let (metrics, shown) = Metrics::registered("0.0.0", "test-1");
        let (tell, health) = watch::channel(Health::default());
        let mut watch = Watch::new(metrics, tell, 60);
        let poor = Skipped {
            account: AccountRef {
                owner: "alice".into(),
                id: 0,
            },
            reason: SkipReason::NoFunds {
                debts: vec!["uusd".into()],
            },
        };
        let level = "bulwark_keeper_skipped{kind=\"no_funds\"}";
        watch.skipped(&[poor]);
        let text = shown.text().unwrap();
        assert!(text.contains(&format!("{level} 1\n")), "{text}");
        assert_eq!(health.borrow().faults[0].fault, "out_of_funds uusd");
        watch.skipped(&[]);
        let text = shown.text().unwrap();
        assert!(text.contains(&format!("{level} 0\n")), "{text}");
        assert!(health.borrow().faults.is_empty());
    }

    /// A keeper that was down for some minutes measured the copy that it had left, and called that
    /// lagging.
    #[test]
    fn only_a_chain_that_is_followed_can_lag() {
        let (metrics, _) = Metrics::registered("0.0.0", "test-1");
        let (tell, health) = watch::channel(Health::default());
        let mut watch = Watch::new(metrics, tell, 60);
        let old = mirror::Health {
            height: 7,
            time: 1,
            ..mirror::Health::default()
        };
        watch.mirror(&old);
        assert!(health.borrow().faults.is_empty());
        watch.is(Status::Ok);
        watch.mirror(&old);
        assert_eq!(health.borrow().faults[0].fault, "lagging");
    }
}

//! Carries plans out: tries each action, writes down what is about to be sent, sends it, waits for its
//! fate, and says what came of every account.
//!
//! Nothing is sent that the chain's own simulation refuses, nothing is sent before its hash is on the
//! disk ([`journal`]), and nothing counts as failed before it is certain that no block can have it:
//! every transaction has a last block. What an earlier process left on its way is found again.

mod attempts;
mod bounds;
mod classify;
mod departures;
mod dissect;
mod entry;
mod error;
mod fate;
mod flight;
pub mod journal;
mod lock;
mod messages;
mod outcome;
mod pools;
mod realised;
mod refusals;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bulwark_chain::Sender;
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_types::vault::AccountRef;
use futures::StreamExt;
use futures::stream;
use tokio::task::JoinSet;

pub use attempts::{Fingerprint, Tries};
pub use entry::{Entry, Kind};
pub use error::{ExecuteError, ExecuteResult, JournalError};
pub use journal::{InFlight, Journal};
pub use messages::Routes;
pub use outcome::{Next, Outcome, Realised, Report, Totals, Won};

use crate::book::{AccountId, Book, BookResult, Moment};
use crate::lock::Lock;
use crate::plan::{Action, Inventory};
use crate::wallet::{self, Kept};
use attempts::Attempts;
use bounds::Bounds;
use departures::Departures;
use journal::Identity;
use messages::Writer;
use pools::Pools;
use realised::Parties;
use refusals::Refusals;

/// Actions that are simulated at the same time.
const SIMULATED_AT_ONCE: usize = 8;

/// So many blocks after its last possible one the fate of a transaction should be known.
const OVERDUE: u64 = 10;

/// How plans are carried out.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address of the vault.
    pub vault: String,
    /// Address of the liquidator, for callbacks.
    pub liquidator: Option<String>,
    /// By what was seized and what is owed: the swaps in between.
    pub routes: Routes,
    /// What a callback has to earn beside its gas, USD; the whole liquidation fails otherwise. Below
    /// zero it may cost gas, and never more.
    pub floor: Usd,
    /// What gas costs, USD per unit.
    pub gas_price: Usd,
    /// The part of what a callback's swaps bring in its simulation that may be missing in the end.
    pub slippage: Fraction,
    /// A transaction takes no more gas than this.
    pub gas_limit: u64,
    /// Blocks for which a transaction may wait for its block.
    pub lifetime: u64,
    /// Transactions that are on their way at the same time at most.
    pub most_in_flight: usize,
    /// Smallest units of the chain's coin for fees that are never used to repay.
    pub fee_reserve: Amount,
    /// How often is tried.
    pub tries: Tries,
}

impl Settings {
    /// For a vault, without callbacks.
    #[must_use]
    pub fn new(vault: impl Into<String>) -> Self {
        Self {
            vault: vault.into(),
            liquidator: None,
            routes: Routes::new(),
            floor: Usd::ZERO,
            gas_price: Usd::ZERO,
            slippage: Fraction::percent(1),
            gas_limit: u64::MAX,
            lifetime: 20,
            most_in_flight: 64,
            fee_reserve: Amount::ZERO,
            tries: Tries::default(),
        }
    }
}

/// Carries plans out.
#[derive(Debug)]
pub struct Executor {
    shared: Arc<Shared>,
    settings: Settings,
    attempts: Attempts,
    refusals: Refusals,
    /// What is about to be sent.
    departures: Departures,
    /// What callbacks on their way swap in; not of those that an earlier process left.
    pools: Pools,
    /// That, and transactions whose fate is being waited for.
    flights: JoinSet<ExecuteResult<Report>>,
    _lock: Lock,
}

/// What those who wait need.
#[derive(Debug)]
struct Shared {
    sender: Sender,
    writer: Writer,
    parties: Parties,
    bounds: Bounds,
    journal: Mutex<Journal>,
}

impl Shared {
    /// The journal, whatever happened to whoever had it: each of its operations is whole.
    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Executor {
    /// Opens a journal, and begins to find out what became of what an earlier process left on its
    /// way: that is reported like everything else, by [`Self::next`].
    ///
    /// # Errors
    /// [`ExecuteError::Journal`].
    pub fn open(sender: Sender, settings: Settings, journal: &Path) -> ExecuteResult<Self> {
        let lock = lock::of(journal)?;
        let keeper = sender.address().to_owned();
        let identity = Identity {
            chain_id: sender.client().network().chain_id.clone(),
            keeper: keeper.clone(),
        };
        let journal = Journal::open(journal, identity)?;
        let parties = Parties {
            keeper: keeper.clone(),
            vault: settings.vault.clone(),
            liquidator: settings.liquidator.clone(),
        };
        let writer = Writer {
            keeper,
            vault: settings.vault.clone(),
            liquidator: settings.liquidator.clone(),
            routes: settings.routes.clone(),
            floor: settings.floor,
            gas_price: settings.gas_price,
            slippage: settings.slippage,
        };
        let left: Vec<InFlight> = journal.in_flight().cloned().collect();
        let shared = Arc::new(Shared {
            sender,
            writer,
            parties,
            bounds: Bounds {
                gas_price: settings.gas_price,
                gas_limit: settings.gas_limit,
                floor: settings.floor,
            },
            journal: Mutex::new(journal),
        });
        let mut flights = JoinSet::new();
        for flight in left {
            flights.spawn(flight::recover(Arc::clone(&shared), flight));
        }
        Ok(Self {
            shared,
            attempts: Attempts::new(settings.tries),
            refusals: Refusals::new(settings.tries.rest),
            settings,
            departures: Departures::default(),
            pools: Pools::default(),
            flights,
            _lock: lock,
        })
    }

    /// Those of some accounts that may be tried: not on their way, and not the same again.
    ///
    /// # Errors
    /// If a record does not unpack.
    pub fn ready(
        &self,
        book: &Book,
        moment: Moment,
        accounts: &[AccountId],
    ) -> BookResult<Vec<AccountId>> {
        let busy = self.busy();
        let mut ready = Vec::new();
        for id in accounts {
            let Some(key) = book.account(*id) else {
                continue;
            };
            let account = AccountRef::from(&key);
            let print = Fingerprint::of(book, *id, moment)?;
            if !busy.contains(&account) && self.attempts.may_try(&account, print, moment.height) {
                ready.push(*id);
            }
        }
        Ok(ready)
    }

    /// The keeper's wallet as far as it may be used for a plan at a height: of each asset what is
    /// there, at most its limit, less what is on its way and the reserve for fees; and not for what
    /// the chain has just refused.
    ///
    /// # Errors
    /// [`ExecuteError::Chain`].
    pub async fn inventory(
        &self,
        limits: &BTreeMap<String, Amount>,
        height: u64,
    ) -> ExecuteResult<Inventory> {
        let sender = &self.shared.sender;
        let keeper = sender.address();
        let kept = Kept {
            // Noted first: what arrives in between counts as on its way still, not as available twice.
            on_its_way: self.on_its_way(),
            fee_coin: sender.client().network().denom.clone(),
            fee_reserve: self.settings.fee_reserve,
        };
        let held = wallet::held(sender.client(), keeper, limits.keys().cloned()).await?;
        let inventory = held.inventory(keeper, limits, &kept);
        Ok(inventory.avoiding(self.refusals.at(height)))
    }

    /// Tries actions, the most urgent first, and begins to send those that the chain would carry out:
    /// that is not waited for. Answers what came of the others; what is sent, or could not be, is
    /// reported by [`Self::next`]. Actions for which there is no room are left for later.
    ///
    /// # Errors
    /// [`ExecuteError::Book`].
    pub async fn start(
        &mut self,
        actions: &[Action],
        book: &Book,
        moment: Moment,
    ) -> ExecuteResult<Vec<Report>> {
        let actions = &actions[..self.room().min(actions.len())];
        for account in actions.iter().flat_map(Action::accounts) {
            if let Some(id) = book.find(account) {
                let print = Fingerprint::of(book, id, moment)?;
                self.attempts.begin(account, print, moment.height);
            }
        }
        let shared = Arc::clone(&self.shared);
        let on_their_way = self.entries();
        self.pools.keep(|id| on_their_way.contains_key(&id));
        let untouched = self.pools.untouched(&self.settings.routes, actions);
        let trials = actions.iter().zip(untouched).map(|(action, untouched)| {
            trial::run(&shared, action.clone(), moment.height, untouched)
        });
        let mut trials = stream::iter(trials).buffered(SIMULATED_AT_ONCE);
        let (mut reports, mut avoid, mut again) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(tried) = trials.next().await {
            let trial = tried?;
            reports.extend(trial.refused);
            avoid.extend(trial.avoid);
            again.extend(trial.again);
            for ready in trial.ready {
                // A transaction that was taken apart is several.
                if self.room() == 0 {
                    self.attempts.forget(&ready.entry.accounts);
                    continue;
                }
                self.pools.add(ready.entry.id, ready.pools.clone());
                let departure = self.departures.join(&ready.entry);
                let lifetime = self.settings.lifetime;
                let flight = flight::fly(Arc::clone(&shared), ready, lifetime, departure);
                self.flights.spawn(flight);
            }
        }
        drop(trials);
        for report in &reports {
            self.note(report);
        }
        self.refusals.forget(moment.height);
        for account in &again {
            self.attempts.may_repeat(account);
        }
        for (pair, outcome) in avoid {
            self.attempts.may_repeat(&pair.account);
            self.refusals.add(pair, &outcome, moment.height);
        }
        Ok(reports)
    }

    /// The next transaction whose fate is known; none if nothing is on its way. May be dropped and
    /// called again: nothing gets lost.
    ///
    /// # Errors
    /// [`ExecuteError::Journal`]: nothing is sent without it.
    pub async fn next(&mut self) -> Option<ExecuteResult<Report>> {
        loop {
            // A task that ends without an answer was ended on purpose; none in practice.
            if let Ok(report) = self.flights.join_next().await? {
                if let Ok(report) = &report {
                    self.note(report);
                }
                return Some(report);
            }
        }
    }

    /// Transactions that may be on their way beside those that are.
    #[must_use]
    pub fn room(&self) -> usize {
        let most = self.settings.most_in_flight;
        most.saturating_sub(self.flights.len())
    }

    /// Transactions on their way, or about to be.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.flights.len()
    }

    /// Those of them that no node has got yet.
    #[must_use]
    pub fn departing(&self) -> usize {
        self.departures.entries().len()
    }

    /// Transactions that could come into no block any more some time before this height, and whose
    /// fate nobody has told yet.
    #[must_use]
    pub fn overdue(&self, height: u64) -> usize {
        let journal = self.shared.journal();
        let latest = height.saturating_sub(OVERDUE);
        let overdue = journal
            .in_flight()
            .filter(|flight| flight.entry.timeout_height < latest);
        overdue.count()
    }

    /// What is about to be sent, and what has no fate yet, by its number.
    fn entries(&self) -> BTreeMap<u64, Entry> {
        let mut entries = self.departures.entries();
        let journal = self.shared.journal();
        let signed = journal.in_flight().map(|flight| flight.entry.clone());
        entries.extend(signed.map(|entry| (entry.id, entry)));
        entries
    }

    /// By asset: what is on its way to the vault, or about to be, smallest units.
    #[must_use]
    pub fn on_its_way(&self) -> BTreeMap<String, Amount> {
        let mut sums: BTreeMap<String, Amount> = BTreeMap::new();
        for sent in self.entries().into_values().filter_map(|entry| entry.sends) {
            let sum = sums.entry(sent.asset).or_default();
            *sum = Amount(sum.0.saturating_add(sent.amount.0));
        }
        sums
    }

    /// Sums over everything that this journal ever settled.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.shared.journal().totals().clone()
    }

    fn busy(&self) -> BTreeSet<AccountRef> {
        let entries = self.entries().into_values();
        entries.flat_map(|entry| entry.accounts).collect()
    }

    fn note(&mut self, report: &Report) {
        for (account, outcome) in &report.outcomes {
            self.attempts.end(account, outcome.next());
        }
    }
}

//! The working copy of what a message touches.
//!
//! Loads each record once, brings interest up to date in memory, and writes back what
//! changed. A failing message drops its books and changes nothing. Queries use the same
//! books and drop them too: what a query says is what the message does.

mod account_key;
mod closing;
mod flows;
mod liquidation;
mod operators;
mod payments;
mod positions;
mod room;
mod valuation;

use bulwark_risk::pool::{Accrual, Pool};
use bulwark_types::events::Accrued;
use bulwark_types::oracle::{Board, PriceRecord};
use bulwark_types::sorted::SortedMap;
pub use bulwark_types::valuation::{Valued, shown_ratio};
use cosmwasm_std::{Addr, Deps, Env, Event};

pub use account_key::{AccountKey, StoredKey};
pub use closing::Closing;
pub use flows::Flow;
pub use liquidation::{Seizure, Settlement};
use payments::Payout;
pub use positions::{Credit, Debit};
pub use room::pause_in_force;

use crate::error::{ContractError, ContractResult};
use crate::lock::is_locked;
use crate::state::{
    ACCOUNTS, ASSETS, AccountRecord, MARKETS, Market, MarketConfig, SETTINGS, Settings,
};

/// A market in the books.
#[derive(Clone, Debug)]
struct OpenMarket {
    market: Market,
    /// What bringing interest up to date added.
    accrual: Accrual,
    changed: bool,
}

/// An account in the books.
#[derive(Clone, Debug)]
struct OpenAccount {
    record: AccountRecord,
    changed: bool,
}

/// The working copy of what a message touches.
#[derive(Clone)]
pub struct Books<'a> {
    deps: Deps<'a>,
    /// The vault's own address.
    contract: Addr,
    /// Block time in seconds.
    pub now: u64,
    /// Parameters and roles.
    pub settings: Settings,
    markets: SortedMap<u16, OpenMarket>,
    configs: SortedMap<u16, MarketConfig>,
    accounts: SortedMap<AccountKey, OpenAccount>,
    boards: SortedMap<u16, Board>,
    prices: SortedMap<u16, PriceRecord>,
    flows: SortedMap<u16, Flow>,
    events: Vec<Event>,
    payouts: Vec<Payout>,
}

impl<'a> Books<'a> {
    /// Opens the books at the time of a block.
    ///
    /// # Errors
    /// If the settings do not load.
    pub fn open(deps: Deps<'a>, env: &Env) -> ContractResult<Self> {
        Ok(Self {
            settings: SETTINGS.load(deps.storage)?,
            deps,
            contract: env.contract.address.clone(),
            now: env.block.time.seconds(),
            markets: SortedMap::default(),
            configs: SortedMap::default(),
            accounts: SortedMap::default(),
            boards: SortedMap::default(),
            prices: SortedMap::default(),
            flows: SortedMap::default(),
            events: Vec::new(),
            payouts: Vec::new(),
        })
    }

    /// Whether an outside call runs, and balances are in motion.
    ///
    /// # Errors
    /// If the record does not load.
    pub fn is_locked(&self) -> ContractResult<bool> {
        is_locked(self.deps.storage)
    }

    /// The number of an asset's market.
    ///
    /// # Errors
    /// [`ContractError::UnknownMarket`].
    pub fn market_id(&mut self, asset: &str) -> ContractResult<u16> {
        let known = self.configs.iter().find(|(_, known)| known.asset == asset);
        if let Some((id, _)) = known {
            return Ok(*id);
        }
        let config = MarketConfig::load(self.deps.storage, asset)?;
        let id = config.market;
        self.configs.insert(id, config);
        Ok(id)
    }

    /// A market, interest included up to now.
    ///
    /// # Errors
    /// If the record does not load.
    pub fn market(&mut self, id: u16) -> ContractResult<&Market> {
        self.open_market(id).map(|open| &open.market)
    }

    /// A market to be changed.
    fn market_mut(&mut self, id: u16) -> ContractResult<&mut Market> {
        let open = self.open_market(id)?;
        open.changed = true;
        Ok(&mut open.market)
    }

    /// A market's configuration.
    ///
    /// # Errors
    /// If the record does not load.
    pub fn config(&mut self, id: u16) -> ContractResult<&MarketConfig> {
        if !self.configs.contains_key(&id) {
            let asset = ASSETS.load(self.deps.storage, id)?;
            let config = MarketConfig::load(self.deps.storage, &asset)?;
            self.configs.insert(id, config);
        }
        let missing = || ContractError::unknown_market(id);
        self.configs.get(&id).ok_or_else(missing)
    }

    /// A market's asset.
    ///
    /// # Errors
    /// If the record does not load.
    pub fn asset(&self, id: u16) -> ContractResult<String> {
        match self.configs.get(&id) {
            Some(config) => Ok(config.asset.clone()),
            None => Ok(ASSETS.load(self.deps.storage, id)?),
        }
    }

    /// Brings a market's interest up to date in storage, too.
    ///
    /// # Errors
    /// If the record does not load.
    pub fn accrue(&mut self, id: u16) -> ContractResult<()> {
        self.market_mut(id).map(|_| ())
    }

    /// An account; empty if it has no record.
    ///
    /// # Errors
    /// If the record does not load.
    pub fn account(&mut self, key: &AccountKey) -> ContractResult<&AccountRecord> {
        self.open_account(key).map(|open| &open.record)
    }

    fn account_mut(&mut self, key: &AccountKey) -> ContractResult<&mut AccountRecord> {
        let open = self.open_account(key)?;
        open.changed = true;
        Ok(&mut open.record)
    }

    /// Puts an account that a query has read already into the books.
    pub fn insert_account(&mut self, key: AccountKey, record: AccountRecord) {
        self.accounts.insert(
            key,
            OpenAccount {
                record,
                changed: false,
            },
        );
    }

    /// Notes an event.
    pub fn report(&mut self, event: impl Into<Event>) {
        self.events.push(event.into());
    }

    /// Closes the books: prices the changed pools anew and hands out what is to be written.
    ///
    /// # Errors
    /// If a configuration does not load.
    pub fn close(mut self) -> ContractResult<Closing> {
        self.record_flows()?;
        let changed: Vec<u16> = self
            .markets
            .iter()
            .filter(|(_, open)| open.changed)
            .map(|(id, _)| *id)
            .collect();
        let mut accruals = Vec::new();
        for id in &changed {
            let MarketConfig {
                interest, asset, ..
            } = self.config(*id)?.clone();
            let open = self.open_market(*id)?;
            open.market.pool.reprice(&interest)?;
            if !open.accrual.interest.is_zero() {
                accruals.push(accrued(asset, &open.accrual, &open.market.pool));
            }
        }
        let mut events: Vec<Event> = accruals.into_iter().map(Event::from).collect();
        events.extend(self.events);
        Ok(Closing {
            markets: self
                .markets
                .into_iter()
                .filter(|(_, open)| open.changed)
                .map(|(id, open)| (id, open.market))
                .collect(),
            accounts: self
                .accounts
                .into_iter()
                .filter(|(_, open)| open.changed)
                .map(|(key, open)| Ok((key.stored(self.deps.api)?, open.record)))
                .collect::<ContractResult<_>>()?,
            events,
            payouts: self.payouts,
        })
    }

    fn open_market(&mut self, id: u16) -> ContractResult<&mut OpenMarket> {
        if !self.markets.contains_key(&id) {
            let mut market = MARKETS.load(self.deps.storage, id)?;
            let accrual = market.pool.accrue(self.now)?;
            let open = OpenMarket {
                market,
                accrual,
                changed: false,
            };
            self.markets.insert(id, open);
        }
        let missing = || ContractError::unknown_market(id);
        self.markets.get_mut(&id).ok_or_else(missing)
    }

    fn open_account(&mut self, key: &AccountKey) -> ContractResult<&mut OpenAccount> {
        if !self.accounts.contains_key(key) {
            let stored = key.stored(self.deps.api)?;
            let record = ACCOUNTS.may_load(self.deps.storage, stored.key())?;
            self.insert_account(key.clone(), record.unwrap_or_default());
        }
        let unknown = || cosmwasm_std::StdError::msg("the account is not in the books");
        Ok(self.accounts.get_mut(key).ok_or_else(unknown)?)
    }
}

/// What an accrual is reported as.
#[must_use]
pub fn accrued(asset: String, accrual: &Accrual, pool: &Pool) -> Accrued {
    Accrued {
        asset,
        interest: accrual.interest,
        reserve_shares: accrual.reserve_shares,
        borrowed: pool.borrowed,
        supplied: pool.supplied,
    }
}

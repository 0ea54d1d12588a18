//! The working copy of what a message touches.
//!
//! Loads each record once, brings interest up to date in memory, and writes back what
//! changed. A failing message drops its books and changes nothing. Queries use the same
//! books and drop them too: what a query says is what the message does.

mod flows;
mod liquidation;
mod positions;
mod room;
mod valuation;

use std::collections::BTreeMap;

use bulwark_risk::pool::{Accrual, Pool};
use bulwark_types::events::Accrued;
use bulwark_types::oracle::{Board, PriceRecord};
use bulwark_types::token::TokenKind;
use bulwark_types::vault::AccountRef;
use cosmwasm_std::{Addr, Deps, Env, Event, Response, Storage};
use serde::{Deserialize, Serialize};

pub use flows::Flow;
pub use liquidation::{Seizure, Settlement};
pub use positions::{Credit, Debit};
pub use room::pause_in_force;
pub use valuation::{Valued, shown_ratio};

use crate::error::{ContractError, ContractResult};
use crate::lock::is_locked;
use crate::state::{
    ACCOUNTS, AccountRecord, Balance, MARKET_CONFIGS, MARKET_IDS, MARKETS, Market, MarketConfig,
    OPERATORS, Position, SETTINGS, Settings,
};
use bulwark_risk::units::Amount;

/// Names an account whose owner is a valid address.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountKey {
    /// Its owner.
    pub owner: Addr,
    /// Its number.
    pub id: u16,
}

impl AccountKey {
    /// Checks a message's account; the sender's account 0 by default.
    ///
    /// # Errors
    /// An address that does not validate.
    pub fn checked(
        deps: Deps<'_>,
        account: Option<AccountRef>,
        sender: &Addr,
    ) -> ContractResult<Self> {
        match account {
            None => Ok(Self {
                owner: sender.clone(),
                id: 0,
            }),
            Some(AccountRef { owner, id }) => Ok(Self {
                owner: deps.api.addr_validate(&owner)?,
                id,
            }),
        }
    }

    fn storage_key(&self) -> (&str, u16) {
        (self.owner.as_str(), self.id)
    }
}

impl From<&AccountKey> for AccountRef {
    fn from(key: &AccountKey) -> Self {
        Self {
            owner: key.owner.to_string(),
            id: key.id,
        }
    }
}

/// A market in the books.
#[derive(Clone, Debug)]
struct OpenMarket {
    market: Market,
    /// Loaded when first needed.
    config: Option<MarketConfig>,
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

/// Tokens to be sent when the message has succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Payout {
    recipient: Addr,
    asset: String,
    amount: Amount,
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
    markets: BTreeMap<u16, OpenMarket>,
    accounts: BTreeMap<AccountKey, OpenAccount>,
    boards: BTreeMap<u16, Board>,
    prices: BTreeMap<u16, PriceRecord>,
    flows: BTreeMap<u16, Flow>,
    events: Vec<Event>,
    payouts: Vec<Payout>,
}

/// What a closed set of books wants to be written and sent.
pub struct Closing {
    markets: Vec<(u16, Market)>,
    accounts: Vec<(AccountKey, AccountRecord)>,
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
            markets: BTreeMap::new(),
            accounts: BTreeMap::new(),
            boards: BTreeMap::new(),
            prices: BTreeMap::new(),
            flows: BTreeMap::new(),
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
    pub fn market_id(&self, asset: &str) -> ContractResult<u16> {
        MARKET_IDS
            .may_load(self.deps.storage, asset)?
            .ok_or_else(|| ContractError::UnknownMarket {
                asset: asset.into(),
            })
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
        let storage = self.deps.storage;
        let open = self.open_market(id)?;
        if open.config.is_none() {
            open.config = Some(MARKET_CONFIGS.load(storage, id)?);
        }
        open.config
            .as_ref()
            .ok_or_else(|| ContractError::UnknownMarket {
                asset: id.to_string(),
            })
    }

    /// A market's asset.
    ///
    /// # Errors
    /// If the record does not load.
    pub fn asset(&mut self, id: u16) -> ContractResult<String> {
        self.config(id).map(|config| config.asset.clone())
    }

    /// Brings a market's interest up to date in storage, too.
    ///
    /// # Errors
    /// If the record does not load.
    pub fn accrue(&mut self, id: u16) -> ContractResult<()> {
        self.market_mut(id).map(|_| ())
    }

    /// Checks who is to receive tokens: a valid address, and not the vault itself, in whose
    /// hands they would belong to nobody.
    ///
    /// # Errors
    /// [`ContractError::InvalidRecipient`], or an address that does not validate.
    pub fn recipient(&self, to: &str) -> ContractResult<Addr> {
        let recipient = self.deps.api.addr_validate(to)?;
        if recipient == self.contract {
            return Err(ContractError::InvalidRecipient {
                recipient: recipient.into_string(),
            });
        }
        Ok(recipient)
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

    /// Whether somebody may act for an account: its owner, or an operator of the owner whose
    /// grant covers the account and has not expired.
    ///
    /// # Errors
    /// If a record does not load.
    pub fn may_act(&self, key: &AccountKey, sender: &Addr) -> ContractResult<bool> {
        if key.owner == *sender {
            return Ok(true);
        }
        let grants = OPERATORS.may_load(self.deps.storage, key.owner.as_str())?;
        Ok(grants.unwrap_or_default().iter().any(|grant| {
            grant.operator == sender.as_str()
                && grant.id.is_none_or(|id| id == key.id)
                && grant.expires.is_none_or(|expires| self.now < expires)
        }))
    }

    /// Refuses everybody who may not act for an account.
    ///
    /// # Errors
    /// [`ContractError::NotAccountOwner`].
    pub fn assert_may_act(&self, key: &AccountKey, sender: &Addr) -> ContractResult<()> {
        if self.may_act(key, sender)? {
            return Ok(());
        }
        Err(ContractError::NotAccountOwner {
            sender: sender.to_string(),
            owner: key.owner.to_string(),
            id: key.id,
        })
    }

    /// What the vault will hold of an asset when everything noted has been sent, smallest
    /// units.
    ///
    /// # Errors
    /// If the query fails, or more is to be sent than is there.
    pub fn balance_after_payouts(&self, asset: &str) -> ContractResult<Amount> {
        let held = TokenKind::of(asset).balance(self.deps.querier, self.contract.as_str())?;
        let sent = self.payouts.iter().filter(|payout| payout.asset == asset);
        Ok(sent
            .map(|payout| payout.amount)
            .try_fold(held, Amount::minus)?)
    }

    /// What has arrived of an asset since the vault held so much of it, smallest units.
    ///
    /// # Errors
    /// [`ContractError::BalanceFell`].
    pub fn arrived_since(&self, asset: &str, before: Amount) -> ContractResult<Amount> {
        let after = self.balance_after_payouts(asset)?;
        if after < before {
            return Err(ContractError::BalanceFell {
                asset: asset.into(),
                before,
                after,
            });
        }
        Ok(after.minus(before)?)
    }

    /// Refuses a payment with a token that has credited the vault with less than it owes by now,
    /// as one that takes a fee of transfers does. (A bank does what it says.)
    ///
    /// # Errors
    /// [`ContractError::TokenShort`].
    pub fn assert_received(&mut self, asset: &str) -> ContractResult<()> {
        if let TokenKind::Native { .. } = TokenKind::of(asset) {
            return Ok(());
        }
        let id = self.market_id(asset)?;
        let market = self.market(id)?;
        let owed = market.idle.plus(market.pool.cash())?;
        let held = self.balance_after_payouts(asset)?;
        if held < owed {
            let asset = asset.to_owned();
            return Err(ContractError::TokenShort { asset, held, owed });
        }
        Ok(())
    }

    /// Notes an event.
    pub fn report(&mut self, event: impl Into<Event>) {
        self.events.push(event.into());
    }

    /// Notes tokens to be sent; none for an amount of zero.
    pub fn pay(&mut self, recipient: &Addr, asset: &str, amount: Amount) {
        if !amount.is_zero() {
            let (recipient, asset) = (recipient.clone(), asset.to_owned());
            self.payouts.push(Payout {
                recipient,
                asset,
                amount,
            });
        }
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
                .map(|(key, open)| (key, open.record))
                .collect(),
            events,
            payouts: self.payouts,
        })
    }

    fn open_market(&mut self, id: u16) -> ContractResult<&mut OpenMarket> {
        use std::collections::btree_map::Entry;
        match self.markets.entry(id) {
            Entry::Occupied(open) => Ok(open.into_mut()),
            Entry::Vacant(vacant) => {
                let mut market = MARKETS.load(self.deps.storage, id)?;
                let accrual = market.pool.accrue(self.now)?;
                Ok(vacant.insert(OpenMarket {
                    market,
                    config: None,
                    accrual,
                    changed: false,
                }))
            }
        }
    }

    fn open_account(&mut self, key: &AccountKey) -> ContractResult<&mut OpenAccount> {
        if !self.accounts.contains_key(key) {
            let record = ACCOUNTS.may_load(self.deps.storage, key.storage_key())?;
            self.insert_account(key.clone(), record.unwrap_or_default());
        }
        let unknown = || ContractError::Std {
            detail: "the account is not in the books".into(),
        };
        self.accounts.get_mut(key).ok_or_else(unknown)
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

impl Closing {
    /// Writes everything back and answers with the events and payments.
    ///
    /// # Errors
    /// None in practice.
    pub fn settle(self, storage: &mut dyn Storage) -> ContractResult<Response> {
        for (id, market) in &self.markets {
            MARKETS.save(storage, *id, market)?;
        }
        for (key, record) in &self.accounts {
            if record.holdings.is_empty() {
                ACCOUNTS.remove(storage, key.storage_key());
            } else {
                ACCOUNTS.save(storage, key.storage_key(), record)?;
            }
        }
        let payments = self
            .payouts
            .iter()
            .map(|payout| {
                TokenKind::of(&payout.asset).transfer(payout.recipient.as_str(), payout.amount)
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Response::new()
            .add_events(self.events)
            .add_messages(payments))
    }
}

impl AccountRecord {
    /// The balance in a market, if there is one.
    #[must_use]
    pub fn balance(&self, market: u16) -> Option<Balance> {
        let at = self
            .holdings
            .binary_search_by_key(&market, |position| position.market)
            .ok()?;
        self.holdings.get(at).map(|position| position.balance)
    }

    /// Whether anything is owed.
    #[must_use]
    pub fn has_debts(&self) -> bool {
        self.holdings
            .iter()
            .any(|position| matches!(position.balance, Balance::Debt(_)))
    }

    /// Whether anything is owned.
    #[must_use]
    pub fn has_deposits(&self) -> bool {
        self.holdings
            .iter()
            .any(|position| matches!(position.balance, Balance::Deposit { .. }))
    }

    /// Sets the balance in a market; an empty one leaves the record.
    fn set_balance(&mut self, market: u16, balance: Balance) {
        let found = self
            .holdings
            .binary_search_by_key(&market, |position| position.market);
        match (found, balance.is_empty()) {
            (Ok(at), true) => {
                self.holdings.remove(at);
            }
            (Ok(at), false) => {
                if let Some(position) = self.holdings.get_mut(at) {
                    position.balance = balance;
                }
            }
            (Err(_), true) => {}
            (Err(at), false) => self.holdings.insert(at, Position { market, balance }),
        }
    }
}

impl Balance {
    const fn is_empty(&self) -> bool {
        match self {
            Self::Deposit { idle, lent } => idle.is_zero() && lent.is_zero(),
            Self::Debt(shares) => shares.is_zero(),
        }
    }
}

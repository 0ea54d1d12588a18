//! All accounts and totals as an auditor knows them, kept up to date from what changed in
//! storage.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_types::token::CW20_PREFIX;
use bulwark_types::vault::{AccountRef, OperatorGrant};
use bulwark_vault::state::{AccountRecord, Balance, Position};
use cosmwasm_std::{StdResult, Uint128};

use super::book::Book;
use super::layout::{Entry, Layout};
use crate::storage::Snapshot;

/// What the accounts of one market add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Idle deposits, smallest units.
    pub idle: u128,
    /// Supply shares, the reserve's not included.
    pub supply_shares: u128,
    /// Debt shares.
    pub debt_shares: u128,
}

/// An account that a step changed.
#[derive(Clone, Debug)]
pub(crate) struct AccountChange {
    pub(crate) account: AccountRef,
    pub(crate) before: AccountRecord,
    pub(crate) after: AccountRecord,
}

/// What a step changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delta {
    pub(crate) accounts: Vec<AccountChange>,
    /// Grants as they were before, of owners who changed theirs.
    pub(crate) operators: BTreeMap<String, Vec<OperatorGrant>>,
    /// Whether any record of the vault changed.
    pub(crate) vault: bool,
    /// Whether anything in the book changed.
    pub(crate) book: bool,
    /// Whether anything changed that margins depend on, beside totals and accounts: a price, a
    /// parameter.
    pub(crate) terms: bool,
}

/// All accounts, the book, and sums of their own over all accounts.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Markets, prices, parameters; interest is as recorded.
    pub book: Book,
    /// Accounts that hold or owe something.
    pub accounts: BTreeMap<AccountRef, AccountRecord>,
    /// Sums over the accounts, by market.
    pub sums: BTreeMap<u16, Sums>,
    /// By owner: whom it lets act for its accounts, grants that have expired among them.
    pub operators: BTreeMap<String, Vec<OperatorGrant>>,
    /// Whether the vault is left locked.
    pub locked: bool,
}

impl Ledger {
    /// Reads everything.
    pub(crate) fn read(layout: &Layout, snapshot: &Snapshot) -> StdResult<Self> {
        let mut ledger = Self::default();
        ledger.take_all(layout, snapshot, &[])?;
        Ok(ledger)
    }

    pub(super) fn take_all(
        &mut self,
        layout: &Layout,
        snapshot: &Snapshot,
        prefix: &[u8],
    ) -> StdResult<()> {
        for (key, value) in snapshot.with_prefix(prefix) {
            self.take(layout.entry(key, Some(value))?, &mut Delta::default());
        }
        Ok(())
    }

    /// Takes in what changed between two states, the first of which this ledger shows.
    pub(crate) fn follow(
        &mut self,
        layout: &Layout,
        before: &Snapshot,
        after: &Snapshot,
    ) -> StdResult<Delta> {
        let mut delta = Delta::default();
        for (key, value) in before.changes_to(after) {
            self.take(layout.entry(key, value)?, &mut delta);
        }
        Ok(delta)
    }

    fn take(&mut self, entry: Entry, delta: &mut Delta) {
        delta.note(&entry);
        match entry {
            Entry::Account(account, record) => {
                let after = record.unwrap_or_default();
                let before = if after.holdings.is_empty() {
                    self.accounts.remove(&account)
                } else {
                    self.accounts.insert(account.clone(), after.clone())
                };
                let before = before.unwrap_or_default();
                self.sum_up(&before, &after);
                delta.accounts.push(AccountChange {
                    account,
                    before,
                    after,
                });
            }
            Entry::Market(id, record) => put(&mut self.book.markets, id, record),
            Entry::Config(Some(config)) => {
                self.book.configs.insert(config.market, config);
            }
            Entry::Board(id, record) => put(&mut self.book.boards, id, record),
            Entry::Settings(record) => self.book.settings = record,
            Entry::Purse(coins) => {
                let narrow = |amount| Uint128::try_from(amount).map_or(u128::MAX, |a| a.u128());
                let coins = coins.into_iter();
                let is_token = |asset: &String| asset.starts_with(CW20_PREFIX);
                self.book.purse.retain(|asset, _| is_token(asset));
                let coins = coins.map(|coin| (coin.denom, narrow(coin.amount)));
                self.book.purse.extend(coins);
            }
            Entry::TokenPurse(asset, held) => {
                self.book.purse.insert(asset, held);
            }
            Entry::Operators(owner, grants) => {
                let before = self.operators.insert(owner.clone(), grants);
                delta.operators.insert(owner, before.unwrap_or_default());
            }
            Entry::Lock(locked) => self.locked = locked,
            Entry::Config(None) | Entry::OtherOfVault | Entry::Foreign => {}
        }
    }

    fn sum_up(&mut self, before: &AccountRecord, after: &AccountRecord) {
        for Position { market, balance } in &before.holdings {
            let sums = self.sums.entry(*market).or_default();
            match balance {
                Balance::Deposit { idle, lent } => {
                    sums.idle -= idle.0;
                    sums.supply_shares -= lent.0;
                }
                Balance::Debt(shares) => sums.debt_shares -= shares.0,
            }
        }
        for Position { market, balance } in &after.holdings {
            let sums = self.sums.entry(*market).or_default();
            match balance {
                Balance::Deposit { idle, lent } => {
                    sums.idle += idle.0;
                    sums.supply_shares += lent.0;
                }
                Balance::Debt(shares) => sums.debt_shares += shares.0,
            }
        }
    }
}

impl Delta {
    fn note(&mut self, entry: &Entry) {
        self.vault |= !matches!(
            entry,
            Entry::Board(..) | Entry::Purse(_) | Entry::TokenPurse(..) | Entry::Foreign
        );
        self.book |= !matches!(
            entry,
            Entry::Account(..)
                | Entry::Operators(..)
                | Entry::Lock(_)
                | Entry::OtherOfVault
                | Entry::Foreign
        );
        self.terms |= matches!(
            entry,
            Entry::Board(..) | Entry::Config(_) | Entry::Settings(_)
        );
    }
}

impl Ledger {
    /// Whether somebody may act for an account at `now`: its owner, or an operator.
    #[must_use]
    pub fn may_act(&self, account: &AccountRef, sender: &str, now: u64) -> bool {
        let grants = self.operators.get(&account.owner);
        account.owner == sender || grants.is_some_and(|grants| covers(grants, account, sender, now))
    }
}

/// Whether one of the grants lets somebody act for an account at `now`.
pub(crate) fn covers(
    grants: &[OperatorGrant],
    account: &AccountRef,
    sender: &str,
    now: u64,
) -> bool {
    grants.iter().any(|grant| {
        grant.operator == sender
            && grant.id.is_none_or(|id| id == account.id)
            && grant.expires.is_none_or(|expires| now < expires)
    })
}

impl AccountChange {
    /// Markets in which either record has a position.
    pub(crate) fn markets(&self) -> BTreeSet<u16> {
        let positions = self.before.holdings.iter().chain(&self.after.holdings);
        positions.map(|position| position.market).collect()
    }
}

fn put<T>(map: &mut BTreeMap<u16, T>, id: u16, record: Option<T>) {
    match record {
        Some(record) => {
            map.insert(id, record);
        }
        None => {
            map.remove(&id);
        }
    }
}

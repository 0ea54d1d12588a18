//! Accounts as compactly as they can be looked up, evaluated and handed back.

use std::hash::BuildHasher;

use bulwark_types::packed::unpack;
use bulwark_vault::state::{AccountRecord, Balance};
use hashbrown::{DefaultHashBuilder, HashTable};
use roaring::RoaringBitmap;

use super::AccountId;
use super::arena::{Arena, Span, make_room};
use super::error::BookResult;

/// A holding as the filter evaluates it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Number of the market.
    pub market: u16,
    /// Whether it is a debt.
    pub owed: bool,
    /// Idle deposit in smallest units, to the nearest number of 53 bits.
    pub idle: f64,
    /// Shares of supply or of debt, likewise.
    pub shares: f64,
}

/// One account.
#[derive(Clone, Copy, Debug, Default)]
struct Account {
    /// Its key after the namespace, and then its record; none in a place that is free.
    bytes: Span,
    /// Length of the key.
    key_length: u16,
    /// Its holdings, if it owes anything.
    entries: Span,
}

/// All accounts.
#[derive(Debug, Default)]
pub struct Accounts {
    accounts: Vec<Account>,
    free: Vec<u32>,
    bytes: Arena<u8>,
    entries: Arena<Entry>,
    by_key: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// By market: accounts that owe anything and have a holding in it.
    borrowers: Vec<RoaringBitmap>,
    indebted: u64,
    /// Accounts that changed since they were last asked for.
    changed: RoaringBitmap,
}

impl Accounts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.accounts.len() - self.free.len()
    }

    /// How many owe anything.
    pub const fn indebted(&self) -> u64 {
        self.indebted
    }

    /// Numbers of accounts are below this.
    pub fn bound(&self) -> usize {
        self.accounts.len()
    }

    /// The holdings of an account that owes anything; none of any other.
    pub fn entries(&self, id: AccountId) -> &[Entry] {
        let account = self.accounts.get(id.0 as usize);
        account.map_or(&[], |account| self.entries.get(account.entries))
    }

    /// Accounts that owe anything and have a holding in a market.
    pub fn borrowers(&self, market: u16) -> Option<&RoaringBitmap> {
        self.borrowers.get(usize::from(market))
    }

    /// The accounts that changed since this was last called.
    pub fn take_changed(&mut self) -> RoaringBitmap {
        std::mem::take(&mut self.changed)
    }

    /// Key and packed record of an account; none where there is no account.
    pub fn stored(&self, id: AccountId) -> Option<(&[u8], &[u8])> {
        let account = self.accounts.get(id.0 as usize)?;
        let occupied = !account.bytes.is_empty();
        occupied.then(|| self.split(account))
    }

    fn split(&self, account: &Account) -> (&[u8], &[u8]) {
        self.bytes
            .get(account.bytes)
            .split_at(usize::from(account.key_length))
    }

    /// All accounts.
    pub fn ids(&self) -> impl Iterator<Item = AccountId> {
        let numbered = self.accounts.iter().zip(0..);
        numbered
            .filter(|(account, _)| !account.bytes.is_empty())
            .map(|(_, number)| AccountId(number))
    }

    /// The account under a key.
    pub fn find(&self, key: &[u8]) -> Option<AccountId> {
        let hash = self.hasher.hash_one(key);
        let found = self.by_key.find(hash, |number| self.key(*number) == key);
        found.map(|number| AccountId(*number))
    }

    fn key(&self, number: u32) -> &[u8] {
        self.split(&self.accounts[number as usize]).0
    }

    /// Stores a packed record under a key. Says whether anything changed.
    ///
    /// # Errors
    /// If the record does not unpack; nothing has changed then. If there is no room: the book is of
    /// no use any more.
    pub fn set(
        &mut self,
        key: &[u8],
        packed: &[u8],
        refuse: impl FnOnce(cosmwasm_std::StdError) -> super::BookError,
    ) -> BookResult<bool> {
        let found = self.find(key);
        if let Some((_, known)) = found.and_then(|id| self.stored(id)) {
            if known == packed {
                return Ok(false);
            }
        }
        let record: AccountRecord = unpack(packed).map_err(refuse)?;
        let entries = entries_of(&record);
        let bytes = [key, packed].concat();
        let number = match found {
            Some(AccountId(number)) => number,
            None => self.take_place()?,
        };
        let mut account = self.accounts[number as usize];
        self.unlist(number, account.entries);
        account.key_length = key.len() as u16;
        account.bytes = self.bytes.replace(account.bytes, &bytes)?;
        account.entries = self.entries.replace(account.entries, &entries)?;
        self.accounts[number as usize] = account;
        self.list(number, &entries);
        if found.is_none() {
            self.index(number);
        }
        self.changed.insert(number);
        self.tidy();
        Ok(true)
    }

    /// Removes the record under a key. Says whether there was one.
    pub fn remove(&mut self, key: &[u8]) -> bool {
        let Some(AccountId(number)) = self.find(key) else {
            return false;
        };
        let hash = self.hasher.hash_one(key);
        if let Ok(entry) = self.by_key.find_entry(hash, |other| *other == number) {
            entry.remove();
        }
        let account = std::mem::take(&mut self.accounts[number as usize]);
        self.unlist(number, account.entries);
        self.bytes.remove(account.bytes);
        self.entries.remove(account.entries);
        self.free.push(number);
        self.changed.insert(number);
        self.tidy();
        true
    }

    fn take_place(&mut self) -> BookResult<u32> {
        if let Some(number) = self.free.pop() {
            return Ok(number);
        }
        let number = u32::try_from(self.accounts.len()).map_err(|_| super::BookError::Full {
            elements: self.accounts.len(),
        })?;
        make_room(&mut self.accounts, 1);
        self.accounts.push(Account::default());
        Ok(number)
    }

    fn index(&mut self, number: u32) {
        let (accounts, bytes, hasher) = (&self.accounts, &self.bytes, &self.hasher);
        let hash = |number: &u32| {
            let account = &accounts[*number as usize];
            hasher.hash_one(&bytes.get(account.bytes)[..usize::from(account.key_length)])
        };
        self.by_key.insert_unique(hash(&number), number, hash);
    }

    /// Enters an account in the index of markets.
    fn list(&mut self, number: u32, entries: &[Entry]) {
        for entry in entries {
            let market = usize::from(entry.market);
            if self.borrowers.len() <= market {
                self.borrowers.resize(market + 1, RoaringBitmap::new());
            }
            self.borrowers[market].insert(number);
        }
        self.indebted += u64::from(!entries.is_empty());
    }

    /// Takes an account out of the index of markets.
    fn unlist(&mut self, number: u32, entries: Span) {
        for entry in self.entries.get(entries) {
            self.borrowers[usize::from(entry.market)].remove(number);
        }
        self.indebted -= u64::from(!entries.is_empty());
    }

    fn tidy(&mut self) {
        if self.bytes.is_wasteful() {
            let spans = self.accounts.iter_mut();
            self.bytes.compact(spans.map(|account| &mut account.bytes));
        }
        if self.entries.is_wasteful() {
            let spans = self.accounts.iter_mut();
            self.entries
                .compact(spans.map(|account| &mut account.entries));
        }
    }
}

/// The holdings of an account that owes anything, in the order of the markets.
pub fn entries_of(record: &AccountRecord) -> Vec<Entry> {
    if !record.has_debts() {
        return Vec::new();
    }
    let entry = |position: &bulwark_vault::state::Position| {
        let (owed, idle, shares) = match position.balance {
            Balance::Deposit { idle, lent } => (false, idle.0, lent.0),
            Balance::Debt(shares) => (true, 0, shares.0),
        };
        Entry {
            market: position.market,
            owed,
            idle: idle as f64,
            shares: shares as f64,
        }
    };
    record.holdings.iter().map(entry).collect()
}

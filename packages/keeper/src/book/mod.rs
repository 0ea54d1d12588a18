//! The local copy of what vault and oracle store: raw records, accounts compact and indexed.
//!
//! Records go in as the chain has them ([`Book::apply`]) and the vault's own functions run over them
//! ([`Book::at`]). Whoever keeps the book need not know what a record means.

mod accounts;
mod api;
mod arena;
mod error;
mod native;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;

use bulwark_types::vault::AccountRef;
use bulwark_vault::books::AccountKey;
use bulwark_vault::state::{ACCOUNTS, AccountRecord};
use cosmwasm_std::Addr;
use roaring::RoaringBitmap;

use accounts::Accounts;
pub(crate) use accounts::{Entry, entries_of};
pub use api::Addresses;
pub(crate) use arena::make_room;
pub use error::{BookError, BookResult};
pub use native::{Moment, Native};

/// Where vault and oracle stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Address of the vault.
    pub vault: Addr,
    /// Address of its oracle.
    pub oracle: Addr,
    /// Prefix of the chain's addresses.
    pub prefix: String,
    /// Name of the chain.
    pub chain_id: String,
}

/// Whose record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Contract {
    /// The vault's.
    Vault,
    /// The oracle's.
    Oracle,
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Vault => "vault",
            Self::Oracle => "oracle",
        })
    }
}

/// An account's number in a book: the same for as long as the account has a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub(crate) u32);

/// Raw records of vault and oracle by their keys.
type Records = BTreeMap<Vec<u8>, Vec<u8>>;

/// The local copy of what vault and oracle store.
#[derive(Debug)]
pub struct Book {
    deployment: Deployment,
    addresses: Addresses,
    /// What all keys of accounts begin with.
    account_prefix: Vec<u8>,
    accounts: Accounts,
    vault: Records,
    oracle: Records,
}

impl Book {
    /// An empty book of a deployment.
    #[must_use]
    pub fn new(deployment: Deployment) -> Self {
        Self {
            addresses: Addresses::new(&deployment.prefix),
            deployment,
            account_prefix: account_prefix(),
            accounts: Accounts::default(),
            vault: Records::new(),
            oracle: Records::new(),
        }
    }

    /// Whose book it is.
    #[must_use]
    pub const fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    /// Takes a record in as the chain has it: its value, or none where there is no such record any
    /// more. Says whether that is news.
    ///
    /// # Errors
    /// [`BookError::Record`] and [`BookError::Key`] for an account that cannot be understood, which
    /// then stays as it was; [`BookError::Full`].
    pub fn apply(
        &mut self,
        contract: Contract,
        key: &[u8],
        value: Option<&[u8]>,
    ) -> BookResult<bool> {
        if contract == Contract::Vault && key.starts_with(&self.account_prefix) {
            return self.apply_account(key, value);
        }
        let records = match contract {
            Contract::Vault => &mut self.vault,
            Contract::Oracle => &mut self.oracle,
        };
        if records.get(key).map(Vec::as_slice) == value {
            return Ok(false);
        }
        match value {
            Some(value) => records.insert(key.to_vec(), value.to_vec()),
            None => records.remove(key),
        };
        Ok(true)
    }

    fn apply_account(&mut self, key: &[u8], value: Option<&[u8]>) -> BookResult<bool> {
        let own = &key[self.account_prefix.len()..];
        split_key(own).ok_or_else(|| BookError::Key {
            key: error::digits(key),
        })?;
        let refuse = |error| BookError::Record {
            contract: Contract::Vault,
            key: error::digits(key),
            error,
        };
        match value {
            Some(value) => self.accounts.set(own, value, refuse),
            None => Ok(self.accounts.remove(own)),
        }
    }

    /// The oracle is another one from now on: its records are to be read anew.
    pub fn replace_oracle(&mut self, oracle: Addr) {
        self.deployment.oracle = oracle;
        self.oracle.clear();
    }

    /// A raw record, if there is one.
    #[must_use]
    pub fn raw(&self, contract: Contract, key: &[u8]) -> Option<&[u8]> {
        match contract {
            Contract::Oracle => self.oracle.get(key).map(Vec::as_slice),
            Contract::Vault => match key.strip_prefix(self.account_prefix.as_slice()) {
                Some(own) => {
                    let id = self.accounts.find(own)?;
                    self.accounts.stored(id).map(|(_, value)| value)
                }
                None => self.vault.get(key).map(Vec::as_slice),
            },
        }
    }

    /// All raw records of a contract; accounts, which come last, in no order.
    pub fn records(&self, contract: Contract) -> impl Iterator<Item = (Vec<u8>, &[u8])> {
        let (records, accounts) = match contract {
            Contract::Vault => (&self.vault, Some(&self.accounts)),
            Contract::Oracle => (&self.oracle, None),
        };
        let accounts = accounts.into_iter().flat_map(|accounts| {
            let ids = accounts.ids();
            ids.filter_map(|id| accounts.stored(id))
                .map(|(own, value)| ([&self.account_prefix, own].concat(), value))
        });
        let others = records.iter();
        others
            .map(|(key, value)| (key.clone(), value.as_slice()))
            .chain(accounts)
    }

    /// The keys of a contract's records from one on and before another, in no order. With accounts
    /// among them it looks at all accounts.
    #[must_use]
    pub fn keys(&self, contract: Contract, start: &[u8], end: Option<&[u8]>) -> Vec<Vec<u8>> {
        let others = match contract {
            Contract::Vault => &self.vault,
            Contract::Oracle => &self.oracle,
        };
        let others = others.range::<[u8], _>((Bound::Included(start), Bound::Unbounded));
        let others = others.map(|(key, _)| key.clone());
        let is_before_end = |key: &Vec<u8>| end.is_none_or(|end| key.as_slice() < end);
        let mut keys: Vec<_> = others.take_while(is_before_end).collect();
        let prefix = self.account_prefix.as_slice();
        // What comes before and after all that begins with the prefix.
        let is_before = prefix < start && !start.starts_with(prefix);
        let is_after = end.is_some_and(|end| end <= prefix);
        if contract == Contract::Oracle || is_before || is_after {
            return keys;
        }
        let from = start.strip_prefix(prefix).unwrap_or_default();
        // An end that does not begin with the prefix comes after all that does.
        let to = end.and_then(|end| end.strip_prefix(prefix));
        let ids = self.accounts.ids();
        let own = ids.filter_map(|id| self.accounts.stored(id).map(|(own, _)| own));
        let within = own.filter(|own| *own >= from && to.is_none_or(|to| *own < to));
        keys.extend(within.map(|own| [prefix, own].concat()));
        keys
    }

    /// How many accounts there are.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.accounts.len()
    }

    /// How many accounts owe anything.
    #[must_use]
    pub const fn indebted(&self) -> u64 {
        self.accounts.indebted()
    }

    /// All accounts, in no order.
    pub fn ids(&self) -> impl Iterator<Item = AccountId> {
        self.accounts.ids()
    }

    /// The number of an account, if it has a record.
    #[must_use]
    pub fn find(&self, account: &AccountRef) -> Option<AccountId> {
        let key = AccountKey {
            owner: Addr::unchecked(&account.owner),
            id: account.id,
        };
        let stored = key.stored(&self.addresses).ok()?;
        let key = ACCOUNTS.raw_key(&stored.key());
        self.accounts.find(key.get(self.account_prefix.len()..)?)
    }

    /// Which account a number means; none if there is none with that number.
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<AccountKey> {
        let (own, _) = self.accounts.stored(id)?;
        let (owner, id) = split_key(own)?;
        AccountKey::of_stored(&self.addresses, (owner.to_vec(), id)).ok()
    }

    /// The record of an account; none if there is none with that number.
    ///
    /// # Errors
    /// [`BookError::Record`]; none in practice, for what does not unpack is not taken in.
    pub fn record(&self, id: AccountId) -> BookResult<Option<AccountRecord>> {
        let Some((own, packed)) = self.accounts.stored(id) else {
            return Ok(None);
        };
        let record = bulwark_types::packed::unpack(packed).map_err(|error| BookError::Record {
            contract: Contract::Vault,
            key: error::digits(own),
            error,
        })?;
        Ok(Some(record))
    }

    /// An account's key after the namespace, if there is an account with that number.
    pub(crate) fn key(&self, id: AccountId) -> Option<&[u8]> {
        self.accounts.stored(id).map(|(own, _)| own)
    }

    /// The holdings of an account that owes anything, as the filter evaluates them; none of any
    /// other.
    pub(crate) fn entries(&self, id: AccountId) -> &[Entry] {
        self.accounts.entries(id)
    }

    /// How many accounts owe anything and have a holding in a market.
    #[must_use]
    pub fn borrowers_in(&self, market: u16) -> u64 {
        self.borrowers(market).map_or(0, RoaringBitmap::len)
    }

    /// Accounts that owe anything and have a holding in a market.
    pub(crate) fn borrowers(&self, market: u16) -> Option<&RoaringBitmap> {
        self.accounts.borrowers(market)
    }

    /// Numbers of accounts are below this.
    pub(crate) fn bound(&self) -> usize {
        self.accounts.bound()
    }

    /// The accounts whose records changed since this was last called.
    pub(crate) fn take_changed(&mut self) -> RoaringBitmap {
        self.accounts.take_changed()
    }
}

/// What all keys of accounts begin with: the key of account 0 of an owner without an address, less
/// the two bytes each of the address's length and of the number.
fn account_prefix() -> Vec<u8> {
    let mut key = ACCOUNTS.raw_key(&(b"", 0));
    key.truncate(key.len().saturating_sub(4));
    key
}

/// Owner and number out of a key without its prefix: two bytes of length, the owner, two bytes of
/// number.
fn split_key(own: &[u8]) -> Option<(&[u8], u16)> {
    let (length, rest) = own.split_first_chunk()?;
    let (owner, number) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let number = u16::from_be_bytes(number.try_into().ok()?);
    (!owner.is_empty()).then_some((owner, number))
}

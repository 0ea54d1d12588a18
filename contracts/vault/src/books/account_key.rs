//! Which account a message means.

use bulwark_types::vault::AccountRef;
use cosmwasm_std::{Addr, Api, CanonicalAddr, Deps};
use serde::{Deserialize, Serialize};

use crate::error::ContractResult;

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

    /// What the account is stored under.
    ///
    /// # Errors
    /// If the owner is no address of this chain.
    pub fn stored(&self, api: &dyn Api) -> ContractResult<StoredKey> {
        Ok(StoredKey {
            owner: api.addr_canonicalize(self.owner.as_str())?,
            id: self.id,
        })
    }

    /// The account that is stored under an owner's canonical address and a number.
    ///
    /// # Errors
    /// If the bytes are no address.
    pub fn of_stored(api: &dyn Api, (owner, id): (Vec<u8>, u16)) -> ContractResult<Self> {
        Ok(Self {
            owner: api.addr_humanize(&CanonicalAddr::from(owner))?,
            id,
        })
    }
}

/// Under what an account is stored: half as many bytes to pay for as the owner's text has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    owner: CanonicalAddr,
    id: u16,
}

impl StoredKey {
    /// The key of [`crate::state::ACCOUNTS`].
    #[must_use]
    pub fn key(&self) -> (&[u8], u16) {
        (self.owner.as_slice(), self.id)
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

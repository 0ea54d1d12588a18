//! Which account a message means.

use bulwark_types::vault::AccountRef;
use cosmwasm_std::{Addr, Deps};
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

    pub(super) fn storage_key(&self) -> (&str, u16) {
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

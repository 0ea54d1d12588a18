//! Who may act for an account.

use cosmwasm_std::Addr;

use super::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};
use crate::state::OPERATORS;

impl Books<'_> {
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
        Err(Box::new(ContractError::NotAccountOwner {
            sender: sender.to_string(),
            owner: key.owner.to_string(),
            id: key.id,
        }))
    }
}

//! While an outside call runs in the middle of a message, no other message is taken: balances
//! are in motion, and what reaches the vault meanwhile is counted when the call ends.

use cosmwasm_std::Storage;

use crate::error::{ContractError, ContractResult};
use crate::state::LOCK;

/// Whether an outside call runs.
///
/// # Errors
/// If the record does not load.
pub fn is_locked(storage: &dyn Storage) -> ContractResult<bool> {
    Ok(LOCK.may_load(storage)?.unwrap_or(false))
}

/// Refuses a message while an outside call runs.
///
/// # Errors
/// [`ContractError::Locked`].
pub fn assert_unlocked(storage: &dyn Storage) -> ContractResult<()> {
    if is_locked(storage)? {
        return Err(Box::new(ContractError::Locked {}));
    }
    Ok(())
}

/// Lets an outside call begin.
///
/// # Errors
/// None in practice.
pub fn lock(storage: &mut dyn Storage) -> ContractResult<()> {
    Ok(LOCK.save(storage, &true)?)
}

/// An outside call has ended.
pub fn unlock(storage: &mut dyn Storage) {
    LOCK.remove(storage);
}

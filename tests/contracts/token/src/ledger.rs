//! Who holds how much. Nothing here misbehaves.

use cosmwasm_std::{Addr, Storage, Uint128};

use crate::error::TokenError;
use crate::state::{ALLOWANCES, BALANCES, SUPPLY};

/// Makes tokens.
pub fn mint(storage: &mut dyn Storage, to: &Addr, amount: Uint128) -> Result<(), TokenError> {
    let add = |held: Uint128| {
        held.checked_add(amount)
            .map_err(|_| TokenError::TooManyTokens { amount })
    };
    // No balance exceeds the supply, which therefore overflows first.
    let supply = add(SUPPLY.may_load(storage)?.unwrap_or_default())?;
    SUPPLY.save(storage, &supply)?;
    BALANCES.update(storage, to, |held| add(held.unwrap_or_default()))?;
    Ok(())
}

/// Destroys tokens.
pub fn burn(storage: &mut dyn Storage, from: &Addr, amount: Uint128) -> Result<(), TokenError> {
    let held = BALANCES.may_load(storage, from)?.unwrap_or_default();
    let missing = |_| TokenError::InsufficientBalance {
        holder: from.to_string(),
        available: held,
        requested: amount,
    };
    let rest = held.checked_sub(amount).map_err(missing)?;
    BALANCES.save(storage, from, &rest)?;
    let supply = SUPPLY.load(storage)?.checked_sub(amount).map_err(missing)?;
    SUPPLY.save(storage, &supply)?;
    Ok(())
}

/// Moves tokens.
pub fn transfer(
    storage: &mut dyn Storage,
    from: &Addr,
    to: &Addr,
    amount: Uint128,
) -> Result<(), TokenError> {
    burn(storage, from, amount)?;
    mint(storage, to, amount)
}

/// Lets `spender` move more of what `owner` holds.
pub fn allow(
    storage: &mut dyn Storage,
    owner: &Addr,
    spender: &Addr,
    amount: Uint128,
) -> Result<(), TokenError> {
    ALLOWANCES.update(storage, (owner, spender), |allowed| {
        allowed
            .unwrap_or_default()
            .checked_add(amount)
            .map_err(|_| TokenError::TooManyTokens { amount })
    })?;
    Ok(())
}

/// Uses up what `owner` allowed to `spender`.
pub fn use_allowance(
    storage: &mut dyn Storage,
    owner: &Addr,
    spender: &Addr,
    amount: Uint128,
) -> Result<(), TokenError> {
    let key = (owner, spender);
    let available = ALLOWANCES.may_load(storage, key)?.unwrap_or_default();
    let rest = available
        .checked_sub(amount)
        .map_err(|_| TokenError::InsufficientAllowance {
            spender: spender.to_string(),
            available,
            requested: amount,
        })?;
    ALLOWANCES.save(storage, key, &rest)?;
    Ok(())
}

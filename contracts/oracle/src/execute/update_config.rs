//! Changes the guardian and the delay of changes. What is not named stays.

use cosmwasm_std::{Addr, Api, DepsMut};

use crate::error::ContractError;
use crate::state::CONFIG;

/// Changes wait at most this many seconds (30 days): longer ones would never be made.
const LONGEST_DELAY: u64 = 30 * 86_400;

/// Refuses a delay after which nothing would ever be applied.
///
/// # Errors
/// [`ContractError::InvalidConfig`].
pub fn check_delay(owner_delay: u64) -> Result<(), ContractError> {
    if owner_delay <= LONGEST_DELAY {
        return Ok(());
    }
    Err(ContractError::InvalidConfig {
        field: "owner_delay",
        value: owner_delay.to_string(),
        bound: "must be at most 2592000 seconds",
    })
}

/// Refuses what cannot be applied; returns the guardian's address.
pub fn check(
    api: &dyn Api,
    guardian: Option<&str>,
    owner_delay: Option<u64>,
) -> Result<Option<Addr>, ContractError> {
    owner_delay.map_or(Ok(()), check_delay)?;
    Ok(guardian.map(|text| api.addr_validate(text)).transpose()?)
}

pub fn apply(
    deps: DepsMut<'_>,
    guardian: Option<&str>,
    owner_delay: Option<u64>,
) -> Result<(), ContractError> {
    let guardian = check(deps.api, guardian, owner_delay)?;
    let mut config = CONFIG.load(deps.storage)?;
    config.guardian = guardian.or(config.guardian);
    config.owner_delay = owner_delay.unwrap_or(config.owner_delay);
    CONFIG.save(deps.storage, &config)?;
    Ok(())
}

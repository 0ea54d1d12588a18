//! Replaces the feeders. Posts of those who stay remain, those of others count no longer.

use cosmwasm_std::{Api, DepsMut};

use crate::error::ContractError;
use crate::feeders::CheckedFeeders;
use crate::state::CONFIG;

/// Refuses what cannot be applied.
pub fn check(
    api: &dyn Api,
    feeders: &[String],
    quorum: u8,
) -> Result<CheckedFeeders, ContractError> {
    CheckedFeeders::new(api, feeders, quorum)
}

pub fn apply(deps: DepsMut<'_>, feeders: &[String], quorum: u8) -> Result<(), ContractError> {
    let checked = check(deps.api, feeders, quorum)?;
    let mut config = CONFIG.load(deps.storage)?;
    config.feeders = config.feeders.replaced(checked);
    CONFIG.save(deps.storage, &config)?;
    Ok(())
}

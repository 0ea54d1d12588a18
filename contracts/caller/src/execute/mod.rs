//! One file per message, and what they share.

pub mod run;
pub mod sweep;

use cosmwasm_std::MessageInfo;

use crate::error::ContractError;

/// Refuses coins that would stay.
///
/// # Errors
/// [`ContractError::FundsSent`].
pub fn refuse_funds(info: &MessageInfo) -> Result<(), ContractError> {
    if info.funds.is_empty() {
        return Ok(());
    }
    Err(ContractError::FundsSent {
        funds: info.funds.iter().map(ToString::to_string).collect(),
    })
}

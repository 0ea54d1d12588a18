//! Messages of the owner and of the guardian.

pub mod change;
mod listing;
mod market;
mod parameters;
pub mod pause;
pub mod reserve;

pub use parameters::settings_of;

use bulwark_types::governance::GovernanceError;
use cosmwasm_std::Addr;

use crate::error::{ContractError, ContractResult};
use crate::state::Settings;

/// Refuses everybody but the guardian.
fn assert_guardian(settings: &Settings, sender: &Addr) -> ContractResult<()> {
    if settings.guardian.as_ref() == Some(sender) {
        return Ok(());
    }
    let (sender, role) = (sender.to_string(), "guardian".to_owned());
    Err(GovernanceError::Unauthorized { sender, role }.into())
}

fn invalid(field: &str, value: impl ToString, bound: &str) -> ContractError {
    ContractError::InvalidConfig {
        field: field.into(),
        value: value.to_string(),
        bound: bound.into(),
    }
}

use bulwark_types::vault::{ConfigResponse, OracleConfig, PausableAction, PauseResponse};

use crate::books::{Books, pause_in_force};
use crate::error::ContractResult;
use crate::state::Pauses;

const ACTIONS: [PausableAction; 3] = [
    PausableAction::Deposit,
    PausableAction::Borrow,
    PausableAction::Withdraw,
];

pub fn config(books: &mut Books<'_>) -> ContractResult<ConfigResponse> {
    let settings = books.settings.clone();
    Ok(ConfigResponse {
        oracle: OracleConfig {
            address: settings.oracle.into_string(),
            mode: settings.oracle_mode,
        },
        guardian: settings.guardian.map(cosmwasm_std::Addr::into_string),
        groups: settings.groups,
        bounds: settings.bounds,
        cap_multiple: settings.cap_multiple,
        unpriced_grace: settings.unpriced_grace,
        parameters: settings.parameters,
        gross_factor_in_force: settings.gross_factor.at(books.now)?,
        pauses: pauses(&settings.pauses, &Pauses::default(), books.now),
        caller: settings.caller.into_string(),
        locked: books.is_locked()?,
    })
}

/// The pauses in force, of all assets and of one.
pub fn pauses(all: &Pauses, own: &Pauses, now: u64) -> Vec<PauseResponse> {
    let in_force = |action| {
        let until = pause_in_force(all, own, action, now)?;
        Some(PauseResponse { action, until })
    };
    ACTIONS.into_iter().filter_map(in_force).collect()
}

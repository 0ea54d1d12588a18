//! Moves the state of an older version to this one. Nothing was released before 0.1.0, so there
//! is no older state to take over: the version is checked, and the data stay as they are.

use bulwark_types::migration::{Code, check};
use cosmwasm_std::{DepsMut, Response};
use cw2::{get_contract_version, set_contract_version};

use crate::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use crate::error::ContractError;

const CODE: Code<'_> = Code {
    name: CONTRACT_NAME,
    version: CONTRACT_VERSION,
    takes_over: &[],
};

pub fn migrate(deps: DepsMut<'_>) -> Result<Response, ContractError> {
    let stored = get_contract_version(deps.storage)?;
    check(&CODE, &stored.contract, &stored.version)?;
    set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new())
}

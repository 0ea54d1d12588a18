//! Creates the oracle.

use bulwark_types::oracle::InstantiateMsg;
use cosmwasm_std::{DepsMut, Response};
use cw2::set_contract_version;

use crate::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use crate::error::ContractError;
use crate::execute::update_config::check_delay;
use crate::feeders::{CheckedFeeders, Feeders};
use crate::state::{CONFIG, Config, OWNERSHIP};

pub fn instantiate(deps: DepsMut<'_>, msg: InstantiateMsg) -> Result<Response, ContractError> {
    let owner = deps.api.addr_validate(&msg.owner)?;
    let guardian = msg
        .guardian
        .map(|guardian| deps.api.addr_validate(&guardian))
        .transpose()?;
    let feeders = CheckedFeeders::new(deps.api, &msg.feeders, msg.quorum)?;
    check_delay(msg.owner_delay)?;

    set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    OWNERSHIP.initialize(deps.storage, owner)?;
    let config = Config {
        guardian,
        feeders: Feeders::default().replaced(feeders),
        owner_delay: msg.owner_delay,
    };
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new())
}

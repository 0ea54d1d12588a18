use cosmwasm_schema::cw_serde;
use cosmwasm_std::Addr;
use cw_storage_plus::Item;

/// Whom the contract serves.
#[cw_serde]
pub struct Config {
    pub owner: Addr,
    pub vault: Addr,
}

pub const CONFIG: Item<Config> = Item::new("config");

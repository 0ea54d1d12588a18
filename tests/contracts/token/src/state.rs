use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint128};
use cw_storage_plus::{Item, Map};

use crate::msg::Misbehaviour;

/// What never changes of a token.
#[cw_serde]
pub struct Config {
    pub name: String,
    pub symbol: String,
    pub decimals: u8,
    pub minter: Addr,
}

pub const CONFIG: Item<Config> = Item::new("config");

/// Smallest units that exist.
pub const SUPPLY: Item<Uint128> = Item::new("supply");

/// Holder to smallest units.
pub const BALANCES: Map<&Addr, Uint128> = Map::new("balances");

/// Owner and spender to smallest units.
pub const ALLOWANCES: Map<(&Addr, &Addr), Uint128> = Map::new("allowances");

pub const MISBEHAVIOUR: Item<Misbehaviour> = Item::new("misbehaviour");

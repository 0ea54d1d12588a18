use cosmwasm_schema::cw_serde;
use cosmwasm_std::Addr;
use cw_storage_plus::Item;

use crate::error::ExchangeError;
use crate::msg::Listed;

/// What never changes. What the exchange holds stands in the bank.
#[cw_serde]
pub struct Config {
    pub oracle: Addr,
    pub assets: Vec<Listed>,
    /// Basis points of what is paid.
    pub fee_bps: u16,
}

pub const CONFIG: Item<Config> = Item::new("config");

impl Config {
    /// A listed coin.
    pub fn listed(&self, asset: &str) -> Result<&Listed, ExchangeError> {
        let found = self.assets.iter().find(|listed| listed.asset == asset);
        found.ok_or_else(|| ExchangeError::NotListed {
            asset: asset.into(),
        })
    }
}

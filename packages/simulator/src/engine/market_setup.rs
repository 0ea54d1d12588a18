//! From the symbols of a path to markets of the vault, with the default parameters.

use bulwark_testing::{MarketSpec, defaults};

use super::{SimulationError, numbers};
use crate::prices::{AssetGroup, AssetSpec};

/// A market that the vault lists.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The asset.
    pub asset: AssetSpec,
    /// The first price (USD per whole token).
    pub first_price: f64,
    /// The last posted price (USD per whole token).
    pub price: f64,
    /// Whether the current row has a price for it.
    pub priced: bool,
}

impl Listed {
    /// A market at its first price.
    pub fn new(asset: &AssetSpec, first_price: f64) -> Self {
        Self {
            asset: asset.clone(),
            first_price,
            price: first_price,
            priced: true,
        }
    }

    /// The value of an amount at the last posted price, in USD.
    pub fn value(&self, amount: bulwark_risk::units::Amount) -> f64 {
        numbers::tokens(amount, self.asset.decimals) * self.price
    }

    /// The amount that is worth so many USD at the last posted price, rounded down.
    pub fn units_worth(&self, usd: f64) -> bulwark_risk::units::Amount {
        numbers::units(usd / self.price, self.asset.decimals)
    }
}

/// How the vault lists an asset: its liquidity, and with it both caps, is fixed in whole tokens
/// at the first price.
///
/// # Errors
/// [`SimulationError::BadPrice`].
pub fn market_spec(asset: &AssetSpec, first_price: f64) -> Result<MarketSpec, SimulationError> {
    let spec = match (asset.is_base(), asset.group) {
        (false, _) => MarketSpec::member(&asset.symbol, &asset.family),
        (true, AssetGroup::Crypto) => MarketSpec::crypto(&asset.symbol),
        (true, AssetGroup::Usd) => MarketSpec::usd(&asset.symbol),
    };
    let liquidity = numbers::units(asset.liquidity_usd / first_price, asset.decimals);
    Ok(spec
        .with_denom(&asset.denom)
        .with_decimals(u8::try_from(asset.decimals).unwrap_or(u8::MAX))
        .with_price(numbers::price(&asset.symbol, first_price)?)
        .with_liquidity(liquidity)
        .with_listing(|listing| listing.limits.outflow_share = defaults::OUTFLOW_SHARE))
}

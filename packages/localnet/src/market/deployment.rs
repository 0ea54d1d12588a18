//! What is deployed: the default parameters for the coins of a price path.

use bulwark_deploy::Deployment;
use bulwark_deploy::file::{
    Asset, LiquidatorSettings, Market, NAME, OracleSettings, Roles, VaultSettings,
};
use bulwark_risk::haircut::AssetRisk;
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction, Price};
use bulwark_simulator::prices::{AssetGroup, AssetSpec, Column, PriceTable, symbols};
use bulwark_testing::defaults;
use bulwark_types::vault::{FamilyListing, Limits, OracleMode};

use crate::denoms::{Coin, coin};
use crate::error::{LocalnetError, Result};
use crate::users;

/// What a feed starts with, per √day.
const CRYPTO_VOLATILITY: Fraction = Fraction::percent(4);
const USD_VOLATILITY: Fraction = Fraction::basis_points(20);

/// The deployment for a path, at speed 1: a market for each of its columns. Changes of the owner
/// wait for nothing.
///
/// # Errors
/// [`LocalnetError::Price`].
pub fn deployment(table: &PriceTable) -> Result<Deployment> {
    let mut assets = Vec::new();
    let present = table.symbols();
    for (coin, column) in columns(table) {
        let price = column.first().map_or(0.0, |(_, price)| price);
        let spec = symbols::describe(&column.symbol, &present);
        assets.push(asset(&coin, &spec, price)?);
    }
    let name = |user: &users::User| user.name.to_owned();
    Ok(Deployment {
        name: NAME.into(),
        roles: Roles {
            deployer: name(&users::OWNER),
            owner: name(&users::OWNER),
            guardian: Some(name(&users::OWNER)),
            admin: None,
        },
        oracle: OracleSettings {
            feeders: users::FEEDERS.iter().map(name).collect(),
            quorum: defaults::QUORUM,
            owner_delay: 0,
        },
        vault: VaultSettings {
            oracle_mode: OracleMode::Raw,
            groups: defaults::GROUPS.map(str::to_owned).to_vec(),
            bounds: defaults::BOUNDS,
            cap_multiple: defaults::CAP_MULTIPLE,
            unpriced_grace: defaults::UNPRICED_GRACE,
            parameters: defaults::parameters(0),
        },
        liquidator: Some(LiquidatorSettings {}),
        assets,
    })
}

/// The columns of a path with their coins.
pub(crate) fn columns(table: &PriceTable) -> impl Iterator<Item = (Coin, &Column)> {
    let coin_of = |column: &Column| {
        let decimals = symbols::describe(&column.symbol, &[]).decimals;
        coin(&column.symbol, u8::try_from(decimals).unwrap_or(u8::MAX))
    };
    let columns = table.columns.iter();
    columns.map(move |column| (coin_of(column), column))
}

/// A path's price as the contracts have it, 18 decimals.
fn price(symbol: &str, price: f64) -> Result<Price> {
    bulwark_feeder::price::of_float(price).ok_or_else(|| LocalnetError::Price {
        symbol: symbol.into(),
        price: price.to_string(),
    })
}

fn asset(coin: &Coin, spec: &AssetSpec, first_price: f64) -> Result<Asset> {
    let volatility = match spec.group {
        AssetGroup::Crypto => CRYPTO_VOLATILITY,
        AssetGroup::Usd => USD_VOLATILITY,
    };
    let tokens = spec.liquidity_usd / first_price;
    let units = tokens * 10f64.powi(i32::from(coin.decimals));
    // The cast saturates.
    let liquidity = Amount((units as u128).clamp(1, AMOUNT_LIMIT - 1));
    Ok(Asset {
        asset: coin.denom.clone(),
        first_price: Some(price(&coin.symbol, first_price)?),
        feed: defaults::feed(volatility),
        market: Some(Market {
            decimals: coin.decimals,
            family: family(spec),
            risk: AssetRisk {
                extra_haircut: if spec.is_base() {
                    Fraction::ZERO
                } else {
                    defaults::MEMBER_EXTRA
                },
                liquidity,
                size_cap: defaults::SIZE_CAP,
            },
            interest: defaults::INTEREST,
            reserve_factor: defaults::RESERVE_FACTOR,
            limits: Limits {
                deposit_cap: liquidity,
                borrow_cap: liquidity,
                max_utilisation: defaults::MAX_UTILISATION,
                counterparty_share: defaults::COUNTERPARTY_SHARE,
                outflow_share: defaults::OUTFLOW_SHARE,
            },
            deposit_enabled: true,
            borrow_enabled: true,
        }),
    })
}

fn family(spec: &AssetSpec) -> FamilyListing {
    if !spec.is_base() {
        // Whatever its decimals are: only the denom is asked for.
        let of = coin(&spec.family, 0).denom;
        return FamilyListing::Member { of };
    }
    FamilyListing::Base {
        group: spec.group.name().into(),
        group_correlation: defaults::GROUP_CORRELATION,
        family_correlation: defaults::FAMILY_CORRELATION,
        haircut: match spec.group {
            AssetGroup::Crypto => defaults::CRYPTO_HAIRCUT,
            AssetGroup::Usd => defaults::USD_HAIRCUT,
        },
    }
}

#[cfg(test)]
mod tests {
    use bulwark_simulator::prices::PathConfig;

    use super::*;

    #[test]
    fn every_coin_of_the_default_path_has_a_market() {
        let table = PathConfig::default().generate().unwrap();
        let deployment = deployment(&table).unwrap();
        assert_eq!(deployment.assets.len(), table.columns.len());
        let member = deployment.assets.iter().find_map(|asset| {
            match &asset.market.as_ref().unwrap().family {
                FamilyListing::Member { of } => Some(of),
                FamilyListing::Base { .. } => None,
            }
        });
        // stATOM is redeemed into ATOM.
        assert_eq!(member, Some(&deployment.assets[2].asset));
    }

    #[test]
    fn a_coin_that_nobody_knows_has_a_market_too() {
        let config = PathConfig {
            symbols: vec!["FOO".into(), "usdc".into()],
            collapse: None,
            ..PathConfig::default()
        };
        let deployment = deployment(&config.generate().unwrap()).unwrap();
        assert!(deployment.assets[0].asset.starts_with("ibc/"));
        assert_eq!(deployment.assets[1].asset, coin("USDC", 6).denom);
    }
}

//! The assets of the benchmark: coins of the local network, ten dollars each but for the dollar.

use bulwark_deploy::file::{Asset, Market};
use bulwark_localnet::denoms;
use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::units::{Amount, Fraction, Price, Usd};
use bulwark_testing::defaults;
use bulwark_types::vault::{FamilyListing, Limits};

/// The largest account: of those with one more, less than half of the denoms would be long.
pub const MOST_DEPOSITS: usize = 17;

/// The asset that is borrowed.
const DEBT: &str = "USDC";

/// The asset that is deposited by accounts that do not hold it yet.
const NEW: &str = "WBTC";

/// Whole tokens that a market takes.
const LIQUIDITY: u128 = 10_000_000;

/// A coin of the benchmark.
#[derive(Clone, Debug)]
pub struct Coin {
    /// Bank denom.
    pub denom: String,
    /// Decimals.
    pub decimals: u8,
    /// USD per whole token.
    pub price: Price,
}

impl Coin {
    /// Smallest units of so many USD at the coin's first price.
    pub fn worth(&self, usd: u32) -> Amount {
        // Prices are far from zero, and amounts far below the limit.
        self.price
            .amount_floor(Usd::whole(usd), self.decimals)
            .unwrap_or_default()
    }
}

/// The coin that is borrowed, then those that accounts hold, and last the one that is new to them.
pub fn coins() -> Vec<Coin> {
    let coin = |coin: denoms::Coin| Coin {
        price: Price(if coin.symbol == DEBT { 1 } else { 10 } * Fraction::ONE.0),
        denom: coin.denom,
        decimals: coin.decimals,
    };
    let (named, mut held): (Vec<_>, Vec<_>) = denoms::coins()
        .into_iter()
        .partition(|coin| [DEBT, NEW].contains(&coin.symbol.as_str()));
    held.truncate(MOST_DEPOSITS);
    let (debt, new): (Vec<_>, Vec<_>) = named.into_iter().partition(|coin| coin.symbol == DEBT);
    let coins = debt.into_iter().chain(held).chain(new);
    coins.map(coin).collect()
}

/// How an asset is listed.
pub fn listing(coin: &Coin, is_debt: bool) -> Asset {
    let liquidity = Amount(LIQUIDITY * 10u128.pow(u32::from(coin.decimals)));
    let (group, haircut): (&str, HaircutRule) = if is_debt {
        ("usd", defaults::USD_HAIRCUT)
    } else {
        ("crypto", defaults::CRYPTO_HAIRCUT)
    };
    Asset {
        asset: coin.denom.clone(),
        first_price: Some(coin.price),
        feed: defaults::feed(Fraction::percent(4)),
        market: Some(Market {
            decimals: coin.decimals,
            family: FamilyListing::Base {
                group: group.into(),
                group_correlation: defaults::GROUP_CORRELATION,
                family_correlation: defaults::FAMILY_CORRELATION,
                haircut,
            },
            risk: AssetRisk {
                extra_haircut: Fraction::ZERO,
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_denoms_of_every_account_are_long() {
        let coins = coins();
        assert_eq!(coins.len(), MOST_DEPOSITS + 2);
        assert_eq!(coins.last().unwrap().denom.len(), 68);
        assert!(coins.len() <= usize::from(defaults::parameters(0).max_holdings));
        for deposits in 1..=MOST_DEPOSITS {
            let held = &coins[..=deposits];
            let long = held.iter().filter(|coin| coin.denom.len() == 68).count();
            assert!(long * 2 >= held.len(), "{long} with {deposits} deposits");
        }
    }

    #[test]
    fn a_coin_is_worth_what_its_decimals_say() {
        let coin = Coin {
            denom: "ustake".into(),
            decimals: 6,
            price: Price(10 * Fraction::ONE.0),
        };
        assert_eq!(coin.worth(20), Amount(2_000_000));
    }
}

//! The coins that every user of a local network holds. Half of them have denoms as coins from
//! other chains have them, `ibc/` with 64 hexadecimal digits: those make transactions dearer.

use sha2::{Digest, Sha256};

/// The coin that fees are paid in, and that validators stake.
pub const FEE_DENOM: &str = "ustake";

/// Whole tokens of each coin that each user holds.
pub const HOLDING: u128 = 1_000_000;

/// Smallest units of [`FEE_DENOM`] that each user holds.
pub const FEE_HOLDING: u128 = 1_000_000_000_000;

/// A coin of the local network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coin {
    /// What price files call it.
    pub symbol: String,
    /// Its bank denom.
    pub denom: String,
    /// Smallest units in a whole token, as a power of ten.
    pub decimals: u8,
}

/// Symbol, decimals, and the denom of those that are not from another chain.
const COINS: [(&str, u8, Option<&str>); 20] = [
    ("BTC", 8, None),
    ("ETH", 18, None),
    ("ATOM", 6, None),
    ("STATOM", 6, None),
    ("USDC", 6, None),
    ("OSMO", 6, Some("uosmo")),
    ("SOL", 9, Some("nsol")),
    ("NOVA", 6, Some("unova")),
    ("USDT", 6, Some("uusdt")),
    ("DAI", 18, Some("adai")),
    ("LINK", 18, None),
    ("AVAX", 18, None),
    ("BNB", 8, None),
    ("WSTETH", 18, None),
    ("WBTC", 8, None),
    ("LUNA", 6, Some("uluna")),
    ("TIA", 6, Some("utia")),
    ("INJ", 18, Some("inj")),
    ("NTRN", 6, Some("untrn")),
    ("DYDX", 18, Some("adydx")),
];

/// The coins that every network has, [`FEE_DENOM`] aside.
#[must_use]
pub fn coins() -> Vec<Coin> {
    COINS
        .iter()
        .map(|(symbol, decimals, denom)| Coin {
            symbol: (*symbol).to_owned(),
            denom: denom.map_or_else(|| ibc_denom(symbol), str::to_owned),
            decimals: *decimals,
        })
        .collect()
}

/// The coin of this symbol, in upper or lower case. One that is not among [`coins`] came from
/// another chain, with `decimals`.
#[must_use]
pub fn coin(symbol: &str, decimals: u8) -> Coin {
    let known = coins()
        .into_iter()
        .find(|coin| coin.symbol.eq_ignore_ascii_case(symbol));
    known.unwrap_or_else(|| Coin {
        symbol: symbol.to_owned(),
        denom: ibc_denom(&symbol.to_ascii_uppercase()),
        decimals,
    })
}

/// The denom that a coin has after a transfer from another chain.
fn ibc_denom(symbol: &str) -> String {
    let hash = Sha256::digest(format!("transfer/channel-0/{symbol}"));
    let digits: String = hash.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("ibc/{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_coins_come_from_other_chains() {
        let coins = coins();
        let foreign: Vec<&Coin> = coins
            .iter()
            .filter(|coin| coin.denom.starts_with("ibc/"))
            .collect();
        assert_eq!(foreign.len() * 2, coins.len());
        for coin in foreign {
            assert_eq!(coin.denom.len(), "ibc/".len() + 64, "{}", coin.symbol);
        }
    }
}

//! Prices that somebody holds on a local network: the feeder posts them in place of the path's, from
//! its next post on. They reach the vault as any price does: a jump waits for its confirmation.

use std::fs::File;
use std::path::{Path, PathBuf};

use bulwark_feeder::price;
use bulwark_feeder::source::Held;
use bulwark_risk::units::Price;
use bulwark_simulator::prices::csv::{MAX_PRICE, MIN_PRICE};
use rustix::fs::{FlockOperation, flock};
use serde::Serialize;

use super::deployment::columns;
use super::replay::Replay;
use crate::error::{LocalnetError, Result};
use crate::files;

/// What is posted of a coin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CoinPrice {
    /// What the path calls it.
    pub symbol: String,
    /// As the oracle names it.
    pub asset: String,
    /// The path's price now, USD per whole token; none where the path has a blank cell.
    pub path: Option<Price>,
    /// The price that is posted in its place, USD per whole token.
    pub held: Option<Price>,
}

impl CoinPrice {
    fn is_called(&self, name: &str) -> bool {
        self.symbol.eq_ignore_ascii_case(name) || self.asset == name
    }
}

/// Where held prices stand.
pub(super) fn file(home: &Path) -> PathBuf {
    home.join("held-prices.json")
}

/// What is posted of every coin of the path, in its order.
///
/// # Errors
/// [`LocalnetError::NothingReplayed`], [`LocalnetError::Held`], [`LocalnetError::File`],
/// [`LocalnetError::Form`].
pub fn prices(home: &Path) -> Result<Vec<CoinPrice>> {
    let nothing = || LocalnetError::NothingReplayed {
        home: home.to_owned(),
    };
    let replay = Replay::read(home)?.ok_or_else(nothing)?;
    let held = Held::read(&file(home))?;
    let row = replay.row_now();
    let prices = columns(&replay.table).map(|(coin, column)| CoinPrice {
        path: (column.prices.get(row).copied().flatten()).and_then(price::of_float),
        held: held.0.get(&coin.denom).copied(),
        symbol: coin.symbol,
        asset: coin.denom,
    });
    Ok(prices.collect())
}

/// What is posted of the coin of this symbol, in upper or lower case, or of this asset.
///
/// # Errors
/// [`LocalnetError::UnknownCoin`], and those of [`prices`].
pub fn price_of(home: &Path, name: &str) -> Result<CoinPrice> {
    let prices = prices(home)?;
    let unknown = || LocalnetError::UnknownCoin {
        name: name.into(),
        known: prices.iter().map(|coin| coin.symbol.clone()).collect(),
    };
    let found = prices.iter().find(|coin| coin.is_called(name));
    found.cloned().ok_or_else(unknown)
}

/// Holds a coin at a price, USD per whole token as a decimal number: it is what the feeder posts from
/// now on, until it is [`release`]d.
///
/// # Errors
/// [`LocalnetError::Value`] for what is no price, or an absurd one; those of [`price_of`].
pub fn hold(home: &Path, name: &str, text: &str) -> Result<CoinPrice> {
    let coin = price_of(home, name)?;
    let price = parse(text)?;
    change(home, |held| {
        held.0.insert(coin.asset.clone(), price);
    })?;
    price_of(home, name)
}

/// Gives a coin back to the path, or all of them; answers those that were held.
///
/// # Errors
/// Those of [`price_of`].
pub fn release(home: &Path, name: Option<&str>) -> Result<Vec<CoinPrice>> {
    let mut coins = match name {
        Some(name) => vec![price_of(home, name)?],
        None => prices(home)?,
    };
    coins.retain(|coin| coin.held.is_some());
    change(home, |held| {
        held.0
            .retain(|asset, _| !coins.iter().any(|coin| coin.asset == *asset));
    })?;
    Ok(coins)
}

/// The bounds are those of a price file.
fn parse(text: &str) -> Result<Price> {
    let bounds = price::of_float(MIN_PRICE).zip(price::of_float(MAX_PRICE));
    let price = price::of_text(text, 0);
    let is_in = |price: &Price| bounds.is_some_and(|(min, max)| *price >= min && *price <= max);
    price.filter(is_in).ok_or_else(|| LocalnetError::Value {
        field: "price",
        value: text.into(),
        bound: "must be a decimal number, USD per whole token, from 1e-12 to 1e12",
    })
}

/// Several commands may change prices at the same time: one after the other.
fn change(home: &Path, change: impl FnOnce(&mut Held)) -> Result<()> {
    let path = home.join("held-prices.lock");
    let lock = File::create(&path).map_err(files::failed(&path))?;
    flock(&lock, FlockOperation::LockExclusive)
        .map_err(|error| files::failed(&path)(error.into()))?;
    let path = file(home);
    let mut held = Held::read(&path)?;
    change(&mut held);
    files::write_json(&path, &held)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::super::speed::Speed;
    use super::*;

    fn home() -> TempDir {
        let home = tempfile::tempdir().unwrap();
        let mut replay = Replay::generated(1, Speed::new(60).unwrap()).unwrap();
        replay.begin(home.path()).unwrap();
        home
    }

    #[test]
    fn a_coin_is_held_by_its_symbol_or_its_denom_and_given_back() {
        let home = home();
        let home = home.path();
        let osmo = price_of(home, "OSMO").unwrap();
        assert!(osmo.held.is_none() && osmo.path.is_some());

        hold(home, "osmo", "0.5").unwrap();
        hold(home, "BTC", "7e4").unwrap();
        let held = hold(home, "uosmo", "0.25").unwrap().held.unwrap();
        assert_eq!(held.to_string(), "0.25");
        let all = prices(home).unwrap();
        assert_eq!(all.iter().filter(|coin| coin.held.is_some()).count(), 2);

        assert_eq!(release(home, Some("OSMO")).unwrap()[0].asset, "uosmo");
        assert!(price_of(home, "OSMO").unwrap().held.is_none());
        assert_eq!(release(home, None).unwrap()[0].symbol, "BTC");
        assert!(release(home, None).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_coin_or_no_price_is_named() {
        let home = home();
        let unknown = hold(home.path(), "DOGE", "1").unwrap_err();
        let said = unknown.to_string();
        assert!(said.contains("DOGE") && said.contains("STATOM"), "{said}");
        for absurd in ["0", "-1", "much", "", "1e13", "1e-13", "NaN", "0x1"] {
            let refused = hold(home.path(), "ATOM", absurd).unwrap_err();
            let is_named =
                matches!(&refused, LocalnetError::Value { value, .. } if value == absurd);
            assert!(is_named, "{refused}");
        }
        assert!(price_of(home.path(), "ATOM").unwrap().held.is_none());

        let bare = tempfile::tempdir().unwrap();
        let refused = prices(bare.path()).unwrap_err();
        assert!(
            matches!(refused, LocalnetError::NothingReplayed { .. }),
            "{refused}"
        );
    }

    #[test]
    fn a_file_that_was_spoilt_by_hand_is_named() {
        let home = home();
        std::fs::write(file(home.path()), "{\"uosmo\": 0}").unwrap();
        let refused = prices(home.path()).unwrap_err().to_string();
        assert!(refused.contains("held-prices.json"), "{refused}");
    }
}

use std::collections::BTreeSet;

use super::super::symbols::{describe, describe_all};
use super::super::{AssetGroup, Column, PathConfig, PriceTable};

fn table(symbols: &[&str]) -> PriceTable {
    let column = |symbol: &&str| Column {
        symbol: (*symbol).to_owned(),
        prices: vec![Some(1.5), None, Some(2.5)],
    };
    PriceTable {
        timestamps: vec![1, 2, 3],
        columns: symbols.iter().map(column).collect(),
    }
}

#[test]
fn a_derivative_joins_its_base_where_the_file_has_the_base() {
    let with_base = ["ETH", "STETH", "WSTETH", "BTC", "WBTC", "ATOM", "STATOM"];
    for (symbol, base) in [
        ("STETH", "ETH"),
        ("WSTETH", "ETH"),
        ("WBTC", "BTC"),
        ("STATOM", "ATOM"),
        ("ETH", "ETH"),
    ] {
        assert_eq!(describe(symbol, &with_base).family, base);
    }
    assert!(!describe("STETH", &with_base).is_base());

    let alone = describe("STETH", &["STETH", "WSTETH"]);
    assert_eq!(alone.family, "STETH");
    assert!(alone.is_base());
}

#[test]
fn the_family_is_written_as_the_file_writes_the_base() {
    assert_eq!(describe("stETH", &["eth", "stETH"]).family, "eth");
}

#[test]
fn stablecoins_are_each_their_own_family() {
    for symbol in ["USDC", "USDT", "DAI", "UST", "USD", "BUSD", "TUSD", "FRAX"] {
        let asset = describe(symbol, &[symbol, "USDC"]);
        assert_eq!(
            (asset.group, asset.stable, asset.decimals),
            (AssetGroup::Usd, true, 6)
        );
        assert_eq!(asset.family, symbol);
        assert_eq!(asset.group.name(), "usd");
    }
}

#[test]
fn decimals_are_those_of_the_real_token_where_known() {
    for (symbol, decimals) in [
        ("BTC", 8),
        ("WBTC", 8),
        ("ETH", 18),
        ("STETH", 18),
        ("LINK", 18),
        ("ATOM", 6),
    ] {
        assert_eq!(describe(symbol, &[]).decimals, decimals, "{symbol}");
    }
}

#[test]
fn an_unknown_symbol_is_a_crypto_asset_with_six_decimals() {
    let asset = describe("WHO_KNOWS", &["BTC", "WHO_KNOWS"]);
    assert_eq!(
        (asset.group, asset.stable, asset.decimals),
        (AssetGroup::Crypto, false, 6)
    );
    assert_eq!(asset.family, "WHO_KNOWS");
    assert!(asset.liquidity_usd > 0.0);
}

#[test]
fn denoms_are_distinct_stable_and_mostly_ibc() {
    let assets = describe_all(&table(
        &PathConfig::default()
            .symbols
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    ));
    let denoms: BTreeSet<_> = assets.iter().map(|asset| asset.denom.clone()).collect();
    assert_eq!(denoms.len(), assets.len());
    let ibc: Vec<_> = denoms
        .iter()
        .filter_map(|denom| denom.strip_prefix("ibc/"))
        .collect();
    assert!(ibc.len() * 2 >= denoms.len());
    for hash in ibc {
        assert_eq!(hash.len(), 64);
        assert!(
            hash.chars().all(|c| matches!(c, '0'..='9' | 'A'..='F')),
            "{hash}"
        );
    }
    assert_eq!(describe("ATOM", &[]).denom, "uatom");
    // A denom must not change between versions, or their reports cannot be compared.
    assert!(describe("BTC", &[]).denom.starts_with("ibc/E3330E98"));
}

#[test]
fn a_table_without_a_stablecoin_gets_a_dollar() {
    let table = table(&["BTC", "ETH"]).with_stablecoin();
    assert_eq!(table.symbols(), ["BTC", "ETH", "USD"]);
    assert_eq!(table.column("USD").unwrap().prices, [Some(1.0); 3]);
}

#[test]
fn a_table_with_a_stablecoin_is_left_as_it_is() {
    let with = table(&["BTC", "DAI"]);
    assert_eq!(with.clone().with_stablecoin(), with);
}

#[test]
fn figures_of_a_column() {
    let table = table(&["BTC"]);
    let column = table.column("BTC").unwrap();
    assert_eq!(column.first(), Some((0, 1.5)));
    assert_eq!(column.last(), Some((2, 2.5)));
    assert_eq!(column.lowest(), Some(1.5));
    assert_eq!(table.price("BTC", 1), None);
    assert_eq!(table.price("BTC", 2), Some(2.5));
    assert_eq!(table.price("BTC", 3), None);
    assert_eq!(table.price("ETH", 0), None);
}

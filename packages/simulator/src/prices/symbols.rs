//! What a symbol of a price file stands for: the asset, its decimals, its place in the factor
//! model and how much of it the market usually absorbs.

use rand::RngCore;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

use super::PriceTable;

/// The symbol of the asset that a table without a stablecoin is given.
pub const USD: &str = "USD";

/// The longest symbol that is accepted, so that a symbol fits a seed and a denom.
pub const MAX_SYMBOL_LENGTH: usize = 32;

/// What moves together in a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetGroup {
    /// Volatile assets.
    Crypto,
    /// Stablecoins.
    Usd,
}

impl AssetGroup {
    /// The group's name as the vault lists it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crypto => "crypto",
            Self::Usd => "usd",
        }
    }
}

/// One symbol as an asset of the simulated chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssetSpec {
    /// The symbol as the price table writes it.
    pub symbol: String,
    /// The bank denom: `u<symbol>` for coins of the simulated chain, `ibc/<64 hex digits>` for
    /// all others. The same symbol always gets the same denom.
    pub denom: String,
    /// Decimals of the whole token.
    pub decimals: u32,
    /// The group of the factor model.
    pub group: AssetGroup,
    /// The symbol of the family's base asset; the asset's own one where it is the base.
    pub family: String,
    /// Whether it is a stablecoin.
    pub stable: bool,
    /// What the market usually absorbs at a small discount, in USD.
    pub liquidity_usd: f64,
}

impl AssetSpec {
    /// Whether the asset is its family's base (a derivative carries an extra haircut).
    pub fn is_base(&self) -> bool {
        self.family == self.symbol
    }
}

/// What is known about a symbol; everything else is assumed of unknown ones.
struct Known {
    symbol: &'static str,
    decimals: u32,
    /// What the asset is redeemable into.
    base: Option<&'static str>,
    group: AssetGroup,
    /// A coin of the simulated chain itself, not one that came over IBC.
    native: bool,
    liquidity_usd: f64,
}

const UNKNOWN_LIQUIDITY_USD: f64 = 3e6;
const UNKNOWN_DECIMALS: u32 = 6;

const fn coin(symbol: &'static str, decimals: u32, liquidity_usd: f64) -> Known {
    Known {
        symbol,
        decimals,
        base: None,
        group: AssetGroup::Crypto,
        native: false,
        liquidity_usd,
    }
}

const fn native(symbol: &'static str, liquidity_usd: f64) -> Known {
    Known {
        native: true,
        ..coin(symbol, UNKNOWN_DECIMALS, liquidity_usd)
    }
}

const fn derivative(
    symbol: &'static str,
    decimals: u32,
    base: &'static str,
    liquidity_usd: f64,
) -> Known {
    Known {
        base: Some(base),
        ..coin(symbol, decimals, liquidity_usd)
    }
}

const fn stablecoin(symbol: &'static str, liquidity_usd: f64) -> Known {
    Known {
        group: AssetGroup::Usd,
        ..coin(symbol, UNKNOWN_DECIMALS, liquidity_usd)
    }
}

const KNOWN: &[Known] = &[
    coin("BTC", 8, 50e6),
    derivative("WBTC", 8, "BTC", 20e6),
    coin("ETH", 18, 40e6),
    derivative("STETH", 18, "ETH", 15e6),
    derivative("WSTETH", 18, "ETH", 15e6),
    derivative("RETH", 18, "ETH", 5e6),
    derivative("CBETH", 18, "ETH", 5e6),
    native("ATOM", 8e6),
    derivative("STATOM", 6, "ATOM", 3e6),
    derivative("DATOM", 6, "ATOM", 2e6),
    native("OSMO", 4e6),
    derivative("STOSMO", 6, "OSMO", 1e6),
    coin("SOL", 6, 20e6),
    derivative("MSOL", 6, "SOL", 4e6),
    derivative("JITOSOL", 6, "SOL", 6e6),
    coin("BNB", 6, 20e6),
    coin("XRP", 6, 15e6),
    coin("LTC", 6, 10e6),
    coin("LINK", 18, 8e6),
    coin("AVAX", 6, 10e6),
    coin("XTZ", 6, 4e6),
    native("LUNA", 20e6),
    native("NOVA", 6e6),
    stablecoin("USDC", 50e6),
    stablecoin("USDT", 50e6),
    stablecoin("DAI", 20e6),
    stablecoin("UST", 20e6),
    stablecoin(USD, 50e6),
    stablecoin("BUSD", 20e6),
    stablecoin("TUSD", 8e6),
    stablecoin("FRAX", 8e6),
    stablecoin("USDP", 5e6),
    stablecoin("GUSD", 5e6),
    stablecoin("LUSD", 5e6),
    stablecoin("USDD", 5e6),
];

fn known(symbol: &str) -> Option<&'static Known> {
    KNOWN
        .iter()
        .find(|known| known.symbol.eq_ignore_ascii_case(symbol))
}

/// Whether the symbol is a stablecoin that the table knows.
pub fn is_stablecoin(symbol: &str) -> bool {
    known(symbol).is_some_and(|known| known.group == AssetGroup::Usd)
}

/// Whether the text can be a symbol: up to [`MAX_SYMBOL_LENGTH`] letters, digits, `.`, `_` and
/// `-`, of which the first is a letter or a digit.
pub fn is_symbol(text: &str) -> bool {
    text.len() <= MAX_SYMBOL_LENGTH
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// The asset that a symbol stands for, in a table with the symbols `present`.
///
/// A derivative whose base has no column is its own family: without a price of the base there is
/// no haircut to share. Symbols are compared without regard to case.
pub fn describe(symbol: &str, present: &[&str]) -> AssetSpec {
    let known = known(symbol);
    let base = known.and_then(|known| known.base);
    let family = base
        .and_then(|base| {
            present
                .iter()
                .find(|other| other.eq_ignore_ascii_case(base))
        })
        .map_or(symbol, |base| *base);
    let group = known.map_or(AssetGroup::Crypto, |known| known.group);
    AssetSpec {
        symbol: symbol.to_owned(),
        denom: denom(symbol, known.is_some_and(|known| known.native)),
        decimals: known.map_or(UNKNOWN_DECIMALS, |known| known.decimals),
        group,
        family: family.to_owned(),
        stable: group == AssetGroup::Usd,
        liquidity_usd: known.map_or(UNKNOWN_LIQUIDITY_USD, |known| known.liquidity_usd),
    }
}

/// The assets of all columns, in their order.
pub fn describe_all(table: &PriceTable) -> Vec<AssetSpec> {
    let present = table.symbols();
    present
        .iter()
        .map(|symbol| describe(symbol, &present))
        .collect()
}

/// A coin that came over IBC is called by a digest of the path that it took. This one is drawn
/// from the symbol, so that runs can be compared.
fn denom(symbol: &str, native: bool) -> String {
    let lower = symbol.to_ascii_lowercase();
    if native {
        return format!("u{lower}");
    }
    let mut seed = [0; MAX_SYMBOL_LENGTH];
    for (byte, letter) in seed.iter_mut().zip(lower.bytes()) {
        *byte = letter;
    }
    let mut digest = [0; 32];
    ChaCha8Rng::from_seed(seed).fill_bytes(&mut digest);
    digest.iter().fold("ibc/".to_owned(), |denom, byte| {
        format!("{denom}{byte:02X}")
    })
}

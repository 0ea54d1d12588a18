//! A price path as the study sees it: which assets it has, and when they can be traded.

use crate::prices::symbols::describe_all;
use crate::prices::{AssetGroup, Column, PriceTable};

use super::config::MAX_ASSETS;
use super::error::StudyError;

/// Columns with figures in a smaller part of their rows are left out.
const DENSE: f64 = 0.8;

/// An asset of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyAsset {
    /// The symbol.
    pub symbol: String,
    /// Decimals of the token.
    pub decimals: u8,
    /// What it moves with in a crash.
    pub group: AssetGroup,
    /// The number of its family's base; its own for a base.
    pub base: usize,
    /// Whether it is redeemable into another asset of the path.
    pub is_member: bool,
    /// What the market takes within a day, USD.
    pub liquidity_usd: f64,
    /// The first row with a figure, of its base too.
    pub first_row: usize,
    /// The last row with a figure.
    pub last_row: usize,
}

impl StudyAsset {
    /// Whether it is a stablecoin.
    pub fn is_stable(&self) -> bool {
        self.group == AssetGroup::Usd
    }
}

/// A price path.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyPath {
    /// What it is called.
    pub name: String,
    /// Whether it was drawn from a seed.
    pub generated: bool,
    /// The prices; a column per asset, in the same order.
    pub table: PriceTable,
    /// The assets.
    pub assets: Vec<StudyAsset>,
    /// Symbols that are left out, with the reason.
    pub left_out: Vec<(String, String)>,
}

impl StudyPath {
    /// Takes a table as a path: columns that the study cannot use are left out, and a table
    /// without a stablecoin is given one.
    ///
    /// # Errors
    /// [`StudyError::TooManyAssets`], [`StudyError::NothingVolatile`].
    pub fn new(name: &str, generated: bool, mut table: PriceTable) -> Result<Self, StudyError> {
        let symbols: Vec<String> = table.symbols().into_iter().map(str::to_owned).collect();
        let mut left_out = Vec::new();
        table.columns.retain(|column| {
            let reason = unusable(column, &symbols);
            let keep = reason.is_none();
            left_out.extend(reason.map(|reason| (column.symbol.clone(), reason)));
            keep
        });
        let table = table.with_stablecoin();
        let described = describe_all(&table);
        if described.len() > MAX_ASSETS {
            return Err(StudyError::TooManyAssets {
                path: name.to_owned(),
                assets: described.len(),
            });
        }
        if described.iter().all(|asset| asset.stable) {
            return Err(StudyError::NothingVolatile {
                path: name.to_owned(),
            });
        }
        let rows = |symbol: &str| {
            let column = table.column(symbol);
            let first = column.and_then(Column::first).map_or(0, |(row, _)| row);
            let last = column.and_then(Column::last).map_or(0, |(row, _)| row);
            (first, last)
        };
        let assets = described
            .iter()
            .enumerate()
            .map(|(number, asset)| {
                let base = described
                    .iter()
                    .position(|other| other.symbol == asset.family)
                    .unwrap_or(number);
                let ((first, last), (base_first, base_last)) =
                    (rows(&asset.symbol), rows(&asset.family));
                StudyAsset {
                    symbol: asset.symbol.clone(),
                    decimals: u8::try_from(asset.decimals).unwrap_or(u8::MAX),
                    group: asset.group,
                    base,
                    is_member: base != number,
                    liquidity_usd: asset.liquidity_usd,
                    first_row: first.max(base_first),
                    last_row: last.min(base_last),
                }
            })
            .collect();
        Ok(Self {
            name: name.to_owned(),
            generated,
            table,
            assets,
            left_out,
        })
    }

    /// The price of an asset in a row, USD per whole token.
    pub fn price(&self, asset: usize, row: usize) -> Option<f64> {
        let column = self.table.columns.get(asset)?;
        column.prices.get(row).copied().flatten()
    }

    /// The time of a row in Unix seconds.
    pub fn time(&self, row: usize) -> u64 {
        self.table.timestamps.get(row).copied().unwrap_or_default()
    }

    /// Seconds from the first row to the last.
    pub fn seconds(&self) -> u64 {
        let last = self.table.steps().saturating_sub(1);
        self.time(last).saturating_sub(self.time(0))
    }
}

/// Why a column is of no use, if it is not.
fn unusable(column: &Column, symbols: &[String]) -> Option<String> {
    let asset = column.symbol.rsplit_once('_').map(|(asset, _)| asset);
    if let Some(asset) = asset.filter(|asset| symbols.iter().any(|other| other == asset)) {
        return Some(format!("another source's figures of {asset}"));
    }
    let (first, _) = column.first()?;
    let (last, _) = column.last()?;
    let (figures, rows) = (column.figures().count(), last - first + 1);
    ((figures as f64) < DENSE * rows as f64)
        .then(|| format!("only {figures} figures in the {rows} rows from its first to its last"))
}

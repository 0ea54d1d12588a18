//! The table that every price path is.

use serde::{Deserialize, Serialize};

use super::symbols;

/// Prices of several symbols at common times.
///
/// Rows are in the order of time and every column has one entry per row. Tables that come out
/// of [`super::csv::parse`] and [`super::PathConfig::generate`] keep to that.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PriceTable {
    /// The end of each row's bar, in Unix seconds, strictly increasing.
    pub timestamps: Vec<u64>,
    /// One column per symbol, in the order of the file.
    pub columns: Vec<Column>,
}

/// The prices of one symbol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The symbol as the header writes it.
    pub symbol: String,
    /// USD per whole token, one entry per row. `None` means that there is no figure: nothing is
    /// carried forward, because a feed that nobody posts to goes stale and the vault must bear it.
    pub prices: Vec<Option<f64>>,
}

impl Column {
    /// The first row with a figure and that figure (USD per whole token).
    pub fn first(&self) -> Option<(usize, f64)> {
        self.figures().next()
    }

    /// The last row with a figure and that figure (USD per whole token).
    pub fn last(&self) -> Option<(usize, f64)> {
        self.figures().last()
    }

    /// The lowest figure of the column (USD per whole token).
    pub fn lowest(&self) -> Option<f64> {
        self.figures().map(|(_, price)| price).reduce(f64::min)
    }

    /// The rows that have a figure, in the order of time.
    pub fn figures(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.prices
            .iter()
            .enumerate()
            .filter_map(|(row, price)| price.map(|price| (row, price)))
    }
}

impl PriceTable {
    /// The number of rows.
    pub fn steps(&self) -> usize {
        self.timestamps.len()
    }

    /// Keeps the first `rows` rows, and the columns that have a figure in them.
    pub fn truncate(&mut self, rows: usize) {
        self.timestamps.truncate(rows);
        for column in &mut self.columns {
            column.prices.truncate(rows);
        }
        self.columns.retain(|column| column.first().is_some());
    }

    /// The symbols in the order of the columns.
    pub fn symbols(&self) -> Vec<&str> {
        self.columns
            .iter()
            .map(|column| column.symbol.as_str())
            .collect()
    }

    /// The column of a symbol, written exactly so.
    pub fn column(&self, symbol: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.symbol == symbol)
    }

    /// The price of a symbol in a row (USD per whole token), where there is a figure.
    pub fn price(&self, symbol: &str, row: usize) -> Option<f64> {
        self.column(symbol)?.prices.get(row).copied().flatten()
    }

    /// Adds a column `USD`, 1 in every row, to a table that has no stablecoin.
    ///
    /// Without something stable there is nothing to borrow against a falling asset, and no crash
    /// would liquidate anybody.
    #[must_use]
    pub fn with_stablecoin(mut self) -> Self {
        if !self
            .columns
            .iter()
            .any(|column| symbols::is_stablecoin(&column.symbol))
        {
            let prices = vec![Some(1.0); self.steps()];
            self.columns.push(Column {
                symbol: symbols::USD.to_owned(),
                prices,
            });
        }
        self
    }
}

//! Price files: `timestamp,<SYMBOL>,…`, one row per bar, a blank cell where there is no figure.

use std::path::{Path, PathBuf};

use serde::Serialize;
use thiserror::Error;

use super::symbols::{MAX_SYMBOL_LENGTH, is_symbol};
use super::{Column, PriceTable, timestamp};

/// The smallest price that is taken for one (USD per whole token).
pub const MIN_PRICE: f64 = 1e-12;
/// The largest price that is taken for one (USD per whole token).
pub const MAX_PRICE: f64 = 1e12;

/// The header's first cell.
const TIMESTAMP: &str = "timestamp";
/// The header is line 1.
const HEADER_LINE: usize = 1;
/// Longer cells are cut in error messages.
const MAX_QUOTED: usize = 60;

/// Where in the file: both count from 1, and the column counts cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The line, of which the header is the first.
    pub line: usize,
    /// The cell in the line.
    pub column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What is wrong with a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceFault {
    /// The cell is no number at all.
    #[error("is not a number")]
    NotANumber,
    /// NaN or an infinity.
    #[error("is not a finite number")]
    NotFinite,
    /// Zero.
    #[error("is zero; leave the cell blank where there is no figure")]
    Zero,
    /// Below zero.
    #[error("is negative")]
    Negative,
    /// Above [`MAX_PRICE`].
    #[error("is absurdly large, above {MAX_PRICE:e}")]
    TooLarge,
    /// Below [`MIN_PRICE`].
    #[error("is absurdly small, below {MIN_PRICE:e}")]
    TooSmall,
}

/// Why a price file is refused.
#[derive(Debug, Error)]
pub enum PriceFileError {
    /// The file could not be read.
    #[error("cannot read the price file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The file has no content.
    #[error("line 1, column 1: the price file is empty, expected a header `timestamp,<SYMBOL>,…`")]
    Empty,
    /// The file is not UTF-8.
    #[error("{place}: the file is not UTF-8 text")]
    NotText {
        /// The cell with the first bad byte.
        place: Place,
    },
    /// The header does not begin with `timestamp`.
    #[error("{place}: the header must begin with `timestamp`, found `{found}`")]
    NoTimestampColumn {
        /// The header's first cell.
        place: Place,
        /// What it says.
        found: String,
    },
    /// The header names no symbol.
    #[error("{place}: the header names no symbol after `timestamp`")]
    NoSymbols {
        /// Where the first symbol was expected.
        place: Place,
    },
    /// A header cell that cannot be a symbol.
    #[error(
        "{place}: `{found}` is not a symbol (1 to {MAX_SYMBOL_LENGTH} letters, digits, `.`, `_` \
         or `-`, beginning with a letter or a digit)"
    )]
    BadSymbol {
        /// The header cell.
        place: Place,
        /// What it says.
        found: String,
    },
    /// Two columns of one symbol (upper and lower case do not differ).
    #[error("{place}: the symbol {symbol} is already in column {first_column}")]
    DuplicateSymbol {
        /// The second of the two header cells.
        place: Place,
        /// The symbol.
        symbol: String,
        /// The column that had it first, counted from 1.
        first_column: usize,
    },
    /// A row with more or fewer cells than the header.
    #[error("{place}: the row has {found} cells, the header has {expected}")]
    WrongCellCount {
        /// The first cell that is missing or too many.
        place: Place,
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// A timestamp in another form than `YYYY-MM-DDThh:mm:ssZ`, or of a day that does not exist.
    #[error("{place}: `{found}` is not a UTC timestamp like 2020-03-07T01:00:00Z")]
    BadTimestamp {
        /// The cell.
        place: Place,
        /// What it says.
        found: String,
    },
    /// A timestamp that is not after the one before.
    #[error("{place}: the timestamp {found} is not after {previous} of the row before")]
    NotIncreasing {
        /// The cell.
        place: Place,
        /// What it says.
        found: String,
        /// The timestamp of the row before.
        previous: String,
    },
    /// A price that cannot be one.
    #[error("{place} ({symbol}): the price `{found}` {fault}")]
    BadPrice {
        /// The cell.
        place: Place,
        /// The column's symbol.
        symbol: String,
        /// What the cell says.
        found: String,
        /// What is wrong with it.
        fault: PriceFault,
    },
    /// A symbol without a single figure.
    #[error("{place} ({symbol}): no row has a price of this symbol")]
    NoPrices {
        /// The symbol's header cell.
        place: Place,
        /// The symbol.
        symbol: String,
    },
    /// Fewer than two rows: no price ever moves.
    #[error("{place}: the file has {rows} row(s) of prices, at least 2 are needed")]
    TooFewRows {
        /// Where the first missing row was expected.
        place: Place,
        /// Rows in the file.
        rows: usize,
    },
}

/// Reads a price file.
///
/// # Errors
/// [`PriceFileError::Unreadable`] where the file cannot be read, else those of [`parse`].
pub fn read(path: &Path) -> Result<PriceTable, PriceFileError> {
    let bytes = std::fs::read(path).map_err(|source| PriceFileError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    parse(&bytes)
}

/// Parses the content of a price file.
///
/// A byte order mark, CRLF line ends, spaces around cells and blank lines at the end are allowed.
/// Cells are never quoted: neither timestamps, symbols nor numbers hold a comma.
///
/// # Errors
/// The first fault in the order of reading, with its line and column.
pub fn parse(bytes: &[u8]) -> Result<PriceTable, PriceFileError> {
    let text = text_of(bytes)?.trim_end();
    if text.is_empty() {
        return Err(PriceFileError::Empty);
    }
    // What is left of a CRLF is trimmed off the last cell.
    let mut lines = text.split('\n');
    let mut table = PriceTable {
        timestamps: Vec::new(),
        columns: header(lines.next().unwrap_or_default())?,
    };
    for (line, row) in (HEADER_LINE + 1..).zip(lines) {
        add_row(&mut table, line, row)?;
    }
    check_complete(&table)?;
    Ok(table)
}

fn text_of(bytes: &[u8]) -> Result<&str, PriceFileError> {
    let text = std::str::from_utf8(bytes).map_err(|fault| {
        let before = &bytes[..fault.valid_up_to()];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let count = |bytes: &[u8], wanted| 1 + bytes.iter().filter(|byte| **byte == wanted).count();
        let place = Place {
            line: count(before, b'\n'),
            column: count(&before[line_start..], b','),
        };
        PriceFileError::NotText { place }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn header(line: &str) -> Result<Vec<Column>, PriceFileError> {
    let mut cells = cells(HEADER_LINE, line);
    match cells.next() {
        Some((_, TIMESTAMP)) => {}
        other => {
            let found = quoted(other.map_or("", |(_, found)| found));
            let place = Place {
                line: HEADER_LINE,
                column: 1,
            };
            return Err(PriceFileError::NoTimestampColumn { place, found });
        }
    }
    let mut columns: Vec<Column> = Vec::new();
    for (place, symbol) in cells {
        if !is_symbol(symbol) {
            return Err(PriceFileError::BadSymbol {
                place,
                found: quoted(symbol),
            });
        }
        let same = |column: &Column| column.symbol.eq_ignore_ascii_case(symbol);
        if let Some(first) = columns.iter().position(same) {
            let symbol = symbol.to_owned();
            return Err(PriceFileError::DuplicateSymbol {
                place,
                symbol,
                first_column: first + 2,
            });
        }
        columns.push(Column {
            symbol: symbol.to_owned(),
            prices: Vec::new(),
        });
    }
    if columns.is_empty() {
        return Err(PriceFileError::NoSymbols {
            place: Place {
                line: HEADER_LINE,
                column: 2,
            },
        });
    }
    Ok(columns)
}

fn add_row(table: &mut PriceTable, line: usize, row: &str) -> Result<(), PriceFileError> {
    let (expected, found) = (table.columns.len() + 1, row.split(',').count());
    if found != expected {
        let place = Place {
            line,
            column: expected.min(found) + 1,
        };
        return Err(PriceFileError::WrongCellCount {
            place,
            expected,
            found,
        });
    }
    let mut cells = cells(line, row);
    if let Some((place, text)) = cells.next() {
        let time = timestamp::parse(text).ok_or_else(|| PriceFileError::BadTimestamp {
            place,
            found: quoted(text),
        })?;
        if let Some(previous) = table
            .timestamps
            .last()
            .filter(|previous| **previous >= time)
        {
            let previous = timestamp::format(*previous);
            return Err(PriceFileError::NotIncreasing {
                place,
                found: quoted(text),
                previous,
            });
        }
        table.timestamps.push(time);
    }
    for (column, (place, text)) in table.columns.iter_mut().zip(cells) {
        let price = price(text).map_err(|fault| PriceFileError::BadPrice {
            place,
            symbol: column.symbol.clone(),
            found: quoted(text),
            fault,
        })?;
        column.prices.push(price);
    }
    Ok(())
}

fn price(text: &str) -> Result<Option<f64>, PriceFault> {
    if text.is_empty() {
        return Ok(None);
    }
    let price: f64 = text.parse().map_err(|_| PriceFault::NotANumber)?;
    if !price.is_finite() {
        Err(PriceFault::NotFinite)
    } else if price == 0.0 {
        Err(PriceFault::Zero)
    } else if price < 0.0 {
        Err(PriceFault::Negative)
    } else if price > MAX_PRICE {
        Err(PriceFault::TooLarge)
    } else if price < MIN_PRICE {
        Err(PriceFault::TooSmall)
    } else {
        Ok(Some(price))
    }
}

fn check_complete(table: &PriceTable) -> Result<(), PriceFileError> {
    let rows = table.timestamps.len();
    if rows < 2 {
        let place = Place {
            line: HEADER_LINE + rows + 1,
            column: 1,
        };
        return Err(PriceFileError::TooFewRows { place, rows });
    }
    match table
        .columns
        .iter()
        .position(|column| column.first().is_none())
    {
        None => Ok(()),
        Some(empty) => Err(PriceFileError::NoPrices {
            place: Place {
                line: HEADER_LINE,
                column: empty + 2,
            },
            symbol: table.columns[empty].symbol.clone(),
        }),
    }
}

fn cells(line: usize, row: &str) -> impl Iterator<Item = (Place, &str)> {
    row.split(',').enumerate().map(move |(at, cell)| {
        (
            Place {
                line,
                column: at + 1,
            },
            cell.trim(),
        )
    })
}

/// The text as an error shows it: short, and without anything that would garble a terminal.
fn quoted(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(MAX_QUOTED)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().count() > MAX_QUOTED {
        shown.push('…');
    }
    shown
}

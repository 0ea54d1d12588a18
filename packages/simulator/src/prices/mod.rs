//! Price paths: where the simulator's prices come from.
//!
//! A path is a [`PriceTable`], read from a CSV file ([`csv`]) or drawn from a seed
//! ([`generate`]); [`symbols`] turns its columns into assets.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a tool, not a contract: what is counted here is rows and columns of a table in memory"
)]

pub mod csv;
pub mod generate;
pub mod symbols;
mod table;
pub mod timestamp;

#[cfg(test)]
mod tests;

pub use csv::{Place, PriceFault, PriceFileError};
pub use generate::{PathConfig, PathConfigError};
pub use symbols::{AssetGroup, AssetSpec};
pub use table::{Column, PriceTable};

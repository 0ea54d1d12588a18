//! The report of a run: one HTML file that needs no network.
//!
//! [`ReportData`] is plain data that the simulator fills; [`render`] turns it into a page with
//! inline SVG plots. The page's size is bounded: long series are thinned out, scatter plots and
//! lists are cut where they say so.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "a tool, not a contract: what is computed here are places on a page"
)]

mod data;
pub(crate) mod format;
pub(crate) mod html;
mod page;
pub(crate) mod plot;
mod sections;

#[cfg(test)]
mod tests;

pub use data::{
    AccountExplained, BadDebtRow, BalanceRow, Books, HaircutSeries, Headline, HoldingExplained,
    LiquidationKind, LiquidationPoint, MarketRow, MarketSeries, RATIO_BINS, ReportData, RunMeta,
    Series, StoryEvent, StoryKind, Verdict, Violation, ratio_bin,
};
pub(crate) use page::document;
pub use page::render;

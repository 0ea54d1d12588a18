//! The risk study: what each feature of the margin formula is worth.
//!
//! On the same price paths, with the same owners, eight variants are compared: constant haircuts
//! or volatility-driven ones, with and without netting, with and without the size term. Margins,
//! liquidations, volatility, interest and bad debt are `bulwark_risk`'s: a variant is a set of
//! parameters, never another formula. [`run`] makes the study, [`render`] its page.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "a tool, not a contract: it estimates values in f64, and its assets, accounts and rows \
              are numbered by itself"
)]

mod account;
mod calibrate;
mod config;
mod engine;
mod error;
mod feeds;
mod keepers;
mod market;
mod outcome;
mod owners;
mod page;
mod parallel;
mod path;
mod pools;
mod result;
mod run;
mod sweep;
mod terms;
mod variant;
mod verdict;

#[cfg(test)]
mod tests;

pub use config::{MAX_ACCOUNTS, MAX_GENERATED, MIN_ACCOUNTS, Settings, StudyConfig};
pub use error::StudyError;
pub use outcome::{Outcome, Series};
pub use page::render;
pub use result::{Average, Comparison, PathReport, RunReport, StudyReport, SweepRow};
pub use run::{Progress, run};
pub use variant::{Feature, Haircuts, Variant};
pub use verdict::{Effect, FeatureVerdict, PairedResult};

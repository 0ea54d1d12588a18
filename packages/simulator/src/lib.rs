//! An embedded chain driven by price paths: the demo and the risk study.
//!
//! [`prices`] reads or draws a path, [`engine`] plays it against the real contracts with
//! borrowers, suppliers, feeders and keepers that have nothing but messages and queries, and
//! [`report`] shows what came of it. [`study`] plays the same paths without the chain, thousands
//! of accounts at a time, to compare ways of asking for margin.

pub mod engine;
pub mod prices;
pub mod report;
pub mod study;

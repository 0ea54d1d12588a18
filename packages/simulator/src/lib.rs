//! An embedded chain driven by price paths: the demo and the risk study.

pub mod prices;
pub mod report;

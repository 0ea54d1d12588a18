//! The sections of the report, one file each.

pub mod account;
pub mod bad_debt;
pub mod balance;
pub mod books;
pub mod haircuts;
pub mod head;
pub mod liquidations;
pub mod markets;
pub mod pools;
pub mod prices;
pub mod ratios;
pub mod story;

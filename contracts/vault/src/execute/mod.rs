//! One file per message of accounts, keepers and anyone.

pub mod accrue;
pub mod batch;
pub mod borrow;
pub mod deposit;
pub mod funds;
pub mod hand;
pub mod lend;
pub mod liquidate;
pub mod list;
pub mod operator;
pub mod recall;
pub mod receive;
pub mod repay;
pub mod transfer;
pub mod withdraw;
pub mod write_off;

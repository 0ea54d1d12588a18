//! One file per message of accounts, keepers and anyone.

pub mod accrue;
pub mod borrow;
pub mod deposit;
pub mod funds;
pub mod lend;
pub mod liquidate;
pub mod repay;
pub mod transfer;
pub mod withdraw;
pub mod write_off;

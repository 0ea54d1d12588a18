//! Whole-system tests: what their scenarios have in common.

mod actions;
mod attackers;
mod books;
mod purses;
mod refusals;
mod trading;
mod worlds;

pub use actions::{
    batch_with, borrow, borrow_to, call, deposit, deposit_all, lend, pay, recall, repay, repay_all,
    withdraw, withdraw_all, withdraw_to,
};
pub use attackers::{Mischief, keeper_contract, keeper_takes, liquidator, sale};
pub use books::{assert_books_balance, every_account};
pub use purses::Purses;
pub use refusals::refused;
pub use trading::{KINDS, assert_at_rest, holding, quote, swap_quote, trading, trading_markets};
pub use worlds::{
    amount, falls, fund, funded, interest_free, levered, one_holding, standard_markets, supply,
    underwater, usd, world_of,
};

/// What a scenario answers: an error that it did not expect fails it.
pub type Tested = Result<(), bulwark_types::wire::WireError>;

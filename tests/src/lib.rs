//! Whole-system tests: what their scenarios have in common.

mod books;
mod purses;
mod refusals;
mod worlds;

pub use books::{assert_books_balance, every_account};
pub use purses::Purses;
pub use refusals::refused;
pub use worlds::{
    amount, falls, fund, funded, interest_free, levered, one_holding, standard_markets, supply,
    underwater, usd, world_of,
};

/// What a scenario answers: an error that it did not expect fails it.
pub type Tested = Result<(), bulwark_types::wire::WireError>;

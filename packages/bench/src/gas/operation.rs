//! What is measured.

use serde::Serialize;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// `deposit` of an asset that the account does not hold yet.
    DepositNew,
    /// `deposit` of one that it holds.
    DepositTopUp,
    /// `withdraw` of a part.
    Withdraw,
    /// `lend` of a part.
    Lend,
    /// `borrow` of more.
    Borrow,
    /// `repay` of a part.
    Repay,
    /// `liquidate` with coins, for coins.
    Liquidate,
    /// `batch`: deposit, lend and borrow, with one check.
    Batch,
    /// `post_prices` of all assets of the account, by the feeder who completes the quorum.
    PostPrices,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::DepositNew,
        Self::DepositTopUp,
        Self::Withdraw,
        Self::Lend,
        Self::Borrow,
        Self::Repay,
        Self::Liquidate,
        Self::Batch,
        Self::PostPrices,
    ];

    /// Its name in tables and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DepositNew => "deposit_new",
            Self::DepositTopUp => "deposit_top_up",
            Self::Withdraw => "withdraw",
            Self::Lend => "lend",
            Self::Borrow => "borrow",
            Self::Repay => "repay",
            Self::Liquidate => "liquidate",
            Self::Batch => "batch",
            Self::PostPrices => "post_prices",
        }
    }
}

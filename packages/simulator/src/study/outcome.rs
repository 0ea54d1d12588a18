//! What came of one run.

use serde::Serialize;

/// What came of one variant on one path. Values are in USD at the prices of the moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Outcome {
    /// Accounts opened, renewals included.
    pub openings: u64,
    /// What was deposited at openings.
    pub deposited_usd: f64,
    /// What could have been borrowed at openings: the borrowing power.
    pub borrowing_power_usd: f64,
    /// What was borrowed at openings.
    pub borrowed_usd: f64,
    /// Debts outstanding, averaged over time.
    pub average_debt_usd: f64,
    /// The haircut in force of an average dollar held or owed, over time.
    pub average_haircut: f64,
    /// Calls of `liquidate`.
    pub liquidations: u64,
    /// Accounts that were liquidated, wholly or in part.
    pub accounts_liquidated: u64,
    /// Debt that keepers repaid.
    pub liquidated_usd: f64,
    /// What keepers and reserves took beyond it.
    pub bonus_usd: f64,
    /// Debt written off.
    pub written_off_usd: f64,
    /// What insolvent accounts that nobody can close miss at the end.
    pub open_shortfall_usd: f64,
    /// The reserves' part of the bad debt.
    pub reserve_paid_usd: f64,
    /// The suppliers' part of the bad debt.
    pub suppliers_loss_usd: f64,
    /// All reserves at the end.
    pub reserve_usd: f64,
    /// The furthest that forced sales have moved a price down, as a fraction of it.
    pub deepest_impact: f64,
}

impl Outcome {
    /// Debt written off, and what is sure to be.
    pub fn bad_debt_usd(&self) -> f64 {
        self.written_off_usd + self.open_shortfall_usd
    }

    /// Bad debt per borrowing power.
    pub fn bad_debt_rate(&self) -> f64 {
        self.bad_debt_usd() / self.borrowing_power_usd.max(1.0)
    }

    /// The sum of two outcomes; averages and depths, which have none, stay this one's.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            openings: self.openings + other.openings,
            deposited_usd: self.deposited_usd + other.deposited_usd,
            borrowing_power_usd: self.borrowing_power_usd + other.borrowing_power_usd,
            borrowed_usd: self.borrowed_usd + other.borrowed_usd,
            average_debt_usd: self.average_debt_usd + other.average_debt_usd,
            liquidations: self.liquidations + other.liquidations,
            accounts_liquidated: self.accounts_liquidated + other.accounts_liquidated,
            liquidated_usd: self.liquidated_usd + other.liquidated_usd,
            bonus_usd: self.bonus_usd + other.bonus_usd,
            written_off_usd: self.written_off_usd + other.written_off_usd,
            open_shortfall_usd: self.open_shortfall_usd + other.open_shortfall_usd,
            reserve_paid_usd: self.reserve_paid_usd + other.reserve_paid_usd,
            suppliers_loss_usd: self.suppliers_loss_usd + other.suppliers_loss_usd,
            reserve_usd: self.reserve_usd + other.reserve_usd,
            average_haircut: self.average_haircut,
            deepest_impact: self.deepest_impact.max(other.deepest_impact),
        }
    }
}

/// What a run looked like along the way, one entry per row.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Series {
    /// Bad debt so far, USD.
    pub bad_debt_usd: Vec<f64>,
    /// Debts outstanding, USD.
    pub debts_usd: Vec<f64>,
    /// The haircut in force of an average dollar held or owed; none while nothing is.
    pub haircut: Vec<Option<f64>>,
}

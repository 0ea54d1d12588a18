//! The run in one JSON object.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What came of a run. Values are in USD at the prices of the moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Rows of the path that were played.
    pub steps: u64,
    /// Accounts of borrowers.
    pub accounts: u64,
    /// Of them, how many opened above 90 % of what they could borrow.
    pub opened_above_90_percent: u64,
    /// Markets listed at the end.
    pub markets: u64,
    /// The seed of everything random.
    pub seed: u64,
    /// Messages sent to the contracts, refused ones included.
    pub messages: u64,
    /// Messages that were refused, by the error's name.
    pub refused: BTreeMap<String, u64>,
    /// Times that an account came below its initial margin.
    pub margin_calls: u64,
    /// Liquidations that succeeded.
    pub liquidations: u64,
    /// Of them, those capped at what makes the account healthy again.
    pub partial_liquidations: u64,
    /// Of them, those of accounts whose equity did not cover the bonus.
    pub distressed_liquidations: u64,
    /// Of them, those that left debt without deposits.
    pub bad_debt_liquidations: u64,
    /// Accounts written off with dust for deposits.
    pub write_offs: u64,
    /// Debt that keepers repaid.
    pub liquidated_usd: f64,
    /// What keepers got beyond it, the reserves' part not included.
    pub bonus_paid_usd: f64,
    /// What keepers gained by their wallets, at posted prices.
    pub keeper_profit_usd: f64,
    /// The reserves' part of the bonuses.
    pub protocol_fees_usd: f64,
    /// Debt written off.
    pub bad_debt_usd: f64,
    /// The same by the asset whose fall caused it.
    pub bad_debt_by_collateral: BTreeMap<String, f64>,
    /// The reserves' part of it.
    pub reserve_paid_usd: f64,
    /// The suppliers' part of it.
    pub suppliers_loss_usd: f64,
    /// All reserves at the end, at the last prices.
    pub reserve_usd: f64,
    /// What insolvent accounts that nobody could close miss at the end, at the last prices.
    pub open_shortfall_usd: f64,
    /// Checks of invariants.
    pub invariant_checks: u64,
    /// Checks that failed.
    pub violations: u64,
    /// The numbers of the broken invariants.
    pub broken_invariants: Vec<u8>,
    /// Whether the vault holds at least what it owes in every market.
    pub solvent: bool,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// Messages per wall-clock second.
    pub messages_per_second: f64,
}

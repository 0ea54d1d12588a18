//! What was seen, as a table and as JSON.

use std::collections::BTreeMap;
use std::fmt;

use bulwark_keeper::execute::Totals;
use serde::Serialize;

use super::observer::Seen;

/// Within so many blocks of the price that made it liquidatable an account is to be liquidated.
pub const IN_TIME: u64 = 3;

/// What was seen.
#[derive(Clone, Debug)]
pub struct Report {
    /// Where the prices come from.
    pub source: String,
    /// Seconds of them that passed in a second.
    pub speed: u32,
    /// Accounts that borrowed.
    pub accounts: usize,
    /// What the observer saw.
    pub seen: Seen,
    /// By asset: the change of the keeper's wallet, smallest units.
    pub wallet: BTreeMap<String, i128>,
    /// The same as the keeper reported it, transaction by transaction.
    pub reported: BTreeMap<String, i128>,
    /// What the keeper said at its end.
    pub totals: Totals,
    /// What each transaction earned, USD.
    pub profits: Vec<f64>,
    /// Assets of which the vault holds less than it owes.
    pub missing: Vec<String>,
}

/// One line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    source: &'a str,
    speed: u32,
    accounts: usize,
    blocks: u64,
    fell: usize,
    liquidations: usize,
    blocks_until: &'a BTreeMap<u64, usize>,
    recovered: usize,
    late: usize,
    why_late: &'a BTreeMap<String, usize>,
    left: usize,
    transactions: usize,
    profit: String,
    wallet_agrees: bool,
    books_balance: bool,
}

impl Report {
    /// Liquidations that came later than [`IN_TIME`], and accounts that are below for longer at the
    /// end.
    #[must_use]
    pub fn late(&self) -> usize {
        let late = self.seen.blocks_until.range(IN_TIME + 1..);
        let waiting = self.seen.left.values().filter(|blocks| **blocks > IN_TIME);
        late.map(|(_, liquidations)| liquidations).sum::<usize>() + waiting.count()
    }

    /// Whether the wallet changed by what the keeper reported, and by what its journal says.
    #[must_use]
    pub fn wallet_agrees(&self) -> bool {
        self.wallet == self.reported && self.wallet == self.totals.flows
    }

    /// # Errors
    /// None in practice.
    pub fn json_line(&self) -> serde_json::Result<String> {
        serde_json::to_string(&Line {
            source: &self.source,
            speed: self.speed,
            accounts: self.accounts,
            blocks: self.seen.blocks,
            fell: self.seen.fell,
            liquidations: self.seen.liquidations,
            blocks_until: &self.seen.blocks_until,
            recovered: self.seen.recovered.values().sum(),
            late: self.late(),
            why_late: &self.seen.late,
            left: self.seen.left.len(),
            transactions: self.profits.len(),
            profit: self.totals.profit.to_string(),
            wallet_agrees: self.wallet_agrees(),
            books_balance: self.missing.is_empty(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = &self.seen;
        writeln!(f, "{}, speed {}", self.source, self.speed)?;
        writeln!(
            f,
            "{} accounts borrowed; in {} blocks {} of them fell below maintenance margin, {} times\n",
            self.accounts,
            seen.blocks,
            seen.accounts.len(),
            seen.fell
        )?;
        writeln!(f, "blocks until liquidated   liquidations")?;
        let most = seen
            .blocks_until
            .values()
            .max()
            .copied()
            .unwrap_or(1)
            .max(1);
        for (blocks, liquidations) in &seen.blocks_until {
            let bar = "#".repeat((liquidations * 40).div_ceil(most));
            writeln!(f, "{blocks:>23}   {liquidations:>12}   {bar}")?;
        }
        let recovered: usize = seen.recovered.values().sum();
        let longest = seen.recovered.keys().last().copied().unwrap_or(0);
        writeln!(
            f,
            "\nabove again by themselves: {recovered} times, after {longest} blocks at most"
        )?;
        writeln!(f, "bad debts absorbed: {}", seen.absorbed)?;
        writeln!(f, "below at the end: {}", seen.left.len())?;
        writeln!(f, "later than {IN_TIME} blocks: {}", self.late())?;
        for (reason, times) in &self.seen.late {
            writeln!(f, "{times:>23}   {reason}")?;
        }
        writeln!(f, "\nthe keeper's accounts by outcome")?;
        for (name, accounts) in &self.totals.outcomes {
            writeln!(f, "{name:>23}   {accounts:>12}")?;
        }
        let mut profits = self.profits.clone();
        profits.sort_by(f64::total_cmp);
        let median = profits.get(profits.len() / 2).copied().unwrap_or_default();
        writeln!(
            f,
            "\nprofit: {} USD in {} transactions, the median {median:.2}",
            self.totals.profit,
            profits.len()
        )?;
        writeln!(
            f,
            "the wallet's change is what was reported: {}",
            yes(self.wallet_agrees())
        )?;
        writeln!(
            f,
            "the vault's books balance: {}",
            yes(self.missing.is_empty())
        )
    }
}

fn yes(holds: bool) -> &'static str {
    if holds { "yes" } else { "NO" }
}

//! What a report is made of. All of it is plain data that the simulator fills.
//!
//! USD values and prices are `f64`: a page shows three digits of them. What must be exact, the
//! closing balance sheet, comes in smallest units.

use serde::{Deserialize, Serialize};

/// Everything that a report shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportData {
    /// What was run.
    pub meta: RunMeta,
    /// Whether the books balance and the invariants held.
    pub verdict: Verdict,
    /// The run in a few numbers.
    pub headline: Headline,
    /// The markets and their parameters.
    pub markets: Vec<MarketRow>,
    /// One account's margin, holding by holding.
    pub account: Option<AccountExplained>,
    /// What was measured after every step.
    pub series: Series,
    /// Every liquidation, in the order of time.
    pub liquidations: Vec<LiquidationPoint>,
    /// One row for every market with bad debt.
    pub bad_debt: Vec<BadDebtRow>,
    /// The events that tell the story, in the order of time.
    pub story: Vec<StoryEvent>,
    /// The books of every market at the end.
    pub balance_sheet: Vec<BalanceRow>,
}

/// What was run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunMeta {
    /// The page's title.
    pub title: String,
    /// The seed of everything random.
    pub seed: u64,
    /// Accounts of borrowers.
    pub accounts: u64,
    /// Steps, that is rows of the price path.
    pub steps: u64,
    /// Where the prices came from: a file or the generator.
    pub price_source: String,
    /// The command that repeats the run.
    pub command_line: String,
}

/// An invariant that was broken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// The invariant's number in the design.
    pub invariant: u32,
    /// The step after which it was found broken.
    pub step: u64,
    /// What was found.
    pub text: String,
}

/// Whether the books balance and the invariants held.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether the vault holds at least what it owes in every market.
    pub solvent: bool,
    /// How many checks were made.
    pub invariant_checks: u64,
    /// How many of them failed.
    pub violations: u64,
    /// The first failed checks.
    pub first_violations: Vec<Violation>,
}

/// The run in a few numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// Liquidation messages that succeeded.
    pub liquidations: u64,
    /// Debt repaid by keepers, in USD.
    pub liquidated_usd: f64,
    /// What keepers got beyond what they repaid, in USD.
    pub bonus_paid_usd: f64,
    /// Debt written off, in USD.
    pub bad_debt_usd: f64,
    /// The part of it that suppliers bore, in USD.
    pub suppliers_loss_usd: f64,
    /// All markets' reserves at the end, in USD.
    pub reserve_usd: f64,
    /// Messages that were executed.
    pub messages: u64,
    /// Wall-clock seconds of the run.
    pub seconds: f64,
}

/// A market and its parameters. Fractions are 1 for 100 %.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MarketRow {
    /// The denom.
    pub asset: String,
    /// The symbol.
    pub symbol: String,
    /// The group of the factor model.
    pub group: String,
    /// The family, called by its base's symbol.
    pub family: String,
    /// Decimals of the whole token.
    pub decimals: u32,
    /// The smallest haircut.
    pub floor: f64,
    /// The largest haircut.
    pub cap: f64,
    /// The haircut's multiple of the volatility per √day.
    pub z: f64,
    /// The member's static extra haircut.
    pub extra_haircut: f64,
    /// The most that all accounts may have deposited, in whole tokens.
    pub deposit_cap: f64,
    /// The most that all accounts may owe, in whole tokens.
    pub borrow_cap: f64,
    /// The first price (USD per whole token).
    pub initial_price: Option<f64>,
    /// The last price (USD per whole token).
    pub final_price: Option<f64>,
    /// The lowest price (USD per whole token).
    pub min_price: Option<f64>,
}

/// One account's margin explained.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountExplained {
    /// Who the account belongs to, and when it was looked at.
    pub label: String,
    /// The holdings, deposits and debts.
    pub holdings: Vec<HoldingExplained>,
    /// Equity at mid prices, in USD.
    pub equity_usd: f64,
    /// Maintenance margin, in USD.
    pub maintenance_usd: f64,
    /// Initial margin, in USD.
    pub initial_usd: f64,
    /// Equity over maintenance margin; `None` where there is no margin to maintain.
    pub margin_ratio: Option<f64>,
}

/// A holding's part in its account's margin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HoldingExplained {
    /// The market's symbol.
    pub symbol: String,
    /// Whole tokens, a debt negative.
    pub tokens: f64,
    /// The exposure in USD, a debt negative.
    pub exposure_usd: f64,
    /// The haircut in force.
    pub haircut: f64,
    /// The holding's contribution to the maintenance margin in USD; negative where it hedges.
    pub contribution_usd: f64,
}

/// What was measured after every step. All series are as long as `timestamps`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The steps' times in Unix seconds.
    pub timestamps: Vec<u64>,
    /// Per market: price, utilisation, borrow rate.
    pub markets: Vec<MarketSeries>,
    /// Per family: its haircut.
    pub haircuts: Vec<HaircutSeries>,
    /// How many accounts with debts have a margin ratio in each of [`RATIO_BINS`], measured after
    /// the prices of the step were posted and before keepers acted.
    pub margin_ratios: Vec<[u32; RATIO_BINS.len()]>,
    /// The sums over all accounts and markets.
    pub books: Books,
}

/// One market over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MarketSeries {
    /// The market's symbol.
    pub symbol: String,
    /// USD per whole token, where the path has a figure.
    pub prices: Vec<Option<f64>>,
    /// Borrowed over supplied, 0 to 1, where the market exists.
    pub utilisation: Vec<Option<f64>>,
    /// The yearly borrow rate, 1 for 100 %.
    pub borrow_rate: Vec<Option<f64>>,
}

/// One family's haircut over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HaircutSeries {
    /// The family, called by its base's symbol.
    pub family: String,
    /// The haircut in force, which maintenance margins use.
    pub in_force: Vec<Option<f64>>,
    /// The haircut that the newest volatility asks for, which the one in force moves toward.
    pub target: Vec<Option<f64>>,
}

/// Sums over all accounts and markets, in USD.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Books {
    /// Equity of all accounts.
    pub equity_usd: Vec<Option<f64>>,
    /// Debts of all accounts.
    pub debts_usd: Vec<Option<f64>>,
    /// Reserves of all markets.
    pub reserve_usd: Vec<Option<f64>>,
    /// Debt written off since the start.
    pub bad_debt_usd: Vec<Option<f64>>,
    /// The suppliers' part of it since the start.
    pub suppliers_loss_usd: Vec<Option<f64>>,
}

/// The names of the margin ratios' bins, riskiest first; a ratio on a border is in the upper bin.
pub const RATIO_BINS: [&str; 6] = [
    "below 1",
    "1 to 1.1",
    "1.1 to 1.5",
    "1.5 to 2",
    "2 to 5",
    "above 5",
];

/// The bin of a margin ratio; an unbounded one (`None`) is in the last.
pub fn ratio_bin(ratio: Option<f64>) -> usize {
    const BORDERS: [f64; RATIO_BINS.len() - 1] = [1.0, 1.1, 1.5, 2.0, 5.0];
    ratio.map_or(BORDERS.len(), |ratio| {
        BORDERS.iter().filter(|border| ratio >= **border).count()
    })
}

/// How a liquidation went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiquidationKind {
    /// Capped at what makes the account healthy again.
    Partial,
    /// The equity did not cover the bonus: the whole account could be closed.
    Distressed,
    /// Debt was left without deposits and written off.
    BadDebt,
}

/// One liquidation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiquidationPoint {
    /// When, in Unix seconds.
    pub timestamp: u64,
    /// How it went.
    pub kind: LiquidationKind,
    /// The debt's symbol.
    pub repaid: String,
    /// The seized deposit's symbol.
    pub seized: String,
    /// The debt repaid, in USD.
    pub value_usd: f64,
    /// What the keeper got beyond, in USD.
    pub bonus_usd: f64,
    /// The margin ratio before.
    pub ratio_before: Option<f64>,
}

/// How a market's bad debt was paid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BadDebtRow {
    /// The market's symbol.
    pub symbol: String,
    /// Debt written off, in USD.
    pub written_off_usd: f64,
    /// The reserve's part, in USD.
    pub reserve_usd: f64,
    /// The suppliers' part, in USD.
    pub suppliers_usd: f64,
    /// The suppliers' part as a share of what they had supplied, 1 for 100 %.
    pub share_of_pool: f64,
    /// What the accounts had deposited that fell too fast: the symbol of the largest such deposit.
    pub collateral: String,
    /// That deposit's haircut in force before it fell.
    pub haircut_before: Option<f64>,
    /// What it then lost at most between two steps, as a fraction.
    pub largest_fall: Option<f64>,
}

/// What a story event is about; it colours the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoryKind {
    /// Something to know.
    Note,
    /// A price moved.
    Price,
    /// An account came below its initial margin.
    MarginCall,
    /// A liquidation.
    Liquidation,
    /// Debt was written off.
    BadDebt,
}

/// One event of the story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoryEvent {
    /// When, in Unix seconds.
    pub timestamp: u64,
    /// What it is about.
    pub kind: StoryKind,
    /// What happened, in one sentence.
    pub text: String,
}

/// A market's books at the end, in smallest units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BalanceRow {
    /// The market's symbol.
    pub symbol: String,
    /// Decimals of the whole token.
    pub decimals: u32,
    /// The last price (USD per whole token).
    pub price_usd: Option<f64>,
    /// What the contract holds.
    pub held: u128,
    /// Idle deposits.
    pub idle: u128,
    /// What the pool owes its suppliers, the reserve included.
    pub supplied: u128,
    /// What borrowers owe the pool.
    pub borrowed: u128,
    /// The reserve's part of what is supplied.
    pub reserve: u128,
    /// What was sent to the contract without a message: nobody's, and no part of the books.
    pub sent: u128,
}

impl BalanceRow {
    /// What the contract must hold: idle deposits and the supply that is not borrowed.
    pub fn owed(&self) -> u128 {
        self.idle
            .saturating_add(self.supplied.saturating_sub(self.borrowed))
    }

    /// What it holds beyond that and what was sent to it without a message; if it is negative,
    /// something is missing.
    pub fn unexplained(&self) -> i128 {
        let explained = self.owed().saturating_add(self.sent);
        let difference = self.held.abs_diff(explained);
        let difference = i128::try_from(difference).unwrap_or(i128::MAX);
        if self.held < explained {
            -difference
        } else {
            difference
        }
    }
}

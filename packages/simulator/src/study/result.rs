//! The study as data: what `--json` prints and the page shows.

use serde::Serialize;

use super::config::Settings;
use super::outcome::{Outcome, Series};
use super::variant::Variant;
use super::verdict::FeatureVerdict;

/// On what terms variants are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The same average haircuts; every owner takes the same part of what the variant allows.
    EqualHaircuts,
    /// The same average haircuts; every owner takes what the most demanding variant allows.
    IdenticalPositions,
    /// Haircuts scaled until every variant allows the same borrowing in all.
    EqualPower,
}

impl Comparison {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::EqualHaircuts,
        Self::IdenticalPositions,
        Self::EqualPower,
    ];

    /// What it is called in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::EqualHaircuts => "equal average haircut",
            Self::IdenticalPositions => "identical positions",
            Self::EqualPower => "equal borrowing power",
        }
    }
}

/// The whole study.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StudyReport {
    /// The command that repeats it.
    pub command_line: String,
    /// The seed.
    pub seed: u64,
    /// Owners on every path.
    pub accounts: usize,
    /// Generated paths.
    pub generated: usize,
    /// The vault's numbers.
    pub settings: Settings,
    /// Path by path.
    pub paths: Vec<PathReport>,
    /// Feature by feature.
    pub verdicts: Vec<FeatureVerdict>,
    /// Single parameters changed; empty unless asked for.
    pub sweep: Vec<SweepRow>,
}

/// One path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathReport {
    /// What it is called.
    pub name: String,
    /// Whether it was drawn from a seed.
    pub generated: bool,
    /// The times of the rows, Unix seconds.
    #[serde(skip)]
    pub times: Vec<u64>,
    /// Rows.
    pub rows: usize,
    /// The first row's time, Unix seconds.
    pub from: u64,
    /// The last row's time, Unix seconds.
    pub to: u64,
    /// The assets.
    pub symbols: Vec<String>,
    /// Symbols that are left out, with the reason.
    pub left_out: Vec<(String, String)>,
    /// The average haircut of each family, which is the constant one.
    pub averages: Vec<Average>,
    /// All runs.
    pub runs: Vec<RunReport>,
}

/// The average haircut of a family.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Average {
    /// The family's base.
    pub family: String,
    /// Of the volatility-driven haircut, over time and weighted by the price.
    pub volatility: f64,
    /// Of the constant one, which differs where it has to stay within the vault's bounds.
    pub constant: f64,
    /// The largest volatility-driven haircut in force.
    pub highest: f64,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunReport {
    /// On what terms it can be compared.
    pub comparison: Comparison,
    /// Whether forced sales moved prices.
    pub with_impact: bool,
    /// The variant.
    pub variant: Variant,
    /// By what z, floor and cap were multiplied: 1 but for equal borrowing power.
    pub scale: f64,
    /// What came of it.
    pub outcome: Outcome,
    /// The same along the way.
    #[serde(skip)]
    pub series: Series,
}

/// One parameter changed, everything else as it is by default, at the same borrowing power and
/// with price impact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SweepRow {
    /// Which parameter.
    pub parameter: String,
    /// Its value in words.
    pub value: String,
    /// Whether it is the default.
    pub is_default: bool,
    /// Paths with less bad debt than under the defaults, by a tenth of it or more.
    pub better: usize,
    /// Paths with more, by a tenth or more.
    pub worse: usize,
    /// The mean over the paths of `ln((bad debt + s) / (bad debt by default + s))`, with `s` one
    /// hundredth of a percent of the borrowing power: no path outweighs the others.
    pub log_ratio: f64,
    /// Summed over all paths.
    pub total: Outcome,
}

impl PathReport {
    /// The runs that can be compared with each other.
    pub fn runs_of(
        &self,
        comparison: Comparison,
        with_impact: bool,
    ) -> impl Iterator<Item = &RunReport> {
        self.runs
            .iter()
            .filter(move |run| run.comparison == comparison && run.with_impact == with_impact)
    }

    /// One run.
    pub fn run_of(
        &self,
        comparison: Comparison,
        with_impact: bool,
        variant: Variant,
    ) -> Option<&RunReport> {
        self.runs_of(comparison, with_impact)
            .find(|run| run.variant == variant)
    }
}

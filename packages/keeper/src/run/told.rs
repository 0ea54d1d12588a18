//! What a keeper tells, as `--json` writes it and the log has it.

use std::collections::BTreeMap;

use bulwark_risk::units::Usd;
use bulwark_types::vault::{AccountRef, AssetAmount};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::execute::{Outcome, Report, Totals};
use crate::margin_call::Notice;
use crate::plan::{Action, Means, Plan, Skipped};

/// What a keeper tells. In JSON `event` says which; amounts and values are text.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Told {
    /// It has its copy of the chain, and begins.
    Started {
        /// The keeper's address.
        keeper: String,
        /// Where /health and /metrics are.
        listens: Option<String>,
        /// The block whose state it has.
        height: u64,
        /// Accounts of the vault.
        accounts: usize,
    },
    /// What there is to be done after a block.
    Planned {
        /// The block.
        height: u64,
        /// Transactions.
        actions: Vec<Planned>,
        /// Accounts that nothing is done about, by the reason.
        skipped: BTreeMap<&'static str, usize>,
    },
    /// What came of a transaction.
    Outcome {
        /// Its hash; none if it was not sent.
        hash: Option<String>,
        /// Its block; none if it failed there, or stands in none.
        height: Option<u64>,
        /// What came of each account.
        accounts: Vec<(AccountRef, Outcome)>,
        /// By asset: what came into the wallet, less what left it, the fee included.
        flows: BTreeMap<String, String>,
        /// Its fee, smallest units.
        fee: String,
        /// What it earned, USD.
        profit: Usd,
        /// What it was planned to earn, USD.
        planned_profit: Usd,
        /// Whether an earlier run had sent it.
        recovered: bool,
    },
    /// What an account's owner should know.
    Notice(Box<Notice>),
    /// It ends.
    Ended {
        /// The last block that was looked at.
        height: u64,
        /// Sums over everything that the journal has settled, in all runs.
        #[serde(serialize_with = "sums")]
        totals: Totals,
        /// Transactions whose fate the next run finds out.
        in_flight: usize,
    },
}

/// Sums with their amounts as text: a journal has them as numbers.
fn sums<S: Serializer>(totals: &Totals, to: S) -> Result<S::Ok, S::Error> {
    let flows = totals.flows.iter();
    let flows: BTreeMap<&String, String> = flows
        .map(|(asset, flow)| (asset, flow.to_string()))
        .collect();
    let mut sums = to.serialize_struct("Totals", 4)?;
    sums.serialize_field("outcomes", &totals.outcomes)?;
    sums.serialize_field("flows", &flows)?;
    sums.serialize_field("fees", &totals.fees.to_string())?;
    sums.serialize_field("profit", &totals.profit)?;
    sums.end()
}

/// A transaction that is planned.
#[derive(Clone, Debug, Serialize)]
pub struct Planned {
    /// With what: `inventory`, `callback`, `write_off`.
    pub means: &'static str,
    /// Its accounts.
    pub accounts: Vec<AccountRef>,
    /// What is sent with it.
    pub sends: Option<AssetAmount>,
    /// What it earns, USD.
    pub profit: Usd,
}

impl From<&Action> for Planned {
    fn from(action: &Action) -> Self {
        let (means, sends) = match &action.means {
            Means::Inventory(sent) => ("inventory", Some(sent.clone())),
            Means::Callback => ("callback", None),
            Means::WriteOff(_) => ("write_off", None),
        };
        Self {
            means,
            accounts: action.accounts().cloned().collect(),
            sends,
            profit: action.profit,
        }
    }
}

impl Told {
    /// A plan after a block.
    pub(super) fn planned(height: u64, plan: &Plan) -> Self {
        let mut skipped = BTreeMap::new();
        for Skipped { reason, .. } in &plan.skipped {
            *skipped.entry(reason.name()).or_default() += 1;
        }
        Self::Planned {
            height,
            actions: plan.actions.iter().map(Planned::from).collect(),
            skipped,
        }
    }
}

impl From<&Report> for Told {
    fn from(report: &Report) -> Self {
        let flows = report.realised.flows.iter();
        Self::Outcome {
            hash: report.hash.clone(),
            height: report.height,
            accounts: report.outcomes.clone(),
            flows: flows
                .map(|(asset, flow)| (asset.clone(), flow.to_string()))
                .collect(),
            fee: report.realised.fee.to_string(),
            profit: report.realised.profit,
            planned_profit: report.entry.planned_profit,
            recovered: report.recovered,
        }
    }
}

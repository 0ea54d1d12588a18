//! What is shown before and after a message is sent.

use bulwark_chain::{Included, Network, Refusal};
use bulwark_types::vault::{LiquidationResponse, MarginResponse, SimulateResponse};
use serde::Serialize;
use serde_json::{Value, json};

use super::amount::Reading;
use super::draft::{Draft, Liquidation};
use super::preview::Shown;
use crate::access::out::{say, say_json};
use crate::access::table::Table;
use crate::access::{self, format};

/// Everything that `--json` tells.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// What the message does, in words.
    title: &'a str,
    /// The message, as the command lines of chains read it.
    message: Value,
    /// The account before and afterwards, as the vault foresees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    margins: Option<&'a SimulateResponse>,
    /// The liquidation, as the vault foresees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    liquidation: Option<&'a LiquidationResponse>,
    /// Gas that it may use.
    gas: u64,
    /// What that costs, smallest units.
    fee: String,
    /// The coin of the fee.
    fee_denom: &'a str,
    /// What became of it; none if it was not sent.
    pub sent: Option<Sent>,
}

/// A message that was carried out.
#[derive(Debug, Serialize)]
pub struct Sent {
    hash: String,
    height: u64,
    gas_used: u64,
    /// The account as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<MarginResponse>,
}

impl Sent {
    /// From what stands in a block, and the account after it.
    #[must_use]
    pub fn new(included: &Included, margin: Option<MarginResponse>) -> Self {
        Self {
            hash: included.hash.clone(),
            height: included.height,
            gas_used: included.gas_used,
            margin,
        }
    }
}

impl<'a> Report<'a> {
    /// Of a message that has not been sent yet.
    #[must_use]
    pub fn new(draft: &'a Draft, shown: &'a Shown<'a>, gas: u64, network: &'a Network) -> Self {
        Self {
            title: &draft.title,
            message: draft.message.to_json(),
            margins: match shown {
                Shown::Margins(margins) => Some(margins),
                _ => None,
            },
            liquidation: match shown {
                Shown::Liquidation(liquidation) => Some(&liquidation.outcome),
                _ => None,
            },
            gas,
            fee: network.fee(gas).to_string(),
            fee_denom: &network.denom,
            sent: None,
        }
    }
}

/// Shows what would happen.
///
/// # Errors
/// If the output cannot be written.
pub fn preview(draft: &Draft, shown: &Shown<'_>, reading: &Reading) -> Result<(), access::Failure> {
    let title = &draft.title;
    let table = match shown {
        Shown::Nothing => return say(format_args!("{title}\n")),
        Shown::Margins(margins) => match &margins.after {
            Some(after) => compared(&margins.before, after),
            None => state("now", &margins.before),
        },
        Shown::Liquidation(liquidation) => liquidated(liquidation, reading),
    };
    say(format_args!("{title}\n\n{table}"))
}

/// What the chain refuses, for machines: the error's name, sentence and fields where it is one of
/// the contracts' own, and the transaction if one was sent.
///
/// # Errors
/// If the output cannot be represented.
pub fn refused(refusal: &Refusal) -> Result<(), access::Failure> {
    let reason = refusal.reason.as_ref();
    let fields = reason.map(|reason| serde_json::from_str::<Value>(&reason.fields).ok());
    let report = json!({ "refused": {
        "name": refusal.name(),
        "sentence": reason.map(|reason| &reason.sentence),
        "fields": fields,
        "log": refusal.log,
        "hash": refusal.hash,
    }});
    say_json(&report)
}

/// Shows what sending would cost.
///
/// # Errors
/// If the output cannot be written.
pub fn cost(report: &Report<'_>) -> Result<(), access::Failure> {
    let Report {
        gas,
        fee,
        fee_denom,
        ..
    } = report;
    say(format_args!("\nGas {gas}, fee {fee} {fee_denom}\n"))
}

/// Shows how it ended.
///
/// # Errors
/// If the output cannot be written.
pub fn finished(report: &Report<'_>, json: bool) -> Result<(), access::Failure> {
    if json {
        return say_json(report);
    }
    let Some(sent) = &report.sent else {
        return say("Nothing was sent.\n");
    };
    let Sent {
        hash,
        height,
        gas_used,
        margin,
    } = sent;
    say(format_args!(
        "\nDone in block {height}: {hash}, gas used {gas_used}\n"
    ))?;
    match margin {
        Some(margin) => say(format_args!("\n{}", state("now", margin))),
        None => Ok(()),
    }
}

const FIGURES: [&str; 7] = [
    "status",
    "equity, USD",
    "deposits, USD",
    "debts, USD",
    "maintenance margin, USD",
    "initial margin, USD",
    "margin ratio",
];

fn figures(margin: &MarginResponse) -> [String; 7] {
    [
        format::status(margin.status).to_owned(),
        format::usd(margin.equity),
        format::usd(margin.deposits),
        format::usd(margin.debts),
        format::usd(margin.maintenance),
        format::usd(margin.initial),
        format::ratio(margin.margin_ratio),
    ]
}

fn state(when: &str, margin: &MarginResponse) -> Table {
    let mut table = Table::new(&["account", when]);
    for (name, figure) in FIGURES.into_iter().zip(figures(margin)) {
        table.row([name.to_owned(), figure]);
    }
    table
}

fn compared(before: &MarginResponse, after: &MarginResponse) -> Table {
    let mut table = Table::new(&["account", "now", "afterwards"]);
    let figures = figures(before).into_iter().zip(figures(after));
    for (name, (before, after)) in FIGURES.into_iter().zip(figures) {
        table.row([name.to_owned(), before, after]);
    }
    table
}

fn liquidated(liquidation: &Liquidation, reading: &Reading) -> Table {
    let outcome = &liquidation.outcome;
    let decimals = |asset: &str| reading.decimals_of(asset).unwrap_or_default();
    let debt = |amount| {
        let tokens = format::tokens(amount, decimals(&liquidation.debt));
        format!("{tokens} {}", format::asset(&liquidation.debt))
    };
    let seize = |amount| {
        let tokens = format::tokens(amount, decimals(&liquidation.seize));
        format!("{tokens} {}", format::asset(&liquidation.seize))
    };
    let mut table = Table::new(&["liquidation", ""]);
    let mut row = |name: &str, value: String| table.row([name.to_owned(), value]);
    row("repaid", debt(outcome.repaid));
    row("sent back", debt(outcome.refunded));
    row("received as tokens", seize(outcome.tokens));
    row("received as idle deposit", seize(outcome.idle));
    row("received as lent deposit", seize(outcome.lent));
    row("at least", seize(liquidation.min_seized));
    row("repaid, USD", format::usd(outcome.repaid_value));
    row("bonus, USD", format::usd(outcome.bonus_value));
    row("bonus per value repaid", format::percent(outcome.bonus));
    row(
        "margin ratio afterwards",
        format::ratio(outcome.ratio_after),
    );
    for bad in &outcome.bad_debt {
        let tokens = format::tokens(bad.amount, decimals(&bad.asset));
        row(
            "written off",
            format!("{tokens} {}", format::asset(&bad.asset)),
        );
    }
    table
}

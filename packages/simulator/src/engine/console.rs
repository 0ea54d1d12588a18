//! The run as a text that a person can follow on a terminal.

use std::fmt::Write;

use super::run::Run;
use crate::report::format;
use crate::report::{AccountExplained, BalanceRow, MarketRow, ReportData, StoryKind};

/// The whole story of a run.
pub fn tell(run: &Run) -> String {
    let sections = [
        title(&run.report),
        markets(&run.report.markets),
        run.report
            .account
            .as_ref()
            .map_or_else(String::new, account),
        story(run),
        who_paid(run),
        balance(&run.report.balance_sheet),
        verdict(run),
    ];
    sections
        .into_iter()
        .filter(|section| !section.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn title(report: &ReportData) -> String {
    let meta = &report.meta;
    let times = &report.series.timestamps;
    let span = match (times.first(), times.last()) {
        (Some(first), Some(last)) => {
            format!("{} to {}", format::moment(*first), format::moment(*last))
        }
        _ => String::new(),
    };
    format!(
        "{}\n{} steps from {span}, {} accounts, seed {}; prices: {}\n",
        meta.title,
        format::count(meta.steps),
        format::count(meta.accounts),
        meta.seed,
        meta.price_source,
    )
}

/// A table of text: the first column to the left, the others to the right.
struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(headings: &[&str]) -> Self {
        let headings = headings.iter().map(|heading| (*heading).to_owned());
        Self {
            rows: vec![headings.collect()],
        }
    }

    fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    fn text(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for row in &self.rows {
            let cells = row.iter().zip(&widths).enumerate();
            let cells = cells.map(|(column, (cell, width))| {
                if column == 0 {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
            let line = cells.collect::<Vec<_>>().join("  ");
            text.push_str("  ");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

fn markets(rows: &[MarketRow]) -> String {
    let mut table = Table::new(&[
        "market",
        "group",
        "family",
        "haircut floor–cap",
        "z",
        "extra",
        "caps (tokens)",
        "first price",
        "lowest",
        "last",
    ]);
    for market in rows {
        table.row(vec![
            market.symbol.clone(),
            market.group.clone(),
            market.family.clone(),
            format!(
                "{}–{}",
                format::percent(market.floor, 0),
                format::percent(market.cap, 0)
            ),
            format::significant(market.z, 2),
            format::percent(market.extra_haircut, 0),
            format::short(market.deposit_cap),
            format::price(market.initial_price),
            format::price(market.min_price),
            format::price(market.final_price),
        ]);
    }
    format!(
        "The markets\nA haircut is the part of its value that an asset is assumed to lose while it \
         is liquidated:\nz times its daily volatility, between floor and cap.\n\n{}",
        table.text()
    )
}

fn account(account: &AccountExplained) -> String {
    let mut table = Table::new(&[
        "holding",
        "tokens",
        "value",
        "haircut",
        "alone",
        "contribution",
    ]);
    for holding in &account.holdings {
        let kind = if holding.exposure_usd < 0.0 {
            "debt"
        } else {
            "deposit"
        };
        table.row(vec![
            format!("{} ({kind})", holding.symbol),
            format::significant(holding.tokens, 5),
            format::usd(holding.exposure_usd),
            format::percent(holding.haircut, 1),
            format::usd(holding.haircut * holding.exposure_usd.abs()),
            format::usd(holding.contribution_usd),
        ]);
    }
    let ratio = account
        .margin_ratio
        .map_or_else(|| "unbounded".to_owned(), |r| format::decimal(r, 3));
    format!(
        "One account's margin\n{} The contributions add up to the maintenance\nmargin; what moves \
         against the rest of the account contributes less than it would cost alone.\n\n{}\n  \
         equity {}, maintenance margin {}, initial margin {}: margin ratio {ratio}\n  (it can be \
         liquidated below 1)\n",
        account.label,
        table.text(),
        format::usd(account.equity_usd),
        format::usd(account.maintenance_usd),
        format::usd(account.initial_usd),
    )
}

fn story(run: &Run) -> String {
    let mut text = "What happened (the weightiest events)\n".to_owned();
    for event in &run.story {
        let sign = match event.kind {
            StoryKind::Note => " ",
            StoryKind::Price => "~",
            StoryKind::MarginCall => "!",
            StoryKind::Liquidation => "*",
            StoryKind::BadDebt => "x",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  {sign} {}  {}",
            format::moment(event.timestamp),
            event.text
        );
    }
    text + "  (~ price, ! margin call, * liquidation, x bad debt)\n"
}

fn who_paid(run: &Run) -> String {
    let outcome = &run.outcome;
    let keepers: Vec<String> = run
        .keepers
        .iter()
        .map(|(name, usd)| format!("{name} {}", format::usd(*usd)))
        .collect();
    let mut text = format!(
        "Who paid what\n  {} liquidations ({} partial, {} distressed, {} with bad debt), {} \
         write-offs, {} margin calls.\n  Keepers repaid {} of debt. Their owners paid {} for it: \
         {} to keepers, {} to the reserves.\n",
        format::count(outcome.liquidations),
        format::count(outcome.partial_liquidations),
        format::count(outcome.distressed_liquidations),
        format::count(outcome.bad_debt_liquidations),
        format::count(outcome.write_offs),
        format::count(outcome.margin_calls),
        format::usd(outcome.liquidated_usd),
        format::usd(outcome.bonus_paid_usd + outcome.protocol_fees_usd),
        format::usd(outcome.bonus_paid_usd),
        format::usd(outcome.protocol_fees_usd),
    );
    if !keepers.is_empty() {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  By their wallets, at posted prices, keepers gained: {}.",
            keepers.join(", ")
        );
    }
    if run.report.bad_debt.is_empty() {
        return text + "  There was no bad debt: every debt was repaid in full.\n";
    }
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "  {} of debt was left without deposits: reserves paid {}, suppliers {}.",
        format::usd(outcome.bad_debt_usd),
        format::usd(outcome.reserve_paid_usd),
        format::usd(outcome.suppliers_loss_usd)
    );
    let mut table = Table::new(&[
        "debt in",
        "written off",
        "reserve paid",
        "suppliers lost",
        "of the pool",
        "mostly against",
        "its haircut before",
        "its largest fall in a step",
    ]);
    let fraction =
        |f: Option<f64>| f.map_or_else(|| format::NO_FIGURE.to_owned(), |f| format::percent(f, 1));
    for row in &run.report.bad_debt {
        table.row(vec![
            row.symbol.clone(),
            format::usd(row.written_off_usd),
            format::usd(row.reserve_usd),
            format::usd(row.suppliers_usd),
            format::percent(row.share_of_pool, 2),
            row.collateral.clone(),
            fraction(row.haircut_before),
            fraction(row.largest_fall),
        ]);
    }
    text + "\n" + &table.text()
}

fn balance(rows: &[BalanceRow]) -> String {
    let mut table = Table::new(&[
        "market",
        "held",
        "idle",
        "supplied",
        "borrowed",
        "reserve",
        "held − (idle + supplied − borrowed)",
        "sent without a message",
        "unexplained",
    ]);
    for row in rows {
        let tokens = |units: u128| {
            let tokens = format::whole_tokens(units, row.decimals);
            format::decimal(tokens, if tokens < 10.0 { 4 } else { 1 })
        };
        let exact = |units: i128| {
            let sign = if units < 0 { "−" } else { "" };
            format!(
                "{sign}{}",
                format::tokens(units.unsigned_abs(), row.decimals)
            )
        };
        let sent = i128::try_from(row.sent).unwrap_or(i128::MAX);
        table.row(vec![
            row.symbol.clone(),
            tokens(row.held),
            tokens(row.idle),
            tokens(row.supplied),
            tokens(row.borrowed),
            tokens(row.reserve),
            exact(row.unexplained().saturating_add(sent)),
            exact(sent),
            exact(row.unexplained()),
        ]);
    }
    format!(
        "Closing balance sheet (whole tokens; the last three columns are exact)\n\n{}",
        table.text()
    )
}

fn verdict(run: &Run) -> String {
    let outcome = &run.outcome;
    let mut text = format!(
        "{} messages in {} s ({} per second), {} of them refused with a typed error.\n",
        format::count(outcome.messages),
        format::significant(outcome.seconds, 3),
        format::short(outcome.messages_per_second),
        format::count(outcome.refused.values().sum()),
    );
    let solvent = if outcome.solvent {
        "solvent: every market holds what it owes"
    } else {
        "NOT SOLVENT: a market holds less than it owes"
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{solvent}; {} invariant checks, {} violations.",
        format::count(outcome.invariant_checks),
        format::count(outcome.violations),
    );
    for violation in run.report.verdict.first_violations.iter().take(10) {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  invariant {} broken after step {}: {}",
            violation.invariant, violation.step, violation.text
        );
    }
    text
}

//! The closing balance sheet.

use crate::report::data::{BalanceRow, ReportData};
use crate::report::format;
use crate::report::html::{Align, Table, escape, section};

pub fn render(data: &ReportData) -> String {
    use Align::{Number, Text};
    let mut table = Table::new(&[
        ("Market", Text),
        ("Held by the contract", Number),
        ("Idle deposits", Number),
        ("Supplied", Number),
        ("Borrowed", Number),
        ("Reserve", Number),
        ("Sent without a message", Number),
        ("Unexplained", Number),
    ]);
    for row in &data.balance_sheet {
        table.row(&cells(row));
    }
    let rows = &data.balance_sheet;
    let sum = |part: fn(&BalanceRow) -> u128| {
        let usd: f64 = rows.iter().filter_map(|row| in_usd(row, part(row))).sum();
        format::usd(usd)
    };
    table.total(&[
        "in USD".to_owned(),
        sum(|row| row.held),
        sum(|row| row.idle),
        sum(|row| row.supplied),
        sum(|row| row.borrowed),
        sum(|row| row.reserve),
        sum(|row| row.sent),
        unexplained_usd(rows),
    ]);
    section(
        "balance",
        "Closing balance sheet",
        "In whole tokens, with USD below at the last price. The contract must hold the idle \
         deposits and the part of the supply that is not borrowed; the reserve is a part of the \
         supply. What was sent to the contract without a message is nobody’s and changes nothing. \
         Unexplained is what it holds beyond all that, exact to the smallest unit.",
        &table.finish(),
    )
}

fn in_usd(row: &BalanceRow, units: u128) -> Option<f64> {
    row.price_usd
        .map(|price| format::whole_tokens(units, row.decimals) * price)
}

fn cells(row: &BalanceRow) -> [String; 8] {
    let amount = |units: u128| {
        let tokens = format::whole_tokens(units, row.decimals);
        let usd = in_usd(row, units).map_or_else(|| format::NO_FIGURE.to_owned(), format::usd);
        format!(
            "{}<small>{usd}</small>",
            format::decimal(tokens, places(tokens))
        )
    };
    [
        format!("<b>{}</b>", escape(&row.symbol)),
        amount(row.held),
        amount(row.idle),
        amount(row.supplied),
        amount(row.borrowed),
        amount(row.reserve),
        sent(row),
        unexplained(row),
    ]
}

fn sent(row: &BalanceRow) -> String {
    if row.sent == 0 {
        return format::NO_FIGURE.to_owned();
    }
    let usd = in_usd(row, row.sent).map_or_else(|| format::NO_FIGURE.to_owned(), format::usd);
    format!(
        "{}<small>{usd}</small>",
        format::tokens(row.sent, row.decimals)
    )
}

fn places(tokens: f64) -> usize {
    if tokens >= 1_000.0 {
        0
    } else if tokens >= 10.0 {
        2
    } else {
        4
    }
}

fn unexplained(row: &BalanceRow) -> String {
    let difference = row.unexplained();
    let (class, sign) = if difference < 0 {
        ("bad", "−")
    } else {
        ("good", "")
    };
    let units = difference.unsigned_abs();
    let usd = in_usd(row, units).map_or_else(|| format::NO_FIGURE.to_owned(), format::usd);
    format!(
        "<span class=\"{class}\">{sign}{}</span><small>{sign}{usd}</small>",
        format::tokens(units, row.decimals)
    )
}

fn unexplained_usd(rows: &[BalanceRow]) -> String {
    let signed = |row: &BalanceRow| {
        let size = in_usd(row, row.unexplained().unsigned_abs())?;
        Some(if row.unexplained() < 0 { -size } else { size })
    };
    format::usd(rows.iter().filter_map(signed).sum())
}

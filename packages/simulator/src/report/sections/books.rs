//! Equity, debts and reserves over time.

use crate::report::data::ReportData;
use crate::report::html::section;
use crate::report::plot::{Line, LinePlot, Unit};

pub fn render(data: &ReportData) -> String {
    let books = &data.series.books;
    let figure = |title, lines: &[(usize, &str, &Vec<Option<f64>>)]| {
        let line = |&(colour, name, values): &(usize, &str, &Vec<Option<f64>>)| Line {
            class: format!("s{colour}"),
            name: name.to_owned(),
            values: values.clone(),
        };
        LinePlot {
            title,
            times: &data.series.timestamps,
            lines: lines.iter().map(line).collect(),
            unit: Unit::Usd,
            logarithmic: false,
        }
        .figure()
    };
    let accounts = figure(
        "Equity and debts of all accounts",
        &[
            (0, "equity", &books.equity_usd),
            (1, "debts", &books.debts_usd),
        ],
    );
    let losses = figure(
        "Reserves, and losses since the start",
        &[
            (2, "reserves", &books.reserve_usd),
            (1, "bad debt", &books.bad_debt_usd),
            (3, "suppliers", &books.suppliers_loss_usd),
        ],
    );
    section(
        "books",
        "Equity, debts and reserves",
        "What all accounts own and owe together. A market’s reserve grows by its part of the \
         interest and of the liquidation bonuses, and is the first to pay for bad debt; what it \
         cannot cover its suppliers bear.",
        &(accounts + &losses),
    )
}

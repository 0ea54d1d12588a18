//! One account's margin, holding by holding.

use crate::report::data::{AccountExplained, HoldingExplained, ReportData};
use crate::report::format;
use crate::report::html::{Align, Table, escape, section};

pub fn render(data: &ReportData) -> String {
    let Some(account) = &data.account else {
        return String::new();
    };
    let explanation = format!(
        "{} Its equity is what the holdings are worth together, debts counted negative. The \
         maintenance margin is the loss that it must be able to bear; the contributions add up to \
         it. Holdings that move against each other cost less than each alone, and one that hedges \
         the others contributes a negative amount.",
        escape(&account.label)
    );
    section(
        "account",
        "One account’s margin explained",
        &explanation,
        &(meter(account) + &table(account)),
    )
}

fn meter(account: &AccountExplained) -> String {
    let marks = [
        account.maintenance_usd,
        account.initial_usd,
        account.equity_usd,
    ];
    let end = marks.iter().copied().fold(f64::MIN_POSITIVE, f64::max) * 1.12;
    let part = |value: f64| (value / end * 100.0).clamp(0.0, 100.0);
    let mark = |class: &str, name: &str, value: f64| {
        format!(
            "<div class=\"mark {class}\" style=\"left:{:.2}%\"><span>{name} {}</span></div>",
            part(value),
            format::usd(value)
        )
    };
    let ratio = account
        .margin_ratio
        .map_or_else(|| "∞".to_owned(), |r| format::decimal(r, 3));
    format!(
        "<p>Equity <b>{}</b>, maintenance margin <b>{}</b>, initial margin <b>{}</b>: margin ratio \
         <b>{ratio}</b> (below 1 it can be liquidated).</p>\
         <div class=\"meter\"><div class=\"track\"></div><div class=\"bar\" style=\"width:{:.2}%\"></div>{}{}</div>",
        format::usd(account.equity_usd),
        format::usd(account.maintenance_usd),
        format::usd(account.initial_usd),
        part(account.equity_usd),
        mark("above", "maintenance", account.maintenance_usd),
        mark("below", "initial", account.initial_usd),
    )
}

fn table(account: &AccountExplained) -> String {
    use Align::{Number, Text};
    let mut table = Table::new(&[
        ("Holding", Text),
        ("Whole tokens", Number),
        ("Value", Number),
        ("Haircut", Number),
        ("Alone it would cost", Number),
        ("Contribution", Number),
        ("", Text),
    ]);
    let contributions = account
        .holdings
        .iter()
        .map(|holding| holding.contribution_usd.abs());
    let largest = contributions.fold(f64::MIN_POSITIVE, f64::max);
    for holding in &account.holdings {
        table.row(&row(holding, largest));
    }
    let alone: f64 = account.holdings.iter().map(alone).sum();
    let contributions: f64 = account
        .holdings
        .iter()
        .map(|holding| holding.contribution_usd)
        .sum();
    table.total(&[
        "Together".to_owned(),
        String::new(),
        format::usd(account.equity_usd),
        String::new(),
        format::usd(alone),
        format::usd(contributions),
        String::new(),
    ]);
    table.finish()
}

fn alone(holding: &HoldingExplained) -> f64 {
    holding.haircut * holding.exposure_usd.abs()
}

fn row(holding: &HoldingExplained, largest: f64) -> [String; 7] {
    let kind = if holding.exposure_usd < 0.0 {
        "debt"
    } else {
        "deposit"
    };
    let half = (holding.contribution_usd.abs() / largest * 50.0).clamp(0.0, 50.0);
    let bar = if holding.contribution_usd < 0.0 {
        format!(
            "<i class=\"hedge\" style=\"left:{:.1}%;width:{half:.1}%\"></i>",
            50.0 - half
        )
    } else {
        format!("<i style=\"left:50%;width:{half:.1}%\"></i>")
    };
    [
        format!(
            "<b>{}</b> <span class=\"soft\">{kind}</span>",
            escape(&holding.symbol)
        ),
        format::significant(holding.tokens, 5),
        format::usd(holding.exposure_usd),
        format::percent(holding.haircut, 1),
        format::usd(alone(holding)),
        format::usd(holding.contribution_usd),
        format!("<span class=\"signed\">{bar}</span>"),
    ]
}

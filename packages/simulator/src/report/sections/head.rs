//! Title, verdict and headline numbers.

use crate::report::data::{Headline, ReportData, Verdict};
use crate::report::format;
use crate::report::html::escape;

/// The most violations that are listed.
const MAX_VIOLATIONS: usize = 20;

pub fn render(data: &ReportData) -> String {
    let meta = &data.meta;
    let facts = [
        ("prices", meta.price_source.clone()),
        ("seed", meta.seed.to_string()),
        ("accounts", format::count(meta.accounts)),
        ("markets", data.markets.len().to_string()),
        ("steps", format::count(meta.steps)),
        ("time", span(&data.series.timestamps)),
    ];
    let facts: String = facts
        .iter()
        .map(|(name, value)| format!("<span>{name} <b>{}</b></span>", escape(value)))
        .collect();
    format!(
        "<header><h1>{}</h1><div class=\"meta\">{facts}</div>\
         <div class=\"meta\"><span>repeat with <code>{}</code></span></div>{}</header>{}{}",
        escape(&meta.title),
        escape(&meta.command_line),
        navigation(data),
        verdict(&data.verdict),
        tiles(&data.headline),
    )
}

fn span(timestamps: &[u64]) -> String {
    match (timestamps.first(), timestamps.last()) {
        (Some(first), Some(last)) => {
            format!("{} to {}", format::moment(*first), format::moment(*last))
        }
        _ => format::NO_FIGURE.to_owned(),
    }
}

fn navigation(data: &ReportData) -> String {
    let mut links = vec![("markets", "Markets")];
    if data.account.is_some() {
        links.push(("account", "One account"));
    }
    links.extend([
        ("prices", "Prices"),
        ("haircuts", "Haircuts"),
        ("story", "Story"),
        ("ratios", "Margin ratios"),
        ("liquidations", "Liquidations"),
        ("books", "Equity and debts"),
        ("pools", "Pools"),
        ("bad-debt", "Bad debt"),
        ("balance", "Balance sheet"),
    ]);
    let links: String = links
        .iter()
        .map(|(id, name)| format!("<a href=\"#{id}\">{name}</a>"))
        .collect();
    format!("<nav>{links}</nav>")
}

fn verdict(verdict: &Verdict) -> String {
    let checks = format!(
        "{} invariant checks",
        format::count(verdict.invariant_checks)
    );
    if verdict.solvent && verdict.violations == 0 {
        return format!("<div class=\"verdict\"><b>✓ Solvent</b>0 violations in {checks}.</div>");
    }
    let title = if verdict.solvent {
        "✗ Invariant broken"
    } else {
        "✗ Not solvent"
    };
    let found: String = verdict
        .first_violations
        .iter()
        .take(MAX_VIOLATIONS)
        .map(|v| {
            format!(
                "<li>invariant {} after step {}: {}</li>",
                v.invariant,
                v.step,
                escape(&v.text)
            )
        })
        .collect();
    format!(
        "<div class=\"verdict failed\"><b>{title}</b>{} violations in {checks}.<ul>{found}</ul></div>",
        format::count(verdict.violations),
    )
}

fn tiles(headline: &Headline) -> String {
    let rate = if headline.seconds > 0.0 {
        headline.messages as f64 / headline.seconds
    } else {
        0.0
    };
    let share = |part: f64, whole: f64, of: &str| {
        if whole > 0.0 {
            format!("{} of {of}", format::percent(part / whole, 2))
        } else {
            String::new()
        }
    };
    let tiles = [
        (
            "Liquidations",
            format::count(headline.liquidations),
            String::new(),
        ),
        (
            "Debt liquidated",
            format::usd(headline.liquidated_usd),
            String::new(),
        ),
        (
            "Bonus paid to keepers",
            format::usd(headline.bonus_paid_usd),
            share(
                headline.bonus_paid_usd,
                headline.liquidated_usd,
                "what they repaid",
            ),
        ),
        (
            "Reserves at the end",
            format::usd(headline.reserve_usd),
            String::new(),
        ),
        (
            "Bad debt written off",
            format::usd(headline.bad_debt_usd),
            share(
                headline.bad_debt_usd,
                headline.liquidated_usd,
                "debt liquidated",
            ),
        ),
        (
            "Suppliers’ loss",
            format::usd(headline.suppliers_loss_usd),
            share(
                headline.suppliers_loss_usd,
                headline.bad_debt_usd,
                "the bad debt",
            ),
        ),
        (
            "Messages",
            format::count(headline.messages),
            format!("{} per second", format::short(rate)),
        ),
        (
            "Run time",
            format!("{} s", format::significant(headline.seconds, 3)),
            String::new(),
        ),
    ];
    let tiles: String = tiles
        .iter()
        .map(|(name, value, note)| {
            format!(
                "<div class=\"tile\"><span>{name}</span><b>{value}</b><small>{note}</small></div>"
            )
        })
        .collect();
    format!("<div class=\"tiles\">{tiles}</div>")
}

//! What the study found, and how it was made.

use crate::report::format;
use crate::report::html::{Align, Table, escape, section};
use crate::study::calibrate::SAMPLE;
use crate::study::keepers::SLICE;
use crate::study::owners::FILLED;
use crate::study::result::{Comparison, StudyReport};
use crate::study::verdict::{Effect, FeatureVerdict};

/// Title and facts.
pub fn head(report: &StudyReport) -> String {
    let real = report.paths.iter().filter(|path| !path.generated).count();
    let facts = [
        ("real histories", real.to_string()),
        ("generated paths", report.generated.to_string()),
        ("owners", format::count(report.accounts as u64)),
        ("seed", report.seed.to_string()),
    ];
    let facts: String = facts
        .iter()
        .map(|(name, value)| format!("<span>{name} <b>{}</b></span>", escape(value)))
        .collect();
    let alone = if real == 0 {
        "<p class=\"warn\">Only generated paths: they follow the factor model that the margin formula \
         assumes, and flatter it. Give price files with <code>--prices</code>.</p>"
    } else {
        ""
    };
    format!(
        "<header><h1>Bulwark: the risk study</h1><div class=\"meta\">{facts}</div>\
         <div class=\"meta\"><span>repeat with <code>{}</code></span></div>{alone}</header>",
        escape(&report.command_line)
    )
}

/// The verdict, feature by feature.
pub fn render(report: &StudyReport) -> String {
    let found: String = report.verdicts.iter().map(feature).collect();
    section(
        "verdict",
        "Does it help?",
        "Each feature is judged by bad debt at the same borrowing power: four variants with it against \
         the four that differ from them in nothing else, on every path, with and without the price \
         impact of forced sales. Every sentence here is made of the numbers below.",
        &found,
    )
}

fn feature(verdict: &FeatureVerdict) -> String {
    let (class, word) = match verdict.effect {
        Effect::Helps => ("good", "helps"),
        Effect::NoClearDifference => ("warn", "no clear difference"),
        Effect::Harms => ("bad", "harms"),
    };
    let sentences: String = verdict
        .sentences
        .iter()
        .map(|sentence| format!("<li>{}</li>", escape(sentence)))
        .collect();
    format!(
        "<h3>{}: <span class=\"{class}\">{word}</span></h3><ul>{sentences}</ul>{}",
        escape(verdict.feature.name()),
        cases(verdict)
    )
}

fn cases(verdict: &FeatureVerdict) -> String {
    use Align::{Number, Text};
    let mut table = Table::new(&[
        ("Path", Text),
        ("Price impact", Text),
        ("Bad debt with it", Number),
        ("without", Number),
        ("Suppliers’ loss with it", Number),
        ("without", Number),
        ("Liquidated with it", Number),
        ("without", Number),
        ("", Text),
    ]);
    for case in &verdict.cases {
        if case.comparison != Comparison::EqualPower {
            continue;
        }
        let (class, word) = match case.effect {
            Effect::Helps => ("good", "less"),
            Effect::NoClearDifference => ("", "alike"),
            Effect::Harms => ("bad", "more"),
        };
        let per_million = |usd: f64, power: f64| format::usd(usd / power.max(1.0) * 1e6);
        let (with, without) = (&case.with, &case.without);
        let cell = |value: f64, outcome: &crate::study::Outcome| {
            per_million(value, outcome.borrowing_power_usd)
        };
        table.row(&[
            escape(&case.path),
            on_or_off(case.with_impact).to_owned(),
            cell(with.bad_debt_usd(), with),
            cell(without.bad_debt_usd(), without),
            cell(with.suppliers_loss_usd, with),
            cell(without.suppliers_loss_usd, without),
            cell(with.liquidated_usd, with),
            cell(without.liquidated_usd, without),
            format!("<span class=\"{class}\">{word}</span>"),
        ]);
    }
    format!(
        "<details><summary>Case by case, at equal borrowing power, USD per million of borrowing \
         power</summary>{}</details>",
        table.finish()
    )
}

pub fn on_or_off(with_impact: bool) -> &'static str {
    if with_impact { "on" } else { "off" }
}

/// How the study is made.
pub fn method(report: &StudyReport) -> String {
    let points = [
        "<b>Variants.</b> The contract’s own formula with other parameters: a constant haircut has its \
         floor and cap at one number; without netting every asset is its own group, followed entirely, \
         so that M = Σ h|x| (an extra haircut is a part of h); without the size term its cap is zero."
            .to_owned(),
        "<b>Equal average haircut.</b> A family’s constant is the average of its volatility-driven \
         haircut over this very path, every hour weighted by the price: the average that a holding of \
         a fixed amount would have had. The constant so knows the whole path beforehand, which no \
         listing could; on a path of a few days around a crash that is a large advantage, on four \
         years a small one. The average that accounts really had stands in the tables."
            .to_owned(),
        format!(
            "<b>Equal borrowing power.</b> z, floor and cap (for constants: what follows from them) are \
             multiplied by one factor until the limits of up to {SAMPLE} openings add up to those of \
             the defaults."
        ),
        "<b>Identical positions.</b> Everybody borrows by what the most demanding variant allows."
            .to_owned(),
        format!(
            "<b>Owners.</b> Of twenty, eight borrow stablecoins against one coin, five against a basket, \
             three are long one coin and short another, two hold a derivative against its base (a hedge \
             where there is none), two one stablecoin against another (where there is one only, they are \
             short a coin). Six of ten take 92 to 99.8 % of their limit, the others 30 to 85 %. Deposits \
             are unequal (log-normal), together {} of what the volatile markets absorb within a day. \
             On paths longer than 120 days everybody closes and opens anew every 60 days, each on a day \
             of their own; who was liquidated is back then. Nobody answers a margin call.",
            format::percent(FILLED, 0)
        ),
        format!(
            "<b>Keepers</b> act at every row’s prices at once, with the pair that pays best. Price impact: \
             selling q of the L tokens that a market absorbs within a day moves the logarithm of its price \
             by −2q/L (buying moves it up), so that a sale costs v²/L on average, which is what the size \
             term charges; the oracle sees the new price at once, and the move fades by e<sup>−t/1 day</sup>. \
             A keeper sells at most {} of L before the oracle follows, so large accounts are taken in \
             slices at prices of their own making. Stablecoins absorb everything.",
            format::percent(SLICE, 1)
        ),
        "<b>Not in it:</b> opening prices’ guards, stale feeds’ decay, outflow limits, gas. Borrowers’ \
         interest, reserves and bad debt are the contracts’ own."
            .to_owned(),
    ];
    let points: String = points
        .iter()
        .map(|point| format!("<li>{point}</li>"))
        .collect();
    let left_out: String = report
        .paths
        .iter()
        .flat_map(|path| path.left_out.iter().map(move |left| (&path.name, left)))
        .map(|(path, (symbol, reason))| {
            format!(
                "<li>{}: {} is left out ({})</li>",
                escape(path),
                escape(symbol),
                escape(reason)
            )
        })
        .collect();
    section(
        "method",
        "How it is made",
        "What is compared, and what was kept equal.",
        &format!("<ul>{points}</ul><ul class=\"soft\">{left_out}</ul>"),
    )
}

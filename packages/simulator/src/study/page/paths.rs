//! Path by path: the numbers, and what a person would rather look at.

use super::verdicts::on_or_off;
use crate::report::format;
use crate::report::html::{Align, Table, escape, section};
use crate::report::plot::{Bar, BarPlot, Line, LinePlot, Unit, series_class};
use crate::study::result::{Comparison, PathReport, RunReport, StudyReport};
use crate::study::variant::{Haircuts, Variant};

/// Bad debt of all variants at equal borrowing power, as bars.
pub fn overview(report: &StudyReport) -> String {
    let bars: String = report.paths.iter().map(bars).collect();
    section(
        "overview",
        "Bad debt at equal borrowing power",
        "USD of bad debt per million USD that could be borrowed, with the price impact of forced sales. \
         Every variant’s haircuts are scaled so that all allow the same borrowing on the path.",
        &format!("<div class=\"panels bars\">{bars}</div>"),
    )
}

fn bars(path: &PathReport) -> String {
    let bars = path
        .runs_of(Comparison::EqualPower, true)
        .map(|run| Bar {
            class: class(run.variant),
            name: run.variant.name(),
            value: run.outcome.bad_debt_rate() * 1e6,
        })
        .collect();
    BarPlot {
        title: &path.name,
        bars,
        unit: Unit::Usd,
    }
    .figure()
}

fn class(variant: Variant) -> String {
    let number = Variant::all()
        .iter()
        .position(|other| *other == variant)
        .unwrap_or(0);
    series_class(number)
}

/// All paths.
pub fn render(report: &StudyReport) -> String {
    report.paths.iter().enumerate().map(path).collect()
}

fn path((number, path): (usize, &PathReport)) -> String {
    let open = table(path, Comparison::EqualHaircuts);
    let others: String = [Comparison::EqualPower, Comparison::IdenticalPositions]
        .into_iter()
        .map(|comparison| {
            format!(
                "<details><summary>The same at {}</summary>{}</details>",
                comparison.name(),
                table(path, comparison)
            )
        })
        .collect();
    let content = [open, others, bad_debt(path), haircuts(path), averages(path)].concat();
    section(
        &format!("path-{number}"),
        &path.name,
        &format!(
            "{} rows from {} to {}: {}. The table is at equal average haircut.",
            format::count(path.rows as u64),
            format::moment(path.from),
            format::moment(path.to),
            escape(&path.symbols.join(", "))
        ),
        &content,
    )
}

fn table(path: &PathReport, comparison: Comparison) -> String {
    use Align::{Number, Text};
    let mut table = Table::new(&[
        ("Variant", Text),
        ("Price impact", Text),
        ("Haircuts ×", Number),
        ("Average haircut", Number),
        ("Borrowing power", Number),
        ("of deposits", Number),
        ("Liquidations", Number),
        ("Accounts", Number),
        ("Liquidated", Number),
        ("Bonus", Number),
        ("Bad debt", Number),
        ("Suppliers’ loss", Number),
        ("Bad debt per million", Number),
        ("Deepest impact", Number),
    ]);
    for with_impact in [false, true] {
        for run in path.runs_of(comparison, with_impact) {
            table.row(&cells(run));
        }
    }
    table.finish()
}

fn cells(run: &RunReport) -> [String; 14] {
    let outcome = &run.outcome;
    let power = outcome.borrowing_power_usd;
    [
        escape(&run.variant.name()),
        on_or_off(run.with_impact).to_owned(),
        format::decimal(run.scale, 2),
        format::percent(outcome.average_haircut, 1),
        format::usd(power),
        format::percent(power / outcome.deposited_usd.max(1.0), 1),
        format::count(outcome.liquidations),
        format::count(outcome.accounts_liquidated),
        format::usd(outcome.liquidated_usd),
        format::usd(outcome.bonus_usd),
        format::usd(outcome.bad_debt_usd()),
        format::usd(outcome.suppliers_loss_usd),
        format::usd(outcome.bad_debt_rate() * 1e6),
        format::percent(outcome.deepest_impact, 1),
    ]
}

fn bad_debt(path: &PathReport) -> String {
    let runs = || path.runs_of(Comparison::EqualPower, true);
    if runs().all(|run| run.outcome.written_off_usd == 0.0) {
        return "<p class=\"good\">No debt was written off at equal borrowing power, with price impact, \
                under any variant.</p>"
            .to_owned();
    }
    let lines = runs()
        .map(|run| Line {
            class: class(run.variant),
            name: run.variant.name(),
            values: run.series.bad_debt_usd.iter().copied().map(Some).collect(),
        })
        .collect();
    LinePlot {
        title: "Debt written off so far, at equal borrowing power, with price impact",
        times: &path.times,
        lines,
        unit: Unit::Usd,
        logarithmic: false,
    }
    .figure()
}

fn haircuts(path: &PathReport) -> String {
    let line = |haircuts, name: &str, number| {
        let variant = Variant {
            haircuts,
            ..Variant::FULL
        };
        let run = path.run_of(Comparison::IdenticalPositions, false, variant)?;
        Some(Line {
            class: series_class(number),
            name: name.to_owned(),
            values: run.series.haircut.clone(),
        })
    };
    let lines = [
        line(Haircuts::Volatility, "volatility", 1),
        line(Haircuts::Constant, "constant", 0),
    ];
    LinePlot {
        title: "Haircut in force of an average dollar held or owed (identical positions, no impact)",
        times: &path.times,
        lines: lines.into_iter().flatten().collect(),
        unit: Unit::Percent,
        logarithmic: false,
    }
    .figure()
}

fn averages(path: &PathReport) -> String {
    use Align::{Number, Text};
    let mut table = Table::new(&[
        ("Family", Text),
        ("Average volatility-driven haircut", Number),
        ("Constant haircut", Number),
        ("Highest volatility-driven one", Number),
    ]);
    for average in &path.averages {
        table.row(&[
            escape(&average.family),
            format::percent(average.volatility, 1),
            format::percent(average.constant, 1),
            format::percent(average.highest, 1),
        ]);
    }
    format!(
        "<details><summary>What the constants were calibrated to</summary>{}</details>",
        table.finish()
    )
}

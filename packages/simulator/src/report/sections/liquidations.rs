//! The liquidations by value, kind and bonus.

use crate::report::data::{LiquidationKind, LiquidationPoint, ReportData};
use crate::report::format;
use crate::report::html::{Align, Table, section};
use crate::report::plot::{Dot, ScatterPlot, Unit};

/// The most dots in the plot.
const MAX_DOTS: usize = 700;

const KINDS: [(LiquidationKind, &str, &str); 3] = [
    (
        LiquidationKind::Partial,
        "partial",
        "capped at what makes the account healthy again",
    ),
    (
        LiquidationKind::Distressed,
        "distressed",
        "too little equity for the bonus: closed whole",
    ),
    (
        LiquidationKind::BadDebt,
        "bad debt",
        "debt was left without deposits and written off",
    ),
];

pub fn render(data: &ReportData) -> String {
    let explanation = "Each dot is one liquidation: its height is the debt that the keeper repaid, \
                       its size the bonus that the keeper got, its colour and shape how it went.";
    if data.liquidations.is_empty() {
        let none = "<p>No account had to be liquidated.</p>";
        return section("liquidations", "Liquidations", explanation, none);
    }
    let content = plot(data) + &table(&data.liquidations);
    section("liquidations", "Liquidations", explanation, &content)
}

fn plot(data: &ReportData) -> String {
    let mut shown: Vec<&LiquidationPoint> = data.liquidations.iter().collect();
    // The ones that cost somebody something are never left out for the sake of large ones.
    let lost = |point: &LiquidationPoint| point.kind == LiquidationKind::BadDebt;
    shown.sort_by(|a, b| {
        lost(b)
            .cmp(&lost(a))
            .then(b.value_usd.total_cmp(&a.value_usd))
    });
    shown.truncate(MAX_DOTS);
    let times = &data.series.timestamps;
    let span = (
        times.first().copied().unwrap_or(0),
        times.last().copied().unwrap_or(0),
    );
    let kinds = KINDS.iter().enumerate();
    let kinds =
        kinds.map(|(number, (_, name, what))| (format!("k{number}"), format!("{name}: {what}")));
    let plot = ScatterPlot {
        title: "Debt repaid per liquidation (logarithmic; dot size: bonus)",
        span,
        kinds: kinds.collect(),
        dots: shown.iter().map(|point| dot(point)).collect(),
        unit: Unit::Usd,
    };
    let mut figure = plot.figure();
    if data.liquidations.len() > MAX_DOTS {
        figure += &format!(
            "<p class=\"note\">{MAX_DOTS} of {} liquidations are drawn: those with bad debt first, \
             then the largest. The table counts all.</p>",
            format::count(data.liquidations.len() as u64)
        );
    }
    figure
}

fn dot(point: &LiquidationPoint) -> Dot {
    let kind = KINDS
        .iter()
        .position(|(kind, ..)| *kind == point.kind)
        .unwrap_or(0);
    let ratio = point.ratio_before.map_or(String::new(), |ratio| {
        format!(", margin ratio before {}", format::decimal(ratio, 3))
    });
    Dot {
        time: point.timestamp,
        value: point.value_usd,
        weight: point.bonus_usd,
        kind,
        text: format!(
            "{} · {}: repaid {} of {}, seized {}, bonus {}{ratio}",
            format::moment(point.timestamp),
            KINDS[kind].1,
            format::usd(point.value_usd),
            point.repaid,
            point.seized,
            format::usd(point.bonus_usd),
        ),
    }
}

fn table(points: &[LiquidationPoint]) -> String {
    use Align::{Number, Text};
    let mut table = Table::new(&[
        ("Kind", Text),
        ("Liquidations", Number),
        ("Debt repaid", Number),
        ("Bonus paid", Number),
        ("Bonus per debt", Number),
        ("Median ratio before", Number),
    ]);
    let cells = |name: &str, points: &[&LiquidationPoint]| {
        let value: f64 = points.iter().map(|point| point.value_usd).sum();
        let bonus: f64 = points.iter().map(|point| point.bonus_usd).sum();
        let rate = if value > 0.0 {
            format::percent(bonus / value, 2)
        } else {
            format::NO_FIGURE.to_owned()
        };
        let ratio = median(
            points
                .iter()
                .filter_map(|point| point.ratio_before)
                .collect(),
        );
        [
            name.to_owned(),
            format::count(points.len() as u64),
            format::usd(value),
            format::usd(bonus),
            rate,
            ratio.map_or_else(
                || format::NO_FIGURE.to_owned(),
                |ratio| format::decimal(ratio, 3),
            ),
        ]
    };
    for (kind, name, _) in KINDS {
        let of_kind: Vec<&LiquidationPoint> = points.iter().filter(|p| p.kind == kind).collect();
        table.row(&cells(name, &of_kind));
    }
    table.total(&cells("all", &points.iter().collect::<Vec<_>>()));
    format!("<h3>By kind</h3>{}", table.finish())
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

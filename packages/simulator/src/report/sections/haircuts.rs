//! The haircuts in force and what they move toward.

use crate::report::data::{HaircutSeries, ReportData};
use crate::report::format;
use crate::report::html::{legend, section};
use crate::report::plot::{Line, Panel, Strip, Unit, series_class};

const HEIGHT: f64 = 92.0;

pub fn render(data: &ReportData) -> String {
    let series = &data.series;
    let values = series
        .haircuts
        .iter()
        .flat_map(|h| h.in_force.iter().chain(&h.target))
        .flatten();
    let high = values.copied().fold(0.05, f64::max);
    // A family has the colour that its base has in the plot of prices.
    let number = |family: &str| {
        series
            .markets
            .iter()
            .position(|m| m.symbol == family)
            .unwrap_or(0)
    };
    let panels: String = series
        .haircuts
        .iter()
        .map(|haircut| {
            panel(
                haircut,
                &series.timestamps,
                high,
                &series_class(number(&haircut.family)),
            )
        })
        .collect();
    let legend = legend(&[
        (
            "s7".to_owned(),
            "in force (maintenance margins use it)".to_owned(),
        ),
        (
            "s7 target".to_owned(),
            "target (what the newest volatility asks for)".to_owned(),
        ),
    ]);
    section(
        "haircuts",
        "Haircuts",
        "When prices get wild, haircuts rise, but the haircut in force moves toward its target only \
         so fast: nobody is liquidated by a jump of volatility within one block. New loans are \
         held to the larger of the two at once. Inside a crash that begins from calm, the floor \
         carries the first fall.",
        &format!("{legend}<div class=\"panels\">{panels}</div>"),
    )
}

fn panel(haircut: &HaircutSeries, times: &[u64], high: f64, class: &str) -> String {
    let highest = haircut.in_force.iter().flatten().copied().reduce(f64::max);
    let first = haircut.in_force.iter().flatten().next().copied();
    let note = match (first, highest) {
        (Some(first), Some(highest)) => {
            format!(
                "first {}, highest {}",
                format::percent(first, 1),
                format::percent(highest, 1)
            )
        }
        _ => String::new(),
    };
    let line = |class: String, name: &str, values: &[Option<f64>]| Line {
        class,
        name: name.to_owned(),
        values: values.to_vec(),
    };
    let colour = class.split(' ').next().unwrap_or_default();
    Panel {
        title: &haircut.family,
        note,
        times,
        strips: vec![Strip {
            lines: vec![
                line(colour.to_owned(), "in force", &haircut.in_force),
                line(format!("{colour} target"), "target", &haircut.target),
            ],
            high,
            unit: Unit::Percent,
            height: HEIGHT,
        }],
    }
    .figure()
}

//! Utilisation and borrow rates of the pools.

use crate::report::data::{MarketSeries, ReportData};
use crate::report::format;
use crate::report::html::section;
use crate::report::plot::{Line, Panel, Strip, Unit, series_class};

const UTILISATION_HEIGHT: f64 = 62.0;
const RATE_HEIGHT: f64 = 44.0;

pub fn render(data: &ReportData) -> String {
    let series = &data.series;
    let rates = series
        .markets
        .iter()
        .flat_map(|market| &market.borrow_rate)
        .flatten();
    let highest_rate = rates.copied().fold(0.01, f64::max);
    let panels: String = series
        .markets
        .iter()
        .enumerate()
        .map(|(number, market)| panel(number, market, &series.timestamps, highest_rate))
        .collect();
    section(
        "pools",
        "Utilisation and borrow rates",
        "Each market is a pool. Above, the part of what is supplied that is borrowed; below, the \
         yearly rate that borrowers pay for it, which rises steeply once little is left to \
         withdraw. All panels have the same axes.",
        &format!("<div class=\"panels\">{panels}</div>"),
    )
}

fn panel(number: usize, market: &MarketSeries, times: &[u64], highest_rate: f64) -> String {
    let highest = |values: &[Option<f64>]| values.iter().flatten().copied().reduce(f64::max);
    let note = match (highest(&market.utilisation), highest(&market.borrow_rate)) {
        (Some(used), Some(rate)) => {
            format!(
                "≤ {} used, ≤ {} a year",
                format::percent(used, 0),
                format::percent(rate, 1)
            )
        }
        _ => String::new(),
    };
    let class = series_class(number);
    let colour = class.split(' ').next().unwrap_or_default();
    let strip = |name: &str, values: &[Option<f64>], high, height| Strip {
        lines: vec![Line {
            class: colour.to_owned(),
            name: name.to_owned(),
            values: values.to_vec(),
        }],
        high,
        unit: Unit::Percent,
        height,
    };
    Panel {
        title: &market.symbol,
        note,
        times,
        strips: vec![
            strip("utilisation", &market.utilisation, 1.0, UTILISATION_HEIGHT),
            strip(
                "borrow rate",
                &market.borrow_rate,
                highest_rate,
                RATE_HEIGHT,
            ),
        ],
    }
    .figure()
}

//! The prices of the path.

use crate::report::data::{MarketSeries, ReportData};
use crate::report::html::section;
use crate::report::plot::{Line, LinePlot, Unit, series_class};

/// A market that falls below this part of its first price would flatten all others, which get a
/// plot of their own then.
const COLLAPSED: f64 = 0.1;

pub fn render(data: &ReportData) -> String {
    let markets: Vec<(usize, &MarketSeries)> = data.series.markets.iter().enumerate().collect();
    let (collapsed, others): (Vec<_>, Vec<_>) = markets
        .iter()
        .copied()
        .partition(|(_, market)| has_collapsed(market));
    let times = &data.series.timestamps;
    let mut plots = String::new();
    if collapsed.is_empty() || others.is_empty() {
        plots += &plot(
            "Each market’s first price = 100 (logarithmic)",
            times,
            &markets,
        );
    } else {
        plots += &plot(
            "Markets that kept more than a tenth of their price; first price = 100 (logarithmic)",
            times,
            &others,
        );
        plots += &plot(
            "All markets, first price = 100 (logarithmic)",
            times,
            &markets,
        );
    }
    section(
        "prices",
        "Prices",
        "The path that the feeders posted. The axis is logarithmic: the same distance down is the \
         same loss in percent. Where the path has no figure there is no line, and nobody posts.",
        &plots,
    )
}

fn has_collapsed(market: &MarketSeries) -> bool {
    let figures = || market.prices.iter().flatten().copied();
    let (first, lowest) = (figures().next(), figures().reduce(f64::min));
    first
        .zip(lowest)
        .is_some_and(|(first, lowest)| lowest < COLLAPSED * first)
}

fn plot(title: &str, times: &[u64], markets: &[(usize, &MarketSeries)]) -> String {
    let lines = markets.iter().map(|(number, market)| {
        let first = market
            .prices
            .iter()
            .flatten()
            .next()
            .copied()
            .unwrap_or(1.0);
        let relative = |price: &Option<f64>| price.map(|price| price / first * 100.0);
        Line {
            class: series_class(*number),
            name: market.symbol.clone(),
            values: market.prices.iter().map(relative).collect(),
        }
    });
    LinePlot {
        title,
        times,
        lines: lines.collect(),
        unit: Unit::Plain,
        logarithmic: true,
    }
    .figure()
}

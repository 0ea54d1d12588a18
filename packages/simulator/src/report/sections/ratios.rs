//! How close the accounts are to liquidation, over time.

use crate::report::data::{RATIO_BINS, ReportData};
use crate::report::html::section;
use crate::report::plot::{Layer, StackPlot, Unit};

pub fn render(data: &ReportData) -> String {
    let series = &data.series;
    let layers = RATIO_BINS.iter().enumerate().map(|(bin, name)| Layer {
        class: format!("r{bin}"),
        name: format!("ratio {name}"),
        values: series
            .margin_ratios
            .iter()
            .map(|bins| Some(f64::from(bins[bin])))
            .collect(),
    });
    let plot = StackPlot {
        title: "Accounts with debts by margin ratio",
        times: &series.timestamps,
        layers: layers.collect(),
        unit: Unit::Count,
    };
    section(
        "ratios",
        "Margin ratios",
        "An account’s margin ratio is its equity over its maintenance margin. It is measured after \
         each step’s prices are posted and before keepers act: the red layer is what they are about \
         to liquidate, the orange one what the next fall would reach.",
        &plot.figure(),
    )
}

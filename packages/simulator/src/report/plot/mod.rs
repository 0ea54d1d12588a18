//! Plots as inline SVG. Colours are CSS classes of the page, so that they follow light and dark.

mod bars;
mod chart;
mod frame;
mod lines;
mod panel;
mod sample;
mod scale;
mod scatter;
mod stack;

pub use bars::{Bar, BarPlot};
pub use chart::Unit;
pub use lines::{Line, LinePlot};
pub use panel::{Panel, Strip};
pub use scatter::{Dot, ScatterPlot};
pub use stack::{Layer, StackPlot};

#[cfg(test)]
pub use sample::{MAX_POINTS, thin};
#[cfg(test)]
pub use scale::{Scale, linear_ticks, log_ticks, time_ticks};

/// Distinct colours of the page; what comes after them repeats them with dashes.
const COLOURS: usize = 8;
const DASHES: usize = 3;

/// The CSS classes of the line with this number: a colour, and dashes once colours run out.
pub fn series_class(number: usize) -> String {
    format!("s{} d{}", number % COLOURS, number / COLOURS % DASHES)
}

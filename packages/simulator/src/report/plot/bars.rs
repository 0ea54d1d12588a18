//! Bars: one number per name, where the eye should compare.

use super::chart::Unit;
use super::frame::put;
use crate::report::html::escape;

const WIDTH: f64 = 420.0;
const LABEL: f64 = 164.0;
const VALUE: f64 = 62.0;
const BAR: f64 = 15.0;
const ROW: f64 = 21.0;

/// One bar.
pub struct Bar {
    /// Its CSS classes.
    pub class: String,
    /// Its name.
    pub name: String,
    /// Its length; negative numbers have none.
    pub value: f64,
}

/// Horizontal bars on a common axis from zero.
pub struct BarPlot<'a> {
    /// The heading.
    pub title: &'a str,
    /// The bars, from the top.
    pub bars: Vec<Bar>,
    /// The unit.
    pub unit: Unit,
}

impl BarPlot<'_> {
    /// The plot as a figure.
    pub fn figure(&self) -> String {
        let values = self.bars.iter().map(|bar| bar.value);
        let longest = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
        let room = WIDTH - LABEL - VALUE;
        let height = ROW * self.bars.len() as f64;
        let mut drawing = String::new();
        for (row, bar) in self.bars.iter().enumerate() {
            let top = ROW * row as f64;
            let part = bar.value.max(0.0) / longest.max(f64::MIN_POSITIVE);
            let length = if part.is_finite() { room * part } else { 0.0 };
            let middle = top + BAR - 3.0;
            put(
                &mut drawing,
                format_args!(
                    "<text class=\"tick\" x=\"{:.1}\" y=\"{middle:.1}\" text-anchor=\"end\">{}</text>\
                     <path class=\"layer {}\" d=\"M{LABEL} {top:.1}h{length:.1}v{BAR}h-{length:.1}Z\"/>\
                     <text class=\"tick\" x=\"{:.1}\" y=\"{middle:.1}\">{}</text>",
                    LABEL - 8.0,
                    escape(&bar.name),
                    bar.class,
                    LABEL + length + 6.0,
                    escape(&self.unit.value(bar.value)),
                ),
            );
        }
        format!(
            "<figure class=\"panel\"><figcaption>{title}</figcaption>\
             <svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}\">{drawing}</svg></figure>",
            title = escape(self.title),
        )
    }
}

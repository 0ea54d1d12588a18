//! Dots over time: events with a value, a kind and a weight.

use super::chart::{Chart, Unit};
use super::frame::{Size, put};
use super::scale::{Scale, log_ticks};
use crate::report::html::escape;

const SMALLEST: f64 = 2.6;
const LARGEST: f64 = 13.0;

/// One event.
pub struct Dot {
    /// When, in Unix seconds.
    pub time: u64,
    /// Its place on the value axis; above zero.
    pub value: f64,
    /// Its weight, which the dot's area shows.
    pub weight: f64,
    /// The number of its kind, which colour and shape show.
    pub kind: usize,
    /// What is shown under the pointer.
    pub text: String,
}

/// Events over time with a logarithmic value axis.
pub struct ScatterPlot<'a> {
    /// The heading.
    pub title: &'a str,
    /// The first and the last time of the axis, in Unix seconds.
    pub span: (u64, u64),
    /// The class and name of each kind.
    pub kinds: Vec<(String, String)>,
    /// The events.
    pub dots: Vec<Dot>,
    /// The unit of the values.
    pub unit: Unit,
}

impl ScatterPlot<'_> {
    /// The plot as a figure.
    pub fn figure(&self) -> String {
        let chart = Chart {
            title: self.title,
            description: format!("{}: {} dots over time", self.title, self.dots.len()),
            legend: self.kinds.clone(),
            labelled: false,
            times: &[],
            hover: Vec::new(),
            unit: self.unit,
        };
        chart.figure(|size| self.draw(size))
    }

    fn draw(&self, size: &Size) -> String {
        let values = || {
            self.dots
                .iter()
                .map(|dot| dot.value)
                .filter(|v| v.is_finite() && *v > 0.0)
        };
        let low = values().reduce(f64::min).unwrap_or(1.0) / 1.3;
        let high = values().reduce(f64::max).unwrap_or(100.0) * 1.3;
        let y = Scale::log((low, high), (size.bottom_edge(), size.top));
        let x = size.time_scale(self.span);
        let heaviest = self
            .dots
            .iter()
            .map(|dot| dot.weight)
            .fold(f64::MIN_POSITIVE, f64::max);
        let zoom = if size.is_wide() { 1.0 } else { 0.75 };
        let mut drawing = size.axes(&y, &log_ticks(low, high, 8), self.unit, self.span);
        // The heavy ones first, so that the light ones lie on top and can be pointed at.
        let mut order: Vec<&Dot> = self.dots.iter().filter(|dot| dot.value > 0.0).collect();
        order.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        for dot in order {
            let part = (dot.weight.max(0.0) / heaviest).sqrt();
            let radius = zoom * (SMALLEST + (LARGEST - SMALLEST) * part);
            let shape = shape(dot.kind, x.at(dot.time as f64), y.at(dot.value), radius);
            let class = self
                .kinds
                .get(dot.kind)
                .map_or("", |(class, _)| class.as_str());
            put(
                &mut drawing,
                format_args!(
                    "<path class=\"dot {class}\" d=\"{shape}\"><title>{}</title></path>",
                    escape(&dot.text)
                ),
            );
        }
        drawing
    }
}

/// A circle, a diamond or a square, so that kinds differ without colours too.
fn shape(kind: usize, x: f64, y: f64, r: f64) -> String {
    match kind {
        0 => {
            let d = 2.0 * r;
            format!(
                "M{:.1} {y:.1}a{r:.1} {r:.1} 0 1 0 {d:.1} 0a{r:.1} {r:.1} 0 1 0-{d:.1} 0Z",
                x - r
            )
        }
        1 => {
            let r = 1.25 * r;
            format!(
                "M{x:.1} {:.1}l{r:.1} {r:.1}l-{r:.1} {r:.1}l-{r:.1}-{r:.1}Z",
                y - r
            )
        }
        _ => {
            let d = 2.0 * r;
            format!("M{:.1} {:.1}h{d:.1}v{d:.1}h-{d:.1}Z", x - r, y - r)
        }
    }
}

//! Layers that add up, over time.

use super::chart::{Chart, Unit};
use super::frame::{Size, put};
use super::lines::polyline;
use super::sample::MAX_POINTS;
use super::scale::{Scale, linear_ticks};

/// One layer.
pub struct Layer {
    /// Its CSS class.
    pub class: String,
    /// Its name.
    pub name: String,
    /// A value per step, zero or more.
    pub values: Vec<Option<f64>>,
}

/// Layers over common times, the first one at the bottom.
pub struct StackPlot<'a> {
    /// The heading.
    pub title: &'a str,
    /// The times of the steps in Unix seconds.
    pub times: &'a [u64],
    /// The layers.
    pub layers: Vec<Layer>,
    /// The unit of the values.
    pub unit: Unit,
}

impl StackPlot<'_> {
    /// The plot as a figure.
    pub fn figure(&self) -> String {
        let chart = Chart {
            title: self.title,
            description: format!("{}: layers over time", self.title),
            legend: self
                .layers
                .iter()
                .map(|l| (l.class.clone(), l.name.clone()))
                .collect(),
            labelled: false,
            times: self.times,
            hover: self
                .layers
                .iter()
                .rev()
                .map(|l| (l.class.clone(), l.name.clone(), l.values.as_slice()))
                .collect(),
            unit: self.unit,
        };
        chart.figure(|size| self.draw(size))
    }

    fn draw(&self, size: &Size) -> String {
        let (Some(first), Some(last)) = (self.times.first(), self.times.last()) else {
            return String::new();
        };
        let span = (*first, *last);
        let rows = self.rows();
        let value = |layer: &Layer, row: usize| {
            layer
                .values
                .get(row)
                .copied()
                .flatten()
                .filter(|v| v.is_finite())
                .unwrap_or(0.0)
                .max(0.0)
        };
        // The borders between layers, by row: the first one is the bottom of the plot.
        let mut borders = vec![vec![0.0; rows.len()]];
        for layer in &self.layers {
            let below = borders.last().cloned().unwrap_or_default();
            borders.push(
                below
                    .iter()
                    .zip(&rows)
                    .map(|(b, row)| b + value(layer, *row))
                    .collect(),
            );
        }
        let highest = borders
            .last()
            .into_iter()
            .flatten()
            .copied()
            .fold(0.0, f64::max);
        let ticks = linear_ticks(0.0, highest, 5);
        let high = ticks
            .last()
            .copied()
            .unwrap_or(1.0)
            .min(highest.max(f64::MIN_POSITIVE) * 1.04);
        let y = Scale::linear((0.0, high), (size.bottom_edge(), size.top));
        let ticks: Vec<f64> = ticks.into_iter().filter(|tick| *tick <= high).collect();
        let x = size.time_scale(span);
        let edge = |border: &[f64]| -> Vec<(f64, f64)> {
            let at = |row: &usize| x.at(self.times[*row] as f64);
            rows.iter()
                .zip(border)
                .map(|(row, height)| (at(row), y.at(*height)))
                .collect()
        };
        let mut drawing = String::new();
        for (layer, pair) in self.layers.iter().zip(borders.windows(2)) {
            let [below, above] = pair else { continue };
            let mut back = edge(below);
            back.reverse();
            let outline = [edge(above), back].concat();
            let path = polyline(&outline);
            put(
                &mut drawing,
                format_args!("<path class=\"layer {}\" d=\"{path}Z\"/>", layer.class),
            );
        }
        drawing.push_str(&size.axes(&y, &ticks, self.unit, span));
        drawing
    }

    /// The rows that are drawn. Of every bucket the one that has most in the first layer, because
    /// that is the layer to watch.
    fn rows(&self) -> Vec<usize> {
        let count = self.times.len();
        let bucket = count.div_ceil(MAX_POINTS).max(1);
        let watched = |row: &usize| {
            self.layers
                .first()
                .and_then(|l| l.values.get(*row).copied().flatten())
                .unwrap_or(0.0)
        };
        (0..count)
            .step_by(bucket)
            .filter_map(|from| {
                (from..(from + bucket).min(count))
                    .rev()
                    .max_by(|a, b| watched(a).total_cmp(&watched(b)))
            })
            .collect()
    }
}

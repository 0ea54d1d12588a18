//! Lines over time.

use super::chart::{Chart, Unit};
use super::frame::{Size, put};
use super::sample::{MAX_POINTS, thin};
use super::scale::{Scale, linear_ticks, log_ticks};
use crate::report::html::escape;

/// The distance of labels at the lines' ends.
const LABEL_HEIGHT: f64 = 14.0;
/// More labels than these do not fit beside a plot.
const MAX_LABELS: usize = 22;
const LABEL_LETTERS: usize = 11;
/// Lines that end this close to the plot's edge are labelled beside the plot.
const NEAR_EDGE: f64 = 60.0;

/// One line.
pub struct Line {
    /// Its CSS classes.
    pub class: String,
    /// Its name.
    pub name: String,
    /// A value per step; gaps stay gaps.
    pub values: Vec<Option<f64>>,
}

/// Lines over common times.
pub struct LinePlot<'a> {
    /// The heading.
    pub title: &'a str,
    /// The times of the steps in Unix seconds.
    pub times: &'a [u64],
    /// The lines.
    pub lines: Vec<Line>,
    /// The unit of the values.
    pub unit: Unit,
    /// Whether the axis is logarithmic; otherwise it includes zero.
    pub logarithmic: bool,
}

impl LinePlot<'_> {
    /// The plot as a figure.
    pub fn figure(&self) -> String {
        let names: Vec<&str> = self.lines.iter().map(|line| line.name.as_str()).collect();
        let chart = Chart {
            title: self.title,
            description: format!("{}: lines over time of {}", self.title, names.join(", ")),
            legend: self
                .lines
                .iter()
                .map(|l| (l.class.clone(), l.name.clone()))
                .collect(),
            labelled: self.is_labelled(),
            times: self.times,
            hover: self
                .lines
                .iter()
                .map(|l| (l.class.clone(), l.name.clone(), l.values.as_slice()))
                .collect(),
            unit: self.unit,
        };
        chart.figure(|size| self.draw(size))
    }

    fn is_labelled(&self) -> bool {
        self.lines.len() <= MAX_LABELS
    }

    fn draw(&self, size: &Size) -> String {
        let (Some(first), Some(last)) = (self.times.first(), self.times.last()) else {
            return String::new();
        };
        let span = (*first, *last);
        let (y, ticks) = self.y_axis(size);
        let x = size.time_scale(span);
        let mut drawing = size.axes(&y, &ticks, self.unit, span);
        let place = |(row, value): (usize, f64)| {
            (
                x.at(self.times.get(row).copied().unwrap_or(*last) as f64),
                y.at(value),
            )
        };
        let mut ends = Vec::new();
        for line in &self.lines {
            let pieces: Vec<Vec<(f64, f64)>> = thin(&line.values, MAX_POINTS)
                .into_iter()
                .map(|piece| piece.into_iter().map(place).collect())
                .collect();
            let path: String = pieces.iter().map(|piece| polyline(piece)).collect();
            put(
                &mut drawing,
                format_args!("<path class=\"line {}\" d=\"{path}\"/>", line.class),
            );
            if let Some(end) = pieces.last().and_then(|piece| piece.last()) {
                ends.push((line, *end));
            }
        }
        if size.is_wide() && self.is_labelled() {
            drawing.push_str(&end_labels(size, ends));
        }
        drawing
    }

    fn y_axis(&self, size: &Size) -> (Scale, Vec<f64>) {
        let values = || self.lines.iter().flat_map(|l| &l.values).flatten().copied();
        let values = || values().filter(|v| v.is_finite() && (!self.logarithmic || *v > 0.0));
        let low = values().reduce(f64::min).unwrap_or(1.0);
        let high = values().reduce(f64::max).unwrap_or(1.0);
        let to = (size.bottom_edge(), size.top);
        if self.logarithmic {
            let (low, high) = (low / 1.1, high * 1.1);
            return (Scale::log((low, high), to), log_ticks(low, high, 8));
        }
        let ticks = linear_ticks(low.min(0.0), high.max(0.0), 5);
        let ends = (
            ticks.first().copied().unwrap_or(0.0),
            ticks.last().copied().unwrap_or(1.0),
        );
        (Scale::linear(ends, to), ticks)
    }
}

/// `M` and the points: further pairs after a move are lines.
pub fn polyline(points: &[(f64, f64)]) -> String {
    let mut path = String::from("M");
    for (at, (x, y)) in points.iter().enumerate() {
        put(
            &mut path,
            format_args!("{}{x:.1} {y:.1}", if at == 0 { "" } else { " " }),
        );
    }
    if points.len() == 1 {
        // A line of no length with round ends is a dot.
        path.push_str("h0");
    }
    path
}

/// The area between the points and `bottom`.
pub fn area_under(points: &[(f64, f64)], bottom: f64) -> String {
    match (points.first(), points.last()) {
        (Some(first), Some(last)) => {
            format!(
                "{}L{:.1} {bottom:.1}H{:.1}Z",
                polyline(points),
                last.0,
                first.0
            )
        }
        _ => String::new(),
    }
}

/// Names beside the lines' ends. At the plot's edge they are moved apart where they would overlap;
/// a line that ends earlier has its name right there.
fn end_labels(size: &Size, ends: Vec<(&Line, (f64, f64))>) -> String {
    let edge = size.right_edge();
    let (mut at_edge, early): (Vec<_>, Vec<_>) = ends
        .into_iter()
        .partition(|(_, (x, _))| *x > edge - NEAR_EDGE);
    at_edge.sort_by(|a, b| a.1.1.total_cmp(&b.1.1));
    let mut places: Vec<f64> = at_edge.iter().map(|(_, (_, y))| *y).collect();
    let mut lowest_free = size.top;
    for place in &mut places {
        *place = place.max(lowest_free);
        lowest_free = *place + LABEL_HEIGHT;
    }
    let mut highest_free = size.bottom_edge();
    for place in places.iter_mut().rev() {
        *place = place.min(highest_free);
        highest_free = *place - LABEL_HEIGHT;
    }
    let mut labels = String::new();
    for ((line, (x, y)), place) in at_edge.iter().zip(places) {
        put(
            &mut labels,
            format_args!(
                "<path class=\"leader {}\" d=\"M{x:.1} {y:.1}L{:.1} {place:.1}\"/>",
                line.class,
                edge + 11.0,
            ),
        );
        labels.push_str(&label(line, edge + 15.0, place));
    }
    for (line, (x, y)) in early {
        labels.push_str(&label(line, x + 5.0, y.min(size.bottom_edge() - 6.0)));
    }
    labels
}

fn label(line: &Line, x: f64, y: f64) -> String {
    let name: String = line.name.chars().take(LABEL_LETTERS).collect();
    let (class, y, name) = (&line.class, y + 4.0, escape(&name));
    format!("<text class=\"label {class}\" x=\"{x:.1}\" y=\"{y:.1}\">{name}</text>")
}

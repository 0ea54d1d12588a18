//! Small plots side by side on common axes, one per market or family: more lines than a single
//! plot could show.

use super::chart::Unit;
use super::frame::{Size, put};
use super::lines::{Line, area_under, polyline};
use super::sample::thin;
use super::scale::{Scale, linear_ticks};
use crate::report::format;
use crate::report::html::escape;

/// The most points of a line in a small plot.
const MAX_POINTS: usize = 160;
const WIDTH: f64 = 260.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 8.0;
const GAP: f64 = 18.0;
const BOTTOM: f64 = 20.0;

/// One row of a panel: lines on an axis from zero.
pub struct Strip {
    /// The lines; the first one's area is tinted.
    pub lines: Vec<Line>,
    /// The axis' end, the same in all panels, so that they can be compared.
    pub high: f64,
    /// The unit.
    pub unit: Unit,
    /// The height in SVG units.
    pub height: f64,
}

/// A small plot.
pub struct Panel<'a> {
    /// The heading.
    pub title: &'a str,
    /// What is worth reading off, beside the heading.
    pub note: String,
    /// The times of the steps in Unix seconds.
    pub times: &'a [u64],
    /// One or more strips, one above the other.
    pub strips: Vec<Strip>,
}

impl Panel<'_> {
    /// The panel as a figure.
    pub fn figure(&self) -> String {
        let heights: f64 = self.strips.iter().map(|strip| strip.height).sum();
        let gaps = GAP * self.strips.len().saturating_sub(1) as f64;
        let height = TOP + heights + gaps + BOTTOM;
        let mut drawing = String::new();
        let mut top = TOP;
        for strip in &self.strips {
            drawing.push_str(&self.strip(strip, top));
            top += strip.height + GAP;
        }
        if let (Some(first), Some(last)) = (self.times.first(), self.times.last()) {
            let at = height - 4.0;
            for (x, anchor, time) in [(LEFT, "start", first), (WIDTH - RIGHT, "end", last)] {
                put(
                    &mut drawing,
                    format_args!(
                        "<text class=\"tick\" x=\"{x}\" y=\"{at}\" text-anchor=\"{anchor}\">{}</text>",
                        escape(&format::date(*time))
                    ),
                );
            }
        }
        format!(
            "<figure class=\"panel\"><figcaption>{title} <small>{}</small></figcaption>\
             <svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}\">{drawing}</svg></figure>",
            escape(&self.note),
            title = escape(self.title),
        )
    }

    fn strip(&self, strip: &Strip, top: f64) -> String {
        let bottom = top + strip.height;
        let ticks = linear_ticks(0.0, strip.high, 2);
        let high = ticks.last().copied().unwrap_or(1.0);
        let y = Scale::linear((0.0, high), (bottom, top));
        let span = (
            self.times.first().copied().unwrap_or(0),
            self.times.last().copied().unwrap_or(0),
        );
        let size = Size {
            class: "",
            width: WIDTH,
            height: bottom,
            left: LEFT,
            right: RIGHT,
            top,
            bottom: 0.0,
        };
        let x = size.time_scale(span);
        let mut drawing = String::from("<g class=\"axis\">");
        for tick in &ticks {
            let at = y.at(*tick);
            put(
                &mut drawing,
                format_args!(
                    "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{}\"/>\
                     <text class=\"tick\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                    WIDTH - RIGHT,
                    LEFT - 4.0,
                    at + 3.5,
                    escape(&strip.unit.tick(*tick))
                ),
            );
        }
        drawing.push_str("</g>");
        for (number, line) in strip.lines.iter().enumerate() {
            for piece in thin(&line.values, MAX_POINTS) {
                let points: Vec<(f64, f64)> = piece
                    .into_iter()
                    .filter_map(|(row, value)| {
                        Some((x.at(*self.times.get(row)? as f64), y.at(value)))
                    })
                    .collect();
                if number == 0 {
                    let area = area_under(&points, bottom);
                    put(
                        &mut drawing,
                        format_args!("<path class=\"area {}\" d=\"{area}\"/>", line.class),
                    );
                }
                let path = polyline(&points);
                put(
                    &mut drawing,
                    format_args!("<path class=\"line {}\" d=\"{path}\"/>", line.class),
                );
            }
        }
        drawing
    }
}

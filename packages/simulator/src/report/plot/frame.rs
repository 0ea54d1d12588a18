//! The frame of a plot: its size, its axes and grid.

use std::fmt::Write;

use super::chart::Unit;
use super::scale::{Scale, time_ticks};
use crate::report::html::escape;

/// The size of a drawing and the margins around its plot, in SVG units (pixels at full size).
///
/// Every plot is drawn twice, for wide and for narrow pages, because text that is scaled down
/// with its drawing cannot be read on a phone.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// The CSS class that shows the drawing on pages of its width only.
    pub class: &'static str,
    pub width: f64,
    pub height: f64,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

/// Drawn for pages wider than a phone.
pub const WIDE: Size = Size {
    class: "wide",
    width: 1_080.0,
    height: 370.0,
    left: 62.0,
    right: 20.0,
    top: 14.0,
    bottom: 34.0,
};

/// Drawn for phones.
pub const NARROW: Size = Size {
    class: "narrow",
    width: 380.0,
    height: 300.0,
    left: 50.0,
    right: 12.0,
    top: 12.0,
    bottom: 30.0,
};

impl Size {
    pub fn is_wide(&self) -> bool {
        self.class == WIDE.class
    }

    pub fn right_edge(&self) -> f64 {
        self.width - self.right
    }

    pub fn bottom_edge(&self) -> f64 {
        self.height - self.bottom
    }

    pub fn time_scale(&self, (from, to): (u64, u64)) -> Scale {
        Scale::linear((from as f64, to as f64), (self.left, self.right_edge()))
    }

    /// The drawing around `content`, described to those who cannot see it.
    pub fn svg(&self, description: &str, content: &str) -> String {
        let &Self {
            class,
            width,
            height,
            left,
            top,
            ..
        } = self;
        format!(
            "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-label=\"{}\" data-l=\"{left}\" data-r=\"{}\" data-t=\"{top}\" data-b=\"{}\">{content}</svg>",
            escape(description),
            self.right_edge(),
            self.bottom_edge(),
        )
    }

    /// Horizontal grid lines with their labels, and the time axis.
    pub fn axes(&self, y: &Scale, y_ticks: &[f64], unit: Unit, span: (u64, u64)) -> String {
        let (left, right, bottom) = (self.left, self.right_edge(), self.bottom_edge());
        let mut axes = String::from("<g class=\"axis\">");
        for tick in y_ticks {
            let at = y.at(*tick);
            put(
                &mut axes,
                format_args!("<path class=\"grid\" d=\"M{left} {at:.1}H{right}\"/>"),
            );
            put(
                &mut axes,
                format_args!(
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                    left - 7.0,
                    at + 4.0,
                    escape(&unit.tick(*tick))
                ),
            );
        }
        put(
            &mut axes,
            format_args!("<path class=\"base\" d=\"M{left} {bottom}H{right}\"/>"),
        );
        let x = self.time_scale(span);
        for (time, label) in time_ticks(span.0, span.1, if self.is_wide() { 11 } else { 5 }) {
            let at = x.at(time as f64);
            let middle = bottom + 18.0;
            put(
                &mut axes,
                format_args!("<path class=\"base\" d=\"M{at:.1} {bottom}v4\"/>"),
            );
            let anchor = if at > right - 14.0 { "end" } else { "middle" };
            put(
                &mut axes,
                format_args!(
                    "<text x=\"{at:.1}\" y=\"{middle}\" text-anchor=\"{anchor}\">{}</text>",
                    escape(&label)
                ),
            );
        }
        axes.push_str("</g>");
        axes
    }
}

/// Appends to a drawing. Writing to a string cannot fail.
pub fn put(drawing: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = drawing.write_fmt(arguments);
}

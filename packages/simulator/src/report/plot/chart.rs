//! A drawing as a figure of the page: both sizes, legend, and the numbers under the pointer.

use serde_json::json;

use super::frame::{NARROW, Size, WIDE};
use super::sample::{self, MAX_HOVER};
use crate::report::{format, html};

/// The right margin where lines are labelled at their ends.
const LABEL_MARGIN: f64 = 104.0;

/// What the numbers of an axis are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// USD.
    Usd,
    /// A fraction, shown in percent.
    Percent,
    /// Things that are counted.
    Count,
    /// A plain number.
    Plain,
}

impl Unit {
    /// A tick's label.
    pub fn tick(self, value: f64) -> String {
        match self {
            Self::Usd => format!("${}", trimmed(format::short(value))).replace("$−", "−$"),
            Self::Percent => format!("{}%", trimmed(format::significant(value * 100.0, 3))),
            Self::Count | Self::Plain => trimmed(format::short(value)),
        }
    }

    /// A value as it is read off the plot.
    pub fn value(self, value: f64) -> String {
        match self {
            Self::Usd => format::usd(value),
            Self::Percent => format::percent(value, 1),
            Self::Count => format::decimal(value, 0),
            Self::Plain => format::significant(value, 4),
        }
    }
}

/// `2.50M` as `2.5M`, `100` as it is.
fn trimmed(number: String) -> String {
    let split = number
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(number.len());
    let (digits, unit) = number.split_at(split);
    if !digits.contains('.') {
        return number;
    }
    format!(
        "{}{unit}",
        digits.trim_end_matches('0').trim_end_matches('.')
    )
}

/// A figure of the page.
pub struct Chart<'a> {
    /// The heading.
    pub title: &'a str,
    /// One sentence for those who cannot see the drawing.
    pub description: String,
    /// Class and name of the legend's entries.
    pub legend: Vec<(String, String)>,
    /// Whether wide drawings label their lines themselves and need no legend.
    pub labelled: bool,
    /// The times of the steps in Unix seconds.
    pub times: &'a [u64],
    /// What is shown under the pointer: class, name and values by step.
    pub hover: Vec<(String, String, &'a [Option<f64>])>,
    /// The unit of what is shown under the pointer.
    pub unit: Unit,
}

impl Chart<'_> {
    /// The figure, with `draw` drawing the inside for each size.
    pub fn figure(&self, draw: impl Fn(&Size) -> String) -> String {
        let wide = if self.labelled {
            Size {
                right: LABEL_MARGIN,
                ..WIDE
            }
        } else {
            WIDE
        };
        let drawings: String = [wide, NARROW]
            .iter()
            .map(|size| size.svg(&self.description, &draw(size)))
            .collect();
        let legend = match (self.legend.is_empty(), self.labelled) {
            (true, _) => String::new(),
            (false, true) => format!("<div class=\"narrow\">{}</div>", html::legend(&self.legend)),
            (false, false) => html::legend(&self.legend),
        };
        format!(
            "<figure><figcaption>{}</figcaption>{legend}<div class=\"chart\">{drawings}</div>{}</figure>",
            html::escape(self.title),
            self.hover_data()
        )
    }

    fn hover_data(&self) -> String {
        let (Some(first), Some(last)) = (self.times.first(), self.times.last()) else {
            return String::new();
        };
        if self.hover.is_empty() {
            return String::new();
        }
        let rows = sample::rows(self.times.len(), MAX_HOVER);
        let span = last.saturating_sub(*first).max(1) as f64;
        let part = |row: &usize| (self.times[*row].saturating_sub(*first)) as f64 / span;
        let rounded = |part: f64| (part * 1e4).round() / 1e4;
        let x: Vec<f64> = rows.iter().map(|row| rounded(part(row))).collect();
        let times: Vec<String> = rows
            .iter()
            .map(|row| format::moment(self.times[*row]))
            .collect();
        let series: Vec<_> = self
            .hover
            .iter()
            .map(|(class, name, values)| {
                let value = |row: &usize| values.get(*row).copied().flatten();
                let shown: Vec<Option<String>> = rows
                    .iter()
                    .map(|row| value(row).map(|v| self.unit.value(v)))
                    .collect();
                json!({ "class": class, "name": name, "values": shown })
            })
            .collect();
        let data = html::script_json(&json!({ "x": x, "times": times, "series": series }));
        format!("<script type=\"application/json\">{data}</script>")
    }
}

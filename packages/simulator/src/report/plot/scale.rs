//! From values to places on the page, and the ticks of axes.

use crate::prices::timestamp::{calendar_day, start_of_month};
use crate::report::format;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// A linear or logarithmic map from values to coordinates.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    low: f64,
    high: f64,
    low_at: f64,
    high_at: f64,
    logarithmic: bool,
}

impl Scale {
    /// Maps `low..=high` linearly to `low_at..=high_at`.
    pub fn linear((low, high): (f64, f64), (low_at, high_at): (f64, f64)) -> Self {
        Self {
            low,
            high,
            low_at,
            high_at,
            logarithmic: false,
        }
    }

    /// Maps `low..=high`, both above zero, by their logarithms.
    pub fn log((low, high): (f64, f64), (low_at, high_at): (f64, f64)) -> Self {
        Self {
            low: low.ln(),
            high: high.ln(),
            low_at,
            high_at,
            logarithmic: true,
        }
    }

    /// The coordinate of a value, kept inside the plot.
    pub fn at(&self, value: f64) -> f64 {
        let value = if self.logarithmic {
            value.max(f64::MIN_POSITIVE).ln()
        } else {
            value
        };
        let span = self.high - self.low;
        let part = if span > 0.0 {
            ((value - self.low) / span).clamp(0.0, 1.0)
        } else {
            0.5
        };
        self.low_at + part * (self.high_at - self.low_at)
    }
}

/// Round numbers from at most `low` to at least `high`, about `wanted` of them. The first and
/// the last are the axis' ends.
pub fn linear_ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let (low, high) = if high > low {
        (low, high)
    } else {
        (low, low + low.abs().max(1.0))
    };
    let rough = (high - low) / wanted.max(1) as f64;
    let magnitude = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .map(|nice| nice * magnitude)
        .into_iter()
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(rough);
    let first = (low / step + 1e-9).floor();
    let count = ((high / step - 1e-9).ceil() - first).clamp(1.0, 50.0) as usize;
    (0..=count).map(|at| (first + at as f64) * step).collect()
}

/// Ticks of a logarithmic axis within `low..=high`: powers of ten, with 2 and 5 times those where
/// they are few, and evenly spaced round numbers where there is hardly more than one.
pub fn log_ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let decades = usize::try_from(last - first).unwrap_or(0).max(1);
    let inside = |tick: &f64| *tick >= low * 0.999_999 && *tick <= high * 1.000_001;
    if high < low * 8.0 {
        return linear_ticks(low, high, wanted)
            .into_iter()
            .filter(inside)
            .collect();
    }
    let every = decades.div_ceil(wanted.max(1)).max(1);
    let powers = (first..=last).step_by(every).map(|power| 10f64.powi(power));
    let fine: &[f64] = if decades * 3 <= wanted + 3 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    powers
        .flat_map(|power| fine.iter().map(move |times| times * power))
        .filter(inside)
        .collect()
}

/// Times at which an axis is labelled, with their labels: at most `wanted`, on round hours, days,
/// months or years.
pub fn time_ticks(from: u64, to: u64, wanted: usize) -> Vec<(u64, String)> {
    const STEPS: [u64; 9] = [
        HOUR,
        2 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
        2 * DAY,
        4 * DAY,
        7 * DAY,
        14 * DAY,
    ];
    let wanted = u64::try_from(wanted.max(2)).unwrap_or(2);
    let span = to.saturating_sub(from);
    if let Some(step) = STEPS.into_iter().find(|step| span / step <= wanted) {
        let label = |time: u64| {
            if time % DAY == 0 {
                format::day_and_month(time)
            } else {
                format::clock(time)
            }
        };
        let first = from.div_ceil(step) * step;
        return (0..=wanted)
            .map(|at| first + at * step)
            .take_while(|time| *time <= to)
            .map(|time| (time, label(time)))
            .collect();
    }
    let months_between = span / (30 * DAY);
    let every = [1, 2, 3, 6, 12, 24, 60, 120, 600]
        .into_iter()
        .find(|every| months_between / every <= wanted)
        .unwrap_or(1_200);
    let year = calendar_day(from).year;
    (0..)
        .map(|at| start_of_month(year, 1 + at * every))
        .skip_while(|time| *time < from)
        .take_while(|time| *time <= to)
        .take(usize::try_from(wanted).unwrap_or(2) + 2)
        .map(|time| {
            let day = calendar_day(time);
            let label = if day.month == 1 {
                day.year.to_string()
            } else {
                format::month_name(day.month).to_owned()
            };
            (time, label)
        })
        .collect()
}

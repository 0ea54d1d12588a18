//! One account in floating point, with a bound on how far that can be off.
//!
//! # The bound
//!
//! Let `D = E − k M` be what the vault computes for `k = 1` at mid prices, or `E_open − k M` with
//! `k` the initial factor, and `d` what is computed here. With the gross value `G = Σ|x_i|`:
//!
//! - *The vault's rounding of shares.* Shares become smallest units rounded once, so an exposure that
//!   has shares is off by less than one unit's value `u_i`. A margin changes by at most
//!   `s_i = max(h_i + e_i, c/2) + size_cap_i` per change of the exposure: its root and its floor are
//!   norms, so `|M(x) − M(y)| ≤ M(x − y)`, and the size term is no steeper than its cap. Together
//!   `Σ u_i (1 + k s_i)` over the holdings with shares.
//! - *The vault's other roundings* are in the 18th decimal of a USD, three a holding and less than
//!   ten an account; loadings are rounded in the 36th. Below `10^-15` USD for 32 holdings.
//! - *Floating point here.* Amounts, prices and loadings are conversions and a handful of operations
//!   away from exact ones: a relative error of at most `16 × 2^-53` in each exposure and loading, for
//!   no difference of similar numbers is taken in making them. Sums over `n ≤ 64` terms add
//!   `n × 2^-53` of the sum of their magnitudes, which is at most `G`, loadings being at most one.
//!   The root is the length of a vector of which every component is off by at most that, and a length
//!   changes by no more than the vector does; its squares, their sum and the root itself add
//!   `(2 n + 4) × 2^-53` of the length. In all less than `512 × 2^-53 (1 + k) G`, for which
//!   [`RELATIVE_ERROR`] stands with a factor of four to spare.
//!
//! An account is taken for decided only where `|d|` exceeds the sum of the three.

use super::table::{Table, View, position};
use crate::book::Entry;

/// Error of floating point per gross value, see above: `2048 × 2^-53`.
pub const RELATIVE_ERROR: f64 = 2048.0 * (f64::EPSILON / 2.0);

/// What the vault's roundings in the 18th decimal come to, USD, see above.
const ROUNDINGS: f64 = 1e-15;

/// Accounts with more entries than this are always evaluated exactly: the bound counts on it.
const MOST_ENTRIES: usize = 64;

/// Accounts with more than this, USD, are always evaluated exactly: at 10^15 the vault refuses, and
/// an account that is decided can grow fourfold before it is looked at again.
const MOST_GROSS: f64 = 0.2e15;

/// What equity exceeds a margin by, USD.
#[derive(Clone, Copy, Debug)]
pub struct Surplus {
    /// As computed; not a number where a holding cannot be valued.
    pub value: f64,
    /// How far the vault's may be away.
    pub error: f64,
    /// Gross value.
    pub gross: f64,
}

impl Surplus {
    /// Whether equity certainly reaches the margin, or certainly does not; none in between.
    pub fn is_reached(&self) -> Option<bool> {
        if self.value > self.error {
            Some(true)
        } else if self.value < -self.error {
            Some(false)
        } else {
            None
        }
    }

    /// The drift that this surplus, positive or negative, certainly bears without a change of its
    /// sign: see [`super::drift`].
    pub fn bearable_drift(&self) -> f64 {
        let spare = (self.value.abs() - 2.0 * self.error) / (self.gross + self.error);
        spare.max(0.0).ln_1p()
    }
}

/// Sums over groups and families, zero between two evaluations.
#[derive(Clone, Debug, Default)]
pub struct Evaluator {
    groups: Vec<f64>,
    families: Vec<f64>,
}

/// The sums of the formula over one basket.
struct Sums {
    equity: f64,
    gross: f64,
    margin: f64,
    /// `Σ u_i` and `Σ u_i s_i` over the holdings with shares.
    unit_error: f64,
    margin_error: f64,
}

impl Evaluator {
    /// An evaluator for the markets of a table.
    pub fn new(table: &Table) -> Self {
        let views = &table.views.mid;
        let groups = views.iter().map(|view| usize::from(view.group) + 1);
        let families = views.iter().map(|view| usize::from(view.family) + 1);
        Self {
            groups: vec![0.0; groups.max().unwrap_or(0)],
            families: vec![0.0; families.max().unwrap_or(0)],
        }
    }

    /// Equity beyond maintenance margin; none if only an exact evaluation can tell.
    pub fn maintenance(&mut self, table: &Table, entries: &[Entry]) -> Option<Surplus> {
        if entries.len() > MOST_ENTRIES {
            return None;
        }
        let sums = self.sums(table, &table.views.mid, entries)?;
        let fits = sums.gross * table.opening_excess < MOST_GROSS;
        fits.then(|| sums.surplus(1.0, sums.margin, sums.margin_error))
    }

    /// Equity at opening prices beyond initial margin, for an account that [`Self::maintenance`]
    /// could tell something of.
    pub fn initial(&mut self, table: &Table, entries: &[Entry]) -> Option<Surplus> {
        let sums = self.sums(table, &table.views.open, entries)?;
        let (mut margin, mut error) = (sums.margin, sums.margin_error);
        if table.has_newer_haircuts {
            let newest = self.sums(table, &table.views.newest, entries)?;
            margin = margin.max(newest.margin);
            error = error.max(newest.margin_error);
        }
        Some(sums.surplus(table.initial_factor, margin, error))
    }

    /// Equity over maintenance margin, roughly; none for markets that the table does not have.
    pub fn ratio(&mut self, table: &Table, entries: &[Entry]) -> Option<f64> {
        let sums = self.sums(table, &table.views.mid, entries)?;
        Some(sums.equity / sums.margin)
    }

    fn sums(&mut self, table: &Table, views: &[View], entries: &[Entry]) -> Option<Sums> {
        // Entries are in the order of their markets: the last is the one that might not be known.
        if position(entries.last()?) >= views.len() {
            return None;
        }
        let (mut equity, mut gross, mut own_squares, mut sizes) = (0.0, 0.0, 0.0, 0.0);
        let (mut unit_error, mut margin_error) = (0.0, 0.0);
        for entry in entries {
            let view = &views[position(entry)];
            let [on_group, on_family, on_own] = view.loading;
            let value = entry.idle * view.unit + entry.shares * view.share;
            let magnitude = value.abs();
            equity += value;
            gross += magnitude;
            self.groups[usize::from(view.group)] += on_group * value;
            self.families[usize::from(view.family)] += on_family * value;
            own_squares += (on_own * value) * (on_own * value);
            sizes += size_charge(magnitude, view);
            if entry.shares > 0.0 {
                let unit = view.unit.abs();
                unit_error += unit;
                margin_error += unit * view.steepness(table.half_gross_factor);
            }
        }
        // Each sum is taken once, by the first entry that has part in it.
        let (mut group_total, mut squares) = (0.0, own_squares);
        for entry in entries {
            let view = &views[position(entry)];
            group_total += std::mem::take(&mut self.groups[usize::from(view.group)]).abs();
            let family = std::mem::take(&mut self.families[usize::from(view.family)]);
            squares += family * family;
        }
        let root = (group_total * group_total + squares).sqrt();
        Some(Sums {
            equity,
            gross,
            margin: root.max(table.half_gross_factor * gross) + sizes,
            unit_error,
            margin_error,
        })
    }
}

impl Sums {
    fn surplus(&self, factor: f64, margin: f64, margin_error: f64) -> Surplus {
        let computing = RELATIVE_ERROR * (1.0 + factor) * self.gross;
        let rounding = self.unit_error + factor * margin_error;
        Surplus {
            value: self.equity - factor * margin,
            error: computing + rounding + ROUNDINGS * (1.0 + factor),
            gross: self.gross,
        }
    }
}

/// `v²/L` up to `size_cap × L / 2`, then its tangent. At the kink both agree with their slopes, so
/// it does not matter on which side of it rounding puts a holding.
fn size_charge(value: f64, view: &View) -> f64 {
    let View {
        liquidity,
        size_cap,
        ..
    } = *view;
    if 2.0 * value <= size_cap * liquidity {
        if value == 0.0 {
            return 0.0;
        }
        value * (value / liquidity)
    } else {
        size_cap * value - size_cap * size_cap * liquidity / 4.0
    }
}

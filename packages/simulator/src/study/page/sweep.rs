//! Single parameters changed.

use crate::report::format;
use crate::report::html::{Align, Table, escape, section};
use crate::study::result::SweepRow;

/// The table of alternatives; nothing unless there are some.
pub fn render(rows: &[SweepRow]) -> String {
    use Align::{Number, Text};
    if rows.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&[
        ("Parameter", Text),
        ("Value", Text),
        ("Bad debt ×", Number),
        ("Paths better", Number),
        ("Paths worse", Number),
        ("Bad debt", Number),
        ("Suppliers’ loss", Number),
        ("Liquidated", Number),
        ("Bonus", Number),
    ]);
    for row in rows {
        table.row(&[
            escape(&row.parameter),
            escape(&row.value),
            format::decimal(row.log_ratio.exp(), 2),
            row.better.to_string(),
            row.worse.to_string(),
            format::usd(row.total.bad_debt_usd()),
            format::usd(row.total.suppliers_loss_usd),
            format::usd(row.total.liquidated_usd),
            format::usd(row.total.bonus_usd),
        ]);
    }
    section(
        "sweep",
        "Other numbers than the defaults",
        "One parameter at a time, everything else by default, with price impact; haircuts are scaled so \
         that the borrowing power of each path stays that of the defaults. “Bad debt ×” is the geometric \
         mean over the paths of bad debt against the defaults’; a path is better or worse from a tenth on.",
        &table.finish(),
    )
}

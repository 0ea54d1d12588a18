//! What can happen, each with how often: in calm times, and while keepers are busy.

mod batches;
mod episodes;
mod feeds;
mod governance;
mod keepers;
mod money;
mod refusals;
mod refused_by_oracle;
mod time;

use crate::author::Draw;

/// Weight in calm times, weight while keepers are busy, and what is drawn.
type Row = (u32, u32, Draw);

/// Everything that can happen.
pub fn all() -> impl Iterator<Item = Row> + Clone {
    let groups: [&[Row]; 9] = [
        money::ROWS,
        batches::ROWS,
        keepers::ROWS,
        time::ROWS,
        governance::ROWS,
        feeds::ROWS,
        refusals::ROWS,
        refused_by_oracle::ROWS,
        episodes::ROWS,
    ];
    groups.into_iter().flatten().copied()
}

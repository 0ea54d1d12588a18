//! A price file that is replayed: `timestamp,<SYMBOL>,…`, as the simulator reads it.

use std::path::PathBuf;

use bulwark_risk::units::Price;
use bulwark_simulator::prices::PriceTable;

use super::http::now;
use super::{Held, Sight, SourceError};
use crate::observation::Observation;
use crate::price;

/// A price file, replayed from a beginning on. The row in force is seen again and again until the
/// time of the next one.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The file's content.
    pub table: PriceTable,
    /// Seconds of the file that pass in a second.
    pub speed: u32,
    /// When it began, in Unix seconds.
    pub began: u64,
    /// Whether it is over when the last row is in force, or stays at it.
    pub ends: bool,
    /// Assets, each with the number of its column in the table.
    pub columns: Vec<(String, usize)>,
    /// Where prices stand that are posted in place of the file's: [`Held`]. It may come, change and go
    /// at any time.
    pub held: Option<PathBuf>,
}

/// The row in force so many seconds after the beginning: the last one whose time has come. After
/// the end it stays at the last one.
#[must_use]
pub fn row_in_force(timestamps: &[u64], speed: u32, elapsed: u64) -> usize {
    let first = timestamps.first().copied().unwrap_or_default();
    let due = elapsed.saturating_mul(u64::from(speed));
    let come = timestamps.partition_point(|time| time - first <= due);
    come.saturating_sub(1)
}

impl Replay {
    /// The row in force now.
    #[must_use]
    pub fn row_now(&self) -> usize {
        self.row_at(now())
    }

    fn row_at(&self, time: u64) -> usize {
        let elapsed = time.saturating_sub(self.began);
        row_in_force(&self.table.timestamps, self.speed, elapsed)
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ends && self.row_now() + 1 >= self.table.steps()
    }

    pub(super) fn observe(&self) -> Vec<Sight> {
        self.observe_at(now())
    }

    /// A row is a price that is seen as long as it is in force, and a held price as long as it is
    /// held. Where it is not known what is held, nothing is seen.
    fn observe_at(&self, time: u64) -> Vec<Sight> {
        let row = self.row_at(time);
        let held = match &self.held {
            Some(file) => Held::read(file),
            None => Ok(Held::default()),
        };
        let price_of = |asset: &str, column: usize| -> Result<Price, SourceError> {
            if let Some(price) = held.as_ref().map_err(Clone::clone)?.0.get(asset) {
                return Ok(*price);
            }
            let column = self.table.columns.get(column);
            let figure = column.and_then(|column| column.prices.get(row).copied().flatten());
            let price = figure.and_then(price::of_float);
            price.ok_or(SourceError::Blank { row: row + 1 })
        };
        let sight = |(asset, column): &(String, usize)| Sight {
            asset: asset.clone(),
            seen: price_of(asset, *column).map(|price| Observation {
                asset: asset.clone(),
                price,
                conf: None,
                seen_at: time,
            }),
        };
        self.columns.iter().map(sight).collect()
    }
}

#[cfg(test)]
mod tests {
    use bulwark_simulator::prices::csv;

    use super::*;

    fn replay() -> Replay {
        let file = "timestamp,ATOM,USDC\n2020-03-07T01:00:00Z,3.8,1\n\
            2020-03-07T02:00:00Z,,1.01\n2020-03-07T03:00:00Z,3.1,1\n";
        Replay {
            table: csv::parse(file.as_bytes()).unwrap(),
            speed: 60,
            began: 1_000,
            ends: true,
            columns: vec![("uusd".into(), 1), ("uatom".into(), 0)],
            held: None,
        }
    }

    #[test]
    fn rows_come_in_their_time_and_the_last_one_stays() {
        let replay = replay();
        // An hour of the file takes a minute.
        let rows = [0, 1_000, 1_059, 1_060, 1_119, 1_120, 100_000].map(|time| replay.row_at(time));
        assert_eq!(rows, [0, 0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn a_blank_cell_is_no_price_and_nothing_is_carried_forward() {
        let replay = replay();
        let sights = replay.observe_at(1_060);
        let dollar = sights[0].seen.as_ref().unwrap();
        assert_eq!((dollar.asset.as_str(), dollar.seen_at), ("uusd", 1_060));
        assert_eq!(dollar.price.to_string(), "1.01");
        assert_eq!(
            sights[1].seen.as_ref().unwrap_err(),
            &SourceError::Blank { row: 2 }
        );
    }

    #[test]
    fn a_held_price_is_seen_until_it_is_given_back_to_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("held.json");
        let mut replay = replay();
        replay.held = Some(file.clone());
        let seen = |time| {
            let seen = replay.observe_at(time).pop().unwrap().seen;
            seen.map(|observation| observation.price.to_string())
        };
        assert_eq!(seen(1_000).unwrap(), "3.8");
        std::fs::write(&file, r#"{"uatom": "2.5"}"#).unwrap();
        assert_eq!(seen(1_000).unwrap(), "2.5");
        // Also where the file has no figure.
        assert_eq!(seen(1_060).unwrap(), "2.5");
        std::fs::write(&file, "{}").unwrap();
        assert_eq!(seen(1_000).unwrap(), "3.8");
        std::fs::write(&file, "").unwrap();
        assert!(matches!(seen(1_000), Err(SourceError::Held { .. })));
    }

    #[test]
    fn it_is_over_with_the_last_row_where_it_ends() {
        let mut replay = replay();
        assert!(replay.has_ended());
        replay.ends = false;
        assert!(!replay.has_ended());
        replay.ends = true;
        replay.began = now();
        assert!(!replay.has_ended());
    }
}

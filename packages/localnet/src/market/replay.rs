//! A price path that is being replayed, noted in the network's folder: a feeder that is started
//! again goes on where it would be.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use bulwark_feeder::source::row_in_force;
use bulwark_simulator::prices::{PathConfig, PriceTable, csv};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::deployment::columns;
use super::speed::Speed;
use crate::denoms::Coin;
use crate::error::{LocalnetError, Result};
use crate::files;

/// A path, a speed and a beginning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    /// Where the path comes from, in words: equal for equal paths.
    pub source: String,
    /// The path.
    pub table: PriceTable,
    /// Seconds of the path that pass in a second.
    pub speed: u32,
    /// When it began, in Unix seconds.
    pub began: u64,
}

fn file(home: &Path) -> PathBuf {
    home.join("replay.json")
}

impl Replay {
    /// A path that begins now. One without a stablecoin gets one: else there would be nothing to
    /// borrow against a falling coin.
    #[must_use]
    pub fn new(source: String, table: PriceTable, speed: Speed) -> Self {
        Self {
            source,
            table: table.with_stablecoin(),
            speed: speed.times(),
            began: now(),
        }
    }

    /// A price file: `timestamp,<SYMBOL>,…`, USD per whole token, as [`csv`] documents it.
    ///
    /// # Errors
    /// [`LocalnetError::Prices`], [`LocalnetError::File`].
    pub fn from_file(path: &Path, speed: Speed) -> Result<Self> {
        let refused = |error| LocalnetError::Prices {
            path: path.to_owned(),
            error,
        };
        let bytes = std::fs::read(path).map_err(files::failed(path))?;
        let table = csv::parse(&bytes).map_err(refused)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let digest = Sha256::digest(&bytes);
        let digits: String = digest[..4]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Self::new(format!("{name} ({digits})"), table, speed))
    }

    /// A path with a crash in its middle, drawn from a seed.
    ///
    /// # Errors
    /// [`LocalnetError::Path`].
    pub fn generated(seed: u64, speed: Speed) -> Result<Self> {
        let config = PathConfig {
            seed,
            ..PathConfig::default()
        };
        let source = format!("a generated path, seed {seed}");
        Ok(Self::new(source, config.generate()?, speed))
    }

    /// What is replayed on the network in this folder; none if nothing is.
    ///
    /// # Errors
    /// [`LocalnetError::File`], [`LocalnetError::Form`].
    pub fn read(home: &Path) -> Result<Option<Self>> {
        if !Self::exists(home) {
            return Ok(None);
        }
        files::read_json(&file(home)).map(Some)
    }

    /// Whether something is replayed on the network in this folder.
    #[must_use]
    pub fn exists(home: &Path) -> bool {
        file(home).exists()
    }

    /// Begins now on the network in this folder.
    ///
    /// # Errors
    /// [`LocalnetError::File`].
    pub fn begin(&mut self, home: &Path) -> Result<()> {
        self.began = now();
        files::write_json(&file(home), self)
    }

    /// Whether it is the same path at the same speed.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.source, self.speed) == (&other.source, other.speed)
    }

    /// The coins of the path.
    #[must_use]
    pub fn coins(&self) -> Vec<Coin> {
        columns(&self.table).map(|(coin, _)| coin).collect()
    }

    /// # Errors
    /// [`LocalnetError::Value`] for a file that was changed by hand.
    pub fn speed(&self) -> Result<Speed> {
        Speed::new(self.speed)
    }

    /// The row in force so many seconds after the beginning: the last one whose time has come.
    /// After the end it stays at the last one.
    #[must_use]
    pub fn row(&self, elapsed: u64) -> usize {
        row_in_force(&self.table.timestamps, self.speed, elapsed)
    }

    /// The row in force now.
    #[must_use]
    pub fn row_now(&self) -> usize {
        self.row(now().saturating_sub(self.began))
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_in_their_time_and_the_last_one_stays() {
        let mut replay = Replay::generated(1, Speed::new(60).unwrap()).unwrap();
        replay.table.truncate(3);
        // An hour of the path takes a minute.
        let rows = [0, 59, 60, 119, 120, 100_000].map(|elapsed| replay.row(elapsed));
        assert_eq!(rows, [0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn a_file_without_a_stablecoin_gets_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prices.csv");
        let text = "timestamp,ATOM\n2020-03-07T01:00:00Z,3.8\n2020-03-07T02:00:00Z,\n";
        std::fs::write(&path, text).unwrap();
        let replay = Replay::from_file(&path, Speed::new(1).unwrap()).unwrap();
        assert_eq!(replay.table.symbols(), ["ATOM", "USD"]);

        std::fs::write(&path, "timestamp,ATOM\n2020-03-07T01:00:00Z,-1\n").unwrap();
        let refused = Replay::from_file(&path, Speed::new(1).unwrap()).unwrap_err();
        assert!(
            refused.to_string().contains("line 2, column 2"),
            "{refused}"
        );
    }

    #[test]
    fn a_replay_is_read_as_it_began() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Replay::read(folder.path()).unwrap().is_none());
        let mut replay = Replay::generated(1, Speed::new(60).unwrap()).unwrap();
        replay.began = 0;
        replay.begin(folder.path()).unwrap();
        assert!(replay.began > 0);
        let read = Replay::read(folder.path()).unwrap().unwrap();
        assert!(read.is_like(&replay));
        assert_eq!((read.began, read.coins()), (replay.began, replay.coins()));
        let other = Replay::generated(2, Speed::new(60).unwrap()).unwrap();
        assert!(!other.is_like(&replay));
    }
}

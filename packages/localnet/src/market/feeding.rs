//! The feeder's process: `bulwark localnet feed`, which goes on when whoever started it ends.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::feeder::Posted;
use super::held::{self, CoinPrice};
use super::replay::Replay;
use crate::error::{LocalnetError, Result};
use crate::files;
use crate::processes::{self, Folder, Started};

/// What the program is called that is the feeder.
const PROGRAM: &str = "bulwark";

/// The arguments that the program has to take, with the network's folder behind them.
const COMMAND: [&str; 3] = ["localnet", "feed", "--home"];

/// How long the first post may take.
const FIRST_POST: Duration = Duration::from_secs(30);

/// How the feeder does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeederStatus {
    /// Its process; none if it does not run.
    pub pid: Option<u32>,
    /// What it replays.
    pub source: String,
    /// Seconds of the path that pass in a second.
    pub speed: u32,
    /// Row of the path that is in force now, counted from 0.
    pub row: usize,
    /// Rows of the path.
    pub rows: usize,
    /// What it posted last.
    pub posted: Option<Posted>,
    /// Coins whose price is held, and does not follow the path.
    pub held: Vec<CoinPrice>,
}

/// Where the feeder notes what it posts.
#[must_use]
pub fn log(home: &Path) -> PathBuf {
    home.join("feeder.log")
}

/// The feeder's process.
pub(crate) fn process(home: &Path) -> Started<'_> {
    Started {
        program: OsStr::new(PROGRAM),
        command: &COMMAND,
        folder: Folder::Is(home),
    }
}

fn find(home: &Path) -> Option<u32> {
    process(home).find().first().copied()
}

/// How the feeder of the network in this folder does; none if nothing is replayed there.
///
/// # Errors
/// [`LocalnetError::File`], [`LocalnetError::Form`].
pub fn look(home: &Path) -> Result<Option<FeederStatus>> {
    let Some(replay) = Replay::read(home)? else {
        return Ok(None);
    };
    let held = held::prices(home)?.into_iter();
    Ok(Some(FeederStatus {
        held: held.filter(|coin| coin.held.is_some()).collect(),
        pid: find(home),
        row: replay.row_now(),
        rows: replay.table.steps(),
        posted: Posted::read(home),
        source: replay.source,
        speed: replay.speed,
    }))
}

/// Starts the feeder, unless it runs, and waits until it has posted. `program` has to be one
/// called `bulwark` that calls [`super::feed`] when it is started with
/// `localnet feed --home FOLDER`.
///
/// # Errors
/// [`LocalnetError::NoFeeder`], [`LocalnetError::File`].
pub fn start(home: &Path, program: &Path) -> Result<()> {
    if find(home).is_some() {
        return Ok(());
    }
    Posted::forget(home)?;
    let path = log(home);
    let arguments = COMMAND.map(OsStr::new).into_iter();
    let arguments: Vec<&OsStr> = arguments.chain([home.as_os_str()]).collect();
    let mut child = processes::start(program, &arguments, &path)?;
    let has_ended = || !matches!(child.try_wait(), Ok(None));
    if works(home, has_ended) {
        return Ok(());
    }
    // One that cannot post yet goes on trying, for nobody.
    processes::end_all(home, &[process(home)])?;
    Err(LocalnetError::NoFeeder {
        tail: files::tail(&path),
        log: path,
    })
}

fn works(home: &Path, mut has_ended: impl FnMut() -> bool) -> bool {
    let mut works = false;
    processes::wait_until(FIRST_POST, || {
        works = Posted::read(home).is_some();
        works || has_ended()
    });
    works
}

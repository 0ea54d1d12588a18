//! Processes of a network, found by what they were started with: an id alone may have been given
//! to another process since.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, thread};

use rustix::process::{Pid, Signal, kill_process};

use crate::error::{LocalnetError, Result};

/// How often a process that was told to end is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long the system may take to end a process that was killed.
pub(crate) const LAST_MOMENTS: Duration = Duration::from_secs(5);

/// Ends all processes of the network in this folder whose command lines contain one of these.
///
/// # Errors
/// [`LocalnetError::Immortal`].
pub(crate) fn end_all(network: &Path, marks: &[String]) -> Result<()> {
    let left = || -> Vec<u32> { marks.iter().flat_map(|mark| with(mark)).collect() };
    left().into_iter().for_each(kill);
    if wait_until(LAST_MOMENTS, || left().is_empty()) {
        return Ok(());
    }
    Err(LocalnetError::Immortal {
        pid: left().first().copied().unwrap_or_default(),
        home: network.to_owned(),
    })
}

/// Ids of the processes whose command line contains this text.
pub(crate) fn with(text: &str) -> Vec<u32> {
    if Path::new("/proc/self/cmdline").exists() {
        from_proc(text)
    } else {
        from_ps(text)
    }
}

fn from_proc(text: &str) -> Vec<u32> {
    let Ok(folders) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    folders
        .filter_map(|folder| {
            let folder = folder.ok()?;
            let id: u32 = folder.file_name().to_str()?.parse().ok()?;
            // Empty for a process that has ended and was not waited for.
            let line = fs::read(folder.path().join("cmdline")).ok()?;
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            line.contains(text).then_some(id)
        })
        .collect()
}

fn from_ps(text: &str) -> Vec<u32> {
    let Ok(output) = Command::new("ps")
        .args(["-axww", "-o", "pid=,args="])
        .output()
    else {
        return Vec::new();
    };
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| {
            let (id, line) = line.trim_start().split_once(' ')?;
            format!("{line} ").contains(text).then(|| id.parse().ok())?
        })
        .collect()
}

/// Asks a process to end.
pub(crate) fn ask_to_end(id: u32) {
    signal(id, Signal::TERM);
}

/// Ends a process without asking it.
pub(crate) fn kill(id: u32) {
    signal(id, Signal::KILL);
}

/// One that has ended already needs no signal.
fn signal(id: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// Looks again and again until it is so, or the time is over; whether it is so.
pub(crate) fn wait_until(limit: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    loop {
        if is_so() {
            return true;
        }
        if begun.elapsed() > limit {
            return false;
        }
        thread::sleep(LOOK_EVERY);
    }
}

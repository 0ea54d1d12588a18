//! Where tests find real prices.

use std::env;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// The folder that `BULWARK_PRICES` names.
///
/// Where it is not set the calling test counts as skipped: that is printed, and a line naming
/// the test is appended to the file that `BULWARK_SKIP_LOG` names, from which `scripts/test`
/// counts.
#[must_use]
pub fn prices_dir(test_name: &str) -> Option<PathBuf> {
    if let Some(folder) = env::var_os("BULWARK_PRICES") {
        return Some(folder.into());
    }
    let notice = format!("{test_name}: BULWARK_PRICES is not set");
    println!("SKIPPED: {notice}");
    if let Some(log) = env::var_os("BULWARK_SKIP_LOG") {
        let written = OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .and_then(|mut log| writeln!(log, "{notice}"));
        if let Err(error) = written {
            println!("SKIPPED: {notice}, and the skip log is not writable: {error}");
        }
    }
    None
}

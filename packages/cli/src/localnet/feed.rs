//! `bulwark localnet feed`: the feeder's process, which `up` starts.

use std::path::Path;

use bulwark_localnet::market::{Posted, feed};

use super::{Failure, runtime};

/// Posts until the network is gone; a line for each new row of the path, and for each failure.
pub(super) fn run(home: &Path) -> Result<(), Failure> {
    let mut latest = None;
    let posting = feed(home, |posted| match posted {
        Ok(Posted { row, .. }) if latest == Some(*row) => {}
        Ok(Posted {
            row,
            prices,
            height,
        }) => {
            let number = row.saturating_add(1);
            println!("row {number}: {prices} prices posted, block {height}");
            latest = Some(*row);
        }
        Err(error) => eprintln!("not posted: {error}"),
    });
    Ok(runtime()?.block_on(posting)?)
}

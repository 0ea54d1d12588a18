//! Notices in a file, a JSON object a line.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use super::notice::Notice;
use crate::error::{KeeperError, KeeperResult};

/// Adds notices to the file; it is opened anew each time, so that it can be moved away.
///
/// # Errors
/// [`KeeperError::File`].
pub fn append(path: &Path, notices: &[Notice]) -> KeeperResult<()> {
    let written = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut lines = Vec::new();
        for notice in notices {
            serde_json::to_writer(&mut lines, notice)?;
            lines.push(b'\n');
        }
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(&lines)?;
        file.sync_data()
    };
    written().map_err(KeeperError::file(path))
}

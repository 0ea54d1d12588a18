//! Notices in a file, a JSON object a line.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
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
        let mut options = OpenOptions::new();
        let mut file = options.create(true).append(true).read(true).open(path)?;
        let mut added = Vec::new();
        if is_cut_off(&mut file)? {
            added.push(b'\n');
        }
        added.extend(lines(notices)?);
        file.write_all(&added)?;
        file.sync_data()
    };
    written().map_err(KeeperError::file(path))
}

/// Those of some notices that do not stand at the end of the file: they were to be added when the
/// process ended. They are looked for in as much of it as they would take.
///
/// # Errors
/// [`KeeperError::File`].
pub fn missing(path: &Path, notices: Vec<Notice>) -> KeeperResult<Vec<Notice>> {
    if notices.is_empty() {
        return Ok(notices);
    }
    let read = || {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let most = u64::try_from(lines(&notices)?.len()).unwrap_or(u64::MAX);
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    };
    let end = read().map_err(KeeperError::file(path))?;
    // A line that is cut off, at its beginning here or at its end by a crash, is none.
    let ids: BTreeSet<String> = end
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Notice>(line).ok())
        .map(|notice| notice.id)
        .collect();
    let missing = notices
        .into_iter()
        .filter(|notice| !ids.contains(&notice.id));
    Ok(missing.collect())
}

/// Whether the file ends in the midst of a line, as a crash may leave it.
fn is_cut_off(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn lines(notices: &[Notice]) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for notice in notices {
        serde_json::to_writer(&mut lines, notice)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use bulwark_types::vault::AccountRef;

    use super::*;
    use crate::margin_call::Occasion;

    fn notice(number: u16) -> Notice {
        Notice {
            id: format!("alice/{number}"),
            kind: Occasion::MarginCall,
            account: AccountRef {
                owner: "alice".into(),
                id: number,
            },
            height: 7,
            time: 100,
            margin: None,
            cures: Vec::new(),
            liquidation: None,
        }
    }

    #[test]
    fn what_a_crash_kept_from_the_file_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notices.jsonl");
        let two = || vec![notice(1), notice(2)];
        assert_eq!(missing(&path, two()).unwrap(), two(), "there is no file");
        append(&path, &[notice(0), notice(1)]).unwrap();
        assert_eq!(missing(&path, two()).unwrap(), [notice(2)]);
        let text = fs::read_to_string(&path).unwrap();
        append(&path, &[notice(2)]).unwrap();
        assert_eq!(missing(&path, two()).unwrap(), []);
        fs::write(&path, &text[..text.len() - 3]).unwrap();
        assert_eq!(missing(&path, two()).unwrap(), two(), "its line is cut off");
        append(&path, &two()).unwrap();
        assert_eq!(missing(&path, two()).unwrap(), []);
    }
}

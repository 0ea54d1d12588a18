//! Files, with errors that name them.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{LocalnetError, Result};

/// As much of the end of a log as an error shows.
const TAIL_BYTES: u64 = 4_096;
const TAIL_LINES: usize = 12;

pub(crate) fn failed(path: &Path) -> impl FnOnce(io::Error) -> LocalnetError {
    let path = path.to_owned();
    move |error| LocalnetError::File { path, error }
}

pub(crate) fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(failed(path))
}

pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, content).map_err(failed(path))
}

pub(crate) fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(failed(path))
}

/// Removes a file; one that is not there is gone already.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

/// Removes a folder with everything in it; one that is not there is gone already.
pub(crate) fn remove_folder(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(drop).map_err(failed(from))
}

pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_str(&read_text(path)?).map_err(|error| malformed(path, &error))
}

/// Replaces a file as a whole: whoever reads it sees the old content or the new one.
pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|error| malformed(path, &error))?;
    text.push(b'\n');
    let draft = path.with_extension("draft");
    write(&draft, text)?;
    fs::rename(&draft, path).map_err(failed(path))
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, content: &str) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;

    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(path).map_err(failed(path))?;
    file.write_all(content.as_bytes()).map_err(failed(path))
}

pub(crate) fn malformed(path: &Path, detail: &impl ToString) -> LocalnetError {
    LocalnetError::Form {
        path: path.to_owned(),
        detail: detail.to_string(),
    }
}

/// The last lines of a log, as far as it can be read.
pub(crate) fn tail(path: &Path) -> String {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|mut file| {
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        file.read_to_end(&mut bytes)
    });
    match read {
        Ok(_) => last_lines(&String::from_utf8_lossy(&bytes)),
        Err(error) => error.to_string(),
    }
}

/// The last lines of a text.
pub(crate) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

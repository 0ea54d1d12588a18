//! Which price files a study reads.

use std::path::{Path, PathBuf};
use std::{env, fs};

use bulwark_simulator::prices::{PriceTable, csv};

use super::Failure;

/// The folder with price files, where none are named.
const FOLDER: &str = "BULWARK_PRICES";

/// The files that are named, else those of the folder, in the order of their names.
pub fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    match env::var_os(FOLDER).filter(|folder| !folder.is_empty()) {
        Some(folder) => in_folder(Path::new(&folder)),
        None => Ok(Vec::new()),
    }
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let refused = |error| Failure::Folder {
        folder: folder.to_owned(),
        error,
    };
    let entries = fs::read_dir(folder).map_err(refused)?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(refused)?.path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What the files say, each with a name for the report.
pub fn tables(files: &[PathBuf]) -> Result<Vec<(String, PriceTable)>, Failure> {
    let read = |file: &PathBuf| {
        let table = csv::read(file).map_err(|error| Failure::Prices {
            file: file.clone(),
            error,
        })?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        Ok((name.into_owned(), table))
    };
    files.iter().map(read).collect()
}

//! Wasm, built when it is not there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

/// The folder with the contracts' wasm. `scripts/build-wasm` runs once a process: it costs
/// next to nothing when nothing has changed.
///
/// # Panics
/// If there is no way to build wasm here; the script's own words stand above.
pub fn artifacts() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = root.join("artifacts");
        let script = root.join("scripts/build-wasm");
        let status = Command::new(&script).status();
        let built = status.is_ok_and(|status| status.success());
        assert!(built, "{} failed", script.display());
        folder
    })
}

/// The wasm of a contract that is only for tests, such as `token`.
///
/// # Panics
/// If it is not among the artifacts.
pub fn test_contract(name: &str) -> Vec<u8> {
    let file = format!("test-contracts/bulwark_test_{name}.wasm");
    let path = artifacts().join(file);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of all contracts, such as `vault`, by the checksums of their wasm as a chain tells
/// them.
pub(crate) fn names_by_checksum() -> BTreeMap<String, String> {
    let folders = [artifacts().to_owned(), artifacts().join("test-contracts")];
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let named = files.filter_map(|file| {
        let path = file.unwrap().path();
        let stem = path.file_name()?.to_str()?.strip_suffix(".wasm")?;
        let name = stem.rsplit('_').next()?.to_owned();
        let wasm = fs::read(&path).unwrap();
        Some((hex::encode(Sha256::digest(wasm)), name))
    });
    named.collect()
}

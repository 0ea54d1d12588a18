//! The contracts' wasm, as `scripts/build-wasm` leaves it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::error::{DeployError, DeployResult};
use crate::step::Kind;

/// The wasm of the contracts, as far as it is there.
#[derive(Clone, Debug, Default)]
pub struct Artifacts {
    wasm: BTreeMap<Kind, Vec<u8>>,
}

impl Artifacts {
    /// Reads a folder. Contracts whose file is not there are left out.
    ///
    /// # Errors
    /// [`DeployError::File`], also if there is no such folder; [`DeployError::Checksum`] if a file is not what the folder's
    /// `checksums.txt` says.
    pub fn read(folder: &Path) -> DeployResult<Self> {
        fs::read_dir(folder).map_err(|error| DeployError::File {
            path: folder.to_owned(),
            error,
        })?;
        let written = read_if_there(&folder.join("checksums.txt"))?;
        let written = String::from_utf8_lossy(&written.unwrap_or_default()).into_owned();
        let mut wasm = BTreeMap::new();
        for kind in Kind::ALL {
            let path = folder.join(kind.file());
            let Some(bytes) = read_if_there(&path)? else {
                continue;
            };
            assert_checksum(&path, &bytes, &written, &kind.file())?;
            wasm.insert(kind, bytes);
        }
        Ok(Self { wasm })
    }

    /// Some wasm that is not in a folder.
    #[must_use]
    pub const fn new(wasm: BTreeMap<Kind, Vec<u8>>) -> Self {
        Self { wasm }
    }

    /// SHA-256 of each, in lower-case hexadecimal digits: what a chain shows of its code.
    #[must_use]
    pub fn checksums(&self) -> BTreeMap<Kind, String> {
        let wasm = self.wasm.iter();
        wasm.map(|(kind, bytes)| (*kind, checksum(bytes))).collect()
    }

    /// One of them, compressed with gzip, which chains unpack: it costs by the byte.
    ///
    /// # Errors
    /// [`DeployError::NoArtifact`].
    pub fn compressed(&self, kind: Kind) -> DeployResult<Vec<u8>> {
        let bytes = self.wasm.get(&kind);
        let bytes = bytes.ok_or(DeployError::NoArtifact { kind })?;
        compress(bytes).map_err(|error| DeployError::File {
            path: kind.file().into(),
            error,
        })
    }
}

/// SHA-256 in lower-case hexadecimal digits.
#[must_use]
pub fn checksum(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Compresses wasm with gzip.
///
/// # Errors
/// None in practice: it is done in memory.
pub fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn read_if_there(path: &PathBuf) -> DeployResult<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DeployError::File {
            path: path.clone(),
            error,
        }),
    }
}

/// Compares with the line `<checksum>  <file>`, if there is one.
fn assert_checksum(path: &Path, bytes: &[u8], written: &str, file: &str) -> DeployResult<()> {
    let found = checksum(bytes);
    let expected = written.lines().find_map(|line| {
        let (expected, name) = line.split_once(char::is_whitespace)?;
        let name = name.trim_start().trim_start_matches('*');
        (name == file).then_some(expected)
    });
    match expected {
        Some(expected) if expected != found => Err(DeployError::Checksum {
            path: path.to_owned(),
            expected: expected.into(),
            found,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_what_was_built_is_refused() {
        let folder = std::env::temp_dir().join(format!("bulwark-artifacts-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("bulwark_vault.wasm"), b"wasm").unwrap();
        let artifacts = Artifacts::read(&folder).unwrap();
        let sum = artifacts.checksums()[&Kind::Vault].clone();
        assert!(matches!(
            artifacts.compressed(Kind::Oracle),
            Err(DeployError::NoArtifact { kind: Kind::Oracle })
        ));

        fs::write(
            folder.join("checksums.txt"),
            format!("{sum}  bulwark_vault.wasm\n"),
        )
        .unwrap();
        assert!(Artifacts::read(&folder).is_ok());
        fs::write(folder.join("bulwark_vault.wasm"), b"other").unwrap();
        assert!(matches!(
            Artifacts::read(&folder),
            Err(DeployError::Checksum { expected, .. }) if expected == sum
        ));
        fs::remove_dir_all(&folder).unwrap();
        // A slip in its name is no deployment without code.
        assert!(matches!(
            Artifacts::read(&folder),
            Err(DeployError::File { path, .. }) if path == folder
        ));
    }
}

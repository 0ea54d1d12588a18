//! What is remembered of margin calls, in a file.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use bulwark_types::vault::AccountRef;
use serde::{Deserialize, Serialize};

use super::Stage;
use super::notice::Notice;
use crate::error::{KeeperError, KeeperResult};

/// The form of the file.
const VERSION: u32 = 1;

/// What is remembered of margin calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    version: u32,
    /// The vault that it is about.
    vault: String,
    /// Accounts that were called.
    pub called: Vec<(AccountRef, Stage)>,
    /// Ids of the notices of the last liquidations.
    pub liquidations: VecDeque<String>,
    /// Notices that may not stand in the file of notices yet.
    pub unwritten: Vec<Notice>,
    /// Notices that the webhook has not taken.
    pub untold: Vec<Notice>,
}

impl Memory {
    /// Nothing about a vault.
    #[must_use]
    pub fn new(vault: &str) -> Self {
        Self {
            version: VERSION,
            vault: vault.into(),
            called: Vec::new(),
            liquidations: VecDeque::new(),
            unwritten: Vec::new(),
            untold: Vec::new(),
        }
    }

    /// Reads a file; one that is not there remembers nothing.
    ///
    /// # Errors
    /// [`KeeperError::File`], [`KeeperError::Memory`], [`KeeperError::OtherMemory`].
    pub fn read(path: &Path, vault: &str) -> KeeperResult<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::new(vault));
            }
            Err(error) => return Err(KeeperError::file(path)(error)),
        };
        let memory: Self = serde_json::from_str(&text).map_err(|error| KeeperError::Memory {
            path: path.to_owned(),
            error,
        })?;
        if memory.version != VERSION || memory.vault != vault {
            return Err(KeeperError::OtherMemory {
                path: path.to_owned(),
                version: memory.version,
                found: memory.vault,
                expected: vault.into(),
            });
        }
        Ok(memory)
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// [`KeeperError::File`].
    pub fn write(&self, path: &Path) -> KeeperResult<()> {
        let draft: PathBuf = path.with_extension("tmp");
        let written = || {
            let text = serde_json::to_vec(self)?;
            let mut file = File::create(&draft)?;
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&draft, path)
        };
        written().map_err(KeeperError::file(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_remembered_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("margin-calls.json");
        let nothing = Memory::read(&path, "wasm1vault").unwrap();
        assert_eq!(nothing, Memory::new("wasm1vault"));
        let account = AccountRef {
            owner: "wasm1a".into(),
            id: 3,
        };
        let memory = Memory {
            called: vec![(account, Stage::Liquidatable)],
            ..nothing
        };
        memory.write(&path).unwrap();
        assert_eq!(Memory::read(&path, "wasm1vault").unwrap(), memory);
    }

    #[test]
    fn what_belongs_to_another_vault_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("margin-calls.json");
        Memory::new("wasm1other").write(&path).unwrap();
        let error = Memory::read(&path, "wasm1vault").unwrap_err();
        assert!(error.to_string().contains("wasm1other"), "{error}");
        fs::write(&path, "{").unwrap();
        let error = Memory::read(&path, "wasm1vault").unwrap_err();
        assert!(matches!(error, KeeperError::Memory { .. }), "{error}");
    }
}

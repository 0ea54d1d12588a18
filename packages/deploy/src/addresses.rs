//! The address file: what was deployed where. Clients read it, and `deploy` finds its own
//! contracts again by it.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::error::{DeployError, DeployResult};
use crate::step::Kind;

/// What was deployed where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The chain.
    pub chain_id: String,
    /// The contracts: `oracle`, `caller`, `vault`, `liquidator`.
    pub contracts: BTreeMap<Kind, Deployed>,
}

/// A contract that was deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployed {
    /// Its address.
    pub address: String,
    /// Its code.
    pub code_id: u64,
    /// SHA-256 of that, in lower-case hexadecimal digits.
    pub checksum: String,
}

impl Addresses {
    /// Nothing yet.
    #[must_use]
    pub fn new(chain_id: &str) -> Self {
        Self {
            chain_id: chain_id.into(),
            contracts: BTreeMap::new(),
        }
    }

    /// Reads a file; one that is not there yet names nothing.
    ///
    /// # Errors
    /// [`DeployError::File`], [`DeployError::AddressFile`], [`DeployError::OtherChain`].
    pub fn read(path: &Path, chain_id: &str) -> DeployResult<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::new(chain_id));
            }
            Err(error) => return Err(failed(path, error)),
        };
        let addresses: Self =
            serde_json::from_str(&text).map_err(|error| DeployError::AddressFile {
                path: path.to_owned(),
                error,
            })?;
        if addresses.chain_id != chain_id {
            return Err(DeployError::OtherChain {
                path: path.to_owned(),
                expected: chain_id.into(),
                found: addresses.chain_id,
            });
        }
        Ok(addresses)
    }

    /// Writes the file, whole or not at all; nothing if it says all of this already.
    ///
    /// # Errors
    /// [`DeployError::File`].
    pub fn write(&self, path: &Path) -> DeployResult<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
            return Ok(());
        }
        let draft = path.with_extension(format!("{}.tmp", std::process::id()));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| failed(path, error))?;
        }
        fs::write(&draft, text)
            .and_then(|()| fs::rename(&draft, path))
            .map_err(|error| failed(path, error))
    }

    /// The address of a contract, if it was deployed.
    #[must_use]
    pub fn get(&self, kind: Kind) -> Option<&str> {
        let deployed = self.contracts.get(&kind);
        deployed.map(|deployed| deployed.address.as_str())
    }
}

fn failed(path: &Path, error: io::Error) -> DeployError {
    DeployError::File {
        path: path.to_owned(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written_and_on_its_chain_only() {
        let path = std::env::temp_dir().join(format!("bulwark-addresses-{}", std::process::id()));
        let mut addresses = Addresses::read(&path, "one").unwrap();
        addresses.contracts.insert(
            Kind::Vault,
            Deployed {
                address: "wasm1vault".into(),
                code_id: 3,
                checksum: "ab".into(),
            },
        );
        addresses.write(&path).unwrap();
        assert_eq!(Addresses::read(&path, "one").unwrap(), addresses);
        let refused = Addresses::read(&path, "two");
        assert!(matches!(refused, Err(DeployError::OtherChain { .. })));
        fs::remove_file(path).unwrap();
    }
}

//! One run of `deploy` at a time for each address file: two would create everything twice.

use std::fs::{self, File};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use crate::error::{DeployError, DeployResult};

/// The right to deploy, until it is dropped or the process ends. The file of the lock stays.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of an address file: a file beside it.
    ///
    /// # Errors
    /// [`DeployError::Busy`] if another run has it, [`DeployError::File`].
    pub fn take(address_file: &Path) -> DeployResult<Self> {
        let path = address_file.with_extension("lock");
        let failed = |error| DeployError::File {
            path: path.clone(),
            error,
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let file = File::create(&path).map_err(failed)?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| DeployError::Busy {
            path: address_file.to_owned(),
        })?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_with_the_same_address_file_is_refused_until_the_first_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("addresses.json");
        let first = Lock::take(&file).unwrap();
        let busy = Lock::take(&file).unwrap_err();
        assert!(matches!(busy, DeployError::Busy { path } if path == file));
        assert!(Lock::take(&folder.path().join("other.json")).is_ok());
        drop(first);
        assert!(Lock::take(&file).is_ok());
    }
}

//! Where things stay that are built once.

use std::env;
use std::path::PathBuf;

use crate::error::{LocalnetError, Result};

/// The folder for everything that is built or downloaded once:
/// `${XDG_CACHE_HOME:-$HOME/.cache}/bulwark`.
///
/// # Errors
/// [`LocalnetError::NoCache`] if neither variable is set to an absolute path.
pub fn cache_folder() -> Result<PathBuf> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("bulwark"))
        .ok_or(LocalnetError::NoCache)
}

/// The folder of the local network unless another one is named: `localnet`, in the cache.
///
/// # Errors
/// [`LocalnetError::NoCache`].
pub fn default_home() -> Result<PathBuf> {
    Ok(cache_folder()?.join("localnet"))
}

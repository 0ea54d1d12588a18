//! Where the contracts' wasm comes from.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bulwark_localnet::without_keys;

use super::Failure;

/// What builds it, in a checkout.
const SCRIPT: &str = "scripts/build-wasm";

/// Says where the checkout is: scripts/localnet knows.
const CHECKOUT: &str = "BULWARK_CHECKOUT";

/// Which of the contracts are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contracts {
    /// Those that a local network stores. Its nodes check them: no validator has to be built.
    OfLocalnet,
    /// All, those of tests too.
    All,
}

/// The folder that was named; otherwise that of the checkout which this is called in, brought up
/// to date.
pub(crate) fn find(named: Option<&Path>, needed: Contracts) -> Result<PathBuf, Failure> {
    if let Some(folder) = named {
        return Ok(folder.to_owned());
    }
    let (arguments, folder): (&[&str], _) = match needed {
        Contracts::OfLocalnet => (&["--localnet"], "artifacts.localnet"),
        Contracts::All => (&[], "artifacts"),
    };
    let checkout = checkout()?;
    let script = checkout.join(SCRIPT);
    // What it prints is told on stderr: the network's description goes to stdout.
    let status = without_keys(&mut Command::new(&script))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .map_err(|error| Failure::File {
            path: script,
            error,
        })?;
    if status.success() {
        Ok(checkout.join(folder))
    } else {
        Err(Failure::NotBuilt)
    }
}

fn checkout() -> Result<PathBuf, Failure> {
    if let Some(folder) = std::env::var_os(CHECKOUT) {
        return Ok(folder.into());
    }
    let here = std::env::current_dir().map_err(Failure::Program)?;
    let is_checkout = |folder: &&Path| folder.join(SCRIPT).is_file();
    let found = here.ancestors().find(is_checkout).map(Path::to_owned);
    found.ok_or(Failure::NoArtifacts)
}

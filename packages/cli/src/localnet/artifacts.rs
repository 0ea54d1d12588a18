//! Where the contracts' wasm comes from, and the page: scripts of the checkout build both.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bulwark_localnet::without_keys;

use super::Failure;

/// What builds it, in a checkout.
const SCRIPT: &str = "scripts/build-wasm";

/// What builds the page, and where to.
const PAGE_SCRIPT: &str = "scripts/build-web";
const PAGE: &str = "packages/web/dist";

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
    let checkout = checkout().ok_or(Failure::NoArtifacts)?;
    if run(&checkout.join(SCRIPT), arguments)? {
        Ok(checkout.join(folder))
    } else {
        Err(Failure::NotBuilt)
    }
}

/// The page's folder: as [`find`].
pub(super) fn find_page(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(folder) = named {
        return std::path::absolute(folder).map_err(|error| Failure::File {
            path: folder.to_owned(),
            error,
        });
    }
    let checkout = checkout().ok_or(Failure::NoPage)?;
    if run(&checkout.join(PAGE_SCRIPT), &[])? {
        Ok(checkout.join(PAGE))
    } else {
        Err(Failure::PageNotBuilt)
    }
}

/// Whether a script did what it should. What it prints is told on stderr: the network's description goes
/// to stdout.
fn run(script: &Path, arguments: &[&str]) -> Result<bool, Failure> {
    let status = without_keys(&mut Command::new(script))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .map_err(|error| Failure::File {
            path: script.to_owned(),
            error,
        })?;
    Ok(status.success())
}

fn checkout() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(CHECKOUT) {
        return Some(folder.into());
    }
    let here = std::env::current_dir().ok()?;
    let is_checkout = |folder: &&Path| folder.join(SCRIPT).is_file();
    here.ancestors().find(is_checkout).map(Path::to_owned)
}

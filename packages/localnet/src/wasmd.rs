//! The node's program: wasmd, built once from the Go module proxy.
//!
//! It lies in the cache: `wasmd-v0.61.14/wasmd`, with the virtual machine's library beside it,
//! which it finds there by its run path. [`MODULE`] and [`SUMS`] pin every module of the build.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use rustix::fs::{FlockOperation, flock};

use crate::cache::cache_folder;
use crate::error::{LocalnetError, Result};
use crate::files;
use crate::keys::without_keys;
use crate::progress::{Progress, Step};

/// The version that is built.
pub const VERSION: &str = "0.61.14";

/// The Go module that names wasmd and what it is built of.
pub const MODULE: &str = include_str!("../wasmd/go.mod");

/// The checksums of all of it.
pub const SUMS: &str = include_str!("../wasmd/go.sum");

/// What the program is called.
pub(crate) const PROGRAM: &str = "wasmd";

const PACKAGE: &str = "github.com/CosmWasm/wasmd/cmd/wasmd";
const VIRTUAL_MACHINE: &str = "github.com/CosmWasm/wasmvm/v3";

/// wasmd's own flags (one of its dependencies needs the first), and a run path that finds the
/// library beside the program.
const LINK_FLAGS: &str = "-checklinkname=0 -s -w \
    -X github.com/cosmos/cosmos-sdk/version.Name=wasm \
    -X github.com/cosmos/cosmos-sdk/version.AppName=wasmd \
    -X github.com/cosmos/cosmos-sdk/version.Version=0.61.14 \
    -extldflags=-Wl,-rpath,$ORIGIN";

/// Compiled packages between two notices of progress.
const NOTICE_EVERY: u32 = 50;

/// A wasmd that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wasmd {
    program: PathBuf,
}

impl Wasmd {
    /// The one in the cache; builds it if it is not there.
    ///
    /// # Errors
    /// [`LocalnetError::NoGo`], [`LocalnetError::Build`], [`LocalnetError::Binary`],
    /// [`LocalnetError::File`].
    pub fn find_or_build(progress: Progress<'_>) -> Result<Self> {
        let folder = cache_folder()?.join(format!("wasmd-v{VERSION}"));
        let program = folder.join(PROGRAM);
        if !program.exists() {
            build_once(&folder, &program, progress)?;
        }
        let wasmd = Self { program };
        wasmd.check()?;
        Ok(wasmd)
    }

    /// Whether it is there, or Go to build it with.
    ///
    /// # Errors
    /// [`LocalnetError::NoGo`], [`LocalnetError::NoCache`].
    pub fn check_available() -> Result<()> {
        let program = cache_folder()?
            .join(format!("wasmd-v{VERSION}"))
            .join(PROGRAM);
        let mut go = Command::new("go");
        if program.exists() || without_keys(&mut go).arg("version").output().is_ok() {
            return Ok(());
        }
        Err(LocalnetError::NoGo)
    }

    /// Where it lies.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Runs a command to its end; what it printed on stdout.
    ///
    /// # Errors
    /// [`LocalnetError::Command`] with what it printed on stderr.
    pub fn run(&self, home: &Path, arguments: &[&str]) -> Result<String> {
        let output = without_keys(&mut Command::new(&self.program))
            .args(arguments)
            .arg("--home")
            .arg(home)
            .stdin(Stdio::null())
            .output()
            .map_err(files::failed(&self.program))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(LocalnetError::Command {
            command: arguments.join(" "),
            tail: files::last_lines(&String::from_utf8_lossy(&output.stderr)),
        })
    }

    fn check(&self) -> Result<()> {
        let output = without_keys(&mut Command::new(&self.program))
            .arg("version")
            .output();
        let found = match output {
            Ok(output) => {
                let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
                text.push_str(&String::from_utf8_lossy(&output.stderr));
                files::last_lines(&text)
            }
            Err(error) => error.to_string(),
        };
        if found == VERSION {
            return Ok(());
        }
        Err(LocalnetError::Binary {
            path: self.program.clone(),
            expected: VERSION,
            found,
        })
    }
}

/// Builds, unless another process is at it: then waits for that one.
fn build_once(folder: &Path, program: &Path, progress: Progress<'_>) -> Result<()> {
    let cache = cache_folder()?;
    files::create_folder(&cache)?;
    let path = cache.join("wasmd-build.lock");
    let lock = fs::File::create(&path).map_err(files::failed(&path))?;
    progress(Step::BuildBegins);
    flock(&lock, FlockOperation::LockExclusive)
        .map_err(|error| files::failed(&path)(error.into()))?;
    if program.exists() {
        return Ok(());
    }
    build(&cache, folder, progress)
}

/// Builds into a draft in the cache, and moves it into its place when all of it is done.
fn build(cache: &Path, folder: &Path, progress: Progress<'_>) -> Result<()> {
    let draft = tempfile::Builder::new()
        .prefix("wasmd-draft-")
        .tempdir_in(cache)
        .map_err(files::failed(cache))?;
    let log = cache.join("wasmd-build.log");
    let source = draft.path().join("source");
    let product = draft.path().join("product");
    files::create_folder(&source)?;
    files::create_folder(&product)?;
    files::write(&source.join("go.mod"), MODULE)?;
    files::write(&source.join("go.sum"), SUMS)?;

    compile(&source, &product.join(PROGRAM), &log, progress)?;
    copy_libraries(&source, &product, &log)?;
    files::remove_folder(folder)?;
    fs::rename(&product, folder).map_err(files::failed(folder))
}

/// Go, with nothing of the environment that would change what is built.
fn go(source: &Path) -> Command {
    let mut command = Command::new("go");
    without_keys(&mut command)
        .current_dir(source)
        .env("CGO_ENABLED", "1")
        .env("GOFLAGS", "-mod=readonly -buildvcs=false")
        .env("GOWORK", "off")
        .env_remove("GOOS")
        .env_remove("GOARCH")
        .stdin(Stdio::null());
    command
}

fn compile(source: &Path, product: &Path, log: &Path, progress: Progress<'_>) -> Result<()> {
    let mut written = fs::File::create(log).map_err(files::failed(log))?;
    let mut command = go(source);
    command
        .args(["build", "-v", "-trimpath", "-tags", "netgo", "-ldflags"])
        .arg(LINK_FLAGS)
        .arg("-o")
        .arg(product)
        .arg(PACKAGE)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| missing(error, log))?;
    let (mut downloaded, mut compiled) = (0, 0);
    for line in child
        .stderr
        .take()
        .into_iter()
        .flat_map(|lines| BufReader::new(lines).lines())
    {
        let line = line.map_err(files::failed(log))?;
        writeln!(written, "{line}").map_err(files::failed(log))?;
        // With -v Go names each module that it fetches and each package that it compiles.
        let seen = if line.starts_with("go: downloading") {
            &mut downloaded
        } else {
            &mut compiled
        };
        *seen += 1;
        if *seen % NOTICE_EVERY == 0 {
            progress(Step::Building {
                downloaded,
                compiled,
            });
        }
    }
    let status = child.wait().map_err(files::failed(log))?;
    if status.success() {
        return Ok(());
    }
    Err(LocalnetError::Build {
        log: log.to_owned(),
        tail: files::tail(log),
    })
}

/// The virtual machine's libraries for this platform, from its module's folder.
fn copy_libraries(source: &Path, product: &Path, log: &Path) -> Result<()> {
    let output = go(source)
        .args(["list", "-m", "-f", "{{.Dir}}", VIRTUAL_MACHINE])
        .output()
        .map_err(|error| missing(error, log))?;
    let module = String::from_utf8_lossy(&output.stdout);
    let libraries = Path::new(module.trim()).join("internal/api");
    let wanted = if cfg!(target_os = "macos") {
        "libwasmvm.dylib".to_owned()
    } else {
        format!("libwasmvm.{}.so", env::consts::ARCH)
    };
    let copy = product.join(&wanted);
    // Not `fs::copy`: files of the module cache are read-only, and so would be the copy.
    let bytes = fs::read(libraries.join(&wanted)).map_err(files::failed(&libraries))?;
    files::write(&copy, bytes)
}

fn missing(error: io::Error, log: &Path) -> LocalnetError {
    if error.kind() == io::ErrorKind::NotFound {
        LocalnetError::NoGo
    } else {
        files::failed(log)(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_names_the_same_version() {
        assert!(MODULE.contains(&format!("github.com/CosmWasm/wasmd v{VERSION}")));
        assert!(LINK_FLAGS.contains(&format!("Version={VERSION} ")));
    }
}

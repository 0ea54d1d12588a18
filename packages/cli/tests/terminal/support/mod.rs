//! A network of its own for a test, and the program as somebody at a terminal runs it.

pub mod chain;
pub mod keeper;
pub mod lines;
pub mod market;
pub mod replay;
pub mod slow;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// A network's folder; the network ends with it.
pub struct Home {
    _folder: TempDir,
    pub path: PathBuf,
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("network");
        Self {
            _folder: folder,
            path,
        }
    }

    pub fn file(&self, name: &str) -> String {
        self.path.join(name).display().to_string()
    }

    pub fn localnet(&self, arguments: &[&str]) -> Output {
        let home = self.path.display().to_string();
        let (command, options) = arguments.split_first().unwrap();
        run(&[&["localnet", command, "--home", &home], options].concat())
    }

    pub fn up(&self, options: &[&str]) -> Output {
        self.localnet(&[&["up", "--rpc-port", "0"], options].concat())
    }

    pub fn status(&self) -> (Value, Option<i32>) {
        let output = self.localnet(&["status", "--json"]);
        let status = serde_json::from_slice(&output.stdout).unwrap();
        (status, output.status.code())
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.localnet(&["down"]);
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The program, in a folder that is no checkout: which one is meant says the variable, as for
/// scripts/localnet.
pub fn bulwark(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bulwark"));
    command
        .args(arguments)
        .env("BULWARK_CHECKOUT", root())
        .current_dir(std::env::temp_dir());
    command
}

pub fn run(arguments: &[&str]) -> Output {
    bulwark(arguments).output().unwrap()
}

/// What a command printed that ended well.
pub fn told(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What a command complained about, and its exit code.
pub fn refused(output: &Output) -> (Option<i32>, String) {
    let errors = String::from_utf8_lossy(&output.stderr);
    (
        output.status.code(),
        errors.lines().last().unwrap_or_default().to_owned(),
    )
}

/// Kills a process, and waits until it is gone: on a busy machine that takes a moment.
pub fn kill(pid: &Value) {
    let pid = pid.as_u64().unwrap().to_string();
    let status = Command::new("kill").args(["-9", &pid]).status().unwrap();
    assert!(status.success());
    let line = Path::new("/proc").join(pid).join("cmdline");
    while std::fs::read(&line).is_ok_and(|line| !line.is_empty()) {
        sleep(Duration::from_millis(10));
    }
}

//! One node: its folder, its process.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::error::{LocalnetError, Result};
use crate::files;
use crate::keys::without_keys;
use crate::ports::{self, NodePorts};
use crate::processes::{self, Folder, Started};
use crate::rpc;
use crate::wasmd::{PROGRAM, Wasmd};

/// How long a node may take to close its databases.
const GRACE: Duration = Duration::from_secs(10);

/// The arguments that start a node, with its folder behind them.
const COMMAND: [&str; 2] = ["start", "--home"];

/// One node of a network.
#[derive(Debug)]
pub(crate) struct Node {
    number: usize,
    network: PathBuf,
    pub(crate) ports: NodePorts,
    /// Only of a node that this process started: somebody has to wait for it.
    child: Option<Child>,
}

/// The folder of a node.
pub(crate) fn home(network: &Path, number: usize) -> PathBuf {
    network.join(format!("node-{number}"))
}

/// The log of a node.
pub(crate) fn log(network: &Path, number: usize) -> PathBuf {
    home(network, number).join("log")
}

/// The process of the node with this folder.
fn process(home: &Path) -> Started<'_> {
    Started {
        program: OsStr::new(PROGRAM),
        command: &COMMAND,
        folder: Folder::Is(home),
    }
}

/// The processes of all nodes of a network.
pub(crate) fn processes_of_all(network: &Path) -> Started<'_> {
    Started {
        folder: Folder::In(network),
        ..process(network)
    }
}

impl Node {
    pub(crate) fn new(network: &Path, number: usize, ports: NodePorts) -> Self {
        Self {
            number,
            network: network.to_owned(),
            ports,
            child: None,
        }
    }

    pub(crate) fn home(&self) -> PathBuf {
        home(&self.network, self.number)
    }

    pub(crate) fn log(&self) -> PathBuf {
        log(&self.network, self.number)
    }

    /// The id of its process; none if it does not run.
    pub(crate) fn pid(&mut self) -> Option<u32> {
        if let Some(child) = &mut self.child {
            return match child.try_wait() {
                Ok(None) => Some(child.id()),
                _ => None,
            };
        }
        process(&self.home()).find().first().copied()
    }

    /// Starts it, in a process group of its own: what ends the starter must not end the node.
    pub(crate) fn start(&mut self, wasmd: &Wasmd) -> Result<u32> {
        ports::assert_free(self.number, self.ports)?;
        let (home, log) = (self.home(), self.log());
        let open = || OpenOptions::new().create(true).append(true).open(&log);
        let child = without_keys(&mut Command::new(wasmd.program()))
            .args(COMMAND)
            .arg(&home)
            .args([
                "--log_no_color",
                "--log_level",
                "*:warn,state:info,server:info",
            ])
            .stdin(Stdio::null())
            .stdout(open().map_err(files::failed(&log))?)
            .stderr(open().map_err(files::failed(&log))?)
            .process_group(0)
            .spawn()
            .map_err(files::failed(wasmd.program()))?;
        let id = child.id();
        self.child = Some(child);
        Ok(id)
    }

    /// Asks it to end, as an operator would; kills it if it does not.
    pub(crate) fn stop(&mut self) -> Result<()> {
        let Some(id) = self.pid() else { return Ok(()) };
        processes::ask_to_end(id);
        if processes::wait_until(GRACE, || self.pid().is_none()) {
            return Ok(());
        }
        self.kill()
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(&mut self) -> Result<()> {
        let Some(id) = self.pid() else { return Ok(()) };
        processes::kill(id);
        if processes::wait_until(processes::LAST_MOMENTS, || self.pid().is_none()) {
            return Ok(());
        }
        Err(LocalnetError::Immortal {
            pid: id,
            home: self.network.clone(),
        })
    }

    /// Waits until it has made this block.
    pub(crate) fn wait_for(&mut self, height: u64, limit: Duration) -> Result<()> {
        let mut died = false;
        let reached = processes::wait_until(limit, || {
            died = self.pid().is_none();
            died || rpc::height(self.ports.rpc).is_some_and(|now| now >= height)
        });
        if died {
            return Err(LocalnetError::NodeDied {
                node: self.number,
                log: self.log(),
                tail: files::tail(&self.log()),
            });
        }
        if reached {
            return Ok(());
        }
        Err(LocalnetError::NoBlocks {
            node: self.number,
            height,
            seconds: limit.as_secs(),
            log: self.log(),
        })
    }
}

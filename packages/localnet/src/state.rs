//! What a network's folder says of it to other processes.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::files;
use crate::ports::NodePorts;

/// How far a start has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    /// Not all nodes have made their first blocks.
    Starting,
    /// They have.
    Ready,
}

/// The content of [`file`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(crate) chain_id: String,
    pub(crate) phase: Phase,
    pub(crate) nodes: Vec<NodeState>,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NodeState {
    /// Of the latest start; the process may have ended since.
    pub(crate) pid: Option<u32>,
    #[serde(flatten)]
    pub(crate) ports: NodePorts,
}

/// Where the state of a network is noted.
pub(crate) fn file(home: &Path) -> PathBuf {
    home.join("localnet.json")
}

impl State {
    /// None if nothing is noted.
    pub(crate) fn read(home: &Path) -> Result<Option<Self>> {
        let file = file(home);
        if !file.exists() {
            return Ok(None);
        }
        files::read_json(&file).map(Some)
    }

    pub(crate) fn write(&self, home: &Path) -> Result<()> {
        files::write_json(&file(home), self)
    }
}

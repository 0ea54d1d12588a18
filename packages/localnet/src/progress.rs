//! What a start that takes a while is busy with.

use std::fmt;

/// A step of a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// wasmd is not in the cache: its build has begun.
    BuildBegins,
    /// The build goes on.
    Building {
        /// Modules downloaded so far.
        downloaded: u32,
        /// Packages compiled so far.
        compiled: u32,
    },
    /// Nodes of an earlier start that did not finish, or that died, are cleared away.
    Clearing,
    /// Keys, genesis and configuration are written.
    Initialising {
        /// Nodes of the network.
        nodes: usize,
    },
    /// A node is started.
    Starting {
        /// The node, counted from 0.
        node: usize,
    },
    /// The first blocks are waited for.
    Waiting,
}

/// Is told of each step.
pub type Progress<'a> = &'a mut dyn FnMut(Step);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuildBegins => f.write_str("building wasmd from source: minutes, once"),
            Self::Building {
                downloaded,
                compiled,
            } => write!(
                f,
                "building wasmd: {downloaded} modules downloaded, {compiled} packages compiled"
            ),
            Self::Clearing => f.write_str("clearing away what an earlier start left behind"),
            Self::Initialising { nodes } => write!(f, "preparing {nodes} node(s)"),
            Self::Starting { node } => write!(f, "starting node {node}"),
            Self::Waiting => f.write_str("waiting for the first blocks"),
        }
    }
}

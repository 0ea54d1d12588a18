//! A network from its start to its end.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use serde::Serialize;
use tempfile::TempDir;

use crate::error::{LocalnetError, Result};
use crate::init;
use crate::market::feeding;
use crate::node::{self, Node};
use crate::ports::{self, NodePorts};
use crate::processes;
use crate::progress::{Progress, Step};
use crate::spec::{Ports, Spec};
use crate::state::{self, NodeState, Phase, State};
use crate::wasmd::Wasmd;
use crate::{files, rpc, web};

/// The block that says that a network works: the first one carries the genesis.
const FIRST_BLOCKS: u64 = 2;

/// How long the first blocks may take, on a machine that is busy with other things.
const START_LIMIT: Duration = Duration::from_secs(90);

/// Somebody may take a free port before the node does: how often others are tried.
const TRIES: usize = 3;

/// A running network, and the right to change it: only one process has it at a time.
///
/// Dropping one that [`Localnet::temporary`] made stops its nodes and removes its folder;
/// dropping another one lets it run.
#[derive(Debug)]
pub struct Localnet {
    home: PathBuf,
    state: State,
    nodes: Vec<Node>,
    wasmd: Wasmd,
    on_drop: OnDrop,
    _lock: File,
}

#[derive(Debug)]
enum OnDrop {
    Leave,
    Stop,
    /// Stop, and let the folder remove itself.
    Remove {
        _folder: TempDir,
    },
}

/// How a node does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeStatus {
    /// Counted from 0.
    pub node: usize,
    /// Its process; none if it does not run.
    pub pid: Option<u32>,
    /// Its RPC endpoint.
    pub rpc: String,
    /// Its latest block; none if it does not answer.
    pub height: Option<u64>,
    /// Its log.
    pub log: PathBuf,
}

impl Localnet {
    /// A network in `spec.home` that goes on when this process ends.
    ///
    /// Where one of the same description is already there, its dead nodes are started again,
    /// with their data. What a start that did not finish has left behind is cleared away.
    ///
    /// # Errors
    /// [`LocalnetError`]; nodes that were started are stopped again, logs stay.
    pub fn up(spec: &Spec, progress: Progress<'_>) -> Result<Self> {
        Self::check(spec)?;
        let lock = lock(&spec.home)?;
        let wasmd = Wasmd::find_or_build(progress)?;
        // A state that cannot be read is one of a start that did not finish.
        let state = State::read(&spec.home).ok().flatten();
        let mut network = match state {
            Some(state) if state.phase == Phase::Ready => {
                assert_same(spec, &state)?;
                Self::of(&spec.home, state, wasmd, lock)
            }
            _ => Self::prepare(spec, wasmd, lock, progress)?,
        };
        let was_ready = network.state.phase == Phase::Ready;
        if !was_ready {
            network.on_drop = OnDrop::Stop;
        }
        network.start_missing(progress)?;
        network.on_drop = OnDrop::Leave;
        Ok(network)
    }

    /// Whether [`Self::up`] can begin, as far as that is seen at once; changes nothing.
    ///
    /// # Errors
    /// [`LocalnetError::Value`], [`LocalnetError::Foreign`], [`LocalnetError::NoGo`],
    /// [`LocalnetError::OtherNetwork`], [`LocalnetError::OtherPort`],
    /// [`LocalnetError::PortInUse`].
    pub fn check(spec: &Spec) -> Result<()> {
        spec.validate()?;
        assert_ours(&spec.home)?;
        Wasmd::check_available()?;
        match State::read(&spec.home).ok().flatten() {
            Some(state) if state.phase == Phase::Ready => assert_same(spec, &state),
            // Nodes of a start that did not finish may still be there.
            Some(_) => Ok(()),
            None => ports::assert_all_free(&ports::choose(spec)?),
        }
    }

    /// A network of its own for a test: in a temporary folder, on free ports, gone when dropped.
    ///
    /// # Errors
    /// [`LocalnetError`].
    pub fn temporary(nodes: usize) -> Result<Self> {
        Self::temporary_with(|spec| spec.nodes = nodes)
    }

    /// The same of another description; folder and ports are its own in any case.
    ///
    /// # Errors
    /// [`LocalnetError`].
    pub fn temporary_with(change: impl Fn(&mut Spec)) -> Result<Self> {
        let mut left = TRIES;
        loop {
            left -= 1;
            match Self::temporary_once(&change) {
                Err(LocalnetError::PortInUse { .. } | LocalnetError::NodeDied { .. })
                    if left > 0 => {}
                result => return result,
            }
        }
    }

    fn temporary_once(change: impl Fn(&mut Spec)) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("bulwark-localnet-")
            .tempdir()
            .map_err(files::failed(&std::env::temp_dir()))?;
        let mut spec = Spec::new(PathBuf::new());
        change(&mut spec);
        spec.home = folder.path().to_owned();
        spec.ports = Ports::Free;
        let mut network = Self::up(&spec, &mut |_| {})?;
        network.on_drop = OnDrop::Remove { _folder: folder };
        Ok(network)
    }

    /// A network that another process has started.
    ///
    /// # Errors
    /// [`LocalnetError::NotUp`], [`LocalnetError::Busy`], [`LocalnetError`].
    pub fn open(home: &Path) -> Result<Self> {
        let not_up = || LocalnetError::NotUp {
            home: home.to_owned(),
        };
        if !state::file(home).exists() {
            return Err(not_up());
        }
        let lock = lock(home)?;
        let state = State::read(home)?.ok_or_else(not_up)?;
        let wasmd = Wasmd::find_or_build(&mut |_| {})?;
        Ok(Self::of(home, state, wasmd, lock))
    }

    /// Ends a network and removes its folder; whether there was one.
    ///
    /// # Errors
    /// [`LocalnetError::Foreign`] for a folder with something else in it, which stays as it is;
    /// [`LocalnetError::Busy`], [`LocalnetError::Immortal`], [`LocalnetError::File`].
    pub fn down(home: &Path) -> Result<bool> {
        assert_ours(home)?;
        if !home.exists() {
            return Ok(false);
        }
        let lock = lock(home)?;
        let there = state::file(home).exists();
        end_all(home)?;
        files::remove_folder(home)?;
        drop(lock);
        Ok(there)
    }

    /// How the nodes of the network in this folder do; changes nothing, and works while another
    /// process has the network.
    ///
    /// # Errors
    /// [`LocalnetError::NotUp`], [`LocalnetError::Form`], [`LocalnetError::File`].
    pub fn look(home: &Path) -> Result<Vec<NodeStatus>> {
        let state = State::read(home)?.ok_or_else(|| LocalnetError::NotUp {
            home: home.to_owned(),
        })?;
        let mut nodes = nodes(home, &state);
        Ok(nodes.iter_mut().enumerate().map(status).collect())
    }

    /// How the nodes do.
    pub fn status(&mut self) -> Vec<NodeStatus> {
        self.nodes.iter_mut().enumerate().map(status).collect()
    }

    /// The network's folder.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The chain's id.
    #[must_use]
    pub fn chain_id(&self) -> &str {
        &self.state.chain_id
    }

    /// The RPC endpoints of all nodes, in their order.
    #[must_use]
    pub fn rpc(&self) -> Vec<String> {
        let address = |node: &Node| rpc::address(node.ports.rpc);
        self.nodes.iter().map(address).collect()
    }

    /// The network file that clients read.
    #[must_use]
    pub fn network_file(&self) -> PathBuf {
        init::network_file(&self.home)
    }

    /// The keyring file with all users.
    #[must_use]
    pub fn keyring_file(&self) -> PathBuf {
        init::keyring_file(&self.home)
    }

    /// Where the contracts' addresses are noted.
    #[must_use]
    pub fn address_file(&self) -> PathBuf {
        init::address_file(&self.home)
    }

    /// Ends a node at once, as a crash would.
    ///
    /// # Errors
    /// [`LocalnetError::NoNode`], [`LocalnetError::Immortal`].
    pub fn kill_node(&mut self, node: usize) -> Result<()> {
        self.node(node)?.kill()
    }

    /// Asks a node to end, as an operator would.
    ///
    /// # Errors
    /// [`LocalnetError::NoNode`], [`LocalnetError::Immortal`].
    pub fn stop_node(&mut self, node: usize) -> Result<()> {
        self.node(node)?.stop()
    }

    /// Starts a node again, with its data. It runs when this returns, and answers soon after:
    /// see [`Self::wait_for_height`].
    ///
    /// # Errors
    /// [`LocalnetError::NoNode`], [`LocalnetError::PortInUse`], also if it runs.
    pub fn start_node(&mut self, node: usize) -> Result<()> {
        let wasmd = self.wasmd.clone();
        let pid = self.node(node)?.start(&wasmd)?;
        self.state.nodes[node].pid = Some(pid);
        self.state.write(&self.home)
    }

    /// A node's latest block; none if it does not answer.
    ///
    /// # Errors
    /// [`LocalnetError::NoNode`].
    pub fn height(&mut self, node: usize) -> Result<Option<u64>> {
        Ok(rpc::height(self.node(node)?.ports.rpc))
    }

    /// Waits until a node has made this block.
    ///
    /// # Errors
    /// [`LocalnetError::NoNode`], [`LocalnetError::NodeDied`], [`LocalnetError::NoBlocks`].
    pub fn wait_for_height(&mut self, node: usize, height: u64, limit: Duration) -> Result<()> {
        self.node(node)?.wait_for(height, limit)
    }

    fn node(&mut self, node: usize) -> Result<&mut Node> {
        let nodes = self.nodes.len();
        self.nodes
            .get_mut(node)
            .ok_or(LocalnetError::NoNode { node, nodes })
    }

    fn of(home: &Path, state: State, wasmd: Wasmd, lock: File) -> Self {
        Self {
            home: home.to_owned(),
            nodes: nodes(home, &state),
            state,
            wasmd,
            on_drop: OnDrop::Leave,
            _lock: lock,
        }
    }

    /// Writes everything that the nodes need, into a folder that nothing of an earlier start is
    /// left in.
    fn prepare(spec: &Spec, wasmd: Wasmd, lock: File, progress: Progress<'_>) -> Result<Self> {
        let ports = ports::choose(spec)?;
        clear(&spec.home, progress)?;
        ports::assert_all_free(&ports)?;
        let state = State {
            chain_id: spec.chain_id.clone(),
            phase: Phase::Starting,
            nodes: ports
                .iter()
                .map(|ports| NodeState {
                    pid: None,
                    ports: *ports,
                })
                .collect(),
        };
        state.write(&spec.home)?;
        progress(Step::Initialising { nodes: spec.nodes });
        init::initialise(&wasmd, spec, &ports)?;
        Ok(Self::of(&spec.home, state, wasmd, lock))
    }

    /// Starts every node that does not run, and waits for blocks.
    fn start_missing(&mut self, progress: Progress<'_>) -> Result<()> {
        for number in 0..self.nodes.len() {
            if self.node(number)?.pid().is_none() {
                progress(Step::Starting { node: number });
                self.start_node(number)?;
            }
        }
        progress(Step::Waiting);
        for node in &mut self.nodes {
            node.wait_for(FIRST_BLOCKS, START_LIMIT)?;
        }
        self.state.phase = Phase::Ready;
        self.state.write(&self.home)
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        if matches!(self.on_drop, OnDrop::Leave) {
            return;
        }
        for node in &mut self.nodes {
            // There is nobody left to tell.
            let _ = node.kill();
        }
    }
}

fn nodes(home: &Path, state: &State) -> Vec<Node> {
    let ports = state.nodes.iter().map(|node| node.ports);
    ports
        .enumerate()
        .map(|(number, ports): (usize, NodePorts)| Node::new(home, number, ports))
        .collect()
}

fn status((number, node): (usize, &mut Node)) -> NodeStatus {
    let pid = node.pid();
    NodeStatus {
        node: number,
        pid,
        rpc: rpc::address(node.ports.rpc),
        height: pid.and_then(|_| rpc::height(node.ports.rpc)),
        log: node.log(),
    }
}

/// Refuses to take a network for another one.
fn assert_same(spec: &Spec, state: &State) -> Result<()> {
    if state.chain_id != spec.chain_id || state.nodes.len() != spec.nodes {
        return Err(LocalnetError::OtherNetwork {
            home: spec.home.clone(),
            running: state.nodes.len(),
            chain_id: state.chain_id.clone(),
        });
    }
    match (spec.ports, state.nodes.first()) {
        (Ports::From(port), Some(first)) if port != first.ports.rpc => {
            Err(LocalnetError::OtherPort {
                home: spec.home.clone(),
                running: first.ports.rpc,
            })
        }
        _ => Ok(()),
    }
}

/// Marks a folder as a network's, before anything else is in it.
fn lock_file(home: &Path) -> PathBuf {
    home.join("localnet.lock")
}

/// Refuses a folder that holds something else: all of it would be removed some time.
fn assert_ours(home: &Path) -> Result<()> {
    let is_ours = lock_file(home).exists() || state::file(home).exists();
    let is_empty = || match home.read_dir() {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    if is_ours || is_empty() {
        return Ok(());
    }
    Err(LocalnetError::Foreign {
        home: home.to_owned(),
    })
}

/// The right to change a network, until the file is dropped or the process ends.
fn lock(home: &Path) -> Result<File> {
    files::create_folder(home)?;
    let path = lock_file(home);
    let file = File::create(&path).map_err(files::failed(&path))?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| LocalnetError::Busy {
        home: home.to_owned(),
    })?;
    Ok(file)
}

/// Ends every process of a network: its nodes, its feeder and its page's server, known or not.
fn end_all(home: &Path) -> Result<()> {
    processes::end_all(
        home,
        &[
            node::processes_of_all(home),
            feeding::process(home),
            web::process(home),
        ],
    )
}

/// Removes what is left of an earlier start, the lock aside.
fn clear(home: &Path, progress: Progress<'_>) -> Result<()> {
    let entries = home.read_dir().map_err(files::failed(home))?;
    let left: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| *path != lock_file(home))
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    progress(Step::Clearing);
    end_all(home)?;
    for path in left {
        if path.is_dir() {
            files::remove_folder(&path)?;
        } else {
            std::fs::remove_file(&path).map_err(files::failed(&path))?;
        }
    }
    Ok(())
}

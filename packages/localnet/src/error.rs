//! What can go wrong with a local network.

use std::io;
use std::path::PathBuf;

use bulwark_chain::ChainError;
use bulwark_chain::keys::KeyError;
use bulwark_deploy::{DeployError, Kind};
use bulwark_feeder::SourceError;
use bulwark_simulator::prices::{PathConfigError, PriceFileError};
use thiserror::Error;

/// [`std::result::Result`] with this crate's error.
pub type Result<T> = std::result::Result<T, LocalnetError>;

/// What can go wrong with a local network.
#[derive(Debug, Error)]
pub enum LocalnetError {
    /// There is no folder for the cache.
    #[error("no place for the cache: set HOME or XDG_CACHE_HOME to an absolute path")]
    NoCache,
    /// A file or folder could not be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// A file is not of the form that it must have.
    #[error("{}: {detail}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong, in the parser's words.
        detail: String,
    },
    /// A value that was asked for is refused.
    #[error("{field} {value}: {bound}")]
    Value {
        /// Which.
        field: &'static str,
        /// What was asked for.
        value: String,
        /// What it has to satisfy.
        bound: &'static str,
    },
    /// Go is needed to build wasmd, and is not there.
    #[error(
        "wasmd is built from source, once, and Go is not installed: get Go 1.24 or later from https://go.dev/dl"
    )]
    NoGo,
    /// wasmd could not be built.
    #[error("wasmd could not be built; {} says:\n{tail}", log.display())]
    Build {
        /// Where everything stands that was printed.
        log: PathBuf,
        /// The last of it.
        tail: String,
    },
    /// A built wasmd does not run, or is of another version.
    #[error("{} does not run as wasmd {expected}: {found}", path.display())]
    Binary {
        /// The program.
        path: PathBuf,
        /// Its version as it should be.
        expected: &'static str,
        /// What it says.
        found: String,
    },
    /// A command of wasmd failed.
    #[error("`wasmd {command}` failed:\n{tail}")]
    Command {
        /// Its arguments.
        command: String,
        /// The last of what it printed.
        tail: String,
    },
    /// A port that a node needs is taken.
    #[error(
        "port {port} on 127.0.0.1 ({purpose} of node {node}) is in use: stop what listens there, or choose another with --rpc-port"
    )]
    PortInUse {
        /// The port.
        port: u16,
        /// What it was meant for.
        purpose: &'static str,
        /// The node, counted from 0.
        node: usize,
    },
    /// A node ended by itself.
    #[error("node {node} ended; {} says:\n{tail}", log.display())]
    NodeDied {
        /// The node, counted from 0.
        node: usize,
        /// Its log.
        log: PathBuf,
        /// The last of it.
        tail: String,
    },
    /// A node made no blocks in time.
    #[error("node {node} did not reach block {height} within {seconds} s; see {}", log.display())]
    NoBlocks {
        /// The node, counted from 0.
        node: usize,
        /// The block that was waited for.
        height: u64,
        /// How long.
        seconds: u64,
        /// Its log.
        log: PathBuf,
    },
    /// A process does not end.
    #[error("process {pid} of {} does not end", home.display())]
    Immortal {
        /// Its id.
        pid: u32,
        /// The network's folder.
        home: PathBuf,
    },
    /// There is no such node.
    #[error("there is no node {node}: the network has {nodes}")]
    NoNode {
        /// What was asked for, counted from 0.
        node: usize,
        /// How many there are.
        nodes: usize,
    },
    /// Another network runs in this folder.
    #[error(
        "a network of {running} node(s) with chain id {chain_id} is already there in {}: run `bulwark localnet down` first",
        home.display()
    )]
    OtherNetwork {
        /// The network's folder.
        home: PathBuf,
        /// Its nodes.
        running: usize,
        /// Its chain.
        chain_id: String,
    },
    /// The network in this folder listens elsewhere.
    #[error(
        "the network in {} listens on port {running}: run `bulwark localnet down` before another --rpc-port",
        home.display()
    )]
    OtherPort {
        /// The network's folder.
        home: PathBuf,
        /// RPC port of its first node.
        running: u16,
    },
    /// No network is in this folder.
    #[error("no local network in {}: start one with `bulwark localnet up`", home.display())]
    NotUp {
        /// The folder.
        home: PathBuf,
    },
    /// Another command works on the network right now.
    #[error("another command is working on the network in {}", home.display())]
    Busy {
        /// The network's folder.
        home: PathBuf,
    },
    /// The folder holds something else.
    #[error("{} is not empty and no local network: nothing was touched", home.display())]
    Foreign {
        /// The folder.
        home: PathBuf,
    },
    /// Another path is replayed, or at another speed.
    #[error(
        "{source_now} is replayed there at speed {speed}: run `bulwark localnet down` before another"
    )]
    OtherReplay {
        /// The path that is replayed.
        source_now: String,
        /// Its speed.
        speed: u32,
    },
    /// Nothing is replayed on this network, so that no price can be held.
    #[error(
        "no prices are replayed in {}: start a network with `bulwark localnet up`, without --bare",
        home.display()
    )]
    NothingReplayed {
        /// The folder.
        home: PathBuf,
    },
    /// No coin of the network is called so.
    #[error("{name} is no coin of this network: it has {}", known.join(", "))]
    UnknownCoin {
        /// What was asked for.
        name: String,
        /// Symbols of the coins that there are.
        known: Vec<String>,
    },
    /// Prices that are held cannot be read.
    #[error(transparent)]
    Held(Box<SourceError>),
    /// A price file is not understood.
    #[error("{}: {error}", path.display())]
    Prices {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, with its line and column.
        error: PriceFileError,
    },
    /// No path can be generated so.
    #[error("no price path can be generated: {0}")]
    Path(#[from] PathConfigError),
    /// A price that the contracts cannot have.
    #[error("{symbol}: {price} is no price with 18 decimals")]
    Price {
        /// Whose.
        symbol: String,
        /// The price, USD per whole token.
        price: String,
    },
    /// The contracts cannot be deployed.
    #[error(transparent)]
    Deploy(Box<DeployError>),
    /// Something of the deployment is left to do.
    #[error("{steps} step(s) of the deployment are left, first: {step}")]
    Unfinished {
        /// The first one.
        step: String,
        /// How many.
        steps: usize,
    },
    /// The feeder does not post.
    #[error("the feeder does not post; {} says:\n{tail}", log.display())]
    NoFeeder {
        /// Its log.
        log: PathBuf,
        /// The last of it.
        tail: String,
    },
    /// A contract that is needed was not deployed.
    #[error("the network has no {kind}: run `bulwark localnet up`, without --bare")]
    NotDeployed {
        /// Which.
        kind: Kind,
    },
    /// A message cannot be written.
    #[error("a message cannot be written: {0}")]
    Message(cosmwasm_std::StdError),
    /// A folder has no page.
    #[error("{} holds no index.html: name the folder of a built page", root.display())]
    NoPage {
        /// The folder.
        root: PathBuf,
    },
    /// The page cannot be served on this port.
    #[error(
        "the page cannot be served on port {port} of 127.0.0.1, choose another with --web-port: {error}"
    )]
    WebPort {
        /// The port.
        port: u16,
        /// What the operating system says.
        error: io::Error,
    },
    /// The page's server does not start.
    #[error("the page's server does not start; {} says:\n{tail}", log.display())]
    NoWeb {
        /// Its log.
        log: PathBuf,
        /// The last of it.
        tail: String,
    },
    /// A key is refused.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The chain refuses something, or does not answer.
    #[error(transparent)]
    Chain(Box<ChainError>),
}

impl From<SourceError> for LocalnetError {
    fn from(error: SourceError) -> Self {
        Self::Held(Box::new(error))
    }
}

impl From<ChainError> for LocalnetError {
    fn from(error: ChainError) -> Self {
        Self::Chain(Box::new(error))
    }
}

//! `bulwark localnet logs`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use bulwark_localnet::market::feeder_log;
use bulwark_localnet::web::web_log;
use bulwark_localnet::{Localnet, LocalnetError};
use clap::Args;

use super::{Failure, HomeArgs};

/// How often a log is looked at that is followed.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Which log, and how much of it.
#[derive(Args)]
pub(super) struct LogsArgs {
    #[command(flatten)]
    home: HomeArgs,
    /// Whose log, counted from 0.
    #[arg(long, value_name = "N", default_value_t = 0)]
    node: usize,
    /// The feeder's log, not a node's.
    #[arg(long, conflicts_with = "node")]
    feeder: bool,
    /// The log of the page's server, not a node's.
    #[arg(long, conflicts_with_all = ["node", "feeder"])]
    web: bool,
    /// How many of the last lines.
    #[arg(long, default_value_t = 100)]
    lines: usize,
    /// Goes on showing what is printed, as long as the network is there.
    #[arg(long)]
    follow: bool,
}

pub(super) fn run(args: &LogsArgs) -> Result<(), Failure> {
    let log = log(args)?;
    match show(&log, args) {
        // Whoever reads has read enough: `bulwark localnet logs | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        shown => shown.map_err(|error| Failure::File {
            path: log.clone(),
            error,
        }),
    }
}

fn log(args: &LogsArgs) -> Result<PathBuf, Failure> {
    let home = args.home.folder()?;
    let nodes = Localnet::look(&home)?;
    if args.feeder {
        return Ok(feeder_log(&home));
    }
    if args.web {
        return Ok(web_log(&home));
    }
    let node = nodes.get(args.node).ok_or(LocalnetError::NoNode {
        node: args.node,
        nodes: nodes.len(),
    })?;
    Ok(node.log.clone())
}

fn show(path: &Path, args: &LogsArgs) -> io::Result<()> {
    let mut log = BufReader::new(File::open(path)?);
    let mut out = io::stdout().lock();
    let mut last = std::collections::VecDeque::new();
    let mut line = Vec::new();
    while log.read_until(b'\n', &mut line)? > 0 {
        last.push_back(std::mem::take(&mut line));
        if last.len() > args.lines {
            last.pop_front();
        }
    }
    for line in last {
        out.write_all(&line)?;
    }
    // `down` removes it.
    while args.follow && path.exists() {
        thread::sleep(LOOK_EVERY);
        let mut more = Vec::new();
        log.read_to_end(&mut more)?;
        out.write_all(&more)?;
        out.flush()?;
    }
    out.flush()
}

//! `bulwark localnet up`.

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};

use bulwark_localnet::market::{
    Replay, Speed, deploy, open_exchange, open_positions, start_feeder, write_client_config,
};
use bulwark_localnet::wasmd::Wasmd;
use bulwark_localnet::web::{check_web, start_web};
use bulwark_localnet::{Localnet, LocalnetError, Ports, Spec};
use clap::Args;

use super::output::{show_done, show_step, tell, tell_network};
use super::{Contracts, Failure, HomeArgs, artifacts, runtime};

/// The seed of the generated path unless another one is asked for.
const SEED: u64 = 1;

/// An hour of the path in a minute.
const SPEED: &str = "60";

/// What network to start.
#[derive(Args)]
pub(super) struct UpArgs {
    #[command(flatten)]
    home: HomeArgs,

    /// Validators, 1 to 16.
    #[arg(long, value_name = "N", default_value_t = 1)]
    nodes: usize,

    /// RPC port of the first node; each further one 10 above, peers one below. 0: whatever is
    /// free [default: 26657, or what a network has that is there].
    #[arg(long, value_name = "PORT")]
    rpc_port: Option<u16>,

    /// The chain's id.
    #[arg(long, value_name = "ID", default_value = "bulwark-local-1")]
    chain_id: String,

    #[command(flatten)]
    prices: PriceArgs,

    /// Folder with the contracts' wasm, as scripts/build-wasm leaves it. Inside of a checkout the
    /// script is run, and its folder taken.
    #[arg(long, value_name = "DIR", env = "BULWARK_ARTIFACTS")]
    artifacts: Option<PathBuf>,

    /// Nodes and funded users alone: no contracts, no prices.
    #[arg(long, conflicts_with_all = ["prices", "seed", "speed", "positions", "web"])]
    bare: bool,

    /// Has alice, bob and carol open positions, once: lenders, leverage, a hedge, a short, and some that
    /// a fall of prices puts at risk.
    #[arg(long)]
    positions: bool,

    #[command(flatten)]
    web: WebArgs,
}

/// The page.
#[derive(Args)]
struct WebArgs {
    /// Serves the page on 127.0.0.1, for this network, with --positions. Once asked for, every `up` starts
    /// it again if it does not run.
    #[arg(long)]
    web: bool,

    /// The page's port; 0: whatever is free [default: 8080, or what it had].
    #[arg(long, value_name = "PORT", requires = "web")]
    web_port: Option<u16>,

    /// Folder with a built page. Inside of a checkout scripts/build-web is run, and its folder taken.
    #[arg(long, value_name = "DIR", requires = "web")]
    web_root: Option<PathBuf>,
}

/// What the feeder replays. It stays what it was when the network was created.
#[derive(Args)]
struct PriceArgs {
    /// A CSV file with prices in USD per whole token: the header is `timestamp,<SYMBOL>,…`, a row
    /// begins with a time like 2020-03-07T01:00:00Z, a cell without a figure is blank. Each
    /// column gets a market. Without a file a path with a crash is generated.
    #[arg(long, value_name = "FILE.csv")]
    prices: Option<PathBuf>,

    /// The generated path's seed [default: 1].
    #[arg(long, value_name = "S", conflicts_with = "prices")]
    seed: Option<u64>,

    /// Seconds of the path that pass in a second, 1 to 600 [default: 60]. Time constants of the
    /// contracts are shortened as much, and volatilities scaled, so that haircuts stay.
    #[arg(long, value_name = "S")]
    speed: Option<Speed>,
}

impl PriceArgs {
    /// What is asked for, where something is asked for.
    fn replay(&self) -> Result<Replay, LocalnetError> {
        let speed = self.speed.map_or_else(|| SPEED.parse(), Ok)?;
        match &self.prices {
            Some(file) => Replay::from_file(file, speed),
            None => Replay::generated(self.seed.unwrap_or(SEED), speed),
        }
    }

    const fn asks_for_something(&self) -> bool {
        self.prices.is_some() || self.seed.is_some() || self.speed.is_some()
    }

    /// What is asked for, or what is replayed already.
    fn replay_in(&self, home: &Path) -> Result<Replay, LocalnetError> {
        let Some(noted) = Replay::read(home)? else {
            return self.replay();
        };
        if self.asks_for_something() && !self.replay()?.is_like(&noted) {
            return Err(LocalnetError::OtherReplay {
                source_now: noted.source,
                speed: noted.speed,
            });
        }
        Ok(noted)
    }
}

/// The node's program and the contracts, built at the same time where they are not there yet.
fn build(named: Option<&Path>) -> Result<PathBuf, Failure> {
    std::thread::scope(|scope| {
        let node = scope.spawn(|| Wasmd::find_or_build(&mut |step| show_step(&step)));
        let artifacts = artifacts::find(named, Contracts::OfLocalnet);
        node.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        artifacts
    })
}

pub(super) fn run(args: &UpArgs) -> Result<(), Failure> {
    let home = args.home.folder()?;
    let mut spec = Spec {
        chain_id: args.chain_id.clone(),
        nodes: args.nodes,
        ports: match args.rpc_port {
            None => Ports::Usual,
            Some(0) => Ports::Free,
            Some(port) => Ports::From(port),
        },
        ..Spec::new(home.clone())
    };
    if args.bare {
        let mut network = Localnet::up(&spec, &mut |step| show_step(&step))?;
        return tell_network(&mut network);
    }

    let mut replay = args.prices.replay_in(&home)?;
    spec.add_coins(replay.coins());
    // Before anything is built: that takes minutes.
    Localnet::check(&spec)?;
    if args.web.web {
        check_web(&home, args.web.web_root.as_deref(), args.web.web_port)?;
    }
    // Before nodes run: it may fail.
    let artifacts = build(args.artifacts.as_deref())?;
    let page = match args.web.web {
        true => Some(artifacts::find_page(args.web.web_root.as_deref())?),
        false => None,
    };
    let mut network = Localnet::up(&spec, &mut |step| show_step(&step))?;
    if !Replay::exists(&home) {
        replay.begin(&home)?;
    }
    tell("deploying what is not there yet");
    let runtime = runtime()?;
    runtime.block_on(deploy(&network, &replay, &artifacts, show_done))?;
    tell(&format!(
        "replaying {} at speed {}",
        replay.source, replay.speed
    ));
    let program = std::env::current_exe().map_err(Failure::Program)?;
    start_feeder(&home, &program)?;
    // Behind the feeder: whoever swaps or borrows needs prices that are fresh.
    if runtime
        .block_on(open_exchange(&home, &replay, &artifacts))?
        .is_none()
    {
        let folder = artifacts.display();
        tell(&format!(
            "no practice exchange: its wasm is not in {folder}"
        ));
    }
    write_client_config(&home, &replay)?;
    if args.positions || args.web.web {
        tell("opening positions, unless that was done before");
        let opened = runtime.block_on(open_positions(&home))?;
        for refusal in &opened.refused {
            tell(&format!("refused: {refusal}"));
        }
    }
    start_web(&home, &program, page.as_deref(), args.web.web_port)?;
    tell_network(&mut network)
}

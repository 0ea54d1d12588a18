//! A keeper that nobody attends through a crash on a real chain: whether every account that falls
//! below its maintenance margin is liquidated, how many blocks that takes, and whether what the keeper
//! reports is what its wallet gained.
//!
//! On a local network of its own, prices of a path are replayed by the local network's feeder; many
//! accounts borrow, some close to their limit, others far from it; then the keeper runs until the path
//! has ended, with the configuration that it has on every local network, or in mode `protect`. Beside it an observer follows
//! the chain by itself, and evaluates every account after every block.

mod accounts;
mod observer;
mod report;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bulwark_chain::contracts::Vault;
use bulwark_chain::{ChainError, Client, Network};
use bulwark_deploy::Kind;
use bulwark_keeper::plan::{Costs, Mode};
use bulwark_keeper::{Config, Options, Told};
use bulwark_localnet::market::{Replay, Speed, deploy, start_feeder};
use bulwark_localnet::{Localnet, denoms, users};
use bulwark_risk::units::Usd;
use bulwark_types::vault::{QueryMsg, SolvencyResponse};
use tokio::sync::oneshot;

pub use report::{IN_TIME, Report};

use crate::error::{BenchError, BenchResult};
use observer::Observer;

/// What is replayed, and before how many accounts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A price file; without one a path with a crash is generated.
    pub prices: Option<PathBuf>,
    /// Seconds of the path that pass in a second.
    pub speed: Speed,
    /// Accounts that borrow.
    pub accounts: usize,
    /// What chance begins with.
    pub seed: u64,
    /// What the keeper may lose by an account to protect the pools, USD; without it it liquidates
    /// what earns something.
    pub most_loss: Option<u32>,
}

/// Runs the path to its end. `program` is `bulwark`: the feeder is a process of its own.
///
/// # Errors
/// [`BenchError::Accounts`], a price file that is refused, wasm that is not there, and whatever goes
/// wrong on the way.
pub async fn run(
    program: &Path,
    artifacts: &Path,
    settings: &Settings,
    mut progress: impl FnMut(&str),
) -> BenchResult<Report> {
    if settings.accounts == 0 {
        return Err(BenchError::Accounts { refused: 0 });
    }
    let mut replay = match &settings.prices {
        Some(file) => Replay::from_file(file, settings.speed)?,
        None => Replay::generated(settings.seed, settings.speed)?,
    };
    progress("starting a network of one node");
    let network = Localnet::temporary_with(|spec| spec.add_coins(replay.coins()))?;
    progress("deploying");
    let deployed = deploy(&network, &replay, artifacts, |_| {}).await?;
    let client = Network::read(&network.network_file()).map_err(ChainError::from)?;
    let client = Client::connect(client).await?;
    let vault = deployed.get(Kind::Vault);
    let vault = Vault {
        client: client.clone(),
        address: vault.ok_or(BenchError::Absent { what: "vault" })?.into(),
    };
    replay.begin(network.home())?;
    start_feeder(network.home(), program)?;
    progress(&format!("opening {} accounts", settings.accounts));
    let opened = accounts::open(&network, &vault, &replay, settings).await?;
    for (name, messages) in &opened.refused {
        progress(&format!("{messages} messages refused: {name}"));
    }
    let mut config = Config::local(&network.network_file(), network.keyring_file(), KEEPER)?;
    config.listen = None;
    if let Some(most_loss) = settings.most_loss {
        let most_loss = Usd::whole(most_loss);
        config.costs.mode = Mode::Protect { most_loss };
    }
    let coins = replay.coins().into_iter().map(|coin| coin.denom);
    let costs = Costs {
        kept: coins.collect(),
        ..config.costs.clone()
    };
    let mut observer = Observer::new(client.clone(), &vault.address, costs).await?;

    progress("the keeper begins");
    let before = wallet(&client, &replay).await?;
    let mut kept = Kept::default();
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async {
        let _ = stopped.await;
    };
    let mut listener = |told: &Told| kept.hear(told);
    {
        let keeper = bulwark_keeper::run(config, Options::default(), stopped, &mut listener);
        let mut keeper = std::pin::pin!(keeper);
        tokio::select! {
            ended = &mut keeper => {
                ended?;
                return Err(BenchError::Absent { what: "keeper any more" });
            }
            seen = observer.watch(&replay, &mut progress) => seen?,
        }
        drop(stop);
        keeper.await?;
    }
    // What it sent last stands in blocks now.
    observer.catch_up().await?;
    let after = wallet(&client, &replay).await?;
    let missing = missing(&vault).await?;
    Ok(Report {
        source: replay.source.clone(),
        speed: replay.speed,
        accounts: opened.accounts,
        seen: observer.seen,
        wallet: difference(&before, &after),
        reported: kept.flows,
        totals: kept.totals,
        profits: kept.profits,
        missing,
    })
}

/// The key that liquidates.
const KEEPER: &str = users::KEEPER.name;

/// What the keeper told.
#[derive(Default)]
struct Kept {
    /// Sums over its transactions, by asset.
    flows: BTreeMap<String, i128>,
    /// What it says at its end.
    totals: bulwark_keeper::execute::Totals,
    /// USD, of each transaction that liquidated.
    profits: Vec<f64>,
}

impl Kept {
    fn hear(&mut self, told: &Told) {
        match told {
            Told::Outcome { flows, profit, .. } => {
                for (asset, flow) in flows {
                    let flow: i128 = flow.parse().unwrap_or_default();
                    *self.flows.entry(asset.clone()).or_default() += flow;
                }
                if flows.len() > 1 {
                    self.profits
                        .push(profit.to_string().parse().unwrap_or(f64::NAN));
                }
            }
            Told::Ended { totals, .. } => self.totals = totals.clone(),
            Told::Started { .. } | Told::Planned { .. } | Told::Notice(_) => {}
        }
        self.flows.retain(|_, flow| *flow != 0);
    }
}

/// What the keeper holds of every coin, smallest units.
async fn wallet(client: &Client, replay: &Replay) -> BenchResult<BTreeMap<String, i128>> {
    let mut wallet = BTreeMap::new();
    let coins = replay.coins().into_iter().map(|coin| coin.denom);
    for denom in coins.chain([denoms::FEE_DENOM.to_owned()]) {
        let held = client.held(users::KEEPER.address, &denom).await?;
        wallet.insert(denom, i128::try_from(held).unwrap_or(i128::MAX));
    }
    Ok(wallet)
}

fn difference(
    before: &BTreeMap<String, i128>,
    after: &BTreeMap<String, i128>,
) -> BTreeMap<String, i128> {
    let differences = after.iter().map(|(denom, held)| {
        let earlier = before.get(denom).copied().unwrap_or_default();
        (denom.clone(), held - earlier)
    });
    differences.filter(|(_, change)| *change != 0).collect()
}

/// Assets of which the vault holds less than it owes; none ever.
async fn missing(vault: &Vault) -> BenchResult<Vec<String>> {
    let mut missing = Vec::new();
    let mut start_after = None;
    loop {
        let query = QueryMsg::Solvency {
            asset: None,
            start_after,
            limit: None,
        };
        let page: SolvencyResponse = vault.query(&query).await?;
        let short = page
            .assets
            .into_iter()
            .filter(|asset| !asset.missing.is_zero());
        missing.extend(short.map(|asset| asset.asset));
        match page.next {
            Some(next) => start_after = Some(next),
            None => return Ok(missing),
        }
    }
}

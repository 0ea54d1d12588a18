//! From a configuration to a keeper that has its copy of the chain.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use bulwark_chain::{ChainError, Client, Keyring, Sender};
use bulwark_risk::units::{Amount, Usd};
use bulwark_types::liquidator::{ConfigResponse, QueryMsg};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::Options;
use super::clerk::Clerk;
use super::log::LoadLog;
use super::purse::Purse;
use super::watch::Watch;
use super::work::Worker;
use crate::config::Config;
use crate::consult::{Fatal, consult};
use crate::error::{KeeperError, KeeperResult};
use crate::execute::{Executor, Settings, Tries};
use crate::health::Health;
use crate::margin_call::{Desk, deliver};
use crate::metrics::Metrics;
use crate::mirror::{self, HealthView, Mirror};
use crate::serve::{Answers, Server};

/// A dry run remembers in a folder of its own, so that the keeper that it rehearses can run beside it.
const DRY: &str = "dry-run";

/// How often is looked at how the first reading goes.
const LOOK: Duration = Duration::from_secs(1);

/// How long is waited for a block with a transaction before it is searched for.
const PATIENCE: Duration = Duration::from_secs(600);

/// A keeper, and what runs beside it.
pub struct Crew {
    /// Who works.
    pub worker: Worker,
    /// To be ended with it.
    pub servants: Vec<JoinHandle<()>>,
}

/// Takes the key, listens, reads the chain.
pub async fn start(config: &Config, options: Options) -> KeeperResult<Crew> {
    let vault = config.vault()?;
    let keyring = Keyring::load(config.keyring.as_deref()).map_err(ChainError::from)?;
    let network = &config.network;
    let signer = keyring.signer(&config.key, &network.prefix, network.coin_type);
    let signer = signer.map_err(ChainError::from)?;
    drop(keyring);
    let keeper = signer.address().to_owned();
    let folder = if options.dry {
        config.folder.join(DRY)
    } else {
        config.folder.clone()
    };
    std::fs::create_dir_all(&folder).map_err(KeeperError::file(&folder))?;
    let chain_id = network.chain_id.as_str();
    tracing::info!(chain_id, vault, keeper, dry_run = options.dry, folder = %folder.display(), "keeper starts");

    if config.costs.gas_price.is_zero() != (network.fee(1_000_000_000) == 0) {
        let (said, asked) = (config.costs.gas_price, network.gas_price);
        tracing::warn!(gas.price = %said, gas_price = %asked, "gas costs something by the configuration and nothing by the network file, or the other way round");
    }

    let client = Client::new(network.clone())?;
    let mut margin_calls = config.margin_calls.clone();
    if options.dry {
        let name = margin_calls.file.file_name().map(Path::new);
        margin_calls.file = folder.join(name.unwrap_or(Path::new("margin-calls.jsonl")));
    }
    let liquidator = config.liquidator()?;
    let desk = Desk::open(margin_calls, &folder, &vault, !options.dry)?;
    let journal = folder.join("journal.jsonl");
    let executor = if options.dry {
        None
    } else {
        // Its last block ends the wait for a transaction: this is for a chain that stands still.
        let sender = Sender::new(client.clone(), signer).with_patience(PATIENCE);
        Some(Executor::open(
            sender,
            settings(config, &vault, liquidator.clone()),
            &journal,
        )?)
    };

    let (metrics, shown) = Metrics::registered(env!("CARGO_PKG_VERSION"), chain_id);
    let (tell, health) = watch::channel(Health {
        keeper: keeper.clone(),
        dry_run: options.dry,
        ..Health::default()
    });
    let max_lag = config.follow.max_lag.as_secs();
    let mut servants = Vec::new();
    let mut listens = None;
    if let Some(address) = config.listen {
        let answers = Answers {
            health,
            max_lag,
            metrics: shown,
        };
        match Server::listen(address, answers).await {
            Ok(server) => {
                tracing::info!(address = %server.address, "metrics and health are served");
                listens = Some(server.address);
                servants.push(tokio::spawn(server.serve()));
            }
            // The keeper that it rehearses beside is served there.
            Err(error) if options.dry => {
                tracing::warn!(%error, "metrics and health are not served")
            }
            Err(error) => return Err(error),
        }
    }
    if let (Some(outbox), Some(webhook)) = (desk.outbox(), &config.margin_calls.webhook) {
        servants.push(tokio::spawn(deliver(outbox.clone(), webhook.clone())));
    }

    let mut watch = Watch::new(metrics, tell, max_lag);
    let view = HealthView::default();
    let wanted = mirror::Options {
        folder: Some(folder),
        ..mirror::Options::default()
    };
    let mut load_log = LoadLog::default();
    let mut progress = |progress| load_log.log(&progress);
    let local = {
        let opening = Mirror::open(client.clone(), &vault, wanted, view.clone(), &mut progress);
        let mut opening = std::pin::pin!(opening);
        loop {
            tokio::select! {
                opened = &mut opening => break opened?,
                () = sleep(LOOK) => watch.mirror(&view.get()),
            }
        }
    };
    if let Some(liquidator) = &liquidator {
        check_liquidator(&client, liquidator, &vault).await?;
    }
    let clerk = Clerk {
        executor,
        desk,
        watch,
        purse: Purse::new(client, keeper.clone()),
        mirror: view,
        wallet: config.wallet.clone(),
        fee_coin: network.denom.clone(),
        fee: fee(config),
        assets: BTreeSet::new(),
        is_broke: false,
        profit: Usd::ZERO,
    };
    Ok(Crew {
        worker: Worker::new(config, keeper, local, clerk, listens),
        servants,
    })
}

/// Makes sure that a liquidator serves this vault: another one would refuse every callback. Waits for
/// somebody who knows.
async fn check_liquidator(client: &Client, liquidator: &str, vault: &str) -> KeeperResult<()> {
    loop {
        let check = |client: Client| async move {
            let asked = client.smart(liquidator, &QueryMsg::Config {}).await;
            let config: ConfigResponse = asked?;
            if config.vault == vault {
                return Ok(());
            }
            Err(KeeperError::OtherVault {
                liquidator: liquidator.into(),
                serves: config.vault,
                vault: vault.into(),
            })
        };
        match consult(client, check).await {
            Err(error) if !error.is_fatal() => {
                tracing::warn!(%error, "the liquidator cannot be asked for yet");
                client.survey().await;
                sleep(LOOK).await;
            }
            checked => return checked,
        }
    }
}

/// What liquidating one account costs in fees, smallest units, as it is planned.
fn fee(config: &Config) -> Amount {
    Amount(config.network.fee(config.costs.gas.of_one()))
}

/// How plans are carried out.
fn settings(config: &Config, vault: &str, liquidator: Option<String>) -> Settings {
    let costs = &config.costs;
    Settings {
        liquidator,
        routes: config.routes.clone(),
        floor: costs.floor(1),
        gas_price: costs.gas_price,
        slippage: costs.slippage,
        gas_limit: costs.gas_limit,
        lifetime: config.execution.lifetime,
        most_in_flight: config.execution.most_in_flight,
        fee_reserve: config.wallet.fee_reserve,
        tries: Tries {
            most: config.execution.tries,
            rest: config.execution.rest,
        },
        ..Settings::new(vault)
    }
}

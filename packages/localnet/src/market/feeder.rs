//! The feeder of a local network: posts the row in force in the name of every test feeder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bulwark_chain::{ChainError, Client, Gas, Keyring, Message, Network, Sender};
use bulwark_deploy::{Addresses, DeployError, Deployment, Kind, gas_of_post};
use bulwark_types::oracle::{ExecuteMsg, PostedPrice};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::deploy::deployment_file;
use super::deployment::{columns, price};
use super::replay::Replay;
use crate::error::{LocalnetError, Result};
use crate::{files, init, users};

/// Posts in the life of a price: some may fail or be late, and the next comes in time.
const POSTS_PER_AGE: u64 = 6;

/// What was posted last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Row of the path, counted from 0.
    pub row: usize,
    /// Coins that have a price in it.
    pub prices: usize,
    /// Block of the last of the feeders' transactions.
    pub height: u64,
}

impl Posted {
    fn file(home: &Path) -> PathBuf {
        home.join("feeder.json")
    }

    /// None if nothing was posted since the feeder was started.
    pub(crate) fn read(home: &Path) -> Option<Self> {
        files::read_json(&Self::file(home)).ok()
    }

    pub(crate) fn forget(home: &Path) -> Result<()> {
        files::remove(&Self::file(home))
    }
}

/// Posts again and again until nothing is replayed any more in this folder, and tells each
/// attempt. What fails is tried again: nodes come and go.
///
/// # Errors
/// Files of the network that cannot be used.
pub async fn feed(home: &Path, mut tell: impl FnMut(&Result<Posted>)) -> Result<()> {
    let mut feeder = Feeder::read(home)?;
    while Replay::exists(home) {
        let posted = feeder.post().await;
        if let Ok(posted) = &posted {
            files::write_json(&Posted::file(home), posted)?;
        }
        tell(&posted);
        sleep(feeder.pause).await;
    }
    Ok(())
}

/// Posts prices as several feeders, for a network where one person has all keys.
struct Feeder {
    oracle: String,
    network: Network,
    senders: Vec<Sender>,
    replay: Replay,
    /// Time between two posts.
    pause: Duration,
}

impl Feeder {
    fn read(home: &Path) -> Result<Self> {
        let not_up = || LocalnetError::NotUp {
            home: home.to_owned(),
        };
        let replay = Replay::read(home)?.ok_or_else(not_up)?;
        let network = Network::read(&init::network_file(home)).map_err(ChainError::from)?;
        let addresses = network.addresses.as_deref().ok_or_else(not_up)?;
        let addresses = Addresses::read(addresses, &network.chain_id)?;
        let oracle = addresses.get(Kind::Oracle).ok_or_else(not_up)?.to_owned();

        let client = Client::new(network.clone())?;
        let keyring = Keyring::from_file(&init::keyring_file(home))?;
        let mut senders = Vec::new();
        for user in users::FEEDERS {
            let signer = keyring.signer(user.name, &network.prefix, network.coin_type)?;
            senders.push(Sender::new(client.clone(), signer));
        }
        let deployment = Deployment::read(&deployment_file(home))?;
        let ages = deployment.assets.iter().map(|asset| asset.feed.max_age);
        let pause = ages.min().unwrap_or_default().div_ceil(POSTS_PER_AGE);
        Ok(Self {
            oracle,
            network,
            senders,
            replay,
            pause: Duration::from_secs(pause),
        })
    }

    /// Posts the row in force once, as every feeder, and waits until it is in blocks.
    async fn post(&mut self) -> Result<Posted> {
        let row = self.replay.row_now();
        let client = Client::connect(self.network.clone()).await?;
        // An observation is not younger than the block that it goes into.
        let published_at = client.latest_block().await?.time;
        let mut prices = Vec::new();
        for (coin, column) in columns(&self.replay.table) {
            if let Some(usd) = column.prices.get(row).copied().flatten() {
                prices.push(PostedPrice {
                    price: price(&coin.symbol, usd)?,
                    asset: coin.denom,
                    conf: None,
                    published_at,
                });
            }
        }
        let posted = prices.len();
        let gas = Gas::Limit(gas_of_post(posted));
        let message = ExecuteMsg::PostPrices { prices };
        let mut pending = Vec::new();
        for sender in &self.senders {
            let message = Message::oracle(sender.address(), &self.oracle, &message)
                .map_err(DeployError::from)?;
            pending.push(sender.submit(&[message], gas).await?);
        }
        let mut height = 0;
        for transaction in pending {
            height = height.max(transaction.wait().await?.height);
        }
        Ok(Posted {
            row,
            prices: posted,
            height,
        })
    }
}

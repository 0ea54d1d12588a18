//! The feeder of a local network: posts the row in force in the name of every test feeder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bulwark_chain::contracts::Oracle;
use bulwark_chain::{ChainError, Client, Keyring, Network, Sender};
use bulwark_deploy::{Addresses, Deployment, Kind};
use bulwark_feeder::{Feeder, Round, Rule, Source, SourceError, source};
use bulwark_risk::units::Fraction;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::deploy::deployment_file;
use super::held;
use super::replay::Replay;
use crate::error::{LocalnetError, Result};
use crate::{files, init, users};

/// Posts in the life of a price: some may fail or be late, and the next comes in time.
const POSTS_PER_AGE: u64 = 6;

/// How often is looked whether somebody holds another price: it is posted at once.
const LOOK_EVERY: Duration = Duration::from_millis(200);

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
    let (feeder, pause) = feeder(home)?;
    while Replay::exists(home) {
        let begun = Instant::now();
        let held = last_held(home);
        // Nothing is due where the deployment has just posted first prices.
        if let Some(posted) = posted(feeder.round().await).transpose() {
            if let Ok(posted) = &posted {
                files::write_json(&Posted::file(home), posted)?;
            }
            tell(&posted);
        }
        loop {
            sleep(LOOK_EVERY).await;
            if begun.elapsed() >= pause || last_held(home) != held || !Replay::exists(home) {
                break;
            }
        }
    }
    Ok(())
}

/// When somebody held a price, or gave one back, for the last time.
fn last_held(home: &Path) -> Option<SystemTime> {
    let file = std::fs::metadata(held::file(home)).ok()?;
    file.modified().ok()
}

/// What a round posted, if every feeder could post; none if nothing was due.
fn posted(round: std::result::Result<Round, ChainError>) -> Result<Option<Posted>> {
    let mut round = round?;
    if let Some(error) = round.failure() {
        return Err(error.into());
    }
    // A blank cell is a price that nobody knows, and the way things go.
    let is_fault = |error: &&SourceError| !matches!(error, SourceError::Blank { .. });
    let mut unseen = round.unseen.iter().map(|(_, error)| error);
    if let Some(error) = unseen.find(is_fault) {
        return Err(error.clone().into());
    }
    let prices = round.posts.iter().map(|posts| posts.due.len());
    Ok(round.height().map(|height| Posted {
        row: round.row.unwrap_or_default(),
        prices: prices.max().unwrap_or_default(),
        height,
    }))
}

/// One that posts as several feeders, for a network where one person has all keys, and the time
/// between two posts.
fn feeder(home: &Path) -> Result<(Feeder, Duration)> {
    let not_up = || LocalnetError::NotUp {
        home: home.to_owned(),
    };
    let replay = Replay::read(home)?.ok_or_else(not_up)?;
    let network = Network::read(&init::network_file(home)).map_err(ChainError::from)?;
    let addresses = network.addresses.as_deref().ok_or_else(not_up)?;
    let addresses = Addresses::read(addresses, &network.chain_id)?;
    let address = addresses.get(Kind::Oracle).ok_or_else(not_up)?.to_owned();

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

    let coins = replay.coins();
    // Every row is posted as soon as it is in force, and again and again until the next one.
    let rule = |coin: &crate::denoms::Coin| {
        let rule = Rule {
            heartbeat: pause,
            deviation: Fraction::ZERO,
            max_age: u64::MAX,
        };
        (coin.denom.clone(), rule)
    };
    let rules: BTreeMap<String, Rule> = coins.iter().map(rule).collect();
    let source = Source::Replay(Box::new(source::Replay {
        table: replay.table,
        speed: replay.speed,
        began: replay.began,
        ends: false,
        columns: (coins.into_iter().map(|coin| coin.denom))
            .zip(0..)
            .collect(),
        held: Some(held::file(home)),
    }));
    let feeder = Feeder::new(Oracle { client, address }, senders, source, rules);
    Ok((feeder, Duration::from_secs(pause)))
}

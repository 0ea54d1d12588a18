//! The configuration file of `bulwark feeder`. Fields that are not known are refused, values are
//! checked before anything is sent. `packages/cli/feeder/` has documented examples.

mod assets;
mod raw;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bulwark_chain::contracts::Oracle;
use bulwark_chain::{ChainError, Client, Keyring, Network, Sender};
use bulwark_deploy::{Addresses, Kind};
use bulwark_simulator::prices::csv;

use crate::decide::Rule;
use crate::error::FeederError;
use crate::feeder::Feeder;
use crate::source::http::{Asking, Header, Http, now};
use crate::source::{Replay, Source};
use raw::{HttpFile, ReplayFile};

/// How long the block of a post is waited for: longer, and the price is old.
const PATIENCE: Duration = Duration::from_secs(30);

/// A feeder's configuration, checked.
#[derive(Debug)]
pub struct Config {
    /// The network file.
    pub network: PathBuf,
    /// The oracle's address; by default the network's address file says it.
    pub oracle: Option<String>,
    /// Keyring file; keys of the environment go before it.
    pub keyring: Option<PathBuf>,
    /// Names of the keys to post with: one, but on test networks.
    pub keys: Vec<String>,
    /// Time between two rounds.
    pub interval: Duration,
    /// When each asset is posted.
    pub rules: BTreeMap<String, Rule>,
    /// Where prices come from.
    pub source: Source,
}

impl Config {
    /// Reads and checks a file; relative paths in it are taken from its folder.
    ///
    /// # Errors
    /// [`FeederError`]; see [`FeederError::is_usage`].
    pub fn read(path: &Path) -> Result<Self, FeederError> {
        let text = std::fs::read_to_string(path).map_err(file_error(path))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let file = toml::from_str(&text).map_err(|error| FeederError::Form {
            path: path.to_owned(),
            error: Box::new(error),
        })?;
        Self::check(file, folder)
    }

    fn check(file: raw::File, folder: &Path) -> Result<Self, FeederError> {
        between("interval", file.interval, 1, 3_600)?;
        between("heartbeat", file.heartbeat, 1, 86_400)?;
        between("max_age", file.max_age, 1, 86_400)?;
        if file.keys.is_empty() {
            return Err(refused("keys", "[]", "must name at least one key"));
        }
        let rules = assets::rules(&file)?;
        let source = match (file.replay, file.http) {
            (Some(replay), None) => {
                Source::Replay(Box::new(replayed(replay, &file.assets, folder)?))
            }
            (None, http) => {
                let asking = asking(http.unwrap_or_default())?;
                Source::Http(Http::new(asking, assets::documents(&file.assets)?))
            }
            (Some(_), Some(_)) => {
                let bound = "prices come from a file or from HTTP, not from both";
                return Err(refused("replay", "[http]", bound));
            }
        };
        Ok(Self {
            network: folder.join(file.network),
            oracle: file.oracle,
            keyring: file.keyring.map(|keyring| folder.join(keyring)),
            keys: file.keys,
            interval: Duration::from_secs(file.interval),
            rules,
            source,
        })
    }

    /// Finds the oracle, takes the keys out of the keyring, and asks the oracle, if it can be
    /// reached, whether they are its feeders'.
    ///
    /// # Errors
    /// [`FeederError`]: [`FeederError::NoOracle`], [`FeederError::NoFeeder`],
    /// [`FeederError::Chain`].
    pub async fn connect(self) -> Result<Feeder, FeederError> {
        let network = Network::read(&self.network).map_err(ChainError::from)?;
        let address = match self.oracle {
            Some(address) => address,
            None => oracle_of(&network, &self.network)?,
        };
        let keyring = Keyring::load(self.keyring.as_deref()).map_err(ChainError::from)?;
        let mut signers = Vec::new();
        for key in &self.keys {
            let signer = keyring.signer(key, &network.prefix, network.coin_type);
            signers.push(signer.map_err(ChainError::from)?);
        }
        let client = Client::new(network)?;
        let sender = |signer| Sender::new(client.clone(), signer).with_patience(PATIENCE);
        let senders: Vec<Sender> = signers.into_iter().map(sender).collect();
        let named: Vec<(String, String)> = (self.keys.into_iter())
            .zip(senders.iter().map(|sender| sender.address().to_owned()))
            .collect();
        let oracle = Oracle { client, address };
        let feeder = Feeder::new(oracle, senders, self.source, self.rules);
        let strangers = match feeder.strangers().await {
            // A node that is down now may come: rounds try again, and look at the chain's id.
            Err(error @ ChainError::Unreachable { .. }) => {
                tracing::warn!(%error, "the chain does not answer yet");
                return Ok(feeder);
            }
            asked => asked?,
        };
        let mut named = named.into_iter();
        match named.find(|(_, address)| strangers.contains(address)) {
            Some((key, address)) => Err(FeederError::NoFeeder { key, address }),
            None => Ok(feeder),
        }
    }
}

fn oracle_of(network: &Network, file: &Path) -> Result<String, FeederError> {
    let path = network.addresses.clone();
    let path = path.unwrap_or_else(|| file.with_extension("addresses.json"));
    let addresses = Addresses::read(&path, &network.chain_id)?;
    let oracle = addresses.get(Kind::Oracle).map(str::to_owned);
    oracle.ok_or(FeederError::NoOracle { path })
}

fn asking(http: HttpFile) -> Result<Asking, FeederError> {
    between("http.timeout", http.timeout, 1, 300)?;
    between("http.attempts", http.attempts.into(), 1, 20)?;
    between("http.backoff", http.backoff, 0, 60)?;
    let mut headers = Vec::new();
    for (name, variable) in http.headers {
        let value = std::env::var(&variable).map_err(|_| FeederError::Unset {
            variable,
            header: name.clone(),
        })?;
        headers.push(Header { name, value });
    }
    Ok(Asking {
        timeout: Duration::from_secs(http.timeout),
        attempts: http.attempts,
        backoff: Duration::from_secs(http.backoff),
        headers,
    })
}

fn replayed(
    replay: ReplayFile,
    assets: &[raw::AssetFile],
    folder: &Path,
) -> Result<Replay, FeederError> {
    between("replay.speed", replay.speed.into(), 1, 100_000)?;
    let path = folder.join(replay.file);
    let bytes = std::fs::read(&path).map_err(file_error(&path))?;
    let table = csv::parse(&bytes).map_err(|error| FeederError::Prices {
        path,
        error: Box::new(error),
    })?;
    Ok(Replay {
        columns: assets::columns(assets, &table)?,
        table,
        speed: replay.speed,
        began: replay.began.unwrap_or_else(now),
        ends: replay.ends,
        held: None,
    })
}

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> FeederError {
    let path = path.to_owned();
    |error| FeederError::File { path, error }
}

fn refused(
    field: impl Into<String>,
    value: impl ToString,
    bound: impl Into<String>,
) -> FeederError {
    FeederError::Value {
        field: field.into(),
        value: value.to_string(),
        bound: bound.into(),
    }
}

fn between(field: impl Into<String>, value: u64, least: u64, most: u64) -> Result<(), FeederError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(refused(field, value, format!("must be {least} to {most}")))
}

#[cfg(test)]
mod tests;

//! The configuration file of `bulwark keeper`. Fields that are not known are refused, values are
//! checked before anything is asked or sent. `packages/keeper/keeper.example.toml` documents it.

mod check;
mod raw;
mod routes;
mod secret;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bulwark_chain::{ChainError, Network};
use bulwark_deploy::{Addresses, Kind};
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction};
use serde::Deserialize;
use tracing::Level;

use crate::error::{KeeperError, KeeperResult};
use crate::execute::Routes;
use crate::plan::Costs;
pub use secret::Secret;

/// A keeper's configuration, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The chain.
    pub network: Network,
    /// Where the contracts' addresses stand.
    pub addresses: PathBuf,
    /// The vault's address; by default the address file says it.
    pub vault: Option<String>,
    /// The liquidator's address; by default the address file says it.
    pub liquidator: Option<String>,
    /// The swaps of callbacks.
    pub routes: Routes,
    /// Keyring file; keys of the environment go before it.
    pub keyring: Option<PathBuf>,
    /// Name of the key that liquidates.
    pub key: String,
    /// What the keeper remembers.
    pub folder: PathBuf,
    /// What liquidating costs, and has to earn.
    pub costs: Costs,
    /// What may be spent.
    pub wallet: Wallet,
    /// How plans are carried out.
    pub execution: Execution,
    /// How the chain is followed.
    pub follow: Follow,
    /// Where margin calls go.
    pub margin_calls: MarginCallConfig,
    /// Where metrics and health are served; nowhere if none.
    pub listen: Option<SocketAddr>,
    /// What is logged.
    pub log: Log,
}

/// What of the wallet may be spent on liquidations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wallet {
    /// Smallest units that are spent at most, by asset.
    pub assets: BTreeMap<String, Amount>,
    /// What about assets that no limit is set for.
    pub others: Others,
    /// Smallest units of the fee coin that are left for fees; with less, the keeper says so. By default
    /// the fees of as many transactions as may be on their way at the same time.
    pub fee_reserve: Amount,
}

/// What about assets that the configuration does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Others {
    /// They are spent, and what is seized of them is kept.
    Keep,
    /// They are neither spent nor seized.
    #[default]
    Leave,
}

/// How plans are carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Execution {
    /// Transactions on their way at the same time at most.
    pub most_in_flight: usize,
    /// Blocks for which a transaction may wait for its block.
    pub lifetime: u64,
    /// Failures in a row after which an account has a rest.
    pub tries: u32,
    /// How long that is, in blocks.
    pub rest: u64,
    /// How long the end waits for transactions on their way.
    pub patience: Duration,
}

/// How the chain is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follow {
    /// A newest block older than this is a fault.
    pub max_lag: Duration,
    /// Time between two comparisons of the local copy with the chain.
    pub verify: Duration,
}

/// Where margin calls go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarginCallConfig {
    /// A line of JSON is added for each.
    pub file: PathBuf,
    /// How far above its initial margin an account has recovered, as a part of that margin.
    pub recovery: Fraction,
    /// New calls in one block at most; others have their turn in the next.
    pub per_block: usize,
    /// Whom to tell.
    pub webhook: Option<Webhook>,
}

/// A server that margin calls are posted to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its URL, which may have a secret in it.
    pub url: Secret,
    /// Headers, whose values may be secrets.
    pub headers: Vec<(String, Secret)>,
    /// One attempt may take so long.
    pub timeout: Duration,
    /// The wait before the second attempt; it doubles, up to five minutes.
    pub backoff: Duration,
    /// So many wait to be told at most; with more, the oldest are given up.
    pub queue: usize,
}

/// What is logged, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// How much.
    pub level: Level,
    /// How a line is written.
    pub format: LogForm,
}

/// How a line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogForm {
    /// For people.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

impl Config {
    /// Reads and checks a file; relative paths in it are taken from its folder.
    ///
    /// # Errors
    /// [`KeeperError`]; see [`KeeperError::is_usage`].
    pub fn read(path: &Path) -> KeeperResult<Self> {
        let text = std::fs::read_to_string(path).map_err(KeeperError::file(path))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let file = toml::from_str(&text).map_err(|error| form(path, &text, &error))?;
        check::checked(file, folder)
    }

    /// What a network file leads to, all else by default, but that every asset is spent and kept:
    /// for local networks, whose coins are worth nothing.
    ///
    /// # Errors
    /// [`KeeperError::Chain`] if the network file is refused.
    pub fn local(network: &Path, keyring: PathBuf, key: &str) -> KeeperResult<Self> {
        let folder = network.parent().unwrap_or(Path::new(""));
        let file = raw::File {
            network: raw::NetworkFrom::File(network.to_owned()),
            addresses: None,
            vault: None,
            liquidator: None,
            keyring: Some(keyring),
            key: key.into(),
            folder: folder.join("keeper"),
            profit: raw::ProfitFile::default(),
            gas: raw::GasFile::default(),
            wallet: raw::WalletFile {
                others: Others::Keep,
                ..raw::WalletFile::default()
            },
            assets: Vec::new(),
            routes: Vec::new(),
            execution: raw::ExecutionFile::default(),
            follow: raw::FollowFile::default(),
            margin_calls: raw::MarginCallsFile::default(),
            serve: raw::ServeFile::default(),
            log: raw::LogFile::default(),
        };
        check::checked(file, Path::new(""))
    }

    /// The vault's address.
    ///
    /// # Errors
    /// [`KeeperError::NotDeployed`], [`KeeperError::Addresses`].
    pub fn vault(&self) -> KeeperResult<String> {
        if let Some(vault) = &self.vault {
            return Ok(vault.clone());
        }
        let noted = Addresses::read(&self.addresses, &self.network.chain_id)?;
        let vault = noted.get(Kind::Vault).map(str::to_owned);
        vault.ok_or_else(|| KeeperError::NotDeployed {
            path: self.addresses.clone(),
        })
    }

    /// The liquidator's address; none where there is no route for it.
    ///
    /// # Errors
    /// [`KeeperError::NoLiquidator`], [`KeeperError::Addresses`].
    pub fn liquidator(&self) -> KeeperResult<Option<String>> {
        if self.routes.is_empty() || self.liquidator.is_some() {
            return Ok(self.liquidator.clone().filter(|_| !self.routes.is_empty()));
        }
        let noted = Addresses::read(&self.addresses, &self.network.chain_id)?;
        match noted.get(Kind::Liquidator) {
            Some(address) => Ok(Some(address.to_owned())),
            None => Err(KeeperError::NoLiquidator {
                path: self.addresses.clone(),
            }),
        }
    }
}

impl Wallet {
    /// How much may be spent of each of a vault's assets; those that are left alone are not named.
    #[must_use]
    pub fn limits(&self, assets: impl IntoIterator<Item = String>) -> BTreeMap<String, Amount> {
        let limit = |asset: &String| match (self.assets.get(asset), self.others) {
            (Some(most), _) => Some(*most),
            (None, Others::Keep) => Some(Amount(AMOUNT_LIMIT)),
            (None, Others::Leave) => None,
        };
        let assets = assets.into_iter();
        assets
            .filter_map(|asset| limit(&asset).map(|limit| (asset, limit)))
            .collect()
    }
}

/// What is wrong with the form of a file, and where.
fn form(path: &Path, text: &str, error: &toml::de::Error) -> KeeperError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    KeeperError::Form {
        path: path.to_owned(),
        line,
        detail: error.message().replace('\n', ", "),
    }
}

/// A network out of its file, with the folder that its paths are taken from.
fn network_of(file: &Path) -> KeeperResult<Network> {
    Ok(Network::read(file).map_err(ChainError::from)?)
}

#[cfg(test)]
mod tests;

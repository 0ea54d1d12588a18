//! The configuration file as it is written. What may be left out has its default here.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use bulwark_chain::Network;
use bulwark_risk::units::{Amount, Fraction, Usd};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::routes::RouteFile;
use super::{LogForm, Others};
use crate::plan::{Costs, GasModel};

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) network: NetworkFrom,
    pub(super) addresses: Option<PathBuf>,
    pub(super) vault: Option<String>,
    pub(super) liquidator: Option<String>,
    pub(super) keyring: Option<PathBuf>,
    pub(super) key: String,
    #[serde(default = "folder")]
    pub(super) folder: PathBuf,
    #[serde(default)]
    pub(super) profit: ProfitFile,
    #[serde(default)]
    pub(super) gas: GasFile,
    #[serde(default)]
    pub(super) wallet: WalletFile,
    #[serde(default)]
    pub(super) assets: Vec<AssetFile>,
    #[serde(default)]
    pub(super) routes: Vec<RouteFile>,
    #[serde(default)]
    pub(super) execution: ExecutionFile,
    #[serde(default)]
    pub(super) follow: FollowFile,
    #[serde(default)]
    pub(super) margin_calls: MarginCallsFile,
    #[serde(default)]
    pub(super) serve: ServeFile,
    #[serde(default)]
    pub(super) log: LogFile,
}

/// A network file's name, or what would stand in it.
#[derive(Debug)]
pub(super) enum NetworkFrom {
    File(PathBuf),
    Here(Box<Network>),
}

impl<'de> Deserialize<'de> for NetworkFrom {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NetworkVisitor)
    }
}

struct NetworkVisitor;

impl<'de> Visitor<'de> for NetworkVisitor {
    type Value = NetworkFrom;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a network file, or a table with its fields")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(NetworkFrom::File(text.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let network = Network::deserialize(MapAccessDeserializer::new(map))?;
        Ok(NetworkFrom::Here(Box::new(network)))
    }
}

/// Whether to earn or to protect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ModeName {
    Profit,
    Protect,
}

/// What the keeper wants to have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ProfitFile {
    pub(super) mode: ModeName,
    pub(super) floor: Usd,
    pub(super) most_loss: Usd,
    pub(super) slippage: Fraction,
    pub(super) shares_discount: Fraction,
    pub(super) risk_weight: Fraction,
    pub(super) most_accounts: usize,
}

impl Default for ProfitFile {
    fn default() -> Self {
        let costs = Costs::default();
        Self {
            mode: ModeName::Profit,
            floor: Usd::ZERO,
            most_loss: Usd::ZERO,
            slippage: costs.slippage,
            shares_discount: costs.shares_discount,
            risk_weight: costs.risk_weight,
            most_accounts: costs.most_accounts,
        }
    }
}

/// What gas costs, and how much is taken.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct GasFile {
    pub(super) price: Usd,
    pub(super) limit: u64,
    pub(super) transaction: u64,
    pub(super) account: u64,
    pub(super) holding: u64,
    pub(super) callback: u64,
}

impl Default for GasFile {
    fn default() -> Self {
        let Costs {
            gas,
            gas_price,
            gas_limit,
            ..
        } = Costs::default();
        let GasModel {
            transaction,
            account,
            holding,
            callback,
        } = gas;
        Self {
            price: gas_price,
            limit: gas_limit,
            transaction,
            account,
            holding,
            callback,
        }
    }
}

/// What may be done with the key's coins.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WalletFile {
    pub(super) others: Others,
    pub(super) fee_reserve: Option<Amount>,
}

/// An asset.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssetFile {
    pub(super) asset: String,
    pub(super) most: Option<Amount>,
    #[serde(default = "yes")]
    pub(super) keep: bool,
    pub(super) swap: Option<SwapFile>,
}

/// What swapping it costs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SwapFile {
    pub(super) fee: Fraction,
    pub(super) depth: Option<Usd>,
}

/// How plans are carried out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ExecutionFile {
    pub(super) most_in_flight: usize,
    pub(super) lifetime: u64,
    pub(super) tries: u32,
    pub(super) rest: u64,
    pub(super) patience: u64,
}

impl Default for ExecutionFile {
    fn default() -> Self {
        Self {
            most_in_flight: 64,
            lifetime: 20,
            tries: 6,
            rest: 300,
            patience: 20,
        }
    }
}

/// How the chain is followed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FollowFile {
    pub(super) max_lag: u64,
    pub(super) verify: u64,
}

impl Default for FollowFile {
    fn default() -> Self {
        Self {
            max_lag: 60,
            verify: 600,
        }
    }
}

/// Where margin calls go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MarginCallsFile {
    pub(super) file: PathBuf,
    pub(super) recovery: Fraction,
    pub(super) per_block: usize,
    pub(super) webhook: Option<WebhookFile>,
}

impl Default for MarginCallsFile {
    fn default() -> Self {
        Self {
            file: "margin-calls.jsonl".into(),
            recovery: Fraction::percent(1),
            per_block: 50,
            webhook: None,
        }
    }
}

/// Whom to tell.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookFile {
    pub(super) url: Option<String>,
    pub(super) url_from: Option<String>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default = "timeout")]
    pub(super) timeout: u64,
    #[serde(default = "backoff")]
    pub(super) backoff: u64,
    #[serde(default = "queue")]
    pub(super) queue: usize,
}

/// Where metrics and health are served.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ServeFile {
    pub(super) listen: String,
}

impl Default for ServeFile {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:9464".into(),
        }
    }
}

/// What is logged.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LogFile {
    pub(super) level: String,
    pub(super) format: LogForm,
}

impl Default for LogFile {
    fn default() -> Self {
        Self {
            level: "info".into(),
            format: LogForm::default(),
        }
    }
}

fn folder() -> PathBuf {
    "keeper".into()
}

const fn yes() -> bool {
    true
}

const fn timeout() -> u64 {
    5
}

const fn backoff() -> u64 {
    1
}

const fn queue() -> usize {
    10_000
}

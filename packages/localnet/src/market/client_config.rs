//! What a client in a browser has to know of the network: `config.json`, which the page fetches from
//! beside itself.

use std::path::{Path, PathBuf};

use bulwark_deploy::Kind;
use serde::Serialize;

use super::exchange::Exchange;
use super::reach::Reached;
use super::replay::Replay;
use crate::error::Result;
use crate::{files, users};

/// The coin of fees, as people call it, and its smallest units in a whole token, as a power of ten.
const FEE_SYMBOL: &str = "STAKE";
const FEE_DECIMALS: u8 = 6;

/// What an exchange is called that nobody may take for a real one.
const PRACTICE: &str = "bulwark-practice";

/// The file's content.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ClientConfig<'a> {
    chain_id: &'a str,
    rpc: &'a str,
    prefix: &'a str,
    gas_price: GasPrice<'a>,
    vault: String,
    oracle: String,
    liquidator: Option<&'a str>,
    assets: Vec<Asset>,
    exchanges: Vec<Swaps>,
    /// Only a local network has it: keys that everybody knows.
    local: Local,
}

/// What a unit of gas costs.
#[derive(Debug, Serialize)]
struct GasPrice<'a> {
    amount: String,
    denom: &'a str,
    decimals: u8,
    symbol: &'static str,
}

/// A coin.
#[derive(Debug, Serialize)]
struct Asset {
    asset: String,
    symbol: String,
    decimals: u8,
}

/// A contract that swaps each of some assets for any other.
#[derive(Debug, Serialize)]
struct Swaps {
    contract: String,
    kind: &'static str,
    assets: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Local {
    users: Vec<Key>,
}

/// A public test key.
#[derive(Debug, Serialize)]
struct Key {
    name: &'static str,
    mnemonic: String,
}

/// Where it stands.
#[must_use]
pub fn client_config_file(home: &Path) -> PathBuf {
    home.join("config.json")
}

/// Writes it, for a network whose contracts are deployed. Keys of feeders are left out: whoever used one
/// would get in the way of the feeder that posts.
///
/// # Errors
/// [`crate::LocalnetError::NotDeployed`], [`crate::LocalnetError::File`].
pub fn write_client_config(home: &Path, replay: &Replay) -> Result<()> {
    let reached = Reached::read(home)?;
    let network = &reached.network;
    let assets = replay.coins().into_iter().map(|coin| Asset {
        symbol: coin.symbol.to_ascii_uppercase(),
        asset: coin.denom,
        decimals: coin.decimals,
    });
    let exchanges = Exchange::read(home)?.into_iter().map(|exchange| Swaps {
        contract: exchange.contract,
        kind: PRACTICE,
        assets: exchange.assets,
    });
    let posts = |user: &users::User| users::FEEDERS.contains(user);
    let keys = users::ALL.into_iter().filter(|user| !posts(user));
    let config = ClientConfig {
        chain_id: &network.chain_id,
        rpc: network.rpc.first().map_or("", String::as_str),
        prefix: &network.prefix,
        gas_price: GasPrice {
            amount: network.gas_price.to_string(),
            denom: &network.denom,
            decimals: FEE_DECIMALS,
            symbol: FEE_SYMBOL,
        },
        vault: reached.address(Kind::Vault)?,
        oracle: reached.address(Kind::Oracle)?,
        liquidator: reached.addresses.get(Kind::Liquidator),
        assets: assets.collect(),
        exchanges: exchanges.collect(),
        local: Local {
            users: keys
                .map(|user| Key {
                    name: user.name,
                    mnemonic: words(user.mnemonic),
                })
                .collect(),
        },
    };
    files::write_json(&client_config_file(home), &config)
}

/// With one blank between two words: line breaks of the source are none of theirs.
fn words(mnemonic: &str) -> String {
    mnemonic.split_whitespace().collect::<Vec<_>>().join(" ")
}

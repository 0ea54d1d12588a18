//! The practice exchange: it swaps all of a network's coins at the oracle's prices, so that batches
//! and routes can be tried where prices are replayed.

use std::path::{Path, PathBuf};

use bulwark_chain::contracts::Contract;
use bulwark_chain::{Gas, Message};
use bulwark_deploy::{Kind, artifacts};
use cosmwasm_std::{Coin as Funds, coin};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::reach::Reached;
use super::replay::Replay;
use crate::denoms::HOLDING;
use crate::error::{LocalnetError, Result};
use crate::{files, users};

/// Its wasm, in the folder of the contracts'.
const FILE: &str = "test-contracts/bulwark_test_exchange.wasm";

/// What it is called on the chain.
const LABEL: &str = "bulwark-practice-exchange";

/// Its part of what is paid, in basis points.
const FEE_BPS: u16 = 30;

/// The owner fills it with this part of what everybody holds.
const PROVIDED: u128 = HOLDING / 2;

/// An exchange that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Its address.
    pub contract: String,
    /// What it swaps, each for any other.
    pub assets: Vec<String>,
}

fn file(home: &Path) -> PathBuf {
    home.join("exchange.json")
}

impl Exchange {
    /// The one of the network in this folder; none if it has none.
    pub(super) fn read(home: &Path) -> Result<Option<Self>> {
        let file = file(home);
        if !file.exists() {
            return Ok(None);
        }
        files::read_json(&file).map(Some)
    }
}

/// Opens the exchange of a network with contracts, unless it has one, and has the owner fill it with
/// coins. None if its wasm is not in `artifacts`.
///
/// # Errors
/// [`LocalnetError::Chain`], [`LocalnetError::File`], [`LocalnetError::NotDeployed`].
pub async fn open_exchange(
    home: &Path,
    replay: &Replay,
    folder: &Path,
) -> Result<Option<Exchange>> {
    if let Some(exchange) = Exchange::read(home)? {
        return Ok(Some(exchange));
    }
    let path = folder.join(FILE);
    if !path.exists() {
        return Ok(None);
    }
    let wasm = std::fs::read(&path).map_err(files::failed(&path))?;
    let wasm = artifacts::compress(&wasm).map_err(files::failed(&path))?;

    let reached = Reached::read(home)?;
    let client = reached.client()?;
    let owner = reached.sender(&client, &users::OWNER)?;
    let sender = owner.address().to_owned();
    let store = Message::StoreCode {
        sender: sender.clone(),
        wasm,
    };
    let stored = owner.send(&[store], Gas::Simulated).await?;
    let listed = replay.coins();
    let assets = listed
        .iter()
        .map(|it| json!({ "asset": it.denom, "decimals": it.decimals }));
    let msg = json!({
        "oracle": reached.address(Kind::Oracle)?,
        "assets": assets.collect::<Vec<_>>(),
        "fee_bps": FEE_BPS,
    });
    let create = Message::Instantiate {
        sender: sender.clone(),
        code_id: stored.number("store_code", "code_id")?,
        label: LABEL.into(),
        admin: None,
        msg: msg.to_string().into_bytes(),
        funds: Vec::new(),
    };
    let created = owner.send(&[create], Gas::Simulated).await?;
    let contract = created.attribute("instantiate", "_contract_address");
    let contract = Contract {
        address: contract.unwrap_or_default().to_owned(),
        client,
    };
    let mut funds: Vec<Funds> = listed
        .iter()
        .map(|it| coin(PROVIDED * 10u128.pow(it.decimals.into()), &it.denom))
        .collect();
    // The chain takes coins in this order only.
    funds.sort_by(|one, other| one.denom.cmp(&other.denom));
    let provide = contract
        .message(&sender, &json!({ "provide": {} }), funds)
        .map_err(LocalnetError::Message)?;
    owner.send(&[provide], Gas::Simulated).await?;

    let exchange = Exchange {
        contract: contract.address,
        assets: listed.into_iter().map(|it| it.denom).collect(),
    };
    files::write_json(&file(home), &exchange)?;
    Ok(Some(exchange))
}

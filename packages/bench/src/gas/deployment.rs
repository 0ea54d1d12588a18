//! What is deployed for the benchmark.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use bulwark_chain::{Client, Gas, Keyring, Message, Sender};
use bulwark_deploy::artifacts::compress;
use bulwark_deploy::file::{NAME, OracleSettings, Roles, VaultSettings};
use bulwark_deploy::step::Kind;
use bulwark_deploy::{Artifacts, Deployer, Deployment};
use bulwark_localnet::users;
use bulwark_testing::defaults;
use bulwark_types::vault::OracleMode;

use super::assets::{self, Coin};
use crate::error::{BenchError, BenchResult};

/// The contract that does nothing.
const EMPTY: &str = "test-contracts/bulwark_test_empty.wasm";

/// A contract on the chain.
pub struct Deployed {
    pub address: String,
    pub code_id: u64,
}

/// The contracts on the chain.
pub struct Contracts {
    pub vault: Deployed,
    pub oracle: Deployed,
    pub empty: Deployed,
    /// Sizes of the wasm, by contract.
    pub wasm_bytes: BTreeMap<&'static str, u64>,
}

/// Deploys everything, lists all coins, and prices them.
pub async fn deploy(
    client: &Client,
    keyring: Keyring,
    owner: &Sender,
    artifacts: &Path,
    coins: &[Coin],
) -> BenchResult<Contracts> {
    let empty = instantiate_empty(owner, artifacts).await?;
    let wasm = Artifacts::read(artifacts)?;
    let mut deployer = Deployer::new(client.clone(), keyring, wasm, &deployment(coins), None)?;
    let left = deployer.apply(|_| {}).await?;
    if let Some(planned) = left.steps.first() {
        let step = planned.step.to_string();
        return Err(BenchError::Incomplete { step });
    }
    let deployed = |kind: Kind| {
        let found = deployer.addresses().contracts.get(&kind);
        let found = found.ok_or(BenchError::Absent { what: kind.name() })?;
        let (address, code_id) = (found.address.clone(), found.code_id);
        BenchResult::Ok(Deployed { address, code_id })
    };
    let mut wasm_bytes = BTreeMap::new();
    for kind in [Kind::Vault, Kind::Oracle] {
        let bytes = read(&artifacts.join(kind.file()))?;
        wasm_bytes.insert(kind.name(), bytes.len() as u64);
    }
    Ok(Contracts {
        vault: deployed(Kind::Vault)?,
        oracle: deployed(Kind::Oracle)?,
        empty,
        wasm_bytes,
    })
}

/// The default parameters, everything by one owner, whose changes wait for nothing.
fn deployment(coins: &[Coin]) -> Deployment {
    let name = |user: &users::User| user.name.to_owned();
    Deployment {
        name: NAME.into(),
        roles: Roles {
            deployer: name(&users::OWNER),
            owner: name(&users::OWNER),
            guardian: None,
            admin: None,
        },
        oracle: OracleSettings {
            feeders: users::FEEDERS.iter().map(name).collect(),
            quorum: defaults::QUORUM,
            owner_delay: 0,
        },
        vault: VaultSettings {
            oracle_mode: OracleMode::Raw,
            groups: defaults::GROUPS.map(str::to_owned).to_vec(),
            bounds: defaults::BOUNDS,
            cap_multiple: defaults::CAP_MULTIPLE,
            unpriced_grace: defaults::UNPRICED_GRACE,
            parameters: defaults::parameters(0),
        },
        liquidator: None,
        assets: coins
            .iter()
            .enumerate()
            .map(|(at, coin)| assets::listing(coin, at == 0))
            .collect(),
    }
}

async fn instantiate_empty(owner: &Sender, artifacts: &Path) -> BenchResult<Deployed> {
    let path = artifacts.join(EMPTY);
    let wasm = compress(&read(&path)?).map_err(|error| BenchError::Artifact { path, error })?;
    let sender = owner.address().to_owned();
    let store = Message::StoreCode {
        sender: sender.clone(),
        wasm,
    };
    let stored = owner.send(&[store], Gas::Simulated).await?;
    let code_id = stored.number("store_code", "code_id")?;
    let instantiate = Message::Instantiate {
        sender,
        code_id,
        label: "empty".into(),
        admin: None,
        msg: b"{}".to_vec(),
        funds: vec![],
    };
    let created = owner.send(&[instantiate], Gas::Simulated).await?;
    let address = created.attribute("instantiate", "_contract_address");
    let what = "address of the empty contract";
    let address = address.ok_or(BenchError::Absent { what })?.to_owned();
    Ok(Deployed { address, code_id })
}

fn read(path: &Path) -> BenchResult<Vec<u8>> {
    let failed = |error: io::Error| BenchError::Artifact {
        path: path.to_owned(),
        error,
    };
    fs::read(path).map_err(failed)
}

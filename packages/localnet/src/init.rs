//! What a new network needs on disk: keys, one genesis, each node's configuration, the users'
//! keyring and the network file.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use toml::Table;

use crate::denoms::FEE_DENOM;
use crate::error::Result;
use crate::ports::NodePorts;
use crate::spec::Spec;
use crate::wasmd::Wasmd;
use crate::{config, files, genesis, node, rpc, users};

/// The name of each validator's key, in its own keyring.
const VALIDATOR: &str = "validator";

/// Where the contracts' addresses are noted, beside the network file.
const ADDRESSES: &str = "addresses.json";

/// wasmd's keyring that asks for no password.
const KEYRING: [&str; 2] = ["--keyring-backend", "test"];

/// What deployers and clients read of a network.
pub fn network_file(network: &Path) -> PathBuf {
    network.join("network.toml")
}

/// The contracts' addresses.
pub(crate) fn address_file(network: &Path) -> PathBuf {
    network.join(ADDRESSES)
}

/// The users' keys.
pub fn keyring_file(network: &Path) -> PathBuf {
    network.join("keyring.toml")
}

#[derive(Deserialize)]
struct NewKey {
    address: String,
}

/// Prepares all nodes.
pub(crate) fn initialise(wasmd: &Wasmd, spec: &Spec, ports: &[NodePorts]) -> Result<()> {
    let (network, chain_id) = (spec.home.as_path(), spec.chain_id.as_str());
    let homes: Vec<PathBuf> = (0..ports.len()).map(|at| node::home(network, at)).collect();
    let mut validators = Vec::new();
    for (number, home) in homes.iter().enumerate() {
        let moniker = format!("node-{number}");
        let flags = ["--chain-id", chain_id, "--default-denom", FEE_DENOM];
        wasmd.run(home, &[&["init", moniker.as_str()][..], &flags].concat())?;
        let command = ["keys", "add", VALIDATOR, "--output", "json"];
        let answer = wasmd.run(home, &[&command[..], &KEYRING].concat())?;
        let key: NewKey = serde_json::from_str(&answer)
            .map_err(|error| files::malformed(&home.join("keyring-test"), &error))?;
        validators.push(key.address);
    }
    write_genesis(wasmd, &homes, chain_id, |genesis| {
        genesis::fund(genesis, &spec.coins, &validators)?;
        genesis::hasten_governance(genesis)
    })?;

    let mut peers = Vec::new();
    for (home, ports) in homes.iter().zip(ports) {
        let id = wasmd.run(home, &["comet", "show-node-id"])?;
        peers.push(config::peer(id.trim(), *ports));
    }
    for (number, home) in homes.iter().enumerate() {
        let mut others = peers.clone();
        others.remove(number);
        edit(home, "config.toml", |table| {
            config::edit_comet(table, ports[number], &others)
        })?;
        edit(home, "app.toml", |table| {
            config::edit_app(table, spec.gas_price())
        })?;
    }
    users::write_keyring(&keyring_file(network))?;
    files::write(&network_file(network), describe(spec, ports))
}

/// One genesis for all, with every validator's stake.
fn write_genesis(
    wasmd: &Wasmd,
    homes: &[PathBuf],
    chain_id: &str,
    change: impl FnOnce(&mut Value) -> Option<()>,
) -> Result<()> {
    let file = |home: &PathBuf| home.join("config/genesis.json");
    let [first, others @ ..] = homes else {
        return Ok(());
    };
    let mut content: Value = files::read_json(&file(first))?;
    change(&mut content)
        .ok_or_else(|| files::malformed(&file(first), &"not of the form that wasmd writes"))?;
    files::write_json(&file(first), &content)?;

    let stakes = first.join("config/gentx");
    files::create_folder(&stakes)?;
    let stake = format!("{}{FEE_DENOM}", genesis::STAKE);
    for (number, home) in homes.iter().enumerate() {
        if number > 0 {
            files::copy(&file(first), &file(home))?;
        }
        let document = stakes.join(format!("node-{number}.json"));
        let document = document.to_string_lossy();
        let command = [
            "genesis",
            "gentx",
            VALIDATOR,
            &stake,
            "--chain-id",
            chain_id,
        ];
        let flags = ["--ip", "127.0.0.1", "--output-document", &document];
        wasmd.run(home, &[&command[..], &flags, &KEYRING].concat())?;
    }
    wasmd.run(first, &["genesis", "collect-gentxs"])?;
    for home in others {
        files::copy(&file(first), &file(home))?;
    }
    Ok(())
}

fn edit(home: &Path, name: &str, change: impl FnOnce(&mut Table) -> Option<()>) -> Result<()> {
    let file = home.join("config").join(name);
    let text = fs::read_to_string(&file).map_err(files::failed(&file))?;
    let mut table: Table = text
        .parse()
        .map_err(|error: toml::de::Error| files::malformed(&file, &error))?;
    change(&mut table)
        .ok_or_else(|| files::malformed(&file, &"not of the form that wasmd writes"))?;
    files::write(&file, table.to_string())
}

/// The network file, in the form that every command of `bulwark` reads.
fn describe(spec: &Spec, ports: &[NodePorts]) -> String {
    let endpoints: Vec<String> = ports.iter().map(|ports| rpc::address(ports.rpc)).collect();
    let mut table = Table::new();
    table.insert("chain_id".into(), spec.chain_id.clone().into());
    table.insert("rpc".into(), endpoints.into());
    table.insert("prefix".into(), "wasm".into());
    table.insert("denom".into(), FEE_DENOM.into());
    table.insert("gas_price".into(), spec.gas_price().into());
    table.insert("addresses".into(), ADDRESSES.into());
    table.to_string()
}

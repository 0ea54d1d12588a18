//! The chain of a test's network, for what nobody does at a terminal.

use std::path::Path;

use bulwark_chain::{Client, Gas, Keyring, Message, Network, Sender};
use bulwark_deploy::{Addresses, Kind};
use cosmwasm_std::Coin;
use tokio::runtime::Runtime;

use super::Home;

pub struct Chain {
    runtime: Runtime,
    pub client: Client,
    keyring: Keyring,
    pub vault: String,
    pub oracle: String,
}

impl Chain {
    pub fn of(home: &Home) -> Self {
        let network = Network::read(Path::new(&home.file("network.toml"))).unwrap();
        let addresses = Path::new(&home.file("addresses.json")).to_owned();
        let addresses = Addresses::read(&addresses, &network.chain_id).unwrap();
        let of = |kind| addresses.get(kind).unwrap().to_owned();
        Self {
            runtime: Runtime::new().unwrap(),
            client: Client::new(network).unwrap(),
            keyring: Keyring::from_file(Path::new(&home.file("keyring.toml"))).unwrap(),
            vault: of(Kind::Vault),
            oracle: of(Kind::Oracle),
        }
    }

    /// A key that the network does not know yet, and its address.
    pub fn insert(&mut self, name: &str, mnemonic: &str) -> String {
        self.keyring.insert(name, mnemonic);
        self.address(name)
    }

    pub fn address(&self, name: &str) -> String {
        let network = self.client.network();
        let signer = self
            .keyring
            .signer(name, &network.prefix, network.coin_type);
        signer.unwrap().address().to_owned()
    }

    /// All of them in one transaction.
    pub fn send(&self, from: &str, messages: &[Message]) {
        let network = self.client.network();
        let signer = self
            .keyring
            .signer(from, &network.prefix, network.coin_type);
        let sender = Sender::new(self.client.clone(), signer.unwrap());
        let sent = sender.send(messages, Gas::Simulated);
        self.runtime.block_on(sent).unwrap();
    }

    pub fn pay(&self, from: &str, to: &str, coins: &[(u128, &str)]) {
        let coins = coins
            .iter()
            .map(|(amount, denom)| Coin::new(*amount, *denom));
        let message = Message::Send {
            sender: self.address(from),
            to: to.into(),
            coins: coins.collect(),
        };
        self.send(from, &[message]);
    }

    pub fn held(&self, address: &str, asset: &str) -> u128 {
        let held = self.client.held(address, asset);
        self.runtime.block_on(held).unwrap()
    }

    pub fn height(&self) -> u64 {
        let block = self.client.latest_block();
        self.runtime.block_on(block).unwrap().height
    }

    pub fn events(&self, height: u64) -> bulwark_chain::events::BlockEvents {
        let events = self.client.block_events(height);
        self.runtime.block_on(events).unwrap()
    }
}

//! A network with Bulwark on it, and the users of it.

use std::collections::BTreeMap;
use std::time::Duration;

use bulwark_chain::contracts::{Oracle, Vault};
use bulwark_chain::sender::Pending;
use bulwark_chain::{ChainError, Client, Gas, Included, Keyring, Message, Network, Sender};
use bulwark_deploy::{Addresses, Artifacts, Deployer, Deployment, Kind};
use bulwark_localnet::Localnet;
use bulwark_risk::units::{Amount, Price};
use bulwark_test_token::msg;
use bulwark_types::oracle::{self, PostedPrice};
use bulwark_types::vault::{self, AccountRef, MarginResponse, QueryMsg};
use cosmwasm_std::{Coin, Uint128};
use serde::Serialize;

use crate::artifacts::{artifacts, test_contract};

/// What is deployed unless a scenario wants something else.
pub const DEPLOYMENT: &str = include_str!("../deployment.toml");

/// How often a price is posted before it is given up that it comes into force.
const POSTS: u32 = 5;

/// A network with Bulwark on it.
pub struct Bulwark {
    /// The nodes.
    pub net: Localnet,
    /// The chain.
    pub client: Client,
    /// The keys of all users.
    pub keyring: Keyring,
    /// The vault.
    pub vault: Vault,
    /// The oracle.
    pub oracle: Oracle,
    /// The liquidator's address, if there is one.
    pub liquidator: Option<String>,
    senders: BTreeMap<String, Sender>,
}

/// A network without any contract.
pub async fn chain(nodes: usize) -> (Localnet, Client, Keyring) {
    let net = tokio::task::spawn_blocking(move || Localnet::temporary(nodes))
        .await
        .unwrap()
        .unwrap_or_else(|error| panic!("no local network: {error}"));
    let network = Network::read(&net.network_file()).unwrap();
    let keyring = Keyring::from_file(&net.keyring_file()).unwrap();
    let client = Client::connect(network).await.unwrap();
    (net, client, keyring)
}

impl Bulwark {
    /// A network of so many nodes, with [`DEPLOYMENT`] on it.
    pub async fn up(nodes: usize) -> Self {
        Self::up_with(nodes, &Deployment::parse(DEPLOYMENT).unwrap()).await
    }

    /// A network of so many nodes, with something else deployed.
    pub async fn up_with(nodes: usize, deployment: &Deployment) -> Self {
        let (net, client, keyring) = chain(nodes).await;
        let addresses = deploy(&client, &keyring, deployment).await;
        let address = |kind| addresses.get(kind).unwrap().to_owned();
        let vault = Vault {
            client: client.clone(),
            address: address(Kind::Vault),
        };
        let oracle = Oracle {
            client: client.clone(),
            address: address(Kind::Oracle),
        };
        let network = client.network().clone();
        let sender = |name: &str| {
            let signer = keyring.signer(name, &network.prefix, network.coin_type);
            Sender::new(client.clone(), signer.unwrap())
        };
        let senders = keyring.names().map(|name| (name.to_owned(), sender(name)));
        Self {
            senders: senders.collect(),
            net,
            client,
            keyring,
            vault,
            oracle,
            liquidator: addresses.get(Kind::Liquidator).map(str::to_owned),
        }
    }

    /// Deploys what is not there yet.
    pub async fn deploy(&self, deployment: &Deployment) {
        deploy(&self.client, &self.keyring, deployment).await;
    }

    /// Names and addresses of all users.
    pub fn names(&self) -> Vec<(String, String)> {
        let senders = self.senders.iter();
        senders
            .map(|(name, sender)| (name.clone(), sender.address().to_owned()))
            .collect()
    }

    /// Creates a CW20 token with six decimals, of which everybody has so many; the asset.
    pub async fn token(&self, tokens: u128) -> String {
        let balance = |(_, address)| msg::InitialBalance {
            address,
            amount: Uint128::new(units(tokens)),
        };
        let token = msg::InstantiateMsg {
            name: "Token".into(),
            symbol: "TOKEN".into(),
            decimals: 6,
            minter: self.address("owner"),
            initial_balances: self.names().into_iter().map(balance).collect(),
        };
        let address = self.create(&test_contract("token"), &token, "token").await;
        format!("cw20:{address}")
    }

    /// A user.
    pub fn user(&self, name: &str) -> &Sender {
        &self.senders[name]
    }

    /// A user's address.
    pub fn address(&self, name: &str) -> String {
        self.user(name).address().into()
    }

    /// A user's first account.
    pub fn account(&self, name: &str) -> AccountRef {
        AccountRef {
            owner: self.address(name),
            id: 0,
        }
    }

    /// Sends a message to the vault and waits for it.
    ///
    /// # Errors
    /// What the chain refuses.
    pub async fn execute(
        &self,
        name: &str,
        message: vault::ExecuteMsg,
        coin: Option<(u128, &str)>,
    ) -> Result<Included, ChainError> {
        self.call(name, &self.vault.address, &message, coin).await
    }

    /// Sends a message to any contract and waits for it.
    ///
    /// # Errors
    /// What the chain refuses.
    pub async fn call(
        &self,
        name: &str,
        contract: &str,
        message: &impl Serialize,
        coin: Option<(u128, &str)>,
    ) -> Result<Included, ChainError> {
        let funds = coin.map(|(amount, denom)| Coin::new(amount, denom));
        let sender = self.user(name);
        let funds = funds.into_iter().collect();
        let message = Message::execute(sender.address(), contract, message, funds).unwrap();
        sender.send(&[message], Gas::Simulated).await
    }

    /// Stores some wasm and creates a contract of it; its address.
    pub async fn create(&self, wasm: &[u8], msg: &impl Serialize, label: &str) -> String {
        let owner = self.user("owner");
        let sender = owner.address().to_owned();
        let wasm = bulwark_deploy::artifacts::compress(wasm).unwrap();
        let store = Message::StoreCode {
            sender: sender.clone(),
            wasm,
        };
        let stored = owner.send(&[store], Gas::Simulated).await.unwrap();
        let create = Message::Instantiate {
            sender: sender.clone(),
            code_id: stored.number("store_code", "code_id").unwrap(),
            label: label.into(),
            admin: None,
            msg: serde_json::to_vec(msg).unwrap(),
            funds: vec![],
        };
        let created = owner.send(&[create], Gas::Simulated).await.unwrap();
        let address = created.attribute("instantiate", "_contract_address");
        address.unwrap().to_owned()
    }

    /// All feeders post a price, USD per whole token, until it is in force.
    ///
    /// # Panics
    /// If that does not happen soon.
    pub async fn post(&self, asset: &str, usd: &str) {
        for _ in 0..POSTS {
            self.post_once(asset, usd).await;
            let message = oracle::QueryMsg::Price {
                asset: asset.into(),
            };
            let found: oracle::PriceResponse = self.oracle.query(&message).await.unwrap();
            if found.record.mid == price(usd) {
                return;
            }
            // A feeder's next post has to be newer, and times are in seconds.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("{usd} USD does not become the price of {asset}");
    }

    async fn post_once(&self, asset: &str, usd: &str) {
        let published_at = self.client.latest_block().await.unwrap().time;
        let mut pending: Vec<Pending> = Vec::new();
        for feeder in ["feeder-1", "feeder-2", "feeder-3"] {
            let posted = PostedPrice {
                asset: asset.into(),
                price: price(usd),
                conf: None,
                published_at,
            };
            let message = oracle::ExecuteMsg::PostPrices {
                prices: vec![posted],
            };
            let sender = self.user(feeder);
            let message = self.oracle.message(sender.address(), &message).unwrap();
            let sent = sender.submit(&[message], Gas::Limit(1_000_000)).await;
            pending.push(sent.unwrap());
        }
        for posted in pending {
            posted.wait().await.unwrap();
        }
    }

    /// A user's margin.
    pub async fn margin(&self, name: &str) -> MarginResponse {
        let account = self.account(name);
        let answer = self.vault.query(&QueryMsg::Margin { account }).await;
        answer.unwrap()
    }

    /// What the vault holds beyond or short of what it owes, asset by asset: nothing may be
    /// missing.
    pub async fn assert_solvent(&self) {
        let message = QueryMsg::Solvency {
            asset: None,
            start_after: None,
            limit: None,
        };
        let answer: vault::SolvencyResponse = self.vault.query(&message).await.unwrap();
        for asset in answer.assets {
            assert_eq!(asset.missing, Amount::ZERO, "{asset:?}");
        }
    }
}

/// Deploys what is not there yet, and nothing may be left to do.
async fn deploy(client: &Client, keyring: &Keyring, deployment: &Deployment) -> Addresses {
    let wasm = Artifacts::read(artifacts()).unwrap();
    let (client, keyring) = (client.clone(), keyring.clone());
    let mut deployer = Deployer::new(client, keyring, wasm, deployment, None).unwrap();
    let left = deployer.apply(|_| {}).await.unwrap();
    assert_eq!((left.steps.len(), left.waits.len()), (0, 0), "{left:?}");
    deployer.addresses().clone()
}

/// USD per whole token.
pub fn price(text: &str) -> Price {
    text.parse().unwrap()
}

/// Smallest units of so many whole tokens with six decimals.
pub const fn units(tokens: u128) -> u128 {
    tokens * 1_000_000
}

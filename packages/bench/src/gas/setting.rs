//! The network as it is before anything is measured.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use bulwark_chain::contracts::{Contract, Oracle, Vault};
use bulwark_chain::{ChainError, Client, Gas, Included, Keyring, Message, Network, Sender};
use bulwark_localnet::{Localnet, users};
use bulwark_risk::units::{Fraction, Price};
use bulwark_types::oracle::{self, PostedPrice};
use bulwark_types::vault::{AccountRef, ExecuteMsg};
use cosmwasm_std::{Decimal, Empty};
use tokio::time::sleep;

use super::assets::{self, Coin};
use super::deployment::deploy;
use crate::error::{BenchError, BenchResult};

/// Gas that a transaction may use: more than any of them needs, so that none is simulated.
const LIMIT: Gas = Gas::Limit(20_000_000);

/// What a unit of gas costs him who pays: what a public chain may ask for.
const GAS_PRICE: Decimal = Decimal::permille(25);

/// Deployed contracts, everybody's keys, and money in the pool.
pub struct Setting {
    pub client: Client,
    pub vault: Vault,
    oracle: Oracle,
    empty: Contract,
    /// Sizes of the wasm, by contract.
    pub wasm_bytes: BTreeMap<&'static str, u64>,
    /// Numbers of the codes of vault, oracle and the empty contract.
    pub codes: Vec<u64>,
    /// What is owed.
    pub debt: Coin,
    /// What accounts hold, and at last what is new to them.
    pub coins: Vec<Coin>,
    /// What is new to them.
    pub new: Coin,
    pub owner: Sender,
    pub alice: Sender,
    pub keeper: Sender,
    feeders: Vec<Sender>,
    /// Pays a fee, as nobody else does.
    payer: Sender,
    /// Publication time of the latest prices.
    posted_at: u64,
}

impl Setting {
    /// Deploys, lists all coins, and lends what can be borrowed.
    pub async fn new(network: &Localnet, artifacts: &Path) -> BenchResult<Self> {
        let free = Network::read(&network.network_file()).map_err(ChainError::from)?;
        let mut dear = free.clone();
        dear.gas_price = GAS_PRICE;
        let (client, paying) = (Client::connect(free).await?, Client::new(dear)?);
        let keyring = Keyring::from_file(&network.keyring_file())?;
        let sender = |client: &Client, user: users::User| -> BenchResult<Sender> {
            let network = client.network();
            let signer = keyring.signer(user.name, &network.prefix, network.coin_type)?;
            Ok(Sender::new(client.clone(), signer))
        };
        let owner = sender(&client, users::OWNER)?;
        let alice = sender(&client, users::ALICE)?;
        let bob = sender(&client, users::BOB)?;
        let keeper = sender(&client, users::KEEPER)?;
        let payer = sender(&paying, users::CAROL)?;
        let mut feeders = Vec::new();
        for user in users::FEEDERS {
            feeders.push(sender(&client, user)?);
        }

        let mut coins = assets::coins();
        let deployed = deploy(&client, keyring, &owner, artifacts, &coins).await?;
        let codes = [&deployed.vault, &deployed.oracle, &deployed.empty];
        let codes = codes.map(|deployed| deployed.code_id).to_vec();
        let debt = coins.remove(0);
        let new = coins
            .last()
            .cloned()
            .ok_or(BenchError::Absent { what: "coin" })?;
        let mut setting = Self {
            vault: Vault {
                client: client.clone(),
                address: deployed.vault.address,
            },
            oracle: Oracle {
                client: client.clone(),
                address: deployed.oracle.address,
            },
            empty: Contract {
                client: client.clone(),
                address: deployed.empty.address,
            },
            wasm_bytes: deployed.wasm_bytes,
            client,
            codes,
            debt,
            coins,
            new,
            owner,
            alice,
            keeper,
            feeders,
            payer,
            posted_at: 0,
        };
        setting.post(1, Fraction::ONE).await?;
        let lend = ExecuteMsg::Deposit {
            account: None,
            lend: Some(true),
        };
        let funds = vec![setting.funds(&setting.debt, 900_000)];
        setting.execute(&bob, &lend, funds).await?;
        // Nobody's first transaction is measured.
        for sender in [&setting.keeper, &setting.alice, &setting.payer] {
            setting.nothing(sender).await?;
        }
        Ok(setting)
    }

    /// An account of Alice's.
    pub fn account(&self, id: u16) -> AccountRef {
        AccountRef {
            owner: self.alice.address().into(),
            id,
        }
    }

    /// Coins worth so many USD at first prices.
    pub fn funds(&self, coin: &Coin, usd: u32) -> cosmwasm_std::Coin {
        cosmwasm_std::Coin::new(coin.worth(usd).0, &coin.denom)
    }

    /// Sends the vault one message.
    pub async fn execute(
        &self,
        sender: &Sender,
        message: &ExecuteMsg,
        funds: Vec<cosmwasm_std::Coin>,
    ) -> BenchResult<Included> {
        let message = self.vault.message(sender.address(), message, funds)?;
        Ok(sender.send(&[message], LIMIT).await?)
    }

    /// Sends the vault several messages in one transaction.
    pub async fn execute_all(
        &self,
        sender: &Sender,
        messages: Vec<(ExecuteMsg, Vec<cosmwasm_std::Coin>)>,
    ) -> BenchResult<Included> {
        let messages = messages
            .into_iter()
            .map(|(message, funds)| self.vault.message(sender.address(), &message, funds))
            .collect::<Result<Vec<Message>, _>>()?;
        Ok(sender.send(&messages, LIMIT).await?)
    }

    /// All feeders post prices of the first coins: part of the first price for what is deposited,
    /// and last the dollar as it is. Returns the post that completes the quorum.
    pub async fn post(&mut self, coins: usize, part: Fraction) -> BenchResult<Included> {
        // A feeder posts at most once in a second, and never ahead of the chain.
        let mut now = self.client.latest_block().await?.time;
        while now <= self.posted_at {
            sleep(Duration::from_millis(100)).await;
            now = self.client.latest_block().await?.time;
        }
        self.posted_at = now;
        let price = |coin: &Coin, price: Price| PostedPrice {
            asset: coin.denom.clone(),
            price,
            conf: None,
            published_at: now,
        };
        let mut prices = Vec::new();
        for coin in self.coins.iter().take(coins) {
            prices.push(price(coin, coin.price.scaled_floor(part)?));
        }
        prices.push(price(&self.debt, self.debt.price));
        let message = oracle::ExecuteMsg::PostPrices { prices };
        let mut pending = Vec::new();
        let (last, others) = self
            .feeders
            .split_last()
            .ok_or(BenchError::Absent { what: "feeder" })?;
        for feeder in others {
            let message = self.oracle.message(feeder.address(), &message)?;
            pending.push(feeder.submit(&[message], LIMIT).await?);
        }
        for pending in pending {
            pending.wait().await?;
        }
        let message = self.oracle.message(last.address(), &message)?;
        Ok(last.send(&[message], LIMIT).await?)
    }

    /// Gas of a call that does nothing.
    pub async fn empty_execute(&self) -> BenchResult<u64> {
        Ok(self.nothing(&self.alice).await?.gas_used)
    }

    /// Gas of the same call by somebody who pays a fee.
    pub async fn paid_execute(&self) -> BenchResult<u64> {
        Ok(self.nothing(&self.payer).await?.gas_used)
    }

    async fn nothing(&self, sender: &Sender) -> BenchResult<Included> {
        let message = self.empty.message(sender.address(), &Empty {}, vec![])?;
        Ok(sender.send(&[message], LIMIT).await?)
    }
}

//! An embedded chain that does what a real one has done: the same messages, in blocks of the same
//! time and height, from and to the same addresses.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use bulwark_chain::{Client, Refusal};
use bulwark_localnet::{denoms, users};
use bulwark_testing::error::{CHAIN, wire_error};
use bulwark_types::wire::WireError;
use cosmwasm_std::{
    Addr, Api, Attribute, Binary, Coin, Deps, Empty, Env, Event, StdError, StdResult, Storage,
    Uint128, to_json_binary,
};
use cw_multi_test::{
    AddressGenerator, App, AppBuilder, AppResponse, BankKeeper, Contract, ContractWrapper,
    MockApiBech32, WasmKeeper,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::artifacts::names_by_checksum;
use crate::history::{History, Sent, Transaction};

/// Prefix of the addresses of a local network.
const PREFIX: &str = "wasm";

/// The library's own words are the embedded chain's own: of these errors only the name counts.
const IN_OWN_WORDS: &str = "std";

/// The embedded chain.
pub struct Mirror {
    app: App<BankKeeper, MockApiBech32>,
    history: History,
    client: Client,
    names: BTreeMap<String, String>,
    created: Created,
    height: u64,
}

/// Addresses of contracts that the chain has created and the mirror has not yet.
#[derive(Clone, Default)]
struct Created(Rc<RefCell<VecDeque<String>>>);

impl Created {
    fn note<'a>(&self, events: impl Iterator<Item = &'a Event>) {
        let created = events.filter(|event| event.ty == "instantiate");
        let attributes = created.flat_map(|event| &event.attributes);
        let addresses = attributes.filter(|attribute| attribute.key == "_contract_address");
        let addresses = addresses.map(|attribute| attribute.value.clone());
        self.0.borrow_mut().extend(addresses);
    }
}

impl AddressGenerator for Created {
    fn contract_address(
        &self,
        _: &dyn Api,
        _: &mut dyn Storage,
        _: u64,
        _: u64,
    ) -> StdResult<Addr> {
        let address = self.0.borrow_mut().pop_front();
        let none = || StdError::msg("the chain has created no contract here");
        address.map(Addr::unchecked).ok_or_else(none)
    }
}

/// What came of a message in both chains: nothing, or the same refusal.
#[derive(Clone, Debug)]
pub struct Mirrored {
    /// The message, if it was one to a contract: its JSON.
    pub message: serde_json::Value,
    /// The name of the refusal.
    pub refusal: Option<String>,
}

impl Mirror {
    /// A mirror of a local network that stands before its first block.
    pub fn new(client: &Client) -> Self {
        let coins: Vec<Coin> = denoms::coins()
            .into_iter()
            .map(|coin| {
                let units = denoms::HOLDING * 10_u128.pow(u32::from(coin.decimals));
                Coin::new(units, coin.denom)
            })
            .chain([Coin::new(denoms::FEE_HOLDING, denoms::FEE_DENOM)])
            .collect();
        let created = Created::default();
        let app = AppBuilder::new()
            .with_api(MockApiBech32::new(PREFIX))
            .with_wasm(WasmKeeper::new().with_address_generator(created.clone()))
            .build(|router, _, storage| {
                for user in users::ALL {
                    let address = Addr::unchecked(user.address);
                    router
                        .bank
                        .init_balance(storage, &address, coins.clone())
                        .unwrap();
                }
            });
        Self {
            app,
            history: History::of(client),
            client: client.clone(),
            names: names_by_checksum(),
            created,
            height: 0,
        }
    }

    /// The block that it has come to.
    pub const fn height(&self) -> u64 {
        self.height
    }

    /// Block time in seconds.
    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// Does what the chain has done since; what came of it, message by message.
    ///
    /// # Panics
    /// If the two did not do the same.
    pub async fn catch_up(&mut self) -> Vec<Mirrored> {
        let newest = self.client.latest_block().await.unwrap().height;
        let mut all = Vec::new();
        while self.height < newest {
            let block = self.history.block(self.height + 1).await;
            self.height = block.info.height;
            self.app.set_block(block.info);
            for transaction in block.transactions {
                all.push(self.play(transaction));
            }
        }
        all
    }

    fn play(&mut self, transaction: Transaction) -> Mirrored {
        let Transaction { messages, outcome } = transaction;
        self.created.note(outcome.iter().flatten());
        let mut sender = None;
        let mut batch = Vec::new();
        for sent in &messages {
            match sent {
                Sent::Store => self.store(&outcome),
                Sent::Message(from, message) => {
                    sender = Some(Addr::unchecked(from));
                    batch.push(message.clone());
                }
            }
        }
        let played = sender.map_or(Ok(vec![]), |sender| self.app.execute_multi(sender, batch));
        let place = || format!("block {}: {messages:?}", self.height);
        let refusal = match (outcome, played) {
            (Ok(events), Ok(responses)) => {
                let played = responses
                    .into_iter()
                    .flat_map(|AppResponse { events, .. }| events);
                assert_eq!(of_contracts(played), of_contracts(events), "{}", place());
                None
            }
            (Err(refusal), Err(error)) => {
                assert!(!is_out_of_gas(&refusal), "{}: {refusal}", place());
                let name = refusal.name().unwrap_or(CHAIN).to_owned();
                let told = told(refusal);
                assert_eq!(
                    comparable(wire_error(&error)),
                    comparable(told),
                    "{}",
                    place()
                );
                Some(name)
            }
            (chain, mirror) => panic!("{}\nchain: {chain:?}\nmirror: {mirror:?}", place()),
        };
        Mirrored {
            message: messages.first().map_or_else(Default::default, json),
            refusal,
        }
    }

    /// Knows the code by the checksum that the chain tells.
    fn store(&mut self, outcome: &Result<Vec<Event>, Refusal>) {
        let events = outcome.iter().flatten();
        let stored = events.filter(|event| event.ty == "store_code");
        let mut attributes = stored.flat_map(|event| &event.attributes);
        let is_checksum = |attribute: &&Attribute| attribute.key == "code_checksum";
        let checksum = &attributes.find(is_checksum).unwrap().value;
        self.app.store_code(code(&self.names[checksum]));
    }

    /// A smart query.
    pub fn smart<R: DeserializeOwned>(&self, contract: &str, message: &impl Serialize) -> R {
        let answer = self.app.wrap().query_wasm_smart(contract, message);
        answer.unwrap_or_else(|error| panic!("{error}"))
    }

    /// What an address has of a coin.
    pub fn balance(&self, address: &str, denom: &str) -> u128 {
        let coin = self.app.wrap().query_balance(address, denom).unwrap();
        Uint128::try_from(coin.amount).unwrap().u128()
    }

    /// Everything that a contract stores.
    pub fn state(&self, contract: &str) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let records = self.app.dump_wasm_raw(&Addr::unchecked(contract));
        records.into_iter().collect()
    }
}

/// The code of Bulwark's contracts and of those for tests, under the names of their files.
///
/// # Panics
/// For a name without code.
fn code(name: &str) -> Box<dyn Contract<Empty>> {
    match name {
        "vault" => {
            use bulwark_vault::contract::{execute, instantiate, query, reply};
            let code = ContractWrapper::new(execute, instantiate, query);
            Box::new(code.with_reply(reply))
        }
        "oracle" => {
            use bulwark_oracle::contract::{execute, instantiate, query};
            Box::new(ContractWrapper::new(execute, instantiate, query))
        }
        "caller" => {
            use bulwark_caller::contract::{execute, instantiate, reply};
            Box::new(ContractWrapper::new(execute, instantiate, no_query).with_reply(reply))
        }
        "token" => {
            use bulwark_test_token::contract::{execute, instantiate, query};
            Box::new(ContractWrapper::new(execute, instantiate, query))
        }
        _ => panic!("no code is called {name}"),
    }
}

/// The caller answers no queries; the embedded chain wants to hear that from somebody.
fn no_query(_: Deps<'_>, _: Env, query: Empty) -> StdResult<Binary> {
    to_json_binary(&query)
}

fn json(sent: &Sent) -> serde_json::Value {
    use cosmwasm_std::{CosmosMsg, WasmMsg};
    match sent {
        Sent::Message(_, CosmosMsg::Wasm(WasmMsg::Execute { msg, .. })) => {
            serde_json::from_slice(msg).unwrap()
        }
        _ => serde_json::Value::Null,
    }
}

/// The events of contracts, without the number of the message that the chain adds to each, and
/// with their attributes in the order in which the chain has those of messages within messages.
fn of_contracts(events: impl IntoIterator<Item = Event>) -> Vec<Event> {
    let events = events
        .into_iter()
        .filter(|event| event.ty.starts_with("wasm"));
    events
        .map(|mut event| {
            event
                .attributes
                .retain(|attribute| attribute.key != "msg_index");
            event.attributes.sort_by(|one, two| one.key.cmp(&two.key));
            event
        })
        .collect()
}

fn is_out_of_gas(refusal: &Refusal) -> bool {
    (refusal.codespace.as_str(), refusal.code) == ("sdk", 11)
}

/// What the chain refused; without the contract's own reason only that it was the chain.
fn told(refusal: Refusal) -> WireError {
    refusal.reason.unwrap_or(WireError {
        name: CHAIN.into(),
        sentence: refusal.log,
        fields: String::new(),
    })
}

fn comparable(error: WireError) -> (String, Option<(String, String)>) {
    let in_own_words = error.name == CHAIN || error.name == IN_OWN_WORDS;
    let words = (!in_own_words).then_some((error.sentence, error.fields));
    (error.name, words)
}

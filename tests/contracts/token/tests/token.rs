//! The token on an embedded chain, well behaved and not.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets something unforeseen shall fail loudly"
)]

use bulwark_test_token::contract;
use bulwark_test_token::msg::{ExecuteMsg, InitialBalance, InstantiateMsg, Misbehaviour, QueryMsg};
use bulwark_types::token::{Cw20ReceiveMsg, Cw20TokenInfoResponse, TokenKind};
use bulwark_types::wire::WireError;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult, Uint128,
    WasmMsg, to_json_binary,
};
use cw_multi_test::{App, ContractWrapper, Executor};
use cw_storage_plus::Item;

const HEARD: Item<Cw20ReceiveMsg> = Item::new("heard");

#[cw_serde]
enum ListenerMsg {
    Receive(Cw20ReceiveMsg),
}

/// A contract that remembers what a token last told it.
mod listener {
    use super::*;

    pub fn instantiate(_: DepsMut<'_>, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }

    pub fn execute(
        deps: DepsMut<'_>,
        _: Env,
        _: MessageInfo,
        msg: ListenerMsg,
    ) -> StdResult<Response> {
        let ListenerMsg::Receive(told) = msg;
        HEARD.save(deps.storage, &told)?;
        Ok(Response::new())
    }

    pub fn query(deps: Deps<'_>, _: Env, _: Empty) -> StdResult<Binary> {
        to_json_binary(&HEARD.load(deps.storage)?)
    }
}

struct Chain {
    app: App,
    token: Addr,
    listener: Addr,
}

/// Alice starts with 1000; the minter is called minter.
fn chain() -> Chain {
    let mut app = App::default();
    let minter = app.api().addr_make("minter");
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query);
    let code = app.store_code(Box::new(code));
    let message = InstantiateMsg {
        name: "Token".into(),
        symbol: "TOK".into(),
        decimals: 8,
        minter: minter.to_string(),
        initial_balances: vec![InitialBalance {
            address: app.api().addr_make("alice").into_string(),
            amount: Uint128::new(1_000),
        }],
    };
    let token = app
        .instantiate_contract(code, minter.clone(), &message, &[], "token", None)
        .unwrap();
    let code = ContractWrapper::new(listener::execute, listener::instantiate, listener::query);
    let code = app.store_code(Box::new(code));
    let listener = app
        .instantiate_contract(code, minter, &Empty {}, &[], "listener", None)
        .unwrap();
    Chain {
        app,
        token,
        listener,
    }
}

impl Chain {
    fn address(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    /// Sends a message; the name of the error if it is refused.
    fn execute(&mut self, sender: &str, message: &ExecuteMsg) -> Result<(), String> {
        let sender = self.address(sender);
        let done = self
            .app
            .execute_contract(sender, self.token.clone(), message, &[]);
        done.map(drop)
            .map_err(|error| WireError::find(&error.to_string()).unwrap().name)
    }

    fn transfer(&mut self, sender: &str, recipient: &str, amount: u128) -> Result<(), String> {
        let message = ExecuteMsg::Transfer {
            recipient: self.address(recipient).into_string(),
            amount: Uint128::new(amount),
        };
        self.execute(sender, &message)
    }

    /// Sends to the listener; what it is told.
    fn send(&mut self, sender: &str, amount: u128) -> Result<Cw20ReceiveMsg, String> {
        let message = ExecuteMsg::Send {
            contract: self.listener.to_string(),
            amount: Uint128::new(amount),
            msg: Binary::from(b"hello"),
        };
        self.execute(sender, &message)?;
        let told = self.app.wrap().query_wasm_smart(&self.listener, &Empty {});
        Ok(told.unwrap())
    }

    fn misbehave(&mut self, misbehaviour: Misbehaviour) {
        self.execute("minter", &ExecuteMsg::Misbehave(misbehaviour))
            .unwrap();
    }

    fn held_by(&self, holder: &Addr) -> u128 {
        let contract = self.token.as_str();
        TokenKind::Cw20 { contract }
            .balance(self.app.wrap(), holder.as_str())
            .unwrap()
            .0
    }

    fn held(&self, name: &str) -> u128 {
        self.held_by(&self.address(name))
    }

    fn supply(&self) -> u128 {
        let info: Cw20TokenInfoResponse = self
            .app
            .wrap()
            .query_wasm_smart(&self.token, &QueryMsg::TokenInfo {})
            .unwrap();
        info.total_supply.u128()
    }
}

#[test]
fn tokens_move_and_are_never_more_than_there_were() {
    let mut chain = chain();
    chain.transfer("alice", "bob", 300).unwrap();
    chain.transfer("bob", "bob", 300).unwrap();
    assert_eq!((chain.held("alice"), chain.held("bob")), (700, 300));
    assert_eq!(chain.supply(), 1_000);

    let refused = chain.transfer("bob", "alice", 301);
    assert_eq!(refused.unwrap_err(), "insufficient_balance");
    assert_eq!(
        chain.transfer("bob", "alice", 0).unwrap_err(),
        "zero_amount"
    );
}

#[test]
fn only_the_minter_mints_and_not_without_end() {
    let mut chain = chain();
    let mint = |chain: &Chain, amount| ExecuteMsg::Mint {
        recipient: chain.address("bob").into_string(),
        amount: Uint128::new(amount),
    };
    let fifty = mint(&chain, 50);
    assert_eq!(chain.execute("bob", &fifty).unwrap_err(), "not_minter");
    chain.execute("minter", &fifty).unwrap();
    assert_eq!((chain.held("bob"), chain.supply()), (50, 1_050));

    let too_many = mint(&chain, u128::MAX);
    assert_eq!(
        chain.execute("minter", &too_many).unwrap_err(),
        "too_many_tokens"
    );
}

#[test]
fn an_allowance_is_used_up() {
    let mut chain = chain();
    let allow = ExecuteMsg::IncreaseAllowance {
        spender: chain.address("bob").into_string(),
        amount: Uint128::new(100),
    };
    let take = |chain: &Chain, amount| ExecuteMsg::TransferFrom {
        owner: chain.address("alice").into_string(),
        recipient: chain.address("carol").into_string(),
        amount: Uint128::new(amount),
    };
    let sixty = take(&chain, 60);
    assert_eq!(
        chain.execute("bob", &sixty).unwrap_err(),
        "insufficient_allowance"
    );
    chain.execute("alice", &allow).unwrap();
    chain.execute("bob", &sixty).unwrap();
    assert_eq!(chain.held("carol"), 60);
    assert_eq!(
        chain.execute("bob", &sixty).unwrap_err(),
        "insufficient_allowance"
    );
    let forty = take(&chain, 40);
    chain.execute("bob", &forty).unwrap();
    assert_eq!((chain.held("alice"), chain.held("carol")), (900, 100));
}

#[test]
fn a_contract_is_told_who_sent_how_much() {
    let mut chain = chain();
    let told = chain.send("alice", 70).unwrap();
    let expected = Cw20ReceiveMsg {
        sender: chain.address("alice").into_string(),
        amount: Uint128::new(70),
        msg: Binary::from(b"hello"),
    };
    assert_eq!(told, expected);
    assert_eq!(chain.held_by(&chain.listener), 70);
}

#[test]
fn only_the_minter_makes_it_misbehave() {
    let mut chain = chain();
    let misbehave = ExecuteMsg::Misbehave(Misbehaviour::default());
    assert_eq!(
        chain.execute("alice", &misbehave).unwrap_err(),
        "not_minter"
    );
    let absurd = ExecuteMsg::Misbehave(Misbehaviour {
        fee_bps: 10_001,
        ..Default::default()
    });
    assert_eq!(
        chain.execute("minter", &absurd).unwrap_err(),
        "fee_too_high"
    );
}

#[test]
fn a_fee_on_transfers_is_burnt_and_the_hook_does_not_mention_it() {
    let mut chain = chain();
    chain.misbehave(Misbehaviour {
        fee_bps: 100,
        ..Default::default()
    });
    chain.transfer("alice", "bob", 250).unwrap();
    assert_eq!((chain.held("alice"), chain.held("bob")), (750, 247));
    assert_eq!(chain.supply(), 997);
    let told = chain.send("alice", 100).unwrap();
    assert_eq!(told.amount.u128(), 100);
    assert_eq!(chain.held_by(&chain.listener), 99);
}

#[test]
fn a_token_that_lies_does_so_in_its_words_only() {
    let mut chain = chain();
    chain.misbehave(Misbehaviour {
        claimed_amount: Some(Uint128::new(1_000_000)),
        claimed_sender: Some("nobody".into()),
        claimed_balance: Some(Uint128::new(5)),
        ..Default::default()
    });
    let told = chain.send("alice", 70).unwrap();
    assert_eq!(
        (told.amount.u128(), told.sender.as_str()),
        (1_000_000, "nobody")
    );
    assert_eq!((chain.held("alice"), chain.held("carol")), (5, 5));
    chain.misbehave(Misbehaviour::default());
    assert_eq!((chain.held("alice"), chain.held("carol")), (930, 0));
}

#[test]
fn a_token_can_refuse() {
    let mut chain = chain();
    chain.misbehave(Misbehaviour {
        refuse_transfers: true,
        ..Default::default()
    });
    assert_eq!(
        chain.transfer("alice", "bob", 1).unwrap_err(),
        "transfers_refused"
    );
    assert_eq!(chain.send("alice", 1).unwrap_err(), "transfers_refused");
}

#[test]
fn a_token_can_call_others_while_tokens_move() {
    let mut chain = chain();
    let words = Cw20ReceiveMsg {
        sender: "the token".into(),
        amount: Uint128::zero(),
        msg: Binary::default(),
    };
    let call = WasmMsg::Execute {
        contract_addr: chain.listener.to_string(),
        msg: to_json_binary(&ListenerMsg::Receive(words.clone())).unwrap(),
        funds: vec![],
    };
    chain.misbehave(Misbehaviour {
        on_transfer: vec![CosmosMsg::from(call)],
        ..Default::default()
    });
    chain.transfer("alice", "bob", 1).unwrap();
    let heard: Cw20ReceiveMsg = chain
        .app
        .wrap()
        .query_wasm_smart(&chain.listener, &Empty {})
        .unwrap();
    assert_eq!(heard, words);
    assert_eq!(chain.held("bob"), 1);
    // The hook of a send comes last.
    assert_eq!(chain.send("alice", 2).unwrap().amount.u128(), 2);
}

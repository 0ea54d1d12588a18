//! The pool on an embedded chain, of a coin and a CW20 token.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets something unforeseen shall fail loudly"
)]

use bulwark_risk::units::Amount;
use bulwark_test_swap::contract;
use bulwark_test_swap::msg::{ExecuteMsg, InstantiateMsg, PoolResponse, QueryMsg};
use bulwark_test_token::msg as token;
use bulwark_types::token::TokenKind;
use bulwark_types::vault::AssetAmount;
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Binary, Coin, CosmosMsg, StdResult, Uint128, to_json_binary};
use cw_multi_test::{App, ContractWrapper, Executor};

const COIN: &str = "ucoin";

struct Chain {
    app: App,
    pool: Addr,
    /// The CW20 token's name as an asset.
    token: String,
}

/// Alice and bob have a million of both assets; alice has put 100,000 of the coin and 400,000 of
/// the token into the pool, which takes 0.3 %.
fn chain() -> Chain {
    let mut app = App::default();
    let actors = ["alice", "bob"].map(|name| app.api().addr_make(name));
    app.init_modules(|router, _, storage| {
        for actor in &actors {
            let coins = vec![
                Coin::new(1_000_000u128, COIN),
                Coin::new(1_000u128, "uother"),
            ];
            router.bank.init_balance(storage, actor, coins).unwrap();
        }
    });
    let token = deploy_token(&mut app, &actors);
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query);
    let code = app.store_code(Box::new(code));
    let message = InstantiateMsg {
        assets: (COIN.into(), token.clone()),
        fee_bps: 30,
    };
    let pool = app
        .instantiate_contract(code, actors[0].clone(), &message, &[], "pool", None)
        .unwrap();
    let mut chain = Chain { app, pool, token };
    let provide = ExecuteMsg::Provide {};
    chain.bring("alice", COIN, 100_000, &provide).unwrap();
    let token = chain.token.clone();
    chain.bring("alice", &token, 400_000, &provide).unwrap();
    chain
}

fn deploy_token(app: &mut App, holders: &[Addr]) -> String {
    let code = ContractWrapper::new(
        bulwark_test_token::contract::execute,
        bulwark_test_token::contract::instantiate,
        bulwark_test_token::contract::query,
    );
    let code = app.store_code(Box::new(code));
    let minter = app.api().addr_make("minter");
    let message = token::InstantiateMsg {
        name: "Token".into(),
        symbol: "TOK".into(),
        decimals: 6,
        minter: minter.to_string(),
        initial_balances: holders
            .iter()
            .map(|holder| token::InitialBalance {
                address: holder.to_string(),
                amount: Uint128::new(1_000_000),
            })
            .collect(),
    };
    let contract = app
        .instantiate_contract(code, minter, &message, &[], "token", None)
        .unwrap();
    let contract = contract.as_str();
    TokenKind::Cw20 { contract }.asset()
}

fn swap(min_return: Option<u128>) -> ExecuteMsg {
    let min_return = min_return.map(Amount);
    ExecuteMsg::Swap { min_return }
}

impl Chain {
    /// Brings an amount of either asset with a message; the name of the error if it is refused.
    fn bring(
        &mut self,
        sender: &str,
        asset: &str,
        amount: u128,
        message: &ExecuteMsg,
    ) -> Result<(), String> {
        let message = to_json_binary(message).unwrap();
        let sent = TokenKind::of(asset).send(self.pool.as_str(), Amount(amount), message);
        self.execute(sender, sent)
    }

    fn execute(&mut self, sender: &str, message: StdResult<CosmosMsg>) -> Result<(), String> {
        let sender = self.app.api().addr_make(sender);
        let done = self.app.execute(sender, message.unwrap());
        done.map(drop)
            .map_err(|error| WireError::find(&error.to_string()).unwrap().name)
    }

    fn held(&self, name: &str, asset: &str) -> u128 {
        let holder = self.app.api().addr_make(name);
        let balance = TokenKind::of(asset).balance(self.app.wrap(), holder.as_str());
        balance.unwrap().0
    }

    fn reserves(&self) -> (u128, u128) {
        let pool: PoolResponse = self
            .app
            .wrap()
            .query_wasm_smart(&self.pool, &QueryMsg::Pool {})
            .unwrap();
        let (coin, token) = pool.reserves;
        (coin.amount.0, token.amount.0)
    }

    fn quote(&self, asset: &str, amount: u128) -> StdResult<AssetAmount> {
        let asset = asset.into();
        let amount = Amount(amount);
        let offer = AssetAmount { asset, amount };
        let quote = QueryMsg::Quote { offer };
        self.app.wrap().query_wasm_smart(&self.pool, &quote)
    }
}

#[test]
fn a_coin_is_swapped_for_the_token_at_the_quoted_amount() {
    let mut chain = chain();
    let token = chain.token.clone();
    // 1000 less ⌈3⌉ of fee: ⌊400,000 × 997 / 100,997⌋.
    let expected = AssetAmount {
        asset: token.clone(),
        amount: Amount(3_948),
    };
    assert_eq!(chain.quote(COIN, 1_000).unwrap(), expected);
    chain.bring("bob", COIN, 1_000, &swap(Some(3_948))).unwrap();
    assert_eq!(chain.held("bob", COIN), 999_000);
    assert_eq!(chain.held("bob", &token), 1_003_948);
    assert_eq!(chain.reserves(), (101_000, 396_052));
}

#[test]
fn the_token_is_swapped_for_the_coin_through_its_hook() {
    let mut chain = chain();
    let token = chain.token.clone();
    // 4000 less 12 of fee: ⌊100,000 × 3988 / 403,988⌋.
    assert_eq!(chain.quote(&token, 4_000).unwrap().amount, Amount(987));
    chain.bring("bob", &token, 4_000, &swap(None)).unwrap();
    assert_eq!(chain.held("bob", COIN), 1_000_987);
    assert_eq!(chain.held("bob", &token), 996_000);
    assert_eq!(chain.reserves(), (99_013, 404_000));
}

#[test]
fn a_swap_that_pays_too_little_changes_nothing() {
    let mut chain = chain();
    let token = chain.token.clone();
    for (asset, amount, wanted) in [
        (COIN, 1_000, Some(3_949)),
        (token.as_str(), 4_000, Some(988)),
        (token.as_str(), 1, None),
    ] {
        let refused = chain.bring("bob", asset, amount, &swap(wanted));
        assert_eq!(refused.unwrap_err(), "too_little");
    }
    assert_eq!(chain.reserves(), (100_000, 400_000));
    assert_eq!(chain.held("bob", COIN), 1_000_000);
    assert_eq!(chain.held("bob", &token), 1_000_000);
}

#[test]
fn tokens_that_come_without_a_message_move_no_price() {
    let mut chain = chain();
    let token = chain.token.clone();
    let pool = chain.pool.to_string();
    for asset in [COIN, &token] {
        let gift = TokenKind::of(asset).transfer(&pool, Amount(50_000));
        chain.execute("bob", gift).unwrap();
    }
    assert_eq!(chain.reserves(), (100_000, 400_000));
    assert_eq!(chain.quote(COIN, 1_000).unwrap().amount, Amount(3_948));
}

#[test]
fn what_is_not_of_the_pool_is_refused() {
    let mut chain = chain();
    let token = chain.token.clone();
    let other = chain.bring("bob", "uother", 5, &swap(None));
    assert_eq!(other.unwrap_err(), "not_in_pool");
    let gift = chain.bring("bob", "uother", 5, &ExecuteMsg::Provide {});
    assert_eq!(gift.unwrap_err(), "not_in_pool");
    let actors = [chain.app.api().addr_make("bob")];
    let stranger = deploy_token(&mut chain.app, &actors);
    let foreign = chain.bring("bob", &stranger, 5, &swap(None));
    assert_eq!(foreign.unwrap_err(), "not_in_pool");

    // Bob is not a token, and nothing has come with his word.
    let word = bulwark_types::token::Cw20ReceiveMsg {
        sender: chain.app.api().addr_make("bob").into_string(),
        amount: Uint128::new(1_000),
        msg: to_json_binary(&swap(None)).unwrap(),
    };
    let bob = chain.app.api().addr_make("bob");
    let hook = ExecuteMsg::Receive(word);
    let pool = chain.pool.clone();
    let refused = chain
        .app
        .execute_contract(bob.clone(), pool.clone(), &hook, &[]);
    let name = WireError::find(&refused.unwrap_err().to_string())
        .unwrap()
        .name;
    assert_eq!(name, "not_in_pool");

    let two = [Coin::new(1u128, COIN), Coin::new(1u128, "uother")];
    for funds in [&two[..], &[]] {
        let refused = chain
            .app
            .execute_contract(bob.clone(), pool.clone(), &swap(None), funds);
        let name = WireError::find(&refused.unwrap_err().to_string())
            .unwrap()
            .name;
        assert_eq!(name, "wrong_funds");
    }
    assert!(chain.quote("uother", 5).is_err());
    let nonsense = TokenKind::of(&token).send(pool.as_str(), Amount(5), Binary::from(b"{}"));
    assert_eq!(chain.execute("bob", nonsense).unwrap_err(), "std");
    assert_eq!(chain.reserves(), (100_000, 400_000));
}

#[test]
fn a_coin_that_is_called_like_the_token_is_not_the_token() {
    let mut chain = chain();
    let bob = chain.app.api().addr_make("bob");
    let forged = vec![Coin::new(1_000u128, chain.token.clone())];
    chain.app.init_modules(|router, _, storage| {
        let coins = forged.clone();
        router.bank.init_balance(storage, &bob, coins).unwrap();
    });
    let pool = chain.pool.clone();
    let refused = chain.app.execute_contract(bob, pool, &swap(None), &forged);
    let name = WireError::find(&refused.unwrap_err().to_string())
        .unwrap()
        .name;
    assert_eq!(name, "wrong_funds");
}

#[test]
fn a_pool_that_makes_no_sense_is_not_created() {
    let mut chain = chain();
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query);
    let code = chain.app.store_code(Box::new(code));
    let bob = chain.app.api().addr_make("bob");
    let token = chain.token.clone();
    let shouted = token.to_uppercase().replacen("CW20", "cw20", 1);
    for (assets, fee_bps, error) in [
        ((COIN, COIN), 30, "same_asset"),
        ((COIN, &token), 10_001, "fee_too_high"),
        ((COIN, "cw20:nobody"), 30, "std"),
        ((&shouted, COIN), 30, "std"),
    ] {
        let assets = (assets.0.to_owned(), assets.1.to_owned());
        let message = InstantiateMsg { assets, fee_bps };
        let refused =
            chain
                .app
                .instantiate_contract(code, bob.clone(), &message, &[], "pool", None);
        let name = WireError::find(&refused.unwrap_err().to_string())
            .unwrap()
            .name;
        assert_eq!(name, error);
    }
}

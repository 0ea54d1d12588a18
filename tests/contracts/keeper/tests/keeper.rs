//! The keeper's contract on an embedded chain, where an actor plays the vault.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets something unforeseen shall fail loudly"
)]

use bulwark_risk::units::Amount;
use bulwark_test_keeper::contract;
use bulwark_test_keeper::msg::{CallbackData, ExecuteMsg, InstantiateMsg};
use bulwark_test_swap::msg as swap;
use bulwark_test_token::msg as token;
use bulwark_types::token::TokenKind;
use bulwark_types::vault::{AssetAmount, BulwarkCallback, KeeperMsg};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Coin, CosmosMsg, StdResult, Uint128, WasmMsg, to_json_binary};
use cw_multi_test::{App, ContractWrapper, Executor};

const COIN: &str = "ucoin";

struct Chain {
    app: App,
    keeper: Addr,
    pool: Addr,
    /// The CW20 token's name as an asset.
    token: String,
}

/// Olga owns the keeper's contract, which has nothing. The pool holds a million of both assets
/// and takes no fee; the vault holds as much.
fn chain() -> Chain {
    let mut app = App::default();
    let [olga, vault] = ["olga", "vault"].map(|name| app.api().addr_make(name));
    app.init_modules(|router, _, storage| {
        let coins = vec![Coin::new(2_000_000u128, COIN)];
        router.bank.init_balance(storage, &vault, coins).unwrap();
    });

    let code = ContractWrapper::new(
        bulwark_test_token::contract::execute,
        bulwark_test_token::contract::instantiate,
        bulwark_test_token::contract::query,
    );
    let code = app.store_code(Box::new(code));
    let message = token::InstantiateMsg {
        name: "Token".into(),
        symbol: "TOK".into(),
        decimals: 6,
        minter: vault.to_string(),
        initial_balances: vec![token::InitialBalance {
            address: vault.to_string(),
            amount: Uint128::new(2_000_000),
        }],
    };
    let contract = app
        .instantiate_contract(code, olga.clone(), &message, &[], "token", None)
        .unwrap();
    let contract = contract.as_str();
    let token = TokenKind::Cw20 { contract }.asset();

    let code = ContractWrapper::new(
        bulwark_test_swap::contract::execute,
        bulwark_test_swap::contract::instantiate,
        bulwark_test_swap::contract::query,
    );
    let code = app.store_code(Box::new(code));
    let message = swap::InstantiateMsg {
        assets: (COIN.into(), token.clone()),
        fee_bps: 0,
    };
    let pool = app
        .instantiate_contract(code, olga.clone(), &message, &[], "pool", None)
        .unwrap();

    let code = app.store_code(Box::new(ContractWrapper::new(
        contract::execute,
        contract::instantiate,
        no_queries,
    )));
    let message = InstantiateMsg {
        vault: vault.to_string(),
    };
    let keeper = app
        .instantiate_contract(code, olga, &message, &[], "keeper", None)
        .unwrap();

    let provide = to_json_binary(&swap::ExecuteMsg::Provide {}).unwrap();
    let mut chain = Chain {
        app,
        keeper,
        pool,
        token,
    };
    for asset in [COIN, &chain.token.clone()] {
        let gift =
            TokenKind::of(asset).send(chain.pool.as_str(), Amount(1_000_000), provide.clone());
        chain.execute("vault", gift).unwrap();
    }
    chain
}

/// The embedded chain wants to be told what a contract answers; this one answers nothing.
fn no_queries(
    _: cosmwasm_std::Deps<'_>,
    _: cosmwasm_std::Env,
    _: cosmwasm_std::Empty,
) -> StdResult<cosmwasm_std::Binary> {
    Ok(cosmwasm_std::Binary::default())
}

impl Chain {
    /// Sends the seized amount and calls back, as a vault does.
    fn call_back(
        &mut self,
        sender: &str,
        initiator: &str,
        seized: (&str, u128),
        debt: (&str, u128),
    ) -> Result<(), String> {
        let amount = |(asset, amount): (&str, u128)| AssetAmount {
            asset: asset.into(),
            amount: Amount(amount),
        };
        let data = CallbackData {
            pool: self.pool.to_string(),
        };
        let callback = BulwarkCallback {
            initiator: self.address(initiator).into_string(),
            seized: amount(seized),
            debt: amount(debt),
            data: to_json_binary(&data).unwrap(),
        };
        let message = to_json_binary(&KeeperMsg::BulwarkCallback(callback)).unwrap();
        let sender = self.address(sender);
        let call = |funds| WasmMsg::Execute {
            contract_addr: self.keeper.to_string(),
            msg: message,
            funds,
        };
        let messages: Vec<CosmosMsg> = match TokenKind::of(seized.0) {
            TokenKind::Native { denom } => {
                vec![call(vec![Coin::new(seized.1, denom)]).into()]
            }
            token @ TokenKind::Cw20 { .. } => {
                let sent = token.transfer(self.keeper.as_str(), Amount(seized.1));
                vec![sent.unwrap(), call(vec![]).into()]
            }
        };
        let done = self.app.execute_multi(sender, messages);
        done.map(drop)
            .map_err(|error| WireError::find(&error.to_string()).unwrap().name)
    }

    fn execute(&mut self, sender: &str, message: StdResult<CosmosMsg>) -> Result<(), String> {
        let sender = self.address(sender);
        let done = self.app.execute(sender, message.unwrap());
        done.map(drop)
            .map_err(|error| WireError::find(&error.to_string()).unwrap().name)
    }

    fn withdraw(&mut self, sender: &str, asset: &str) -> Result<(), String> {
        let asset = asset.into();
        let message = to_json_binary(&ExecuteMsg::Withdraw { asset }).unwrap();
        let withdraw = WasmMsg::Execute {
            contract_addr: self.keeper.to_string(),
            msg: message,
            funds: vec![],
        };
        self.execute(sender, Ok(withdraw.into()))
    }

    fn address(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    fn held(&self, holder: &Addr, asset: &str) -> u128 {
        let balance = TokenKind::of(asset).balance(self.app.wrap(), holder.as_str());
        balance.unwrap().0
    }
}

#[test]
fn a_seized_coin_is_sold_the_debt_repaid_and_the_profit_kept() {
    let mut chain = chain();
    let (token, vault, keeper) = (
        chain.token.clone(),
        chain.address("vault"),
        chain.keeper.clone(),
    );
    // ⌊1,000,000 × 1100 / 1,001,100⌋ = 1098 for a debt of 1000.
    chain
        .call_back("vault", "olga", (COIN, 1_100), (&token, 1_000))
        .unwrap();
    assert_eq!(chain.held(&vault, &token), 1_001_000);
    assert_eq!(chain.held(&keeper, &token), 98);
    assert_eq!(chain.held(&keeper, COIN), 0);

    assert_eq!(chain.withdraw("vault", &token).unwrap_err(), "not_owner");
    chain.withdraw("olga", &token).unwrap();
    assert_eq!(chain.held(&chain.address("olga"), &token), 98);
}

#[test]
fn a_seized_token_is_sold_for_a_coin() {
    let mut chain = chain();
    let (token, vault, keeper) = (
        chain.token.clone(),
        chain.address("vault"),
        chain.keeper.clone(),
    );
    chain
        .call_back("vault", "olga", (&token, 1_100), (COIN, 1_000))
        .unwrap();
    assert_eq!(chain.held(&vault, COIN), 1_001_000);
    assert_eq!(chain.held(&keeper, COIN), 98);
    assert_eq!(chain.held(&keeper, &token), 0);
}

#[test]
fn a_sale_that_would_not_repay_the_debt_fails_even_if_the_keeper_has_money() {
    let mut chain = chain();
    let (token, keeper) = (chain.token.clone(), chain.keeper.clone());
    chain
        .call_back("vault", "olga", (COIN, 1_100), (&token, 1_000))
        .unwrap();
    let refused = chain.call_back("vault", "olga", (COIN, 1_000), (&token, 1_000));
    assert_eq!(refused.unwrap_err(), "too_little");
    assert_eq!(chain.held(&keeper, &token), 98);
}

#[test]
fn only_its_vault_calls_back_and_only_for_its_owner() {
    let mut chain = chain();
    let (token, vault) = (chain.token.clone(), chain.address("vault"));
    let mallory = chain.address("mallory");
    let coins = TokenKind::of(COIN).transfer(mallory.as_str(), Amount(5_000));
    chain.execute("vault", coins).unwrap();
    let before = chain.held(&vault, &token);
    let stranger = chain.call_back("mallory", "olga", (COIN, 1_100), (&token, 1_000));
    assert_eq!(stranger.unwrap_err(), "not_vault");
    let foreign = chain.call_back("vault", "mallory", (COIN, 1_100), (&token, 1_000));
    assert_eq!(foreign.unwrap_err(), "not_owner");
    assert_eq!(chain.held(&vault, &token), before);
}

//! The contract on an embedded chain.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets something unforeseen shall fail loudly"
)]

use bulwark_test_mischief::contract;
use bulwark_test_mischief::msg::{ExecuteMsg, InstantiateMsg, QueryMsg};
use cosmwasm_std::{Addr, BankMsg, Binary, Coin, CosmosMsg, WasmMsg};
use cw_multi_test::{App, ContractWrapper, Executor};

struct Chain {
    app: App,
    mischief: Addr,
}

/// The contract has 10 ucoin.
fn chain() -> Chain {
    let mut app = App::default();
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
        .with_reply(contract::reply);
    let code = app.store_code(Box::new(code));
    let creator = app.api().addr_make("creator");
    let mischief = app
        .instantiate_contract(code, creator, &InstantiateMsg {}, &[], "mischief", None)
        .unwrap();
    app.init_modules(|router, _, storage| {
        let coins = vec![Coin::new(10u128, "ucoin")];
        router.bank.init_balance(storage, &mischief, coins).unwrap();
    });
    Chain { app, mischief }
}

impl Chain {
    fn set(&mut self, on_call: Vec<CosmosMsg>, swallow: bool) {
        let anybody = self.app.api().addr_make("anybody");
        let message = ExecuteMsg::Set { on_call, swallow };
        self.app
            .execute_contract(anybody, self.mischief.clone(), &message, &[])
            .unwrap();
    }

    /// Calls it with any JSON; whether that succeeds.
    fn call(&mut self, json: &str) -> bool {
        let message = WasmMsg::Execute {
            contract_addr: self.mischief.to_string(),
            msg: Binary::from(json.as_bytes()),
            funds: vec![],
        };
        let anybody = self.app.api().addr_make("anybody");
        self.app.execute(anybody, message.into()).is_ok()
    }

    /// A payment of ucoin by the contract.
    fn payment(&self, amount: u128) -> CosmosMsg {
        let to_address = self.app.api().addr_make("bob").into_string();
        let amount = vec![Coin::new(amount, "ucoin")];
        BankMsg::Send { to_address, amount }.into()
    }

    fn paid(&self) -> String {
        let bob = self.app.api().addr_make("bob");
        let balance = self.app.wrap().query_balance(bob, "ucoin").unwrap();
        balance.amount.to_string()
    }

    fn errors(&self) -> Vec<String> {
        let errors = self.app.wrap();
        errors
            .query_wasm_smart(&self.mischief, &QueryMsg::Errors {})
            .unwrap()
    }

    fn waiting(&self) -> usize {
        let waiting = self.app.wrap();
        waiting
            .query_wasm_smart(&self.mischief, &QueryMsg::Waiting {})
            .unwrap()
    }
}

#[test]
fn any_call_runs_the_messages_once() {
    for json in [
        r#"{"receive":{"sender":"x","amount":"1","msg":""}}"#,
        r#"{"bulwark_callback":{"initiator":"x"}}"#,
        r#"{"swap":{}}"#,
        "7",
    ] {
        let mut chain = chain();
        let payment = chain.payment(3);
        chain.set(vec![payment], false);
        assert_eq!(chain.waiting(), 1);
        assert!(chain.call(json));
        assert!(chain.call(json));
        assert_eq!(chain.waiting(), 0);
        assert_eq!(chain.paid(), "3");
    }
}

#[test]
fn a_refusal_passes_through_or_is_written_down() {
    let mut chain = chain();
    let plan = vec![chain.payment(11), chain.payment(3), chain.payment(8)];
    chain.set(plan.clone(), false);
    assert!(!chain.call("{}"));
    assert_eq!(chain.paid(), "0");

    chain.set(plan, true);
    assert!(chain.call("{}"));
    assert_eq!(chain.paid(), "3");
    let errors = chain.errors();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors
            .iter()
            .all(|error| error.contains("Cannot Sub") || error.contains("verflow"))
    );

    chain.set(vec![], true);
    assert_eq!(chain.errors(), Vec::<String>::new());
}

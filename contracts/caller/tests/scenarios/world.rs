//! A caller, a CW20 token, a pool of a coin and that token, and a contract that does what it was
//! told.

use bulwark_risk::units::Amount;
use bulwark_test_mischief::msg as mischief;
use bulwark_test_swap::msg as swap;
use bulwark_test_token::msg as token;
use bulwark_types::caller::{Caller, ExecuteMsg, InstantiateMsg};
use bulwark_types::token::TokenKind;
use bulwark_types::wire::WireError;
use cosmwasm_std::{
    Addr, Binary, Coin, CosmosMsg, Deps, Empty, Env, StdError, StdResult, Uint128, WasmMsg,
    to_json_binary,
};
use cw_multi_test::{App, Contract, ContractWrapper, Executor};
use serde::Serialize;

pub const COIN: &str = "ucoin";
pub const ACTORS: [&str; 3] = ["alice", "bob", "mallory"];

pub struct World {
    pub app: App,
    pub caller: Addr,
    pub pool: Addr,
    pub mischief: Addr,
    /// Address of the CW20 token.
    pub token_contract: Addr,
    /// Its name as an asset.
    pub token: String,
}

pub fn caller_code() -> Box<dyn Contract<Empty>> {
    use bulwark_caller::contract::{execute, instantiate, reply};
    Box::new(ContractWrapper::new(execute, instantiate, no_queries).with_reply(reply))
}

/// The embedded chain wants to be told what a contract answers; the caller answers nothing.
fn no_queries(_: Deps<'_>, _: Env, _: Empty) -> StdResult<Binary> {
    Err(StdError::msg("the caller answers no queries"))
}

impl World {
    /// Every actor has a million of the coin and of the token. The pool has as much of both and
    /// takes no fee. The caller has nothing.
    pub fn new() -> Self {
        let mut app = App::default();
        let actors = ACTORS.map(|name| app.api().addr_make(name));
        app.init_modules(|router, _, storage| {
            for actor in &actors {
                let coins = vec![Coin::new(2_000_000u128, COIN)];
                router.bank.init_balance(storage, actor, coins).unwrap();
            }
        });
        let [alice, ..] = &actors;

        let code = {
            use bulwark_test_token::contract::{execute, instantiate, query};
            app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)))
        };
        let message = token::InstantiateMsg {
            name: "Token".into(),
            symbol: "TOK".into(),
            decimals: 6,
            minter: alice.to_string(),
            initial_balances: actors
                .iter()
                .map(|actor| token::InitialBalance {
                    address: actor.to_string(),
                    amount: Uint128::new(2_000_000),
                })
                .collect(),
        };
        let token_contract = app
            .instantiate_contract(code, alice.clone(), &message, &[], "token", None)
            .unwrap();
        let contract = token_contract.as_str();
        let token = TokenKind::Cw20 { contract }.asset();

        let code = {
            use bulwark_test_swap::contract::{execute, instantiate, query};
            app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)))
        };
        let message = swap::InstantiateMsg {
            assets: (COIN.into(), token.clone()),
            fee_bps: 0,
        };
        let pool = app
            .instantiate_contract(code, alice.clone(), &message, &[], "pool", None)
            .unwrap();

        let code = {
            use bulwark_test_mischief::contract::{execute, instantiate, query, reply};
            let wrapper = ContractWrapper::new(execute, instantiate, query).with_reply(reply);
            app.store_code(Box::new(wrapper))
        };
        let message = mischief::InstantiateMsg {};
        let mischief = app
            .instantiate_contract(code, alice.clone(), &message, &[], "mischief", None)
            .unwrap();

        let code = app.store_code(caller_code());
        let caller = app
            .instantiate_contract(code, alice.clone(), &InstantiateMsg {}, &[], "caller", None)
            .unwrap();

        let mut world = Self {
            app,
            caller,
            pool,
            mischief,
            token_contract,
            token,
        };
        let provide = to_json_binary(&swap::ExecuteMsg::Provide {}).unwrap();
        for (actor, asset) in [("alice", COIN), ("alice", &world.token.clone())] {
            let gift =
                TokenKind::of(asset).send(world.pool.as_str(), Amount(1_000_000), provide.clone());
            world.send(actor, vec![gift.unwrap()]).unwrap();
        }
        for actor in ["bob", "mallory"] {
            for asset in [COIN, &world.token.clone()] {
                world.give(actor, asset, 1_000_000, &world.pool.clone());
            }
        }
        world
    }

    pub fn address(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn held(&self, holder: &Addr, asset: &str) -> u128 {
        let balance = TokenKind::of(asset).balance(self.app.wrap(), holder.as_str());
        balance.unwrap().0
    }

    /// What an actor has of the coin and of the token.
    pub fn purse(&self, name: &str) -> (u128, u128) {
        let holder = self.address(name);
        (self.held(&holder, COIN), self.held(&holder, &self.token))
    }

    /// What stands at the caller of the coin and of the token.
    pub fn standing(&self) -> (u128, u128) {
        (
            self.held(&self.caller, COIN),
            self.held(&self.caller, &self.token),
        )
    }

    /// Sends messages in one transaction; the error if it is refused.
    pub fn send(&mut self, sender: &str, messages: Vec<CosmosMsg>) -> Result<(), WireError> {
        let sender = self.address(sender);
        let done = self.app.execute_multi(sender, messages);
        done.map(drop)
            .map_err(|error| WireError::find(&error.to_string()).unwrap())
    }

    /// A plain transfer that is not refused.
    pub fn give(&mut self, sender: &str, asset: &str, amount: u128, to: &Addr) {
        let gift = TokenKind::of(asset).transfer(to.as_str(), Amount(amount));
        self.send(sender, vec![gift.unwrap()]).unwrap();
    }

    /// A run that passes coins on.
    pub fn run_msg(
        &self,
        contract: &Addr,
        message: &impl Serialize,
        returns: &[&str],
        coins: u128,
    ) -> CosmosMsg {
        let funds = match coins {
            0 => vec![],
            some => vec![Coin::new(some, COIN)],
        };
        let address = &self.caller;
        let returns = returns.iter().map(|&asset| asset.into()).collect();
        let message = to_json_binary(message).unwrap();
        let run = Caller { address }.run(contract.to_string(), message, returns, funds);
        run.unwrap().into()
    }

    /// A message straight to the caller.
    pub fn caller_msg(&self, message: &ExecuteMsg, funds: Vec<Coin>) -> CosmosMsg {
        WasmMsg::Execute {
            contract_addr: self.caller.to_string(),
            msg: to_json_binary(message).unwrap(),
            funds,
        }
        .into()
    }

    /// Tells the attacker's contract what to do when it is called.
    pub fn plot(&mut self, on_call: Vec<CosmosMsg>) {
        let message = mischief::ExecuteMsg::Set {
            on_call,
            swallow: false,
        };
        let set = WasmMsg::Execute {
            contract_addr: self.mischief.to_string(),
            msg: to_json_binary(&message).unwrap(),
            funds: vec![],
        };
        self.send("mallory", vec![set.into()]).unwrap();
    }
}

/// A swap that wants at least this much.
pub fn swap(min_return: u128) -> swap::ExecuteMsg {
    swap::ExecuteMsg::Swap {
        min_return: Some(Amount(min_return)),
    }
}

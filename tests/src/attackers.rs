//! Contracts of others that the vault calls: a keeper without inventory, and one that does what
//! it was told.

use bulwark_test_keeper::{contract as keeper, msg as keeper_msg};
use bulwark_test_mischief::{contract as mischief, msg as mischief_msg};
use bulwark_testing::{SwapPool, World};
use bulwark_types::liquidator::InstantiateMsg;
use bulwark_types::vault::Callback;
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Binary, CosmosMsg, Deps, Empty, Env, StdResult, WasmMsg, to_json_binary};
use cw_multi_test::{AppResponse, ContractWrapper, Executor};
use serde::Serialize;

/// A contract of `owner` that serves liquidation callbacks of this vault: it sells what was
/// seized at a pool and repays.
///
/// # Panics
/// If the chain refuses.
#[must_use]
pub fn keeper_contract(world: &mut World, owner: &str) -> Addr {
    let vault = world.vault().to_string();
    let owner = world.address(owner);
    let code = ContractWrapper::new(keeper::execute, keeper::instantiate, no_query);
    let code = world.app_mut().store_code(Box::new(code));
    let message = keeper_msg::InstantiateMsg { vault };
    world
        .app_mut()
        .instantiate_contract(code, owner, &message, &[], "keeper", None)
        .expect("a keeper's contract")
}

/// The keeper's contract answers no queries; the embedded chain wants to hear that.
fn no_query(_: Deps<'_>, _: Env, query: Empty) -> StdResult<Binary> {
    to_json_binary(&query)
}

/// The callback that lets a keeper's contract sell at a pool.
///
/// # Panics
/// None in practice.
#[must_use]
pub fn sale(contract: &Addr, pool: &SwapPool) -> Callback {
    let data = keeper_msg::CallbackData {
        pool: pool.address.to_string(),
    };
    Callback {
        contract: contract.to_string(),
        data: to_json_binary(&data).expect("json"),
    }
}

/// The keeper takes all that its contract has of an asset.
///
/// # Errors
/// What the contract refuses.
pub fn keeper_takes(
    world: &mut World,
    owner: &str,
    contract: &Addr,
    asset: &str,
) -> Result<AppResponse, WireError> {
    let message = keeper_msg::ExecuteMsg::Withdraw {
        asset: world.asset(asset),
    };
    let owner = world.address(owner);
    world.execute_raw(&owner, contract, &message, &[])
}

/// A contract that sends the messages it was told, once, when anybody calls it.
#[derive(Clone, Debug)]
pub struct Mischief {
    /// Its address.
    pub address: Addr,
}

impl Mischief {
    /// Makes one.
    ///
    /// # Panics
    /// If the chain refuses.
    #[must_use]
    pub fn deploy(world: &mut World) -> Self {
        let creator = world.address("mallory");
        let code = ContractWrapper::new(mischief::execute, mischief::instantiate, mischief::query)
            .with_reply(mischief::reply);
        let code = world.app_mut().store_code(Box::new(code));
        let message = mischief_msg::InstantiateMsg {};
        let address = world
            .app_mut()
            .instantiate_contract(code, creator, &message, &[], "mischief", None)
            .expect("a contract");
        Self { address }
    }

    /// What to do at the next call, and whether to go on where a message is refused.
    ///
    /// # Panics
    /// If the chain refuses.
    pub fn set(&self, world: &mut World, on_call: Vec<CosmosMsg>, swallow: bool) {
        let message = mischief_msg::ExecuteMsg::Set { on_call, swallow };
        let creator = world.address("mallory");
        world
            .execute_raw(&creator, &self.address, &message, &[])
            .expect("a plan");
    }

    /// The names of the errors that it swallowed at its last call.
    ///
    /// # Panics
    /// If it does not answer, or met something that is none of the contracts' errors.
    #[must_use]
    pub fn refusals(&self, world: &World) -> Vec<String> {
        let errors: Vec<String> = world
            .app()
            .wrap()
            .query_wasm_smart(&self.address, &mischief_msg::QueryMsg::Errors {})
            .expect("an answer");
        // The embedded chain repeats sender and message before it tells the error.
        let told = |text: &String| text.rsplit("error: ").next().map(str::to_owned);
        let name = |text: &String| WireError::find(&told(text).expect(text)).expect(text).name;
        errors.iter().map(name).collect()
    }

    /// Whether it has been called since it was told what to do.
    ///
    /// # Panics
    /// If it does not answer.
    #[must_use]
    pub fn was_called(&self, world: &World) -> bool {
        let waiting: usize = world
            .app()
            .wrap()
            .query_wasm_smart(&self.address, &mischief_msg::QueryMsg::Waiting {})
            .expect("an answer");
        waiting == 0
    }

    /// A callback to it.
    #[must_use]
    pub fn callback(&self) -> Callback {
        Callback {
            contract: self.address.to_string(),
            data: Binary::default(),
        }
    }

    /// A message of it to a contract.
    ///
    /// # Panics
    /// None in practice.
    #[must_use]
    pub fn message(contract: &Addr, message: &impl Serialize) -> CosmosMsg {
        WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg: to_json_binary(message).expect("json"),
            funds: Vec::new(),
        }
        .into()
    }
}

/// The liquidator of this world's vault.
///
/// # Panics
/// If the chain refuses.
#[must_use]
pub fn liquidator(world: &mut World) -> Addr {
    use bulwark_liquidator::contract::{execute, instantiate, query};
    let vault = world.vault().to_string();
    let code =
        world
            .app_mut()
            .store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let creator = world.address("mallory");
    let message = InstantiateMsg { vault };
    world
        .app_mut()
        .instantiate_contract(code, creator, &message, &[], "liquidator", None)
        .expect("a liquidator")
}

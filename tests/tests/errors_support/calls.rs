//! Batches, calls and callbacks.

use bulwark_risk::units::Amount;
use bulwark_test_mischief::{contract as mischief, msg};
use bulwark_testing::World;
use bulwark_tests::underwater;
use bulwark_types::vault::{Action, AssetAmount, Callback, ExecuteMsg};
use bulwark_types::wire::WireError;
use cosmwasm_std::testing::{mock_dependencies, mock_env};
use cosmwasm_std::{
    Addr, Binary, CosmosMsg, Reply, SubMsgResponse, SubMsgResult, WasmMsg, to_json_binary,
};
use cw_multi_test::{ContractWrapper, Executor};
use serde_json::json;

use super::{Provoked, case};

/// A contract that does as it is told when it is called, whatever the call.
fn contract_that(world: &mut World, on_call: Vec<CosmosMsg>) -> Addr {
    let wrapper = ContractWrapper::new(mischief::execute, mischief::instantiate, mischief::query)
        .with_reply(mischief::reply);
    let sender = world.address("mallory");
    let app = world.app_mut();
    let code = app.store_code(Box::new(wrapper));
    let address = app
        .instantiate_contract(
            code,
            sender.clone(),
            &msg::InstantiateMsg {},
            &[],
            "odd",
            None,
        )
        .unwrap();
    let plan = msg::ExecuteMsg::Set {
        on_call,
        swallow: false,
    };
    world.execute_raw(&sender, &address, &plan, &[]).unwrap();
    address
}

pub fn refusals() -> Vec<Provoked> {
    let mut world = underwater();
    let [atom, usdc] = ["ATOM", "USDC"].map(|symbol| world.asset(symbol));
    let accrue = ExecuteMsg::Accrue {
        assets: vec![usdc.clone()],
    };
    let back = CosmosMsg::Wasm(WasmMsg::Execute {
        contract_addr: world.vault().to_string(),
        msg: to_json_binary(&accrue).unwrap(),
        funds: vec![],
    });
    let caller_back = contract_that(&mut world, vec![back]);
    let idler = contract_that(&mut world, vec![]);
    let call = |contract: &Addr| Action::Call {
        contract: contract.to_string(),
        msg: Binary::new(b"{}".to_vec()),
        funds: vec![],
        returns: vec![],
    };
    let deposit = Action::Deposit {
        asset: atom.clone(),
        amount: Some(Amount(1)),
        lend: None,
    };
    let debt = AssetAmount {
        asset: usdc.clone(),
        amount: Amount(10_000_000),
    };
    let half = ExecuteMsg::Liquidate {
        account: world.account_ref("alice"),
        seize: atom.clone(),
        min_seized: None,
        receive: None,
        to: None,
        debt: Some(debt.clone()),
        callback: None,
    };
    let simulated = world.simulate("bob", vec![call(&idler)]).unwrap();
    let callback = Callback {
        contract: idler.to_string(),
        data: Binary::default(),
    };
    vec![
        case(
            "locked",
            json!({}),
            world.batch("bob", vec![call(&caller_back)], vec![]),
        ),
        case(
            "insufficient_hand",
            json!({"asset": atom, "available": "0", "requested": "1"}),
            world.batch("bob", vec![deposit], vec![]),
        ),
        case::<()>(
            "call_not_simulated",
            json!({"contract": idler}),
            Err(WireError::find(&simulated.refusal.unwrap()).unwrap()),
        ),
        case(
            "debt_without_callback",
            json!({"debt": true, "callback": false}),
            world.execute("keeper", half, vec![]),
        ),
        case(
            "not_repaid",
            json!({"asset": usdc, "owed": "10000000", "repaid": "0"}),
            world.liquidate_by_callback("keeper", "alice", debt, "ATOM", callback),
        ),
        case("unknown_reply", json!({"id": 7}), answer_unasked()),
    ]
}

/// A reply under a number that the vault never gives away.
fn answer_unasked() -> Result<(), WireError> {
    let reply = Reply {
        id: 7,
        payload: Binary::default(),
        gas_used: 0,
        #[allow(deprecated, reason = "the field has no other constructor")]
        result: SubMsgResult::Ok(SubMsgResponse {
            events: vec![],
            data: None,
            msg_responses: vec![],
        }),
    };
    let mut deps = mock_dependencies();
    match bulwark_vault::contract::reply(deps.as_mut(), mock_env(), reply) {
        Ok(_) => Ok(()),
        Err(error) => Err(WireError::find(&error.to_string()).expect("the form")),
    }
}

//! CW20 tokens that do not do what a token should.

use bulwark_test_token::{contract as token, msg};
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::world_of;
use bulwark_types::token::{Cw20ReceiveMsg, TokenKind};
use bulwark_types::vault::{Action, ExecuteMsg};
use cosmwasm_std::{Addr, Binary, Uint128, to_json_binary};
use cw_multi_test::{ContractWrapper, Executor};
use serde_json::{Value, json};

use super::{Provoked, case};

pub fn refusals() -> Vec<Provoked> {
    let mut world = world_of([MarketSpec::crypto("ATOM").as_cw20()])
        .build()
        .unwrap();
    let atom = world.asset("ATOM");
    let sent = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: world.address("alice").into_string(),
        amount: Uint128::new(1),
        msg: Binary::new(b"{\"withdraw\":{}}".to_vec()),
    });
    let contract = world.token("ATOM").unwrap();
    let mut cases = vec![case(
        "malformed_hook",
        Value::Null,
        world.execute(contract.as_str(), sent, vec![]),
    )];
    let takes_a_fee = msg::Misbehaviour {
        fee_bps: 100,
        ..msg::Misbehaviour::default()
    };
    world.misbehave("ATOM", takes_a_fee).unwrap();
    cases.push(case(
        "token_short",
        json!({"asset": atom, "held": "99000000", "owed": "100000000"}),
        world.deposit("alice", "ATOM", 100),
    ));

    // The caller is this token's minter: the call of a batch can make it lie.
    let contract = token_minted_by_the_caller(&mut world);
    let asset = TokenKind::Cw20 {
        contract: contract.as_str(),
    }
    .asset();
    let spec = MarketSpec::crypto("ODD").with_denom(&asset);
    world.list(spec, 0).unwrap();
    world.deposit("carol", "ODD", 5).unwrap();
    let lie = msg::ExecuteMsg::Misbehave(msg::Misbehaviour {
        claimed_balance: Some(Uint128::zero()),
        ..msg::Misbehaviour::default()
    });
    let call = Action::Call {
        contract: contract.into_string(),
        msg: to_json_binary(&lie).unwrap(),
        funds: vec![],
        returns: vec![asset.clone()],
    };
    cases.push(case(
        "balance_fell",
        json!({"asset": asset, "before": "5000000", "after": "0"}),
        world.batch("bob", vec![call], vec![]),
    ));
    cases
}

fn token_minted_by_the_caller(world: &mut World) -> Addr {
    let wrapper = ContractWrapper::new(token::execute, token::instantiate, token::query);
    let sender = world.address("mallory");
    let message = msg::InstantiateMsg {
        name: "Odd".into(),
        symbol: "ODD".into(),
        decimals: 6,
        minter: world.caller().to_string(),
        initial_balances: vec![msg::InitialBalance {
            address: world.address("carol").into_string(),
            amount: Uint128::new(5_000_000),
        }],
    };
    let app = world.app_mut();
    let code = app.store_code(Box::new(wrapper));
    app.instantiate_contract(code, sender, &message, &[], "odd", None)
        .unwrap()
}

//! A CW20 token as an asset: listed, deposited, borrowed against, withdrawn.

use bulwark_chain_tests::{Bulwark, DEPLOYMENT, price, units};
use bulwark_deploy::Deployment;
use bulwark_deploy::file::Asset;
use bulwark_risk::units::Amount;
use bulwark_test_token::msg;
use bulwark_types::vault::{Cw20Hook, ExecuteMsg};
use cosmwasm_std::{Uint128, to_json_binary};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_listed_and_borrowed_against() {
    let world = Bulwark::up(1).await;
    let asset = world.token(1_000).await;
    let token = asset.strip_prefix("cw20:").unwrap();

    let mut deployment = Deployment::parse(DEPLOYMENT).unwrap();
    let like = deployment.assets[0].clone();
    deployment.assets.push(Asset {
        asset: asset.clone(),
        first_price: Some(price("5")),
        ..like
    });
    world.deploy(&deployment).await;

    let lend = ExecuteMsg::Deposit {
        account: None,
        lend: Some(true),
    };
    world
        .execute("bob", lend, Some((units(10_000), "uusdt")))
        .await
        .unwrap();
    let hook = Cw20Hook::Deposit {
        account: None,
        lend: None,
    };
    let send = msg::ExecuteMsg::Send {
        contract: world.vault.address.clone(),
        amount: Uint128::new(units(800)),
        msg: to_json_binary(&hook).unwrap(),
    };
    world.call("alice", token, &send, None).await.unwrap();
    let borrow = ExecuteMsg::Borrow {
        account: None,
        asset: "uusdt".into(),
        amount: Amount(units(1_000)),
        to: None,
    };
    world.execute("alice", borrow, None).await.unwrap();
    let repay = ExecuteMsg::Repay { account: None };
    world
        .execute("alice", repay, Some((units(1_001), "uusdt")))
        .await
        .unwrap();
    let withdraw = ExecuteMsg::Withdraw {
        account: None,
        asset: asset.clone(),
        amount: None,
        to: None,
    };
    world.execute("alice", withdraw, None).await.unwrap();
    let balance = msg::QueryMsg::Balance {
        address: world.address("alice"),
    };
    let held: bulwark_types::token::Cw20BalanceResponse =
        world.client.smart(token, &balance).await.unwrap();
    assert_eq!(held.balance.u128(), units(1_000));
    world.assert_solvent().await;
}

//! A liquidation by callback: the keeper has nothing but a contract, which sells what is seized.

use bulwark_chain_tests::{Bulwark, test_contract, units};
use bulwark_risk::account::Status;
use bulwark_risk::units::Amount;
use bulwark_types::vault::{AssetAmount, Callback, ExecuteMsg};
use cosmwasm_std::to_json_binary;

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_without_inventory_liquidates_by_callback() {
    let world = Bulwark::up(1).await;
    let (osmo, usdt) = ("uosmo", "uusdt");
    let deposit = |lend| ExecuteMsg::Deposit {
        account: None,
        lend: Some(lend),
    };
    world
        .execute("bob", deposit(true), Some((units(100_000), usdt)))
        .await
        .unwrap();
    world
        .execute("alice", deposit(false), Some((units(1_000), osmo)))
        .await
        .unwrap();
    let borrow = ExecuteMsg::Borrow {
        account: None,
        asset: usdt.into(),
        amount: Amount(units(6_000)),
        to: None,
    };
    world.execute("alice", borrow, None).await.unwrap();

    let swap = bulwark_test_swap::msg::InstantiateMsg {
        assets: (osmo.into(), usdt.into()),
        fee_bps: 10,
    };
    let pool = world.create(&test_contract("swap"), &swap, "swap").await;
    let provide = bulwark_test_swap::msg::ExecuteMsg::Provide {};
    world
        .call("bob", &pool, &provide, Some((units(500_000), usdt)))
        .await
        .unwrap();
    // The contract's owner is who created it.
    let keeper = bulwark_test_keeper::msg::InstantiateMsg {
        vault: world.vault.address.clone(),
    };
    let keeper = world
        .create(&test_contract("keeper"), &keeper, "keeper")
        .await;
    let provide = bulwark_test_swap::msg::ExecuteMsg::Provide {};
    world
        .call("bob", &pool, &provide, Some((units(70_000), osmo)))
        .await
        .unwrap();

    let data = bulwark_test_keeper::msg::CallbackData { pool };
    let data = to_json_binary(&data).unwrap();
    let liquidate = |contract: &str| ExecuteMsg::Liquidate {
        account: world.account("alice"),
        seize: osmo.into(),
        min_seized: None,
        receive: None,
        to: None,
        debt: Some(AssetAmount {
            asset: usdt.into(),
            amount: Amount(units(2_000)),
        }),
        callback: Some(Callback {
            contract: contract.into(),
            data: data.clone(),
        }),
    };
    let healthy = world
        .execute("owner", liquidate(&keeper), None)
        .await
        .unwrap_err();
    assert_eq!(healthy.name(), Some("not_liquidatable"), "{healthy}");

    world.post(osmo, "7").await;
    assert_eq!(world.margin("alice").await.status, Status::Liquidatable);
    let before = world.margin("alice").await;
    world
        .execute("owner", liquidate(&keeper), None)
        .await
        .unwrap();
    let after = world.margin("alice").await;
    assert!(after.margin_ratio > before.margin_ratio, "{after:?}");
    let profit = world.client.balance(&keeper, usdt).await.unwrap();
    assert!(profit > 0, "the keeper's contract keeps what it earned");
    world.assert_solvent().await;
}

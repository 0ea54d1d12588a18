//! With tokens of one's own: coins, and CW20 tokens.

use bulwark_chain_tests::{DEPLOYMENT, price, units};
use bulwark_deploy::Deployment;
use bulwark_deploy::file::Asset;
use bulwark_keeper::execute::{Kind, Outcome};
use bulwark_risk::units::{Amount, Usd};
use bulwark_test_token::msg;
use bulwark_types::vault::{AccountRef, Cw20Hook, ExecuteMsg};
use cosmwasm_std::{Uint128, to_json_binary};

use super::stage::{Keeper, OSMO, Stage, USDT, assert_all, names};

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_liquidated_with_the_keepers_own_tokens() {
    let mut stage = Stage::new(5).await;
    let mut keeper = Keeper::new(&stage, "keeper").await;
    assert_eq!(keeper.plan(&mut stage).await, [], "all are healthy");

    // Two accounts a transaction, several on their way at once.
    keeper.costs.gas_limit = 350_000;
    stage.falls_to("7").await;
    let actions = keeper.plan(&mut stage).await;
    assert_eq!(actions.len(), 3, "{actions:#?}");
    let planned: i128 = actions.iter().map(|action| action.profit.0).sum();
    assert_eq!(keeper.start(&stage, &actions).await, []);
    assert_eq!(keeper.executor().in_flight(), 3);
    let on_its_way = keeper.executor().on_its_way()[USDT];
    let inventory = keeper.executor().inventory(&keeper.limits).await.unwrap();
    let free = keeper.held(&stage, USDT).await - on_its_way.0;
    assert!(inventory.available(USDT).0 <= free, "nothing is used twice");
    assert_eq!(keeper.ready(&mut stage), [], "all are on their way");

    let reports = keeper.rest().await;
    assert_all(&reports, |outcome| matches!(outcome, Outcome::Won(_)));
    assert_eq!(keeper.count("won"), 5);
    keeper.assert_reported(&stage).await;
    let totals = keeper.executor().totals();
    assert!(totals.flows[OSMO] > 0 && totals.flows[USDT] < 0);
    // Prices did not move: what was planned is what came, but for the gas that the model overrates.
    assert!(totals.profit.0 > 0);
    let difference = (totals.profit.0 - planned).abs();
    assert!(difference < Usd::whole(2).0, "{planned} {totals:?}");

    stage.catch_up().await;
    assert_eq!(keeper.act(&mut stage).await, [], "all are healthy again");
    stage.world.assert_solvent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debt_in_cw20_tokens_is_repaid_with_them() {
    let mut stage = Stage::new(0).await;
    let asset = stage.world.token(100_000).await;
    let token = asset.strip_prefix("cw20:").unwrap();
    let mut deployment = Deployment::parse(DEPLOYMENT).unwrap();
    let like = deployment.assets[1].clone();
    deployment.assets.push(Asset {
        asset: asset.clone(),
        first_price: Some(price("1")),
        ..like
    });
    stage.world.deploy(&deployment).await;
    let hook = Cw20Hook::Deposit {
        account: None,
        lend: Some(true),
    };
    let lend = msg::ExecuteMsg::Send {
        contract: stage.world.vault.address.clone(),
        amount: Uint128::new(units(50_000)),
        msg: to_json_binary(&hook).unwrap(),
    };
    stage.world.call("bob", token, &lend, None).await.unwrap();
    for id in 0..2 {
        let account = Some(AccountRef {
            owner: stage.world.address("alice"),
            id,
        });
        let deposit = ExecuteMsg::Deposit {
            account: account.clone(),
            lend: Some(false),
        };
        let coins = Some((units(1_000), OSMO));
        stage.world.execute("alice", deposit, coins).await.unwrap();
        let borrow = ExecuteMsg::Borrow {
            account,
            asset: asset.clone(),
            amount: Amount(units(6_000)),
            to: None,
        };
        stage.world.execute("alice", borrow, None).await.unwrap();
    }

    let mut keeper = Keeper::new(&stage, "keeper").await;
    keeper.watch(&stage, &asset).await;
    keeper.costs.kept.insert(asset.clone());
    keeper
        .limits
        .insert(asset.clone(), Amount(units(1_000_000)));
    // Both in one transaction, and then one alone: there are two forms of the token's hook.
    stage.falls_to("7").await;
    let reports = keeper.act(&mut stage).await;
    assert_eq!(names(&reports), ["won", "won"], "{reports:#?}");
    assert_eq!(reports[0].entry.kind, Kind::Inventory);
    keeper.costs.most_accounts = 1;
    stage.falls_to("6.5").await;
    let reports = keeper.act(&mut stage).await;
    assert_eq!(names(&reports), ["won"], "{reports:#?}");
    keeper.assert_reported(&stage).await;
    assert!(keeper.executor().totals().flows[&asset] < 0);
}

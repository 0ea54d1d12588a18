//! With tokens of one's own: coins, and CW20 tokens.

use bulwark_chain_tests::{DEPLOYMENT, price, units};
use bulwark_deploy::Deployment;
use bulwark_deploy::file::Asset;
use bulwark_keeper::execute::{Kind, Outcome, Report};
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
    let inventory = keeper
        .executor()
        .inventory(&keeper.limits, stage.moment.height)
        .await
        .unwrap();
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
    a_paused_token_holds_nobody_up(&mut stage, &mut keeper, &asset).await;
}

/// Two more accounts owe USDT: one has tokens and a little OSMO, the other only OSMO. The tokens are
/// worth less, and paused: nobody can be paid in them.
async fn a_paused_token_holds_nobody_up(stage: &mut Stage, keeper: &mut Keeper, asset: &str) {
    let token = asset.strip_prefix("cw20:").unwrap();
    let of = |id| AccountRef {
        owner: stage.world.address("alice"),
        id,
    };
    let (mixed, plain) = (of(2), of(3));
    let hook = Cw20Hook::Deposit {
        account: Some(mixed.clone()),
        lend: Some(false),
    };
    let tokens = msg::ExecuteMsg::Send {
        contract: stage.world.vault.address.clone(),
        amount: Uint128::new(units(6_000)),
        msg: to_json_binary(&hook).unwrap(),
    };
    let sent = stage.world.call("alice", token, &tokens, None).await;
    sent.unwrap();
    for (account, osmo, debt) in [(&mixed, 20, 5_000), (&plain, 1_000, 3_900)] {
        let deposit = ExecuteMsg::Deposit {
            account: Some(account.clone()),
            lend: Some(false),
        };
        let coins = Some((units(osmo), OSMO));
        stage.world.execute("alice", deposit, coins).await.unwrap();
        let borrow = ExecuteMsg::Borrow {
            account: Some(account.clone()),
            asset: USDT.into(),
            amount: Amount(units(debt)),
            to: None,
        };
        stage.world.execute("alice", borrow, None).await.unwrap();
    }
    let paused = msg::ExecuteMsg::Misbehave(msg::Misbehaviour {
        refuse_transfers: true,
        ..msg::Misbehaviour::default()
    });
    stage
        .world
        .call("owner", token, &paused, None)
        .await
        .unwrap();
    stage.world.post(asset, "0.85").await;
    keeper.costs.most_accounts = 16;
    stage.falls_to("4.6").await;

    let actions = keeper.plan(stage).await;
    let together = actions.iter().any(|action| {
        let accounts: Vec<_> = action.accounts().collect();
        accounts.contains(&&mixed) && accounts.contains(&&plain)
    });
    assert!(together, "{actions:#?}");
    let reports = keeper.act(stage).await;
    let of = |reports: &[Report], account| -> Vec<Outcome> {
        let outcomes = reports.iter().flat_map(|report| report.outcomes.clone());
        let of_account = outcomes.filter(|(whose, _)| whose == account);
        of_account.map(|(_, outcome)| outcome).collect()
    };
    let won = |outcome: &Outcome| matches!(outcome, Outcome::Won(_));
    assert!(of(&reports, &plain).iter().all(won), "{reports:#?}");
    assert!(!of(&reports, &mixed).iter().any(won), "{reports:#?}");
    // Then it is what else it has that is seized.
    for _ in 0..10 {
        stage.catch_up().await;
        let reports = keeper.act(stage).await;
        if let [Outcome::Won(won)] = of(&reports, &mixed).as_slice() {
            assert_eq!(won.deposit_asset, OSMO);
            keeper.assert_reported(stage).await;
            return;
        }
    }
    panic!("nothing else of it is seized");
}

//! What the keeper needs is missing: tokens, coins for fees, prices.

use std::time::Duration;

use bulwark_chain::Gas;
use bulwark_chain_tests::{DEPLOYMENT, units};
use bulwark_keeper::execute::{Outcome, Report};
use bulwark_types::oracle;

use super::stage::{FEE, Keeper, OSMO, Stage, USDT, assert_all, names};

/// Blocks go by until the keeper may try again; then it does.
async fn tries_again(keeper: &mut Keeper, stage: &mut Stage) -> Vec<Report> {
    for _ in 0..10 {
        stage.catch_up().await;
        let reports = keeper.act(stage).await;
        if !reports.is_empty() {
            return reports;
        }
    }
    panic!("it does not try again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_whose_wallet_is_emptied_goes_on_when_it_is_filled() {
    let mut stage = Stage::new(2).await;
    let mut keeper = Keeper::new(&stage, "keeper").await;
    stage.falls_to("7").await;

    // Somebody else spends what was planned with: the simulation says so, and nothing is sent.
    let actions = keeper.plan(&mut stage).await;
    stage.give_away("keeper", "bob", USDT, 1).await;
    for asset in [USDT, FEE] {
        keeper.watch(&stage, asset).await;
    }
    let reports = keeper.start(&stage, &actions).await;
    assert_eq!(names(&reports), ["out_of_funds"; 2], "{reports:#?}");
    assert_eq!(reports[0].hash, None);
    keeper.assert_reported(&stage).await;
    stage.catch_up().await;
    let again = keeper.act(&mut stage).await;
    assert_eq!(
        names(&again),
        [] as [&str; 0],
        "nothing is left to repay with"
    );

    // No coins for fees: the node does not take it, and nothing is lost.
    stage.give_away("bob", "keeper", USDT, 0).await;
    stage.give_away("keeper", "bob", FEE, 6_000).await;
    for asset in [USDT, FEE] {
        keeper.watch(&stage, asset).await;
    }
    let reports = tries_again(&mut keeper, &mut stage).await;
    assert_eq!(names(&reports), ["out_of_funds"; 2], "{reports:#?}");
    assert_eq!(keeper.executor().on_its_way(), [].into());
    keeper.assert_reported(&stage).await;

    // Neither account nor price has changed since, and it is tried again.
    stage.give_away("bob", "keeper", FEE, units(1)).await;
    keeper.watch(&stage, FEE).await;
    let reports = tries_again(&mut keeper, &mut stage).await;
    assert_eq!(names(&reports), ["won"; 2], "{reports:#?}");
    keeper.assert_reported(&stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_is_halted_or_stale_by_then_is_waited_out() {
    let deployment = DEPLOYMENT.replace("max_age = 86400", "max_age = 60");
    let mut stage = Stage::with(2, &deployment).await;
    let mut keeper = Keeper::new(&stage, "keeper").await;
    let is_unpriced = |outcome: &Outcome| matches!(outcome, Outcome::Unpriced { .. });

    // The halt is on its way when the liquidation is tried out: both stand in the next block, in this
    // order, or the simulation sees it already.
    stage.world.post(USDT, "1").await;
    stage.falls_to("7").await;
    let actions = keeper.plan(&mut stage).await;
    assert!(!actions.is_empty());
    let halt = oracle::ExecuteMsg::Halt { asset: OSMO.into() };
    let carol = stage.world.user("carol");
    let message = stage.world.oracle.message(carol.address(), &halt).unwrap();
    let halted = carol.submit(&[message], Gas::Limit(500_000)).await.unwrap();
    let mut reports = keeper.start(&stage, &actions).await;
    reports.extend(keeper.rest().await);
    halted.wait().await.unwrap();
    assert_all(&reports, is_unpriced);
    let in_block = reports.iter().filter(|report| report.hash.is_some());
    println!("{} of {} cost a fee", in_block.count(), reports.len());
    keeper.assert_reported(&stage).await;
    stage.catch_up().await;
    assert_eq!(keeper.act(&mut stage).await, [], "there is no price");

    // The same price again, of the same account.
    let resume = oracle::ExecuteMsg::Resume { asset: OSMO.into() };
    let oracle = stage.world.oracle.address.clone();
    let resumed = stage.world.call("carol", &oracle, &resume, None).await;
    resumed.unwrap();
    stage.world.post(USDT, "1").await;
    stage.falls_to("7").await;
    let reports = tries_again(&mut keeper, &mut stage).await;
    assert_all(&reports, |outcome| matches!(outcome, Outcome::Won(_)));
    keeper.assert_reported(&stage).await;

    // The feeders are silent between plan and inclusion.
    stage.world.post(USDT, "1").await;
    stage.falls_to("6.5").await;
    let actions = keeper.plan(&mut stage).await;
    assert!(!actions.is_empty());
    tokio::time::sleep(Duration::from_secs(65)).await;
    stage.catch_up().await;
    let reports = keeper.start(&stage, &actions).await;
    assert_all(&reports, is_unpriced);
    assert_eq!(keeper.executor().in_flight(), 0);
    assert_eq!(keeper.act(&mut stage).await, [], "there is no price");
    stage.world.post(USDT, "1").await;
    stage.falls_to("6.5").await;
    let reports = tries_again(&mut keeper, &mut stage).await;
    assert_all(&reports, |outcome| matches!(outcome, Outcome::Won(_)));
    keeper.assert_reported(&stage).await;
    stage.world.assert_solvent().await;
}

//! The keeper ends at any moment, and the next one has its journal.

use std::time::Duration;

use bulwark_chain::events::typed;
use bulwark_keeper::execute::journal::Identity;
use bulwark_keeper::execute::{Entry, Journal, Kind, Outcome};
use bulwark_risk::units::Amount;
use bulwark_risk::units::Usd;
use bulwark_types::events::Liquidated;
use bulwark_types::vault::AssetAmount;
use tokio::time::timeout;

use super::stage::{Keeper, Stage, USDT, assert_all};

/// How often the vault has told that this keeper liquidated an account.
async fn liquidations(stage: &Stage, keeper: &str, first: u64) -> u64 {
    let client = &stage.world.client;
    let last = client.latest_block().await.unwrap().height;
    let mut count = 0;
    for height in first..=last {
        let block = client.block_events(height).await.unwrap();
        let events = typed::<Liquidated>(block.of(&stage.world.vault.address)).unwrap();
        count += events.iter().filter(|event| event.keeper == keeper).count();
    }
    count as u64
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_ended_keeper_left_on_its_way_is_found_again() {
    let mut stage = Stage::new(4).await;
    let first = stage.moment.height;
    let mut keeper = Keeper::new(&stage, "keeper").await;
    keeper.costs.gas_limit = 350_000;
    stage.falls_to("7").await;
    let actions = keeper.plan(&mut stage).await;
    assert_eq!(actions.len(), 2);
    keeper.start(&stage, &actions).await;
    keeper.departed().await;
    keeper.kill();

    // Whoever comes next leaves these accounts alone and these tokens aside.
    keeper.open(&stage);
    assert_eq!(keeper.executor().in_flight(), 2);
    assert_eq!(keeper.ready(&mut stage), []);
    assert!(keeper.executor().on_its_way()[USDT] > Amount::ZERO);
    let reports = keeper.rest().await;
    assert!(reports.iter().all(|report| report.recovered));
    assert_all(&reports, |outcome| matches!(outcome, Outcome::Won(_)));
    keeper.assert_reported(&stage).await;

    // Settled is settled.
    keeper.open(&stage);
    assert_eq!(keeper.executor().in_flight(), 0);
    assert_eq!(keeper.count("won"), 4);
    keeper.assert_reported(&stage).await;

    // One that ended between its journal and the node: no block will ever have it.
    let address = stage.world.address("keeper");
    keeper.kill();
    let identity = Identity {
        chain_id: stage.world.client.network().chain_id.clone(),
        keeper: address.clone(),
    };
    let mut journal = Journal::open(&keeper.journal(), identity).unwrap();
    let entry = Entry {
        id: journal.next_id(),
        height: stage.moment.height,
        kind: Kind::Inventory,
        accounts: vec![stage.world.account("alice")],
        sends: Some(AssetAmount {
            asset: USDT.into(),
            amount: Amount(5),
        }),
        gas_limit: 300_000,
        fee: 7_500,
        timeout_height: stage.moment.height + 8,
        planned_profit: Usd::whole(1),
    };
    journal.signed(&entry, &"AB".repeat(32), 0).unwrap();
    drop(journal);
    keeper.open(&stage);
    let reports = keeper.rest().await;
    assert_all(&reports, |outcome| *outcome == Outcome::Expired {});
    keeper.assert_reported(&stage).await;
    assert_eq!(liquidations(&stage, &address, first).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_that_ends_at_any_moment_loses_nothing_and_does_nothing_twice() {
    let mut stage = Stage::new(6).await;
    let first = stage.moment.height;
    let mut keeper = Keeper::new(&stage, "keeper").await;
    let address = stage.world.address("keeper");
    keeper.costs.gas_limit = 350_000;
    let prices = ["7", "6.8", "6.6", "6.4", "6.2", "6", "5.8", "5.6"];
    let mut found = 0;
    for (usd, wait) in prices.iter().zip([0, 10, 15, 20, 25, 30, 40, 3_000]) {
        stage.falls_to(usd).await;
        let actions = keeper.plan(&mut stage).await;
        assert!(!actions.is_empty(), "{usd}");
        let work = async {
            keeper.start(&stage, &actions).await;
            keeper.departed().await;
        };
        let ended = timeout(Duration::from_millis(wait), work).await.is_err();
        keeper.kill();
        keeper.open(&stage);
        let left = keeper.executor().in_flight();
        found += left;
        println!("{usd} USD: ended in the midst {ended}, {left} on their way");
        let reports = keeper.rest().await;
        if left > 0 {
            assert_all(&reports, |outcome| {
                matches!(outcome, Outcome::Won(_) | Outcome::Expired {})
            });
        }
        keeper.assert_reported(&stage).await;
        // The next one does what is left to be done.
        stage.catch_up().await;
        keeper.act(&mut stage).await;
        keeper.assert_reported(&stage).await;
        stage.catch_up().await;
        assert_eq!(keeper.ready(&mut stage), [], "{usd}");
    }
    assert!(found > 0, "never in the midst of it");
    let told = liquidations(&stage, &address, first).await;
    assert_eq!(keeper.count("won"), told);
    stage.world.assert_solvent().await;
}

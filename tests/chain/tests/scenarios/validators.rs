//! Four validators, of which one dies and comes back while positions are opened and liquidated.

use std::time::Duration;

use bulwark_chain::Network;
use bulwark_chain_tests::{Bulwark, units};
use bulwark_risk::account::Status;
use bulwark_risk::units::Amount;
use bulwark_types::vault::{AccountResponse, ExecuteMsg, QueryMsg};

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_dies_and_nothing_is_lost() {
    let mut world = Bulwark::up(4).await;
    let (osmo, usdt) = ("uosmo", "uusdt");
    let deposit = |lend| ExecuteMsg::Deposit {
        account: None,
        lend: Some(lend),
    };
    let borrow = || ExecuteMsg::Borrow {
        account: None,
        asset: usdt.into(),
        amount: Amount(units(6_000)),
        to: None,
    };
    world
        .execute("bob", deposit(true), Some((units(100_000), usdt)))
        .await
        .unwrap();
    world
        .execute("alice", deposit(false), Some((units(1_000), osmo)))
        .await
        .unwrap();

    // The node that everybody speaks to dies: the others go on.
    world.net.kill_node(0).unwrap();
    world.execute("alice", borrow(), None).await.unwrap();
    world
        .execute("carol", deposit(false), Some((units(1_000), osmo)))
        .await
        .unwrap();
    world.execute("carol", borrow(), None).await.unwrap();

    world.net.start_node(0).unwrap();
    world.post(osmo, "7").await;
    for owner in ["alice", "carol"] {
        assert_eq!(world.margin(owner).await.status, Status::Liquidatable);
        let liquidate = ExecuteMsg::Liquidate {
            account: world.account(owner),
            seize: osmo.into(),
            min_seized: None,
            receive: None,
            to: None,
            debt: None,
            callback: None,
        };
        world
            .execute("keeper", liquidate, Some((units(2_000), usdt)))
            .await
            .unwrap();
    }
    world.assert_solvent().await;

    // The one that was away has the same state as the others.
    let height = world.client.latest_block().await.unwrap().height;
    let limit = Duration::from_secs(60);
    world.net.wait_for_height(0, height + 1, limit).unwrap();
    let network = Network::read(&world.net.network_file()).unwrap();
    let endpoints = world.net.rpc();
    for owner in ["alice", "bob", "carol", "keeper"] {
        let account = QueryMsg::Account {
            account: world.account(owner),
        };
        let mut answers = Vec::new();
        for endpoint in &endpoints {
            let mut only = network.clone();
            only.rpc = vec![endpoint.clone()];
            let client = bulwark_chain::Client::connect(only)
                .await
                .unwrap()
                .at(height);
            let answer: AccountResponse =
                client.smart(&world.vault.address, &account).await.unwrap();
            answers.push(answer);
        }
        assert!(
            answers.windows(2).all(|pair| pair[0] == pair[1]),
            "{answers:?}"
        );
    }
}

//! The full life of an account.

use bulwark_chain::events::{events_of, typed};
use bulwark_chain_tests::{Bulwark, units};
use bulwark_risk::account::Status;
use bulwark_risk::units::Amount;
use bulwark_types::events::Deposited;
use bulwark_types::vault::{AccountResponse, Action, ExecuteMsg, QueryMsg};

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_opened_used_and_closed() {
    let world = Bulwark::up(1).await;
    let (osmo, usdt) = ("uosmo", "uusdt");
    let deposit = |lend| ExecuteMsg::Deposit {
        account: None,
        lend: Some(lend),
    };
    let lent = world
        .execute("bob", deposit(true), Some((units(100_000), usdt)))
        .await;
    let events = lent.unwrap().events;
    let told: Vec<Deposited> = typed(events_of(&events, &world.vault.address)).unwrap();
    assert_eq!(told[0].owner, world.address("bob"));
    assert_eq!(told[0].amount, Amount(units(100_000)));

    let deposited = world
        .execute("alice", deposit(false), Some((units(1_000), osmo)))
        .await;
    deposited.unwrap();
    let before = world
        .client
        .balance(&world.address("alice"), usdt)
        .await
        .unwrap();
    let borrow = |amount| ExecuteMsg::Borrow {
        account: None,
        asset: usdt.into(),
        amount: Amount(amount),
        to: None,
    };
    world
        .execute("alice", borrow(units(4_000)), None)
        .await
        .unwrap();
    let after = world
        .client
        .balance(&world.address("alice"), usdt)
        .await
        .unwrap();
    assert_eq!(after - before, units(4_000));
    assert_eq!(world.margin("alice").await.status, Status::Healthy);

    // Too much is refused, with the reason, before it costs a fee.
    let refused = world
        .execute("alice", borrow(units(9_000)), None)
        .await
        .unwrap_err();
    assert_eq!(refused.name(), Some("below_initial_margin"), "{refused}");

    // A batch: lend half of the deposit, and pay half of the debt back with the attached coin.
    let batch = ExecuteMsg::Batch {
        account: None,
        actions: vec![
            Action::Lend {
                asset: osmo.into(),
                amount: Some(Amount(units(500))),
            },
            Action::Repay {
                asset: usdt.into(),
                amount: Some(Amount(units(2_000))),
            },
        ],
    };
    world
        .execute("alice", batch, Some((units(2_000), usdt)))
        .await
        .unwrap();
    let repay = ExecuteMsg::Repay { account: None };
    world
        .execute("alice", repay, Some((units(2_100), usdt)))
        .await
        .unwrap();
    let withdraw = ExecuteMsg::Withdraw {
        account: None,
        asset: osmo.into(),
        amount: None,
        to: None,
    };
    world.execute("alice", withdraw, None).await.unwrap();
    let account = world.account("alice");
    let closed: AccountResponse = world
        .vault
        .query(&QueryMsg::Account { account })
        .await
        .unwrap();
    assert_eq!(closed.holdings.len(), 0, "{closed:?}");
    world.assert_solvent().await;
}

//! Migration: to the same code, and not to another contract's.

use bulwark_chain::{Gas, Message};
use bulwark_chain_tests::{Bulwark, units};
use bulwark_types::migration::MigrateMsg;
use bulwark_types::vault::{ExecuteMsg, QueryMsg};
use cosmwasm_std::to_json_vec;

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_takes_over_its_own_state_and_no_other() {
    let world = Bulwark::up(1).await;
    let deposit = ExecuteMsg::Deposit {
        account: None,
        lend: None,
    };
    world
        .execute("alice", deposit, Some((units(10), "uosmo")))
        .await
        .unwrap();
    let code = |address: String| {
        let client = world.client.clone();
        async move { client.contract(&address).await.unwrap().unwrap().code_id }
    };
    let vault_code = code(world.vault.address.clone()).await;
    let oracle_code = code(world.oracle.address.clone()).await;
    let owner = world.user("owner");
    let migrate = |contract: &str, code_id| Message::Migrate {
        sender: owner.address().into(),
        contract: contract.into(),
        code_id,
        msg: to_json_vec(&MigrateMsg {}).unwrap(),
    };
    let account = || QueryMsg::Account {
        account: world.account("alice"),
    };
    let before: serde_json::Value = world.vault.query(&account()).await.unwrap();
    for (contract, code_id) in [
        (&world.vault.address, vault_code),
        (&world.oracle.address, oracle_code),
    ] {
        let same = migrate(contract, code_id);
        owner.send(&[same], Gas::Simulated).await.unwrap();
    }
    for (contract, code_id) in [
        (&world.vault.address, oracle_code),
        (&world.oracle.address, vault_code),
    ] {
        let wrong = migrate(contract, code_id);
        let refused = owner.send(&[wrong], Gas::Simulated).await.unwrap_err();
        assert_eq!(refused.name(), Some("wrong_contract"), "{refused}");
    }
    assert_eq!(code(world.vault.address.clone()).await, vault_code);
    let after: serde_json::Value = world.vault.query(&account()).await.unwrap();
    assert_eq!(after, before);
}

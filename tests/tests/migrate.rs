//! Migration: version and contract are checked, data stay what they were.

use bulwark_testing::World;
use bulwark_tests::{Tested, levered};
use bulwark_types::vault::MigrateMsg;
use bulwark_vault::contract::migrate;
use bulwark_vault::{ContractError, ContractResult};
use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, mock_env};
use cosmwasm_std::{DepsMut, Empty, QuerierWrapper, Response, Storage};

/// The vault's own records, as it stores them.
fn records(world: &World) -> MockStorage {
    let mut storage = MockStorage::new();
    for (key, value) in world.app().dump_wasm_raw(world.vault()) {
        storage.set(&key, &value);
    }
    storage
}

fn migrated(storage: &mut MockStorage) -> ContractResult<Response> {
    let (api, querier) = (MockApi::default(), MockQuerier::<Empty>::default());
    let deps = DepsMut {
        storage,
        api: &api,
        querier: QuerierWrapper::new(&querier),
    };
    migrate(deps, mock_env(), MigrateMsg {})
}

fn all(storage: &MockStorage) -> Vec<(Vec<u8>, Vec<u8>)> {
    storage
        .range(None, None, cosmwasm_std::Order::Ascending)
        .collect()
}

fn version(storage: &MockStorage) -> serde_json::Value {
    serde_json::from_slice(&storage.get(b"contract_info").unwrap()).unwrap()
}

fn set_version(storage: &mut MockStorage, name: &str, version: &str) {
    let info = serde_json::json!({"contract": name, "version": version});
    storage.set(b"contract_info", &serde_json::to_vec(&info).unwrap());
}

#[test]
fn pitfall_35_the_released_state_migrates_with_its_data_unchanged() -> Tested {
    let world = levered();
    let mut storage = records(&world);
    let before = all(&storage);
    assert!(
        before.len() > 10,
        "accounts, markets and settings are there"
    );
    let release = serde_json::json!({"contract": "bulwark-vault", "version": "0.1.0"});
    assert_eq!(version(&storage), release);
    migrated(&mut storage).expect("the same version");
    assert_eq!(all(&storage), before);
    Ok(())
}

#[test]
fn pitfall_35_another_contract_and_other_versions_are_refused() {
    let world = levered();
    for (name, version) in [
        ("bulwark-oracle", "0.1.0"),
        ("crates.io:cw20-base", "0.1.0"),
        ("", ""),
        ("bulwark-vault", "0.2.0"),
        ("bulwark-vault", "0.0.9"),
        ("bulwark-vault", "0.1"),
        ("bulwark-vault", "1"),
    ] {
        let mut storage = records(&world);
        set_version(&mut storage, name, version);
        let before = all(&storage);
        let refusal = migrated(&mut storage).expect_err(version);
        assert!(matches!(*refusal, ContractError::Migration(_)), "{refusal}");
        assert_eq!(all(&storage), before);
    }
    // No version at all: not a state of ours.
    assert!(migrated(&mut MockStorage::new()).is_err());
}

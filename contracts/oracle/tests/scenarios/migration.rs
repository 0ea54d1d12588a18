//! Migration keeps the state and refuses what is not its own.

use bulwark_oracle::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use bulwark_types::oracle::MigrateMsg;
use bulwark_types::wire::WireError;
use cw_multi_test::Executor;
use cw2::{ContractVersion, set_contract_version};

use crate::world::{ATOM, World, assert_refused, code, wire};

/// Migrates a state that says it was written by another contract or version.
fn migrate(world: &mut World, name: &str, version: &str) -> Result<(), WireError> {
    let mut storage = world.app.contract_storage_mut(&world.oracle);
    set_contract_version(storage.as_mut(), name, version).unwrap();
    drop(storage);
    let new_code = world.app.store_code(code());
    let (owner, oracle) = (world.owner.clone(), world.oracle.clone());
    world
        .app
        .migrate_contract(owner, oracle, &MigrateMsg {}, new_code)
        .map(|_| ())
        .map_err(wire)
}

fn version(world: &World) -> ContractVersion {
    cw2::query_contract_info(&world.app.wrap(), &world.oracle).unwrap()
}

#[test]
fn pitfall_35_migration_keeps_prices_and_writes_the_version() {
    let mut world = World::at("10");
    assert_eq!(version(&world).version, CONTRACT_VERSION);
    let (record, feed) = (world.record(), world.feed(ATOM).unwrap());
    migrate(&mut world, CONTRACT_NAME, CONTRACT_VERSION).unwrap();
    assert_eq!(version(&world).version, CONTRACT_VERSION);
    assert_eq!(version(&world).contract, CONTRACT_NAME);
    assert_eq!((world.record(), world.feed(ATOM).unwrap()), (record, feed));
}

#[test]
fn pitfall_35_migration_refuses_other_contracts_and_unknown_versions() {
    let mut world = World::at("10");
    assert_refused(
        migrate(&mut world, "bulwark-vault", "0.0.1"),
        "wrong_contract",
        r#"{"expected":"bulwark-oracle","found":"bulwark-vault"}"#,
    );
    assert_refused(
        migrate(&mut world, CONTRACT_NAME, "999.0.0"),
        "newer_state",
        &format!(r#"{{"code":"{CONTRACT_VERSION}","state":"999.0.0"}}"#),
    );
    assert_refused(
        migrate(&mut world, CONTRACT_NAME, "0.0.9"),
        "no_migration_path",
        &format!(r#"{{"code":"{CONTRACT_VERSION}","state":"0.0.9"}}"#),
    );
    assert_refused(
        migrate(&mut world, CONTRACT_NAME, "one"),
        "unreadable_version",
        r#"{"version":"one"}"#,
    );
}

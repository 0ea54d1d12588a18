//! The state that a release leaves behind is read by the code of today as the release read it.
//!
//! `fixtures/v0.1.0.json` holds the records of a vault and of its oracle at one moment of a story
//! that leaves something under every key, and what both answered then; the checksums of that
//! release's wasm stand beside it. Such a file is written, when a version is released, by
//! `BULWARK_RECORD=1 cargo test -p bulwark-tests recorded`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use bulwark_risk::units::Fraction;
use bulwark_testing::World;
use bulwark_tests::{supply, world_of};
use bulwark_types::decode::Decoded;
use bulwark_types::oracle;
use bulwark_types::vault::{
    ConfigResponse, ExecuteMsg, MigrateMsg, ParametersUpdate, PausableAction, QueryMsg,
};
use bulwark_types::wire::WireError;
use cosmwasm_std::testing::{MockQuerier, MockStorage, mock_env};
use cosmwasm_std::{
    Addr, Binary, BlockInfo, ContractResult, Deps, DepsMut, Env, QuerierWrapper, Storage,
    SystemResult, WasmQuery, from_json,
};
use cw_multi_test::MockApiBech32;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What a contract stores.
#[derive(Serialize, Deserialize)]
struct Recorded {
    address: Addr,
    /// Keys and values in base64, in ascending order of the keys.
    records: Vec<(Binary, Binary)>,
    /// Queries and what they were answered.
    answers: Vec<(Value, Value)>,
}

/// What a release leaves behind.
#[derive(Serialize, Deserialize)]
struct Release {
    block: BlockInfo,
    vault: Recorded,
    oracle: Recorded,
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/v0.1.0.json")
}

fn released() -> Release {
    serde_json::from_slice(&fs::read(path()).expect("the fixture")).expect("its form")
}

fn storage_of(recorded: &Recorded) -> MockStorage {
    let mut storage = MockStorage::new();
    for (key, value) in &recorded.records {
        storage.set(key, value);
    }
    storage
}

/// The chain around the vault: its oracle alone, over the recorded records.
fn around(release: &Release) -> MockQuerier {
    let (oracle, storage, env) = (
        release.oracle.address.clone(),
        storage_of(&release.oracle),
        env_of(release, &release.oracle),
    );
    let mut querier = MockQuerier::default();
    querier.update_wasm(move |query| {
        SystemResult::Ok(match query {
            WasmQuery::Raw { contract_addr, key } if *contract_addr == oracle.as_str() => {
                ContractResult::Ok(storage.get(key).unwrap_or_default().into())
            }
            WasmQuery::Smart { contract_addr, msg } if *contract_addr == oracle.as_str() => {
                let asked: Value = from_json(msg).unwrap();
                ContractResult::from(ask_oracle(&storage, &env, &asked))
            }
            other => ContractResult::Err(format!("not recorded: {other:?}")),
        })
    });
    querier
}

fn env_of(release: &Release, recorded: &Recorded) -> Env {
    let mut env = mock_env();
    env.block = release.block.clone();
    env.contract.address = recorded.address.clone();
    env
}

fn ask_oracle(storage: &MockStorage, env: &Env, query: &Value) -> Result<Binary, String> {
    let (api, nothing) = (
        MockApiBech32::new("bulwark"),
        MockQuerier::<cosmwasm_std::Empty>::default(),
    );
    let deps = Deps {
        storage,
        api: &api,
        querier: QuerierWrapper::new(&nothing),
    };
    let Decoded(query): Decoded<oracle::QueryMsg> =
        serde_json::from_value(query.clone()).map_err(|error| error.to_string())?;
    bulwark_oracle::contract::query(deps, env.clone(), Decoded(query))
        .map_err(|error| error.to_string())
}

fn ask_vault(
    storage: &MockStorage,
    querier: &MockQuerier,
    env: &Env,
    query: &Value,
) -> Result<Binary, String> {
    let api = MockApiBech32::new("bulwark");
    let deps = Deps {
        storage,
        api: &api,
        querier: QuerierWrapper::new(querier),
    };
    let Decoded(query): Decoded<QueryMsg> =
        serde_json::from_value(query.clone()).map_err(|error| error.to_string())?;
    bulwark_vault::contract::query(deps, env.clone(), Decoded(query))
        .map_err(|error| error.to_string())
}

/// Whether all that was said is still said; a later version may say more.
fn still_says(now: &Value, then: &Value) -> bool {
    match (now, then) {
        (Value::Object(now), Value::Object(then)) => then
            .iter()
            .all(|(key, value)| now.get(key).is_some_and(|now| still_says(now, value))),
        (Value::Array(now), Value::Array(then)) => {
            now.len() == then.len()
                && now
                    .iter()
                    .zip(then)
                    .all(|(now, then)| still_says(now, then))
        }
        _ => now == then,
    }
}

fn assert_answers(recorded: &Recorded, ask: impl Fn(&Value) -> Result<Binary, String>) {
    for (query, then) in &recorded.answers {
        let answer = ask(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        let now: Value = from_json(answer).unwrap();
        assert!(still_says(&now, then), "{query}:\nnow {now}\nthen {then}");
    }
}

#[test]
fn the_state_of_0_1_0_is_migrated_and_read_as_it_was() {
    let release = released();
    let oracle = storage_of(&release.oracle);
    assert_answers(&release.oracle, |query| {
        ask_oracle(&oracle, &env_of(&release, &release.oracle), query)
    });

    let (mut vault, querier, api) = (
        storage_of(&release.vault),
        around(&release),
        MockApiBech32::new("bulwark"),
    );
    let env = env_of(&release, &release.vault);
    assert_answers(&release.vault, |query| {
        ask_vault(&vault, &querier, &env, query)
    });
    let deps = DepsMut {
        storage: &mut vault,
        api: &api,
        querier: QuerierWrapper::new(&querier),
    };
    bulwark_vault::contract::migrate(deps, env.clone(), MigrateMsg {}).expect("a migration");
    assert_answers(&release.vault, |query| {
        ask_vault(&vault, &querier, &env, query)
    });
}

#[test]
fn something_is_recorded_under_every_key_of_the_vault() {
    let release = released();
    let mut namespaces: BTreeMap<&str, usize> = BTreeMap::new();
    for (key, _) in &release.vault.records {
        let name = ["a", "assets", "c", "changes", "m", "operators"]
            .into_iter()
            .find(|name| {
                let length = u16::try_from(name.len()).unwrap().to_be_bytes();
                key.starts_with(&length) && key[2..].starts_with(name.as_bytes())
            });
        let name = name.unwrap_or_else(|| std::str::from_utf8(key).expect("a plain key"));
        *namespaces.entry(name).or_default() += 1;
    }
    let expected = [
        "a",
        "assets",
        "c",
        "changes",
        "contract_info",
        "last_change",
        "m",
        "market_count",
        "operators",
        "ownership",
        "settings",
    ];
    assert_eq!(namespaces.keys().copied().collect::<Vec<_>>(), expected);
}

/// Deposits idle and lent, debts with interest, a pause, an operator, a change that waits, haircuts
/// and a gross factor under way, an outflow, an account that can be liquidated.
fn story() -> Result<World, WireError> {
    let mut world = world_of(bulwark_tests::standard_markets())
        .with_owner_delay(3_600)
        .build()?;
    for (asset, quantity) in [("USDC", 1_000_000), ("ATOM", 100_000), ("BTC", 100)] {
        supply(&mut world, asset, quantity);
    }
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 800)?;
    world.deposit(("bob", 3), "BTC", 1)?;
    world.borrow(("bob", 3), "ATOM", 500)?;
    world.deposit_lent(("bob", 3), "USDC", 2_000)?;
    world.set_operator("alice", "carol", Some(0), Some(world.now() + 86_400))?;
    world.pause(Some("ETH"), &[PausableAction::Borrow])?;
    world.advance_and_repost(20_000)?;
    world.borrow(("bob", 3), "ATOM", 10)?;
    for percent in [6, 5] {
        let config: ConfigResponse = world.query(&QueryMsg::Config {})?;
        let mut margin = config.parameters.margin;
        margin.gross_factor = Fraction::percent(percent);
        let update = ParametersUpdate {
            margin: Some(margin),
            ..ParametersUpdate::default()
        };
        world.execute("owner", ExecuteMsg::UpdateParams(update), Vec::new())?;
    }
    bulwark_tests::falls(&mut world, &[("ATOM", "9.5")]);
    Ok(world)
}

#[test]
fn a_release_can_be_recorded() {
    let world = story().expect("the story");
    let address = |name| world.address(name).into_string();
    let alice = json!({"owner": address("alice"), "id": 0});
    let bob = json!({"owner": address("bob"), "id": 3});
    let atom = world.asset("ATOM");
    let vault = vec![
        json!({"config": {}}),
        json!({"markets": {}}),
        json!({"accounts": {}}),
        json!({"margin": {"account": alice}}),
        json!({"margin": {"account": bob}}),
        json!({"max_borrow": {"account": bob, "asset": world.asset("USDC")}}),
        json!({"max_withdraw": {"account": bob, "asset": world.asset("BTC")}}),
        json!({"liquidation_price": {"account": alice, "asset": atom}}),
        json!({"liquidation_plan": {"account": alice}}),
        json!({"accounts_at_risk": {}}),
        json!({"changes": {}}),
        json!({"ownership": {}}),
        json!({"operators": {"owner": address("alice")}}),
    ];
    let oracle = vec![
        json!({"config": {}}),
        json!({"feeds": {}}),
        json!({"prices": {"assets": [atom, world.asset("USDC")]}}),
        json!({"changes": {}}),
        json!({"ownership": {}}),
    ];
    let records = |contract: &Addr| {
        let mut records: Vec<(Binary, Binary)> = world
            .app()
            .dump_wasm_raw(contract)
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()))
            .collect();
        records.sort();
        records
    };
    let mut release = Release {
        block: world.app().block_info(),
        vault: Recorded {
            address: world.vault().clone(),
            records: records(world.vault()),
            answers: Vec::new(),
        },
        oracle: Recorded {
            address: world.oracle().clone(),
            records: records(world.oracle()),
            answers: Vec::new(),
        },
    };
    let (env, storage) = (
        env_of(&release, &release.oracle),
        storage_of(&release.oracle),
    );
    for query in oracle {
        let answer = from_json(ask_oracle(&storage, &env, &query).unwrap()).unwrap();
        release.oracle.answers.push((query, answer));
    }
    let (env, storage) = (env_of(&release, &release.vault), storage_of(&release.vault));
    let querier = around(&release);
    for query in vault {
        let answer = from_json(ask_vault(&storage, &querier, &env, &query).unwrap()).unwrap();
        release.vault.answers.push((query, answer));
    }
    assert_eq!(release.vault.answers.len(), 13);
    if std::env::var_os("BULWARK_RECORD").is_some() {
        let json = serde_json::to_string_pretty(&release).unwrap();
        fs::write(path(), json + "\n").expect("the fixture is written");
    }
}

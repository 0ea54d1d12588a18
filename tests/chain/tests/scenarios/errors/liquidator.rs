//! What the liquidator refuses. One that serves alice as its vault is called by her.

use bulwark_chain_tests::artifacts;
use bulwark_risk::units::Amount;
use bulwark_types::liquidator::{ExecuteMsg, InstantiateMsg, Route, Step};
use bulwark_types::vault::{AssetAmount, BulwarkCallback};
use cosmwasm_std::{Binary, to_json_binary};
use serde_json::json;

use super::Stage;

const OSMO: &str = "uosmo";
const USDT: &str = "uusdt";

pub async fn refuses(stage: &Stage) {
    let world = &stage.world;
    let wasm = std::fs::read(artifacts().join("bulwark_liquidator.wasm")).unwrap();
    let alice = world.address("alice");
    let serves_alice = InstantiateMsg { vault: alice };
    let liquidator = world.create(&wasm, &serves_alice, "liquidator").await;
    // A vault keeps what it gets: as a pool it pays nothing.
    let step = |contract: &str, ask: &str| Step {
        contract: contract.into(),
        msg: Binary::from(json!({"deposit": {}}).to_string().as_bytes()),
        ask: ask.into(),
    };
    let vault = world.vault.address.as_str();
    let keeps = |times| vec![step(vault, USDT); times];
    let call = |steps, owed| {
        let amount = |asset: &str, amount| AssetAmount {
            asset: asset.into(),
            amount: Amount(amount),
        };
        let route = Route {
            steps,
            min_profit: Amount(1),
        };
        ExecuteMsg::BulwarkCallback(BulwarkCallback {
            initiator: world.address("keeper"),
            seized: amount(OSMO, 5),
            debt: amount(USDT, owed),
            data: to_json_binary(&route).unwrap(),
        })
    };
    let sell = ExecuteMsg::Sell {
        offer: OSMO.into(),
        step: step(vault, USDT),
    };
    let osmo = Some((5, OSMO));
    for (name, message, coins, expected) in [
        ("bob", call(keeps(1), 1), osmo, "only_vault"),
        ("alice", sell, None, "only_itself"),
        ("alice", call(keeps(0), 1), osmo, "route_length"),
        ("alice", call(keeps(9), 1), osmo, "route_length"),
        ("alice", call(vec![step(vault, OSMO)], 1), osmo, "route_end"),
        ("alice", call(vec![step("nobody", USDT)], 1), osmo, "std"),
        (
            "alice",
            call(vec![step(&liquidator, USDT)], 1),
            osmo,
            "calls_itself",
        ),
        ("alice", call(keeps(1), 1), None, "nothing_to_swap"),
        ("alice", call(keeps(1), 1), osmo, "too_little_profit"),
        ("alice", call(keeps(1), u128::MAX), osmo, "overflow"),
    ] {
        let tried = world.call(name, &liquidator, &message, coins).await;
        let error = tried.unwrap_err();
        assert_eq!(error.name(), Some(expected), "{message:?}: {error}");
        stage.note("liquidator", expected);
    }
}

//! Without tokens of one's own: through the liquidator and a pool.

use bulwark_chain_tests::{DEPLOYMENT, test_contract, units};
use bulwark_keeper::execute::{Kind, Outcome};
use bulwark_keeper::plan::SwapTerms;
use bulwark_risk::units::{Fraction, Usd};
use bulwark_test_swap::msg;
use bulwark_types::liquidator::Step;

use super::stage::{FEE, Keeper, OSMO, Stage, USDT, names};

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_liquidated_without_any_tokens() {
    let deployment = format!("{DEPLOYMENT}\n[liquidator]\n");
    let mut stage = Stage::with(3, &deployment).await;
    let liquidator = stage.world.liquidator.clone().unwrap();
    let pool = msg::InstantiateMsg {
        assets: (OSMO.into(), USDT.into()),
        fee_bps: 10,
    };
    let pool = stage
        .world
        .create(&test_contract("swap"), &pool, "swap")
        .await;
    // Deep enough that three of them do not move its price by much.
    let rich = ["carol", "owner", "feeder-1", "feeder-2", "feeder-3"];
    let provided = rich.map(|name| (name, units(900_000), USDT));
    let all = provided.into_iter().chain([("bob", units(642_857), OSMO)]);
    for (name, amount, denom) in all {
        let provide = msg::ExecuteMsg::Provide {};
        let coins = Some((amount, denom));
        let provided = stage.world.call(name, &pool, &provide, coins).await;
        provided.unwrap();
    }
    for denom in [OSMO, USDT] {
        stage.give_away("keeper", "bob", denom, 0).await;
    }

    let mut keeper = Keeper::new(&stage, "keeper").await;
    stage.falls_to("7").await;
    assert_eq!(keeper.plan(&mut stage).await, [], "no tokens and no route");

    let pair = (OSMO.to_owned(), USDT.to_owned());
    let terms = SwapTerms {
        fee: Fraction::basis_points(10),
        depth: Some(Usd::whole(4_500_000)),
    };
    keeper.costs.routes.insert(pair.clone(), terms);
    let step = Step::plain(&pool, USDT).unwrap();
    keeper.settings.routes.insert(pair, vec![step]);
    keeper.settings.liquidator = Some(liquidator.clone());
    // More than any of them brings: refused by the simulation, which costs nothing.
    keeper.settings.floor = Usd::whole(5_000);
    keeper.open(&stage);
    let fees = keeper.held(&stage, FEE).await;
    let actions = keeper.plan(&mut stage).await;
    let reports = keeper.start(&stage, &actions[..1]).await;
    let [(_, Outcome::Refused { name, fields })] = reports[0].outcomes.as_slice() else {
        panic!("{reports:#?}");
    };
    assert_eq!(name, "too_little_profit", "{fields}");
    assert_eq!(keeper.executor().in_flight(), 0);
    assert_eq!(keeper.held(&stage, FEE).await, fees);

    keeper.settings.floor = Usd::whole(1);
    keeper.open(&stage);
    let reports = keeper.act(&mut stage).await;
    assert_eq!(names(&reports), ["won"; 3], "{reports:#?}");
    for report in &reports {
        assert_eq!(report.entry.kind, Kind::Callback);
        let earned = report.realised.flows[USDT];
        assert!(earned >= units(1) as i128, "{report:#?}");
        assert!(report.realised.profit > Usd::whole(1), "{report:#?}");
        // What the plan expected, but for what the others before it did to the pool's price.
        let expected = report.entry.planned_profit;
        assert!(expected > Usd::whole(1), "{report:#?}");
    }
    keeper.assert_reported(&stage).await;
    assert_eq!(keeper.held(&stage, OSMO).await, 0);
    for denom in [OSMO, USDT, FEE] {
        let left = stage.world.client.held(&liquidator, denom).await.unwrap();
        assert_eq!(left, 0, "{denom} at the liquidator");
    }
    stage.world.assert_solvent().await;
}

//! Plans: from what is wanted and what is found to the steps in between.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::expect_used)]

mod world;

use bulwark_deploy::order::readiness;
use bulwark_deploy::plan::Wait;
use bulwark_deploy::{DeployError, Kind, Readiness, Step, plan};
use bulwark_risk::units::Fraction;
use bulwark_types::governance::PendingChange;
use bulwark_types::oracle::Change as OracleChange;
use bulwark_types::vault::{Change, MarketUpdate};
use world::{DAO, DEPLOYER, Deployed, deployed, desired, names};

#[test]
fn an_empty_chain_gets_everything_in_an_order_that_works() {
    let plan = plan(&desired(), &bulwark_deploy::Found::default()).unwrap();
    let expected = [
        "store the code of the oracle, checksum oracle-sum",
        "create the oracle",
        "store the code of the caller, checksum caller-sum",
        "create the caller",
        "store the code of the vault, checksum vault-sum",
        "create the vault",
        "store the code of the liquidator, checksum liquidator-sum",
        "create the liquidator",
        "set the feed of uatom",
        "set the feed of stuatom",
        "set the feed of uusd",
        "post first prices of uatom stuatom uusd",
        "post first prices of uatom stuatom uusd",
        "post first prices of uatom stuatom uusd",
        "list the market of uatom",
        "list the market of uusd",
        // A member comes after its base, wherever it stands in the file.
        "list the market of stuatom",
        // Delays and hand-over come last.
        "change the oracle's guardian or delay",
        "propose dao as owner of the oracle",
        "accept the oracle",
        "change the vault's parameters",
        "propose dao as owner of the vault",
        "accept the vault",
    ];
    assert_eq!(names(&plan), expected);
    assert_eq!(plan.waits, []);
    assert!(plan.steps.iter().all(|planned| planned.waits == 0));
    let accepting = plan.steps.last().unwrap();
    assert_eq!(accepting.sender, DAO);
}

#[test]
fn what_is_there_already_is_left_alone() {
    let Deployed { desired, found } = deployed();
    let plan = plan(&desired, &found).unwrap();
    assert_eq!((plan.steps, plan.waits), (vec![], vec![]));
}

#[test]
fn a_liquidator_is_created_where_the_file_names_one() {
    let mut desired = desired();
    desired.liquidator = None;
    desired.checksums.remove(&Kind::Liquidator);
    let without = plan(&desired, &bulwark_deploy::Found::default()).unwrap();
    assert!(
        names(&without)
            .iter()
            .all(|name| !name.contains("liquidator"))
    );

    // Another one for other code: it keeps nothing.
    let Deployed { mut desired, found } = deployed();
    let newer = "newer-sum".to_owned();
    desired.checksums.insert(Kind::Liquidator, newer);
    let steps = plan(&desired, &found).unwrap();
    assert_eq!(
        names(&steps),
        [
            "store the code of the liquidator, checksum newer-sum",
            "create the liquidator",
        ]
    );

    // Whoever takes it out of the file keeps what there is.
    desired.liquidator = None;
    assert_eq!(plan(&desired, &found).unwrap().steps, []);
}

#[test]
fn without_prices_nothing_is_listed_and_nothing_sealed() {
    let mut desired = desired();
    desired.keys.clear();
    let plan = plan(&desired, &bulwark_deploy::Found::default()).unwrap();
    let names = names(&plan);
    assert_eq!(names.last().unwrap(), "set the feed of uusd");
    let missing = |asset: &str| Wait::FirstPrice {
        asset: asset.into(),
    };
    let expected = [
        missing("uatom"),
        missing("uusd"),
        missing("stuatom"),
        Wait::Setup {},
    ];
    assert_eq!(plan.waits, expected);
}

#[test]
fn changed_parameters_are_shown_value_by_value_and_wait() {
    let Deployed { mut desired, found } = deployed();
    let market = desired.assets[0].market.as_mut().unwrap();
    market.limits.max_utilisation = Fraction::percent(90);
    desired.vault.parameters.max_holdings = 10;
    let plan = plan(&desired, &found).unwrap();
    let shown: Vec<_> = plan
        .steps
        .iter()
        .flat_map(|planned| planned.changes.iter().map(ToString::to_string))
        .collect();
    let expected = [
        "max_holdings: 20 → 10",
        "limits.max_utilisation: 0.95 → 0.9",
    ];
    assert_eq!(shown, expected);
    for planned in &plan.steps {
        assert_eq!((planned.sender.as_str(), planned.waits), (DAO, 172_800));
    }
}

#[test]
fn a_change_that_waits_is_waited_for_and_then_applied() {
    let Deployed {
        mut desired,
        mut found,
    } = deployed();
    let market = desired.assets[0].market.as_mut().unwrap();
    market.reserve_factor = Fraction::percent(20);
    let update = MarketUpdate {
        reserve_factor: Some(Fraction::percent(20)),
        ..MarketUpdate::default()
    };
    let asset = "uatom".to_owned();
    found.vault.as_mut().unwrap().changes = vec![PendingChange {
        id: 7,
        change: Change::UpdateMarket { asset, update },
        ready_at: 2_000,
        expires_at: 3_000,
    }];
    found.now = 1_000;
    let waiting = plan(&desired, &found).unwrap();
    assert_eq!(waiting.steps, []);
    assert!(matches!(
        waiting.waits[..],
        [Wait::Change {
            contract: Kind::Vault,
            change: 7,
            ready_at: 2_000,
            ..
        }]
    ));

    found.now = 2_000;
    let due = plan(&desired, &found).unwrap();
    assert_eq!(
        names(&due),
        ["apply change 7 of the vault: change the market of uatom"]
    );
    assert_eq!(due.steps[0].sender, DEPLOYER);

    // What nobody applied in time is proposed again.
    found.now = 3_001;
    let late = plan(&desired, &found).unwrap();
    assert_eq!(names(&late), ["change the market of uatom"]);
    assert_eq!(
        late.waits,
        [Wait::OtherChange {
            contract: Kind::Vault,
            change: 7
        }]
    );
}

#[test]
fn a_new_asset_is_proposed_at_once_where_changes_wait() {
    let Deployed { mut desired, found } = deployed();
    let mut asset = desired.assets[0].clone();
    asset.asset = "uosmo".into();
    desired.assets.push(asset);
    let plan = plan(&desired, &found).unwrap();
    assert_eq!(
        names(&plan),
        ["set the feed of uosmo", "list the market of uosmo"]
    );
}

#[test]
fn other_code_is_migrated_to_and_another_caller_is_created() {
    let Deployed { mut desired, found } = deployed();
    desired.checksums.insert(Kind::Vault, "new-vault".into());
    desired.checksums.insert(Kind::Caller, "new-caller".into());
    let plan = plan(&desired, &found).unwrap();
    let expected = [
        "store the code of the caller, checksum new-caller",
        "create the caller",
        "store the code of the vault, checksum new-vault",
        "migrate the vault to the code with checksum new-vault",
        "have the vault call through this caller",
    ];
    assert_eq!(names(&plan), expected);
    let migrating = &plan.steps[3];
    assert_eq!(migrating.sender, "admin");
    assert!(matches!(&migrating.step, Step::Migrate { from, .. } if from == "vault-sum"));
}

#[test]
fn a_caller_that_waits_to_be_used_is_not_created_again() {
    let Deployed { desired, mut found } = deployed();
    let caller = found.contracts.get_mut(&Kind::Caller).unwrap();
    caller.address = "caller-2".into();
    let plan = plan(&desired, &found).unwrap();
    assert_eq!(names(&plan), ["have the vault call through this caller"]);
}

#[test]
fn what_is_fixed_for_good_cannot_be_planned() {
    let Deployed { mut desired, found } = deployed();
    desired.assets[2].market.as_mut().unwrap().decimals = 8;
    let refused = plan(&desired, &found).unwrap_err();
    assert!(matches!(
        refused,
        DeployError::Fixed { field, .. } if field == "uusd: decimals"
    ));
}

#[test]
fn nothing_is_created_without_its_wasm() {
    let mut desired = desired();
    desired.checksums.remove(&Kind::Caller);
    let refused = plan(&desired, &bulwark_deploy::Found::default()).unwrap_err();
    assert!(matches!(
        refused,
        DeployError::NoArtifact { kind: Kind::Caller }
    ));
    // What is there already needs none.
    let Deployed { mut desired, found } = deployed();
    desired.checksums.clear();
    assert_eq!(plan(&desired, &found).unwrap().steps, []);
}

#[test]
fn what_the_file_does_not_name_is_told_and_stays() {
    let Deployed {
        mut desired,
        mut found,
    } = deployed();
    desired.assets.pop();
    let asset = "x".to_owned();
    let feed = desired.assets[0].feed.clone();
    found.oracle.as_mut().unwrap().changes = vec![PendingChange {
        id: 3,
        change: OracleChange::SetFeed { asset, feed },
        ready_at: 0,
        expires_at: 9,
    }];
    let plan = plan(&desired, &found).unwrap();
    assert_eq!(plan.steps, []);
    let not_named = |contract| Wait::NotInFile {
        contract,
        asset: "uusd".into(),
    };
    let other = Wait::OtherChange {
        contract: Kind::Oracle,
        change: 3,
    };
    let expected = [not_named(Kind::Oracle), other, not_named(Kind::Vault)];
    assert_eq!(plan.waits, expected);
}

#[test]
fn what_needs_somebody_else_first_is_not_sent_by_us() {
    // The feeders' keys are here, the deployer's is not.
    let mut desired = desired();
    desired.keys.remove(DEPLOYER);
    desired.keys.remove(DAO);
    let plan = plan(&desired, &bulwark_deploy::Found::default()).unwrap();
    let readiness = readiness(&plan, |planned| desired.keys.contains(&planned.sender));
    let known = plan.steps.iter().zip(readiness);
    for (planned, readiness) in known {
        let expected = if matches!(planned.step, Step::PostPrices { .. }) {
            Readiness::Later
        } else {
            Readiness::Elsewhere
        };
        assert_eq!(readiness, expected, "{}", planned.step);
    }

    // What waits for nobody is sent: anyone may apply a change, whoever lists a market meanwhile.
    let Deployed { mut desired, found } = deployed();
    let mut asset = desired.assets[0].clone();
    asset.asset = "uosmo".into();
    desired.assets.push(asset);
    desired.oracle.quorum = 2;
    let plan = bulwark_deploy::plan(&desired, &found).unwrap();
    let mine = |planned: &bulwark_deploy::step::Planned| {
        !matches!(planned.step, Step::UpdateFeeders { .. })
    };
    let readiness = bulwark_deploy::order::readiness(&plan, mine);
    assert_eq!(
        readiness,
        [Readiness::Elsewhere, Readiness::Now, Readiness::Now]
    );
}

#[test]
fn nothing_is_sealed_before_every_market_is_listed() {
    let plan = plan(&desired(), &bulwark_deploy::Found::default()).unwrap();
    // As with --generate-only: the vault is yet to be created, so its markets cannot be listed.
    let is_vault = |step: &Step| {
        matches!(
            step,
            Step::Instantiate {
                contract: Kind::Vault
            }
        )
    };
    let can = |at: usize| !is_vault(&plan.steps[at].step);
    let feasible = bulwark_deploy::order::feasible(&plan.steps, can);
    let known = plan.steps.iter().zip(feasible);
    let names: Vec<_> = known
        .filter(|(_, is_feasible)| *is_feasible)
        .map(|(planned, _)| planned.step.to_string())
        .collect();
    assert_eq!(
        names.last().unwrap(),
        "post first prices of uatom stuatom uusd"
    );
}

#[test]
fn code_that_differs_and_cannot_be_changed_is_told() {
    let Deployed {
        mut desired,
        mut found,
    } = deployed();
    desired.checksums.insert(Kind::Vault, "new-vault".into());
    desired.checksums.remove(&Kind::Oracle);
    found.contracts.get_mut(&Kind::Vault).unwrap().admin = None;
    let plan = plan(&desired, &found).unwrap();
    assert_eq!(plan.steps, []);
    let expected = [
        Wait::CodeUnknown {
            contract: Kind::Oracle,
        },
        Wait::OtherCode {
            contract: Kind::Vault,
            found: "vault-sum".into(),
        },
    ];
    assert_eq!(plan.waits, expected);
}

#[test]
fn a_new_deployment_is_shown_with_all_of_its_values() {
    let plan = plan(&desired(), &bulwark_deploy::Found::default()).unwrap();
    let shown = |name: &str| -> Vec<String> {
        let mut steps = plan.steps.iter();
        let planned = steps.find(|planned| planned.step.to_string() == name);
        let changes = &planned.unwrap().changes;
        changes.iter().map(ToString::to_string).collect()
    };
    for (step, value) in [
        ("create the oracle", "guardian: guardian"),
        ("create the vault", "admin: admin"),
        (
            "create the vault",
            "parameters.liquidation.target_ratio: 1.1",
        ),
        ("set the feed of uusd", "max_age: 120"),
        ("post first prices of uatom stuatom uusd", "stuatom: 12"),
        (
            "list the market of uatom",
            "limits.deposit_cap: 5000000000000",
        ),
    ] {
        let values = shown(step);
        assert!(
            values.iter().any(|shown| shown == value),
            "{step}: {values:?}"
        );
    }
}

#[test]
fn a_plan_is_the_rest_of_another_only_if_all_of_it_was_agreed_to() {
    let Deployed { desired, found } = deployed();
    let whole = plan(&desired, &bulwark_deploy::Found::default()).unwrap();
    let mut rest = whole.clone();
    rest.steps.drain(..4);
    assert!(rest.is_rest_of(&whole) && whole.is_rest_of(&whole));
    assert!(!whole.is_rest_of(&rest));
    assert!(plan(&desired, &found).unwrap().is_rest_of(&whole));

    // A value that is another one now was not agreed to.
    let mut other = rest.clone();
    let listed = other.steps.iter_mut();
    let shown = listed.flat_map(|planned| &mut planned.changes).last();
    shown.unwrap().to = "somebody".into();
    assert!(!other.is_rest_of(&whole));
    rest.steps.reverse();
    assert!(!rest.is_rest_of(&whole));
}

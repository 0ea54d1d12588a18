//! Nothing is left out: every error enum of the contracts and every event, compared with the
//! sources themselves.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;

use bulwark_risk::units::{Amount, SupplyShares};
use bulwark_schema::{errors, events};
use bulwark_testing::error::variants;
use bulwark_types::events::{Lent, PaidOut};
use cosmwasm_std::Event;

/// The source of an error type, its name, and the contracts that answer with it.
const SOURCES: [(&str, &str, &[&str]); 7] = [
    (
        include_str!("../../../contracts/vault/src/error.rs"),
        "ContractError",
        &["vault"],
    ),
    (
        include_str!("../../../contracts/oracle/src/error.rs"),
        "ContractError",
        &["oracle"],
    ),
    (
        include_str!("../../../contracts/caller/src/error.rs"),
        "ContractError",
        &["caller"],
    ),
    (
        include_str!("../../../contracts/liquidator/src/error.rs"),
        "ContractError",
        &["liquidator"],
    ),
    (
        include_str!("../../types/src/governance/mod.rs"),
        "GovernanceError",
        &["vault", "oracle"],
    ),
    (
        include_str!("../../types/src/migration.rs"),
        "MigrationError",
        &["vault", "oracle"],
    ),
    (
        include_str!("../../risk/src/error.rs"),
        "RiskError",
        &["vault", "oracle", "liquidator"],
    ),
];

#[test]
fn every_error_of_every_contract_is_described_once() {
    let mut declared = BTreeSet::new();
    for (source, name, contracts) in SOURCES {
        for contract in contracts {
            let names = variants(name, source);
            assert!(!names.is_empty(), "{name}");
            declared.extend(names.into_iter().map(|name| (*contract, name)));
        }
    }
    let described = errors().unwrap().contracts.into_iter();
    let described: Vec<(&str, String)> = described
        .flat_map(|(contract, errors)| errors.into_iter().map(move |error| (contract, error.name)))
        .collect();
    assert_eq!(described.len(), declared.len());
    assert_eq!(described.into_iter().collect::<BTreeSet<_>>(), declared);
}

#[test]
fn an_error_has_the_fields_that_it_is_displayed_with() {
    let errors = errors().unwrap();
    let paused = errors.contracts["vault"]
        .iter()
        .find(|error| error.name == "paused")
        .unwrap();
    let shown = bulwark_vault::ContractError::Paused {
        action: bulwark_types::vault::PausableAction::Borrow,
        asset: "uatom".into(),
        until: 9,
    };
    let fields: serde_json::Value = serde_json::to_value(&shown).unwrap()["paused"].take();
    let fields: BTreeSet<&String> = fields.as_object().unwrap().keys().collect();
    assert_eq!(
        paused.fields.properties.keys().collect::<BTreeSet<_>>(),
        fields
    );
    assert_eq!(
        paused.fields.required.iter().collect::<BTreeSet<_>>(),
        fields
    );
}

/// Whoever reads the file alone finds everything that it refers to.
#[test]
fn what_fields_refer_to_is_in_the_file() {
    let errors = errors().unwrap();
    let text = serde_json::to_string(&errors).unwrap();
    for reference in text.split("#/definitions/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(errors.definitions.contains_key(name), "{name}");
    }
}

#[test]
fn an_event_is_described_as_it_is_emitted() {
    let lent: Event = Lent {
        owner: "alice".into(),
        id: 3,
        asset: "uatom".into(),
        amount: Amount(5),
        shares: SupplyShares(5_000_000),
    }
    .into();
    let events = events().events;
    let described = events.iter().find(|event| event.event_type == Lent::TYPE);
    let described = described.unwrap();
    assert_eq!(
        described.description,
        "Idle deposits were lent to the pool."
    );
    let emitted = lent
        .attributes
        .iter()
        .map(|attribute| attribute.key.as_str());
    let names = described.attributes.iter().map(|attribute| attribute.name);
    assert!(emitted.eq(names));
    assert_eq!(described.attributes[3].value, "Amount");
    assert_eq!(described.attributes[3].description, "Smallest units lent.");
    assert!(events.iter().any(|event| event.event_type == PaidOut::TYPE));
    let types: BTreeSet<&str> = events.iter().map(|event| event.event_type).collect();
    assert_eq!(types.len(), events.len(), "a type stands twice");
}

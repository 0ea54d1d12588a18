//! Which errors there are, read out of the sources of their types, and which no message provokes
//! on a chain.

use std::collections::BTreeSet;

use bulwark_testing::error::variants;

/// Source of an error type, its name, and the contracts that answer it.
const SOURCES: [(&str, &str, &[&str]); 7] = [
    (
        include_str!("../../../../../contracts/vault/src/error.rs"),
        "ContractError",
        &["vault"],
    ),
    (
        include_str!("../../../../../contracts/oracle/src/error.rs"),
        "ContractError",
        &["oracle"],
    ),
    (
        include_str!("../../../../../contracts/caller/src/error.rs"),
        "ContractError",
        &["caller"],
    ),
    (
        include_str!("../../../../../contracts/liquidator/src/error.rs"),
        "ContractError",
        &["liquidator"],
    ),
    (
        include_str!("../../../../../packages/types/src/governance/mod.rs"),
        "GovernanceError",
        &["vault", "oracle"],
    ),
    (
        include_str!("../../../../../packages/types/src/migration.rs"),
        "MigrationError",
        &["vault", "oracle"],
    ),
    (
        include_str!("../../../../../packages/risk/src/error.rs"),
        "RiskError",
        &["vault", "oracle", "liquidator"],
    ),
];

const TAKES_DAYS: &str = "takes days or years, which pass only in tests without a chain";
const NEVER: &str = "no message leads there; unit tests of the contract";
const BOUNDED: &str = "inputs are bounded before";
const OTHER_STATE: &str = "takes state that another version wrote; tests of migration";
const ROUNDS: &str = "takes rounding or prices chosen to the digit; `errors` without a chain";
const LIES: &str = "takes a token that lies; `errors` and `foreign_tokens` without a chain";

/// Contract, name, and why it is not provoked here.
const OUT_OF_REACH: &[(&str, &str, &str)] = &[
    ("vault", "zero_shares", TAKES_DAYS),
    ("vault", "outflow_limit", TAKES_DAYS),
    ("vault", "change_expired", TAKES_DAYS),
    ("vault", "cooling_down", TAKES_DAYS),
    ("oracle", "change_expired", TAKES_DAYS),
    ("oracle", "cooling_down", TAKES_DAYS),
    ("vault", "unknown_reply", NEVER),
    ("caller", "unknown_reply", NEVER),
    ("oracle", "boards_full", NEVER),
    ("caller", "funds_sent", NEVER),
    ("liquidator", "funds_sent", NEVER),
    ("liquidator", "config", NEVER),
    ("liquidator", "division_by_zero", NEVER),
    ("liquidator", "amount_too_large", NEVER),
    ("liquidator", "value_too_large", NEVER),
    ("vault", "division_by_zero", BOUNDED),
    ("oracle", "overflow", BOUNDED),
    ("oracle", "division_by_zero", BOUNDED),
    ("oracle", "amount_too_large", BOUNDED),
    ("oracle", "value_too_large", BOUNDED),
    ("vault", "newer_state", OTHER_STATE),
    ("vault", "no_migration_path", OTHER_STATE),
    ("vault", "unreadable_version", OTHER_STATE),
    ("oracle", "newer_state", OTHER_STATE),
    ("oracle", "no_migration_path", OTHER_STATE),
    ("oracle", "unreadable_version", OTHER_STATE),
    ("vault", "nothing_seized", ROUNDS),
    ("vault", "ratio_not_raised", ROUNDS),
    ("vault", "balance_fell", LIES),
];

/// Fails unless every error of every contract was provoked, or cannot be.
pub fn assert_complete(seen: &BTreeSet<(&str, String)>) {
    let mut missing = BTreeSet::new();
    for (source, name, contracts) in SOURCES {
        let names = variants(name, source);
        assert!(!names.is_empty(), "{name}");
        for contract in contracts {
            missing.extend(names.iter().map(|name| (*contract, name.clone())));
        }
    }
    for found in seen {
        assert!(
            missing.remove(found),
            "{found:?} is no error of its contract"
        );
    }
    for (contract, name, why) in OUT_OF_REACH {
        let known = (*contract, (*name).to_owned());
        assert!(missing.remove(&known), "{known:?} was provoked: {why}");
    }
    assert!(missing.is_empty(), "never provoked: {missing:?}");
}

//! The example deployment, wanted and found.

use std::collections::BTreeMap;

use bulwark_deploy::found::{FoundContract, FoundFeed, FoundOracle, FoundVault};
use bulwark_deploy::{Deployment, Desired, Found, Kind, Plan};
use bulwark_risk::units::{Amount, DebtShares, Fraction, SupplyShares};
use bulwark_types::governance::OwnershipResponse;
use bulwark_types::oracle::{ConfigResponse as OracleConfigResponse, Slot};
use bulwark_types::vault::{
    ConfigResponse, FamilyListing, FamilyResponse, MarketResponse, OracleConfig,
};

pub const DEPLOYER: &str = "deployer";
pub const DAO: &str = "dao";
const ADMIN: &str = "admin";

const FILE: &str = include_str!("../../../cli/deploy/deployment.toml");

/// A deployment and the chain that it is on.
pub struct Deployed {
    pub desired: Desired,
    pub found: Found,
}

/// What the example file wants, with the file's names for addresses.
pub fn desired() -> Desired {
    let deployment = Deployment::parse(FILE).unwrap();
    let feeders = deployment.oracle.feeders.clone();
    let checksum = |kind: Kind| (kind, format!("{kind}-sum"));
    Desired {
        name: deployment.name,
        deployer: DEPLOYER.into(),
        owner: DAO.into(),
        guardian: Some("guardian".into()),
        admin: ADMIN.into(),
        keys: feeders.into_iter().chain([DEPLOYER.to_owned()]).collect(),
        checksums: Kind::ALL.map(checksum).into(),
        oracle: deployment.oracle,
        vault: deployment.vault,
        liquidator: deployment.liquidator,
        assets: deployment.assets,
    }
}

/// A chain on which all of it is carried out.
pub fn deployed() -> Deployed {
    let desired = desired();
    let contract = |kind: Kind| {
        let found = FoundContract {
            address: kind.name().into(),
            code_id: 1,
            checksum: format!("{kind}-sum"),
            admin: (!kind.keeps_nothing()).then(|| ADMIN.into()),
        };
        (kind, found)
    };
    let ownership = OwnershipResponse {
        owner: Some(DAO.into()),
        pending_owner: None,
    };
    let feeds = desired.assets.iter().map(|asset| {
        let feed = asset.feed.clone();
        let has_price = true;
        (asset.asset.clone(), FoundFeed { feed, has_price })
    });
    let oracle = FoundOracle {
        config: OracleConfigResponse {
            guardian: desired.guardian.clone(),
            // The order says nothing.
            feeders: desired.oracle.feeders.iter().rev().cloned().collect(),
            quorum: desired.oracle.quorum,
            owner_delay: desired.oracle.owner_delay,
        },
        ownership: ownership.clone(),
        feeds: feeds.collect(),
        changes: vec![],
    };
    let settings = &desired.vault;
    let vault = FoundVault {
        config: ConfigResponse {
            oracle: OracleConfig {
                address: "oracle".into(),
                mode: settings.oracle_mode,
            },
            guardian: desired.guardian.clone(),
            groups: settings.groups.clone(),
            bounds: settings.bounds,
            cap_multiple: settings.cap_multiple,
            unpriced_grace: settings.unpriced_grace,
            parameters: settings.parameters.clone(),
            gross_factor_in_force: settings.parameters.margin.gross_factor,
            pauses: vec![],
            caller: "caller".into(),
            locked: false,
        },
        ownership,
        markets: markets(&desired),
        changes: vec![],
    };
    let codes = Kind::ALL.map(|kind| (format!("{kind}-sum"), 1));
    let found = Found {
        now: 100,
        codes: codes.into(),
        contracts: Kind::ALL.map(contract).into(),
        oracle: Some(oracle),
        vault: Some(vault),
    };
    Deployed { desired, found }
}

fn markets(desired: &Desired) -> BTreeMap<String, MarketResponse> {
    let listed = desired.assets.iter().zip(0..).map(|(asset, number)| {
        let market = asset.market.clone().unwrap();
        let family = match &market.family {
            FamilyListing::Base {
                group,
                group_correlation,
                family_correlation,
                haircut,
            } => FamilyResponse {
                group: group.clone(),
                base: asset.asset.clone(),
                group_correlation: *group_correlation,
                family_correlation: *family_correlation,
                haircut_rule: *haircut,
                haircut_rule_target: *haircut,
            },
            FamilyListing::Member { of } => {
                let base = desired.assets.iter().find(|asset| asset.asset == *of);
                let base = base.and_then(|asset| asset.market.clone()).unwrap();
                let FamilyListing::Base { haircut, .. } = base.family else {
                    panic!("{of} is no base");
                };
                FamilyResponse {
                    group: "crypto".into(),
                    base: of.clone(),
                    group_correlation: Fraction::percent(80),
                    family_correlation: Fraction::percent(95),
                    haircut_rule: haircut,
                    haircut_rule_target: haircut,
                }
            }
        };
        let response = MarketResponse {
            market: number,
            asset: asset.asset.clone(),
            decimals: market.decimals,
            family,
            risk: market.risk,
            risk_target: market.risk,
            ramp_end: 0,
            haircut: None,
            newest_haircut: None,
            interest: market.interest,
            reserve_factor: market.reserve_factor,
            limits: market.limits,
            deposit_enabled: market.deposit_enabled,
            borrow_enabled: market.borrow_enabled,
            pauses: vec![],
            slot: Slot { board: 0, slot: 0 },
            idle: Amount::ZERO,
            supplied: Amount::ZERO,
            borrowed: Amount::ZERO,
            cash: Amount::ZERO,
            reserve: Amount::ZERO,
            supply_shares: SupplyShares::ZERO,
            debt_shares: DebtShares::ZERO,
            reserve_shares: SupplyShares::ZERO,
            utilisation: Fraction::ZERO,
            borrow_rate: Fraction::ZERO,
            supply_rate: Fraction::ZERO,
            wiped_out: false,
            outflow: Amount::ZERO,
            outflow_limit: None,
            locked: false,
        };
        (asset.asset.clone(), response)
    });
    listed.collect()
}

/// What a plan's steps are called.
pub fn names(plan: &Plan) -> Vec<String> {
    plan.steps
        .iter()
        .map(|planned| planned.step.to_string())
        .collect()
}

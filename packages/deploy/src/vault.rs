//! The vault's part of a plan, its markets aside.

use std::collections::BTreeMap;

use bulwark_types::governance::OwnershipResponse;
use bulwark_types::vault::{Change, ConfigResponse, OracleConfig, Parameters, ParametersUpdate};
use serde::Serialize;

use crate::diff::{Difference, differences};
use crate::error::{DeployError, DeployResult};
use crate::found::FoundVault;
use crate::plan::Wait;
use crate::planner::{Planner, VaultPlace};
use crate::step::{Kind, Step};

/// The vault as it is, or as it will be created.
pub fn current(planner: &Planner<'_>) -> FoundVault {
    let desired = planner.desired;
    let address = |kind| {
        let found = planner.contract(kind);
        found.map_or_else(String::new, |found| found.address.clone())
    };
    planner.found.vault.clone().unwrap_or_else(|| FoundVault {
        config: ConfigResponse {
            oracle: OracleConfig {
                address: address(Kind::Oracle),
                mode: desired.vault.oracle_mode,
            },
            guardian: desired.guardian.clone(),
            groups: desired.vault.groups.clone(),
            bounds: desired.vault.bounds,
            cap_multiple: desired.vault.cap_multiple,
            unpriced_grace: desired.vault.unpriced_grace,
            parameters: Parameters {
                owner_delay: 0,
                ..desired.vault.parameters.clone()
            },
            gross_factor_in_force: desired.vault.parameters.margin.gross_factor,
            pauses: Vec::new(),
            caller: address(Kind::Caller),
            locked: false,
        },
        ownership: OwnershipResponse {
            owner: Some(desired.deployer.clone()),
            pending_owner: None,
        },
        markets: BTreeMap::new(),
        changes: Vec::new(),
    })
}

pub fn place(vault: &FoundVault) -> VaultPlace<'_> {
    VaultPlace {
        contract: Kind::Vault,
        owner: vault.ownership.owner.as_deref(),
        delay: vault.config.parameters.owner_delay,
        changes: &vault.changes,
    }
}

/// What is fixed, the contracts that it uses, and its parameters but for the delay.
pub fn parameters(planner: &mut Planner<'_>, vault: &FoundVault) -> DeployResult<()> {
    let (desired, config) = (&planner.desired.vault, &vault.config);
    fixed("groups", &config.groups, &desired.groups)?;
    fixed("bounds", &config.bounds, &desired.bounds)?;
    fixed("cap_multiple", &config.cap_multiple, &desired.cap_multiple)?;
    fixed(
        "unpriced_grace",
        &config.unpriced_grace,
        &desired.unpriced_grace,
    )?;
    contracts(planner, vault);

    let (have, want) = (&config.parameters, &planner.desired.vault.parameters);
    let guardian = planner.desired.guardian.clone();
    let update = ParametersUpdate {
        guardian: guardian.filter(|guardian| Some(guardian) != config.guardian.as_ref()),
        margin: changed(have.margin, want.margin),
        liquidation: changed(have.liquidation, want.liquidation),
        max_holdings: changed(have.max_holdings, want.max_holdings),
        ramp_time: changed(have.ramp_time, want.ramp_time),
        outflow_window: changed(have.outflow_window, want.outflow_window),
        ..ParametersUpdate::default()
    };
    propose(planner, vault, update)
}

/// The other contracts that the vault uses, where another one than it uses was created.
fn contracts(planner: &mut Planner<'_>, vault: &FoundVault) {
    if planner.found.vault.is_none() {
        return;
    }
    let mode = planner.desired.vault.oracle_mode;
    let change = |field: &str, from: &str, to: &str| Difference {
        field: field.into(),
        from: from.into(),
        to: to.into(),
    };
    let found = planner.contract(Kind::Oracle).cloned();
    if let Some(address) = found.map(|found| found.address) {
        let (have, wanted) = (&vault.config.oracle, OracleConfig { address, mode });
        if *have != wanted {
            let changes = vec![change("oracle", &have.address, &wanted.address)];
            let update = ParametersUpdate {
                oracle: Some(wanted),
                ..ParametersUpdate::default()
            };
            let step = Step::UseOracle { mode };
            planner.propose(&place(vault), &Change::UpdateParams(update), step, changes);
        }
    }
    let is_new = |planned: &crate::step::Planned| {
        planned.step
            == Step::Instantiate {
                contract: Kind::Caller,
            }
    };
    let is_new = planner.plan.steps.iter().any(is_new);
    let found = planner.contract(Kind::Caller).cloned();
    let have = vault.config.caller.as_str();
    if let Some(caller) = found.map(|found| found.address).filter(|_| !is_new) {
        if caller != have {
            let changes = vec![change("caller", have, &caller)];
            let update = ParametersUpdate {
                caller: Some(caller),
                ..ParametersUpdate::default()
            };
            let update = Change::UpdateParams(update);
            planner.propose(&place(vault), &update, Step::UseCaller {}, changes);
        }
    } else if let Some(owner) = vault.ownership.owner.as_deref() {
        let changes = vec![change("caller", have, "the new one")];
        let delay = vault.config.parameters.owner_delay;
        planner.step(Step::UseCaller {}, owner, delay, changes);
    }
}

fn propose(
    planner: &mut Planner<'_>,
    vault: &FoundVault,
    update: ParametersUpdate,
) -> DeployResult<()> {
    if update == ParametersUpdate::default() {
        return Ok(());
    }
    let have = &vault.config.parameters;
    let before = ParametersUpdate {
        guardian: update.guardian.as_ref().and(vault.config.guardian.clone()),
        margin: update.margin.map(|_| have.margin),
        liquidation: update.liquidation.map(|_| have.liquidation),
        max_holdings: update.max_holdings.map(|_| have.max_holdings),
        ramp_time: update.ramp_time.map(|_| have.ramp_time),
        owner_delay: update.owner_delay.map(|_| have.owner_delay),
        outflow_window: update.outflow_window.map(|_| have.outflow_window),
        ..ParametersUpdate::default()
    };
    let changes = differences(&before, &update)?;
    let step = Step::UpdateParameters {
        update: update.clone(),
    };
    planner.propose(&place(vault), &Change::UpdateParams(update), step, changes);
    Ok(())
}

/// The delay, and the new owner.
pub fn seal(planner: &mut Planner<'_>, vault: &FoundVault, is_ready: bool) -> DeployResult<()> {
    let (have, want) = (&vault.config.parameters, &planner.desired.vault.parameters);
    let owner_delay = changed(have.owner_delay, want.owner_delay);
    let is_owner = vault.ownership.owner.as_ref() == Some(&planner.desired.owner);
    if !is_ready && (!is_owner || owner_delay.is_some()) {
        planner.wait(Wait::Setup {});
        return Ok(());
    }
    let update = ParametersUpdate {
        owner_delay,
        ..ParametersUpdate::default()
    };
    propose(planner, vault, update)?;
    planner.hand_over(Kind::Vault, &vault.ownership);
    Ok(())
}

/// The new value, if it is another one.
pub fn changed<T: PartialEq>(have: T, want: T) -> Option<T> {
    (have != want).then_some(want)
}

/// A value that cannot be changed.
pub fn fixed<T: PartialEq + Serialize>(field: &str, have: &T, want: &T) -> DeployResult<()> {
    if have == want {
        return Ok(());
    }
    Err(DeployError::Fixed {
        kind: Kind::Vault,
        field: field.into(),
        found: serde_json::to_string(have)?,
        desired: serde_json::to_string(want)?,
    })
}

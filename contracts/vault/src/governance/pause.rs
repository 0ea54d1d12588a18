use bulwark_types::events::PauseMoved;
use bulwark_types::governance::GovernanceError;
use bulwark_types::vault::PausableAction;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::assert_guardian;
use crate::error::{ContractError, ContractResult};
use crate::execute::funds::assert_none;
use crate::state::{MarketConfig, Pauses, SETTINGS};

/// Guardian: pauses actions on one asset, or on all, for at most 72 h and then not again for
/// 7 days. A pause of all and one of an asset do not follow each other: the asset's own is
/// refused while the other rests, and passed by where its own rests.
pub fn pause(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    asset: Option<String>,
    actions: &[PausableAction],
) -> ContractResult<Response> {
    let now = env.block.time.seconds();
    update(deps, info, asset, actions, |all, pauses, action| {
        if let Some(all) = all {
            if let Some(until) = all.brake(action).rests_until(now) {
                return Err(GovernanceError::CoolingDown { until, now }.into());
            }
        }
        Ok(pauses.brake_mut(action).pull(now)?)
    })
}

/// Guardian: lifts a pause.
pub fn unpause(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    asset: Option<String>,
    actions: &[PausableAction],
) -> ContractResult<Response> {
    update(deps, info, asset, actions, |_, pauses, action| {
        pauses.brake_mut(action).release();
        Ok(0)
    })
}

fn update(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    asset: Option<String>,
    actions: &[PausableAction],
    step: impl Fn(Option<&Pauses>, &mut Pauses, PausableAction) -> ContractResult<u64>,
) -> ContractResult<Response> {
    assert_none(info)?;
    let mut settings = SETTINGS.load(deps.storage)?;
    assert_guardian(&settings, &info.sender)?;
    if actions.is_empty() || actions.len() > 3 {
        let length = u64::try_from(actions.len()).unwrap_or(u64::MAX);
        return Err(Box::new(ContractError::ListLength { length, limit: 3 }));
    }
    let mut distinct = actions.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mut until = 0;
    if let Some(asset) = &asset {
        let mut config = MarketConfig::load(deps.storage, asset)?;
        for action in &distinct {
            until = step(Some(&settings.pauses), &mut config.pauses, *action)?.max(until);
        }
        config.save(deps.storage)?;
    } else {
        for action in &distinct {
            until = step(None, &mut settings.pauses, *action)?.max(until);
        }
        SETTINGS.save(deps.storage, &settings)?;
    }
    let name = |action: &PausableAction| match action {
        PausableAction::Deposit => "deposit",
        PausableAction::Borrow => "borrow",
        PausableAction::Withdraw => "withdraw",
    };
    Ok(Response::new().add_event(PauseMoved {
        asset: asset.unwrap_or_default(),
        actions: actions.iter().map(name).collect::<Vec<_>>().join(","),
        until,
    }))
}

use bulwark_types::vault::ExecuteMsg;

use super::Probe;
use crate::world::{Step, Target};

/// Steps that are replayed at a time.
const REPLAYS: usize = 3;

/// 4, its second half: accruing first and then acting leads to the same state as acting.
pub(super) fn accrue_then_act_is_act(probe: &mut Probe<'_>) {
    let replayable = probe
        .steps
        .iter()
        .rev()
        .filter(|step| step.outcome.is_ok() && !step.tampered);
    for (step, message, assets) in replayable.filter_map(with_assets).take(REPLAYS) {
        let Target::Vault(_, funds) = &step.target else {
            continue;
        };
        let after = probe.world.fork_at(&step.before, &step.block, |world| {
            let accrue = ExecuteMsg::Accrue { assets };
            let accrued = world.execute(super::STRANGER, accrue, Vec::new());
            let acted = world.execute(step.sender.as_str(), message.clone(), funds.clone());
            (accrued.is_ok() && acted.is_ok()).then(|| world.snapshot())
        });
        let same = after.is_some_and(|after| after.same_as(&step.after));
        probe.findings.check(4, same, || {
            format!("{message:?} leads elsewhere when its markets were accrued first")
        });
    }
}

/// A message with the markets whose totals it moves; none for messages of another kind.
fn with_assets(step: &Step) -> Option<(&Step, &ExecuteMsg, Vec<String>)> {
    let Target::Vault(message, funds) = &step.target else {
        return None;
    };
    let paid = || funds.iter().map(|coin| coin.denom.clone());
    let assets = match message.as_ref() {
        ExecuteMsg::Deposit {
            lend: Some(true), ..
        }
        | ExecuteMsg::Repay { .. } => paid().collect(),
        ExecuteMsg::Lend { asset, .. }
        | ExecuteMsg::Recall { asset, .. }
        | ExecuteMsg::Borrow { asset, .. } => vec![asset.clone()],
        _ => return None,
    };
    Some((step, message, assets))
}

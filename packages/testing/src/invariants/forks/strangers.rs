use bulwark_risk::units::Amount;
use bulwark_types::vault::{AccountRef, ExecuteMsg};

use super::{Probe, STRANGER, deposits, is_safe, record, stage};
use crate::World;
use crate::invariants::tamper;

/// Value of what strangers move, USD.
const VALUE: u32 = 5_000;

/// 7: whatever a stranger does at fixed prices and time, healthy accounts stay healthy.
pub(super) fn harm_nobody(probe: &mut Probe<'_>) {
    let mut victims = probe
        .sample(|_, assessment| assessment.is_some_and(|assessment| !assessment.is_liquidatable()));
    let markets = probe.markets();
    let assets: Vec<String> = markets
        .into_iter()
        .map(|market| probe.book.asset(market).to_owned())
        .collect();
    let harmed = probe.world.fork(|world| {
        victims.extend(stage::borrower(world, 99).map(|staged| staged.account));
        victims.retain(|victim| is_safe(world, victim));
        bustle(world, &assets, &victims);
        if world.is_interfered(7) {
            if let Some(victim) = victims.last() {
                tamper::divide_deposits(world, victim, 4);
            }
        }
        let unsafe_now = victims.iter().filter(|victim| !is_safe(world, victim));
        (victims.len(), unsafe_now.cloned().collect::<Vec<_>>())
    });
    if harmed.0 > 0 {
        probe.findings.check(7, harmed.1.is_empty(), || {
            format!("strangers made {:?} liquidatable", harmed.1)
        });
    }
}

/// Everything that a stranger can think of. Most of it is refused.
fn bustle(world: &mut World, assets: &[String], victims: &[AccountRef]) {
    let Some(book) = crate::invariants::book::Book::of(world) else {
        return;
    };
    for asset in assets {
        let amount = book
            .market_of(asset)
            .and_then(|market| book.worth(market, VALUE));
        let Some(amount) = amount else {
            continue;
        };
        let _ = world.mint(STRANGER, asset, Amount(amount.0.saturating_mul(4)));
        let _ = world.accrue(&[asset]);
        let _ = world.deposit_lent(STRANGER, asset, amount);
    }
    for asset in assets {
        if let Ok(most) = world.max_borrow((STRANGER, 1), asset) {
            let _ = world.borrow((STRANGER, 1), asset, most);
        }
        if let Ok(most) = world.max_withdraw(STRANGER, asset) {
            let _ = world.transfer(STRANGER, (STRANGER, 1), asset, Amount(most.0 / 2));
            let _ = world.recall_all(STRANGER, asset);
            let _ = world.withdraw_all(STRANGER, asset);
        }
    }
    for victim in victims {
        for market in deposits(&record(world, victim)) {
            let asset = book.asset(market).to_owned();
            let amount = None;
            let withdraw = ExecuteMsg::Withdraw {
                account: Some(victim.clone()),
                asset: asset.clone(),
                amount,
                to: None,
            };
            let _ = world.execute(STRANGER, withdraw, Vec::new());
            let transfer = ExecuteMsg::Transfer {
                account: Some(victim.clone()),
                to: world.account_ref(STRANGER),
                asset: asset.clone(),
                amount,
            };
            let _ = world.execute(STRANGER, transfer, Vec::new());
            let _ = world.deposit_for(STRANGER, victim, &asset, Amount(1));
        }
        let _ = world.write_off(STRANGER, victim);
    }
}

use bulwark_types::vault::{MarginResponse, MarketResponse};

use super::{Probe, STRANGER};
use crate::World;
use crate::invariants::tamper;

/// Value of what is given away, USD.
const VALUE: u32 = 1_000_000;

/// 6: a direct transfer to the contract changes no record of it, and nothing that it answers.
pub(super) fn changes_nothing(probe: &mut Probe<'_>) {
    let accounts = probe.sample(|_, assessment| assessment.is_some());
    for market in probe.markets() {
        let Some(amount) = probe.book.worth(market, VALUE) else {
            continue;
        };
        let asset = probe.book.asset(market).to_owned();
        let answers = |world: &World| -> (Option<MarketResponse>, Vec<Option<MarginResponse>>) {
            let margins = accounts.iter().map(|account| world.margin(account).ok());
            (world.market(&asset).ok(), margins.collect())
        };
        let layout = probe.layout;
        let unchanged = probe.world.fork(|world| {
            let vault = world.vault().to_string();
            world.mint(STRANGER, &asset, amount).ok()?;
            let (before, told_before) = (world.snapshot(), answers(world));
            world.send(STRANGER, &vault, &asset, amount).ok()?;
            if world.is_interfered(6) {
                tamper::market(world, market, |market| market.pool.supplied.0 += 1);
            }
            let after = world.snapshot();
            let mut changes = before.changes_to(&after);
            let records = changes.any(|(key, _)| layout.is_of_vault(key));
            Some(!records && answers(world) == told_before)
        });
        if let Some(unchanged) = unchanged {
            probe.findings.check(6, unchanged, || {
                format!("{amount} of {asset} sent to the contract changed what it says")
            });
        }
    }
}

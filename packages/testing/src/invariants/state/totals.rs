use bulwark_vault::state::Market;

use crate::invariants::Findings;
use crate::invariants::ledger::Ledger;

/// 1: the shares of all accounts and of the reserve add up to the pool's.
pub(super) fn shares_add_up(ledger: &Ledger, findings: &mut Findings) {
    for (id, Market { pool, .. }) in &ledger.book.markets {
        let sums = ledger.sums.get(id).copied().unwrap_or_default();
        let supply = sums.supply_shares + pool.reserve_shares.0;
        findings.check(1, supply == pool.supply_shares.0, || {
            let asset = ledger.book.asset(*id);
            format!(
                "{asset}: {supply} supply shares are owned, the pool says {}",
                pool.supply_shares
            )
        });
        let debt = sums.debt_shares;
        findings.check(1, debt == pool.debt_shares.0, || {
            let asset = ledger.book.asset(*id);
            format!(
                "{asset}: {debt} debt shares are owed, the pool says {}",
                pool.debt_shares
            )
        });
    }
}

/// 2: the contract holds what it owes, and debts do not exceed supply.
pub(super) fn holds_what_it_owes(ledger: &Ledger, findings: &mut Findings) {
    let book = &ledger.book;
    for (id, Market { pool, idle, .. }) in &book.markets {
        let asset = book.asset(*id);
        let owned = ledger.sums.get(id).map_or(0, |sums| sums.idle);
        findings.check(2, owned == idle.0, || {
            format!("{asset}: {owned} idle are owned, the market says {idle}")
        });
        findings.check(2, pool.borrowed <= pool.supplied, || {
            format!(
                "{asset}: {} are owed of {} supplied",
                pool.borrowed, pool.supplied
            )
        });
        let held = book.purse.get(asset).copied().unwrap_or(0);
        let needed = owned + pool.cash().0;
        findings.check(2, held >= needed, || {
            format!("{asset}: the contract holds {held}, and owes {needed}")
        });
    }
}

use bulwark_risk::pool::{Pool, VIRTUAL_ASSETS, VIRTUAL_SHARES};
use bulwark_types::events::BadDebtAbsorbed;
use cosmwasm_std::{Uint128, Uint256};

use super::View;
use crate::invariants::Findings;
use crate::world::events_of;

/// 4: beside accrual, supply share prices fall only by bad debt, and debt share prices do not
/// rise. The price of shares that nobody has left is where it began, and means nothing.
pub(super) fn move_for_a_reason(view: &View<'_>, findings: &mut Findings) {
    let losses = view
        .response()
        .map(events_of::<BadDebtAbsorbed>)
        .unwrap_or_default();
    for (id, before) in &view.before.markets {
        let Some(after) = view.after.markets.get(id) else {
            continue;
        };
        let asset = view.after.asset(*id);
        let lost = losses.iter().any(|loss| loss.asset == asset);
        let owned = !after.pool.supply_shares.is_zero();
        let fell = owned && supply(&after.pool).below(supply(&before.pool));
        findings.check(4, lost || !fell, || {
            format!(
                "{}, and supply shares of {asset} lost value",
                view.described()
            )
        });
        // The last debts of a pool, each rounded up, can come to more than its total: when that
        // is repaid, nothing but the virtual asset is left for the shares of the others.
        let owed = !after.pool.debt_shares.is_zero() && !after.pool.borrowed.is_zero();
        let rose = owed && debt(&before.pool).below(debt(&after.pool));
        findings.check(4, !rose, || {
            format!("{}, and debt shares of {asset} owe more", view.described())
        });
    }
}

/// A share price as an exact quotient.
struct SharePrice {
    assets: u128,
    shares: u128,
}

fn supply(pool: &Pool) -> SharePrice {
    SharePrice {
        assets: pool.supplied.0 + VIRTUAL_ASSETS,
        shares: pool.supply_shares.0 + VIRTUAL_SHARES,
    }
}

fn debt(pool: &Pool) -> SharePrice {
    SharePrice {
        assets: pool.borrowed.0 + VIRTUAL_ASSETS,
        shares: pool.debt_shares.0 + VIRTUAL_SHARES,
    }
}

impl SharePrice {
    fn below(&self, other: Self) -> bool {
        let product = |a: u128, b: u128| -> Uint256 { Uint128::new(a).full_mul(b) };
        product(self.assets, other.shares) < product(other.assets, self.shares)
    }
}

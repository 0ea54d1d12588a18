use bulwark_types::vault::{AccountRef, Cw20Hook, ExecuteMsg, Target};
use bulwark_vault::state::{AccountRecord, Balance};

use super::View;
use crate::invariants::Findings;

/// 17: only the owner, its operator or a liquidation lowers a deposit or raises a debt.
pub(super) fn have_a_right_to(view: &View<'_>, findings: &mut Findings) {
    let closed = closed_accounts(view);
    for change in view.changed {
        let is_entitled = view.may_act(&change.account) || closed.contains(&change.account);
        for market in change.markets() {
            let before = balances(&change.before, market);
            let after = balances(&change.after, market);
            let takes = after.0 < before.0 || after.1 < before.1 || after.2 > before.2;
            findings.check(17, !takes || is_entitled, || {
                let AccountRef { owner, id } = &change.account;
                let asset = view.after.asset(market);
                format!(
                    "{}, and account {id} of {owner} lost {asset}",
                    view.described()
                )
            });
        }
    }
}

/// Accounts that the message liquidates or writes off.
fn closed_accounts(view: &View<'_>) -> Vec<AccountRef> {
    let all = |targets: &[Target]| {
        let accounts = targets.iter().map(|target| target.account.clone());
        accounts.collect()
    };
    match view.message() {
        Some(ExecuteMsg::Liquidate { account, .. } | ExecuteMsg::WriteOff { account }) => {
            vec![account.clone()]
        }
        Some(ExecuteMsg::LiquidateMany { targets, .. }) => all(targets),
        Some(ExecuteMsg::Receive(_)) => match view.hook() {
            Some(Cw20Hook::Liquidate { account, .. }) => vec![account],
            Some(Cw20Hook::LiquidateMany { targets, .. }) => all(&targets),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Idle deposits, supply shares and debt shares in a market.
fn balances(record: &AccountRecord, market: u16) -> (u128, u128, u128) {
    let position = record
        .holdings
        .iter()
        .find(|position| position.market == market);
    match position.map(|position| position.balance) {
        Some(Balance::Deposit { idle, lent }) => (idle.0, lent.0, 0),
        Some(Balance::Debt(shares)) => (0, 0, shares.0),
        None => (0, 0, 0),
    }
}

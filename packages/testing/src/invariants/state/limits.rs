use bulwark_risk::account::Side;
use bulwark_risk::units::{Amount, Fraction};
use bulwark_risk::wide::mul_floor;
use bulwark_types::vault::{AccountRef, Action, Cw20Hook, ExecuteMsg};
use bulwark_vault::state::{AccountRecord, Market};

use super::View;
use crate::invariants::Findings;
use crate::invariants::book::{Book, outflow_limit};

/// 16: caps and limits hold after the messages that could break them.
pub(super) fn hold(view: &View<'_>, findings: &mut Findings) {
    let Some(message) = view.message() else {
        return;
    };
    match message {
        ExecuteMsg::Borrow { account, asset, .. } => {
            borrow_limits(view, &view.named(account.as_ref()), asset, findings);
        }
        ExecuteMsg::Deposit { account, .. } => {
            deposit_caps(view, &view.named(account.as_ref()), &view.paid(), findings);
        }
        ExecuteMsg::Receive(_) => {
            if let Some(Cw20Hook::Deposit { account, .. }) = view.hook() {
                deposit_caps(view, &view.named(account.as_ref()), &view.paid(), findings);
            }
        }
        ExecuteMsg::Batch { account, actions } => {
            let account = view.named(account.as_ref());
            for action in actions {
                of_action(view, &account, action, findings);
            }
        }
        _ => {}
    }
    outflow_limits(view, findings);
}

/// Of a batch only the end counts here: what a later action repays was no lasting debt.
fn of_action(view: &View<'_>, account: &AccountRef, action: &Action, findings: &mut Findings) {
    match action {
        Action::Borrow { asset, .. } => {
            let rose = view.after.market_of(asset).is_some_and(|market| {
                let before = owed(view.before, &view.record_before(account), market);
                owed(view.after, &view.record_after(account), market) > before
            });
            if rose {
                borrow_limits(view, account, asset, findings);
            }
        }
        Action::Deposit { asset, .. } => deposit_cap(view, account, asset, findings),
        Action::Call { funds, returns, .. } => {
            let given = funds.iter().map(|funds| &funds.asset);
            for asset in returns.iter().chain(given) {
                deposit_cap(view, account, asset, findings);
            }
        }
        Action::Withdraw { .. }
        | Action::Lend { .. }
        | Action::Recall { .. }
        | Action::Repay { .. } => {}
    }
}

/// What an account owes in a market, smallest units.
fn owed(book: &Book, record: &AccountRecord, market: u16) -> Amount {
    let mut positions = record.holdings.iter();
    let position = positions.find(|position| position.market == market);
    match position.and_then(|position| book.amount(position)) {
        Some((Side::Debt, amount)) => amount,
        _ => Amount::ZERO,
    }
}

/// What has left a pool lately stays within the limit, if the message added to it. The limit is
/// a share of what was supplied before.
fn outflow_limits(view: &View<'_>, findings: &mut Findings) {
    for (id, before) in &view.before.markets {
        let (Some(after), Some(config), Some(settings)) = (
            view.after.markets.get(id),
            view.after.configs.get(id),
            &view.after.settings,
        ) else {
            continue;
        };
        let window = settings.parameters.outflow_window;
        let total = |market: &Market| market.outflow.at(view.now, window).total();
        let (total_before, total) = (total(before), total(after));
        let share = config.limits.outflow_share;
        let limit = outflow_limit(before.pool.supplied, share).unwrap_or_default();
        let holds = share >= Fraction::ONE || total <= total_before || total <= limit;
        findings.check(16, holds, || {
            let asset = view.after.asset(*id);
            format!(
                "{}, and {total} of {asset} have left, above {limit}",
                view.described()
            )
        });
    }
}

/// The cap on debts, the utilisation, and the largest part that one account may owe.
fn borrow_limits(view: &View<'_>, account: &AccountRef, asset: &str, findings: &mut Findings) {
    let book = view.after;
    let Some(id) = book.market_of(asset) else {
        return;
    };
    let (Some(market), Some(config)) = (book.markets.get(&id), book.configs.get(&id)) else {
        return;
    };
    let (pool, limits) = (&market.pool, &config.limits);
    let part = |share: u128| mul_floor(pool.supplied.0, share).map_or(Amount::ZERO, Amount);
    let debt = owed(book, &view.record_after(account), id);
    for (owed, limit, name) in [
        (pool.borrowed, limits.borrow_cap, "borrow cap"),
        (
            pool.borrowed,
            part(limits.max_utilisation.0),
            "largest utilisation",
        ),
        (
            debt,
            part(limits.counterparty_share.0),
            "counterparty limit",
        ),
    ] {
        findings.check(16, owed <= limit, || {
            format!(
                "{}, and {owed} are above the {name} of {limit}",
                view.described()
            )
        });
    }
}

fn deposit_caps(view: &View<'_>, account: &AccountRef, assets: &[String], findings: &mut Findings) {
    for asset in assets {
        deposit_cap(view, account, asset, findings);
    }
}

/// The cap on deposits. It does not bind what repays a debt, nor an account below its initial
/// margin that tops up.
fn deposit_cap(view: &View<'_>, account: &AccountRef, asset: &str, findings: &mut Findings) {
    let book = view.after;
    let Some(id) = book.market_of(asset) else {
        return;
    };
    let (Some(market), Some(config)) = (book.markets.get(&id), book.configs.get(&id)) else {
        return;
    };
    let before = view.record_before(account);
    let rescues = view
        .before
        .assess_owing(&before, view.now)
        .is_some_and(|assessment| !assessment.meets_initial());
    let total = market.idle.0 + market.pool.supplied.0;
    let total_before = view
        .before
        .markets
        .get(&id)
        .map_or(0, |market| market.idle.0 + market.pool.supplied.0);
    // A debt that is paid off first may leave a unit of rounding to the suppliers.
    let cap = config.limits.deposit_cap.0 + 1;
    findings.check(16, total <= cap || total <= total_before || rescues, || {
        format!(
            "{}, and {total} are above the deposit cap of {cap}",
            view.described()
        )
    });
}

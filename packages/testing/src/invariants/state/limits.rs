use bulwark_risk::units::Amount;
use bulwark_risk::wide::mul_floor;
use bulwark_types::vault::{AccountRef, ExecuteMsg};

use super::View;
use crate::invariants::Findings;
use crate::world::Target;

/// 16: caps and limits hold after the messages that could break them.
pub(super) fn hold(view: &View<'_>, findings: &mut Findings) {
    let Target::Vault(message, funds) = &view.step.target else {
        return;
    };
    let own = || AccountRef {
        owner: view.step.sender.to_string(),
        id: 0,
    };
    match message.as_ref() {
        ExecuteMsg::Borrow { account, asset, .. } => {
            borrow_limits(view, &account.clone().unwrap_or_else(own), asset, findings);
        }
        ExecuteMsg::Deposit { account, .. } => {
            let account = account.clone().unwrap_or_else(own);
            for coin in funds {
                deposit_cap(view, &account, &coin.denom, findings);
            }
        }
        _ => {}
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
    let record = view.record_after(account);
    let positions = record.holdings.iter();
    let debt = positions
        .filter(|position| position.market == id)
        .find_map(|position| book.amount(position))
        .map_or(Amount::ZERO, |(_, amount)| amount);
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
    let cap = config.limits.deposit_cap.0;
    findings.check(16, total <= cap || total <= total_before || rescues, || {
        format!(
            "{}, and {total} are above the deposit cap of {cap}",
            view.described()
        )
    });
}

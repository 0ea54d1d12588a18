use std::cmp::Ordering;

use bulwark_risk::account::Assessment;
use bulwark_risk::units::Usd;
use bulwark_types::vault::AccountRef;

use super::{Probe, STRANGER, assess, debts, deposits, record, stage};
use crate::World;
use crate::invariants::book::Book;
use crate::invariants::tamper;
use crate::world::Answer;

/// Value of what is paid in and taken out, USD.
const VALUE: u32 = 1;

/// A liquidation price times this many percent lies between initial and maintenance margin.
const BELOW_INITIAL: u32 = 101;

/// 8: below initial margin everything that passes lowers neither `E_open − I` nor `r`, and
/// deposits and repayments always pass.
pub(super) fn is_all_that_is_open_below_initial(probe: &mut Probe<'_>) {
    let accounts = probe
        .sample(|_, assessment| assessment.is_some_and(|assessment| !assessment.meets_initial()));
    for account in accounts {
        let found = probe.world.fork(|world| below_initial(world, &account));
        report(probe, &account, found);
    }
    let staged = probe.world.fork(|world| {
        let (staged, assessment) = stage::fallen(world, BELOW_INITIAL)?;
        if assessment.meets_initial() {
            return None;
        }
        let found = below_initial(world, &staged.account);
        Some((staged.account, found))
    });
    if let Some((account, found)) = staged {
        report(probe, &account, found);
    }
}

fn report(probe: &mut Probe<'_>, account: &AccountRef, found: Vec<(String, bool)>) {
    for (what, holds) in found {
        let AccountRef { owner, id } = account;
        probe.findings.check(8, holds, || {
            format!("account {id} of {owner}, below initial margin: {what}")
        });
    }
}

/// Tries each thing on a fork of its own; says of each what it was and whether all was well.
fn below_initial(world: &mut World, account: &AccountRef) -> Vec<(String, bool)> {
    let (Some(book), Some(before)) = (Book::of(world), assess(world, account)) else {
        return Vec::new();
    };
    let held = record(world, account);
    let mut found = Vec::new();
    for market in book.markets.keys() {
        let is_deposit = deposits(&held).contains(market);
        let name = if is_deposit { "withdrew" } else { "borrowed" };
        let Some(amount) = book.worth(*market, VALUE) else {
            continue;
        };
        let asset = book.asset(*market);
        let better = world.fork(|world| {
            let took = if is_deposit {
                world.withdraw(account, asset, amount)
            } else {
                world.borrow(account, asset, amount)
            };
            if world.is_interfered(8) {
                tamper::scale_debts(world, account, 11, 10);
            }
            // What is refused leaves the account as it was, which is no worse.
            let _ = took;
            assess(world, account).is_none_or(|after| is_no_worse(&before, &after))
        });
        found.push((format!("{name} {amount} of {asset} for the worse"), better));
    }
    // An account that owes less than it pays in is out of danger before that.
    if before.debts > Usd::whole(2 * VALUE) {
        for market in deposits(&held).into_iter().chain(debts(&held)) {
            let paid = world.fork(|world| pay_in(world, &book, account, market));
            if let Some(paid) = paid {
                let asset = book.asset(market);
                found.push((format!("{asset} was not taken in: {paid:?}"), paid.is_ok()));
            }
        }
    }
    found
}

fn is_no_worse(before: &Assessment, after: &Assessment) -> bool {
    surplus_open(after) >= surplus_open(before) && after.compare_ratio(before) != Ordering::Less
}

/// `E_open − I`.
fn surplus_open(assessment: &Assessment) -> i128 {
    assessment.equity_open.0 - assessment.initial.0
}

/// A stranger deposits or repays a little; none where the asset has no price to size it by.
fn pay_in(world: &mut World, book: &Book, account: &AccountRef, market: u16) -> Option<Answer> {
    let amount = book.worth(market, VALUE)?;
    let asset = book.asset(market);
    world.mint(STRANGER, asset, amount).ok()?;
    Some(if debts(&record(world, account)).contains(&market) {
        world.repay_for(STRANGER, account, asset, amount)
    } else {
        world.deposit_for(STRANGER, account, asset, amount)
    })
}

/// 10: deposits and repayments never lower `E − M` nor `E_open − I`.
pub(super) fn credits_never_hurt(probe: &mut Probe<'_>) {
    let accounts = probe.sample(|_, assessment| assessment.is_some());
    for account in accounts {
        let found = probe.world.fork(|world| credits(world, &account));
        report_credits(probe, &account, found);
    }
    let staged = probe.world.fork(|world| {
        let staged = stage::borrower(world, 90)?;
        let found = credits(world, &staged.account);
        Some((staged.account, found))
    });
    if let Some((account, found)) = staged {
        report_credits(probe, &account, found);
    }
}

fn report_credits(probe: &mut Probe<'_>, account: &AccountRef, found: Vec<(String, bool)>) {
    for (asset, holds) in found {
        let AccountRef { owner, id } = account;
        probe.findings.check(10, holds, || {
            format!("paying {asset} in made account {id} of {owner} worse")
        });
    }
}

fn credits(world: &mut World, account: &AccountRef) -> Vec<(String, bool)> {
    let (Some(book), Some(before)) = (Book::of(world), assess(world, account)) else {
        return Vec::new();
    };
    let held = record(world, account);
    let mut found = Vec::new();
    for market in deposits(&held).into_iter().chain(debts(&held)) {
        let holds = world.fork(|world| {
            pay_in(world, &book, account, market)?.ok()?;
            if world.is_interfered(10) {
                tamper::divide_deposits(world, account, 2);
            }
            let after = assess(world, account);
            Some(after.is_none_or(|after| {
                surplus_open(&after) >= surplus_open(&before)
                    && after.equity.0 - after.maintenance.0
                        >= before.equity.0 - before.maintenance.0
            }))
        });
        found.extend(holds.map(|holds| (book.asset(market).to_owned(), holds)));
    }
    found
}

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

/// 10^-18 USD by which a surplus may fall because its parts are rounded one by one.
const ROUNDING: i128 = 1_000;

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
        let now = world.now();
        let takes = |market: &u16| is_taken_in(&book, *market, now);
        let deposits = deposits(&held).into_iter().filter(takes);
        for market in deposits.chain(debts(&held)) {
            let paid = world.fork(|world| pay_in(world, &book, account, market));
            if let Some(paid) = paid {
                let asset = book.asset(market);
                found.push((format!("{asset} was not taken in: {paid:?}"), paid.is_ok()));
            }
        }
    }
    found
}

/// Whether a market takes deposits from accounts in need, whatever its caps and pauses are: one
/// that is closed or wiped out does not, and at no price worth the name nothing is rescued.
fn is_taken_in(book: &Book, market: u16, now: u64) -> bool {
    let is_open = book
        .configs
        .get(&market)
        .is_some_and(|config| config.deposit_enabled);
    let totals = book.markets.get(&market);
    let is_alive = totals.is_some_and(|market| !market.pool.is_wiped_out());
    is_open
        && is_alive
        && book
            .price(market)
            .is_some_and(|price| price.is_openable(now))
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

/// An asset that was paid in, with what the account was worth before and afterwards.
type Credit = (String, Assessment, Option<Assessment>);

fn report_credits(probe: &mut Probe<'_>, account: &AccountRef, found: Vec<Credit>) {
    for (asset, before, after) in found {
        let AccountRef { owner, id } = account;
        let surplus = |assessment: &Assessment| assessment.equity.0 - assessment.maintenance.0;
        let holds = after.as_ref().is_none_or(|after| {
            surplus_open(after) + ROUNDING >= surplus_open(&before)
                && surplus(after) + ROUNDING >= surplus(&before)
        });
        probe.findings.check(10, holds, || {
            format!(
                "paying {asset} in made account {id} of {owner} worse: {before:?} became {after:?}"
            )
        });
    }
}

fn credits(world: &mut World, account: &AccountRef) -> Vec<Credit> {
    let (Some(book), Some(before)) = (Book::of(world), assess(world, account)) else {
        return Vec::new();
    };
    let held = record(world, account);
    let mut found = Vec::new();
    for market in deposits(&held).into_iter().chain(debts(&held)) {
        let after = world.fork(|world| {
            pay_in(world, &book, account, market)?.ok()?;
            if world.is_interfered(10) {
                tamper::divide_deposits(world, account, 2);
            }
            Some(assess(world, account))
        });
        let asset = book.asset(market).to_owned();
        found.extend(after.map(|after| (asset, before, after)));
    }
    found
}

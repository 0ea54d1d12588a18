use bulwark_risk::units::Amount;
use bulwark_types::governance::BRAKE_LENGTH;
use bulwark_types::vault::AccountRef;
use bulwark_vault::state::{Balance, Position};

use super::{Probe, STRANGER, debts, record};
use crate::World;
use crate::invariants::book::Book;

/// Value of the deposit that is sure to be tried, USD.
const VALUE: u32 = 1_000;

/// 9: without debts idle deposits leave, and lent ones as far as cash and outflow limit go: here
/// after 72 h without any price, by when every pause has ended.
pub(super) fn is_open_without_debts(probe: &mut Probe<'_>) {
    let mut accounts = probe.sample(|record, _| debts(record).is_empty());
    let book = probe.book;
    let markets = probe.markets();
    let found = probe.world.fork(|world| {
        for market in markets {
            if let Some(amount) = book.worth(market, VALUE) {
                let _ = world.mint(STRANGER, book.asset(market), amount);
                let _ = world.deposit(STRANGER, book.asset(market), amount);
            }
        }
        accounts.push(world.account_ref(STRANGER));
        world.advance(BRAKE_LENGTH + 1);
        if world.is_interfered(9) {
            let vault = world.vault().to_string();
            for asset in book.configs.values().map(|config| &config.asset) {
                let all = world.balance(&vault, asset);
                let _ = world.burn(&vault, asset, all);
            }
        }
        accounts
            .iter()
            .flat_map(|account| leave(world, account))
            .collect::<Vec<_>>()
    });
    for (what, left) in found {
        probe.findings.check(9, left, || what);
    }
}

/// Tries to take every deposit of an account out, each on a fork of its own.
fn leave(world: &mut World, account: &AccountRef) -> Vec<(String, bool)> {
    let Some(book) = Book::of(world) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for position in record(world, account).holdings {
        let Some(amount) = free_to_leave(&book, &position, world.now()) else {
            continue;
        };
        let asset = book.asset(position.market);
        let answer = world.fork(|world| world.withdraw(account, asset, amount));
        let AccountRef { owner, id } = account;
        found.push((
            format!("{amount} of {asset} cannot leave account {id} of {owner}: {answer:?}"),
            answer.is_ok(),
        ));
    }
    found
}

/// What is idle, and what is lent as far as the cash and the outflow limit go; none for a debt or
/// nothing.
fn free_to_leave(book: &Book, position: &Position, now: u64) -> Option<Amount> {
    let Balance::Deposit { idle, lent } = position.balance else {
        return None;
    };
    let pool = &book.markets.get(&position.market)?.pool;
    let room = book.outflow_room(position.market, now)?;
    let lent = pool.supply_floor(lent).ok()?.min(pool.cash()).min(room);
    let amount = idle.plus(lent).ok()?;
    (!amount.is_zero()).then_some(amount)
}

use bulwark_risk::units::Amount;
use bulwark_types::wire::WireError;

use super::{Probe, STRANGER, stage};
use crate::World;

/// Value of what goes to and fro, USD.
const VALUE: u32 = 100;

/// Seconds of a trip over many blocks.
const DAY: u64 = 86_400;

/// A way out and back in one asset: whoever goes it has no deposit of the asset before.
type Trip = fn(&mut World, &str, Amount) -> Result<(), WireError>;

/// Trips with their names.
const TRIPS: [(&str, Trip); 5] = [
    ("deposit then withdraw", |world, asset, amount| {
        world.deposit(STRANGER, asset, amount)?;
        world.withdraw_all(STRANGER, asset).map(|_| ())
    }),
    ("deposit, a day, then withdraw", |world, asset, amount| {
        world.deposit(STRANGER, asset, amount)?;
        world.advance(DAY);
        world.withdraw_all(STRANGER, asset).map(|_| ())
    }),
    ("deposit, lend, recall, withdraw", |world, asset, amount| {
        world.deposit(STRANGER, asset, amount)?;
        world.lend_all(STRANGER, asset)?;
        world.recall_all(STRANGER, asset)?;
        world.withdraw_all(STRANGER, asset).map(|_| ())
    }),
    (
        "deposit and lend, then withdraw in parts",
        |world, asset, amount| {
            world.deposit_lent(STRANGER, asset, amount)?;
            world.withdraw(STRANGER, asset, Amount(amount.0.div_ceil(3)))?;
            world.withdraw_all(STRANGER, asset).map(|_| ())
        },
    ),
    (
        "lend to and recall by another account",
        |world, asset, amount| {
            world.deposit_lent(STRANGER, asset, amount)?;
            world.transfer(STRANGER, (STRANGER, 1), asset, Amount(amount.0 / 2))?;
            world.withdraw_all(STRANGER, asset)?;
            world.withdraw_all((STRANGER, 1), asset).map(|_| ())
        },
    ),
];

/// 5: to and fro never gains, in one block or over many.
pub(super) fn never_gain(probe: &mut Probe<'_>) {
    for market in probe.markets() {
        let Some(amount) = probe.book.worth(market, VALUE) else {
            continue;
        };
        let asset = probe.book.asset(market).to_owned();
        for (name, trip) in TRIPS {
            let gained = probe.world.fork(|world| {
                world.mint(STRANGER, &asset, amount).ok()?;
                let before = world.balance(STRANGER, &asset);
                trip(world, &asset, amount).ok()?;
                interfere(world, &asset);
                Some(world.balance(STRANGER, &asset) > before)
            });
            report(probe, name, &asset, gained);
        }
    }
    for wait in [0, DAY] {
        let trip = probe.world.fork(|world| borrow_and_repay(world, wait));
        if let Some((asset, gained)) = trip {
            report(probe, "borrow then repay", &asset, Some(gained));
        }
    }
}

fn report(probe: &mut Probe<'_>, name: &str, asset: &str, gained: Option<bool>) {
    if let Some(gained) = gained {
        probe
            .findings
            .check(5, !gained, || format!("{name} gained {asset}"));
    }
}

/// Borrows and repays in full; returns the asset and whether any of it was left over.
fn borrow_and_repay(world: &mut World, wait: u64) -> Option<(String, bool)> {
    let staged = stage::borrower(world, 50)?;
    let owner = staged.account.owner.as_str();
    let more = staged.borrowed;
    world.mint(owner, &staged.debt, more).ok()?;
    world.advance(wait);
    let all = world.balance(owner, &staged.debt);
    world.repay(&staged.account, &staged.debt, all).ok()?;
    interfere(world, &staged.debt);
    let left = world
        .balance(owner, &staged.debt)
        .max(world.balance(STRANGER, &staged.debt));
    Some((staged.debt, left > more))
}

fn interfere(world: &mut World, asset: &str) {
    if world.is_interfered(5) {
        // A contract that pays out a unit too much.
        let _ = world.mint(STRANGER, asset, Amount(1));
    }
}

use bulwark_risk::units::Amount;

use super::{Probe, record};
use crate::World;
use crate::invariants::book::Book;

/// What the attacker has of each market, USD.
const PURSE: u32 = 10_000;

/// Messages of one attack.
const MESSAGES: usize = 16;

/// Attacks at a time.
const ATTACKS: u64 = 3;

/// 10^-18 USD by which sums of values rounded one by one may differ.
const ROUNDING: i128 = 1_000;

const ATTACKER: &str = "attacker";

/// 20: in one block at fixed prices an attacker's wealth does not rise, whatever it sends.
pub(super) fn gains_nothing(probe: &mut Probe<'_>) {
    for attack in 0..ATTACKS {
        let seed = probe.turn * ATTACKS + attack;
        let book = probe.book;
        let wealth = probe.world.fork(|world| {
            for market in book.markets.keys() {
                let amount = book.worth(*market, PURSE)?;
                // Of a token that others mint the attacker has nothing.
                let _ = world.mint(ATTACKER, book.asset(*market), amount);
            }
            let before = wealth(world)?;
            let mut told = Vec::new();
            let mut dice = Dice(seed ^ 0x9e37_79b9_7f4a_7c15);
            for _ in 0..MESSAGES {
                told.push(act(world, book, &mut dice));
            }
            if world.is_interfered(20) {
                let asset = book.configs.values().next()?.asset.clone();
                let _ = world.mint(ATTACKER, &asset, Amount(1_000_000));
            }
            Some((before, wealth(world)?, told))
        });
        if let Some((before, after, told)) = wealth {
            probe.findings.check(20, after <= before + ROUNDING, || {
                format!(
                    "the attacker's wealth rose by {} x 10^-18 USD: {told:?}",
                    after - before
                )
            });
        }
    }
}

/// Wallet, and the equity of both accounts where it is not negative, 10^-18 USD.
fn wealth(world: &World) -> Option<i128> {
    let book = Book::of(world)?;
    let mut sum = 0i128;
    for market in book.markets.keys() {
        let owned = world.balance(ATTACKER, book.asset(*market));
        sum += book.value(*market, owned)?.0;
    }
    for id in [0, 1] {
        let held = record(world, &world.account_ref((ATTACKER, id)));
        sum += book.assess(&held, world.now())?.equity.0.max(0);
    }
    Some(sum)
}

/// One message of the attacker's; refused ones cost nothing. Says what it was.
fn act(world: &mut World, book: &Book, dice: &mut Dice) -> String {
    let ids: Vec<u16> = book.markets.keys().copied().collect();
    let (Some(market), Some(other)) = (dice.pick(&ids), dice.pick(&ids)) else {
        return String::new();
    };
    let (asset, other) = (book.asset(market).to_owned(), book.asset(other).to_owned());
    let account = (ATTACKER, dice.below(2) as u16);
    let target = (ATTACKER, 1 - account.1);
    let part = |most: Amount, dice: &mut Dice| match dice.below(4) {
        0 => Amount(1),
        1 => Amount(most.0 / 3),
        2 => Amount(most.0 / 7 + 1),
        _ => most,
    };
    let purse = part(world.balance(ATTACKER, &asset), dice);
    let (name, answer) = match dice.below(10) {
        0 => ("deposit", world.deposit(account, &asset, purse)),
        1 | 2 => ("deposit lent", world.deposit_lent(account, &asset, purse)),
        3 => ("lend", world.lend_all(account, &asset)),
        4 => ("recall", world.recall_all(account, &asset)),
        5 => {
            let most = world.max_withdraw(account, &asset).unwrap_or_default();
            (
                "withdraw",
                world.withdraw(account, &asset, part(most, dice)),
            )
        }
        6 | 7 => {
            let most = world.max_borrow(account, &asset).unwrap_or_default();
            ("borrow", world.borrow(account, &asset, part(most, dice)))
        }
        8 => {
            let most = world.max_withdraw(account, &asset).unwrap_or_default();
            (
                "transfer",
                world.transfer(account, target, &asset, part(most, dice)),
            )
        }
        _ => match dice.below(3) {
            0 => ("repay", world.repay(account, &asset, purse)),
            1 => (
                "liquidate",
                world.liquidate(ATTACKER, account, &asset, purse, &other),
            ),
            _ => {
                let vault = world.vault().to_string();
                (
                    "donate",
                    world.send(ATTACKER, &vault, &asset, Amount(purse.0 / 100)),
                )
            }
        },
    };
    let outcome = answer.map_or_else(|error| error.name, |_| "done".into());
    format!("{name} {asset}: {outcome}")
}

/// Numbers that look random and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn pick<T: Copy>(&mut self, among: &[T]) -> Option<T> {
        let position = self.below(among.len().max(1) as u64);
        among.get(position as usize).copied()
    }
}

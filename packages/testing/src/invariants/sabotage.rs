//! Breaks each invariant on purpose, so that tests and the demo can show that its checker sees
//! it and that no other one does.

use bulwark_risk::ramp::VolatilityRamp;
use bulwark_risk::units::{Amount, DebtShares, Fraction};
use bulwark_types::events::BadDebtAbsorbed;
use bulwark_types::vault::{AccountRef, ExecuteMsg};
use bulwark_types::wire::WireError;
use bulwark_vault::state::{AccountRecord, Balance};
use cosmwasm_std::{Coin, Event};
use cw_multi_test::AppResponse;

use super::book::Book;
use super::{COUNT, sentence, tamper};
use crate::World;
use crate::error::scenario_error;
use crate::world::{Answer, Target};

/// Who sends the message that goes wrong.
const SABOTEUR: &str = "saboteur";

/// Whose account suffers where it has to be somebody else's.
const BYSTANDER: &str = "bystander";

/// Deposits of both, USD.
const VALUE: u32 = 10_000;

/// A way to break one invariant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sabotage(u8);

impl Sabotage {
    /// One per invariant, in their order.
    pub const ALL: [Self; COUNT as usize] = [
        Self(1),
        Self(2),
        Self(3),
        Self(4),
        Self(5),
        Self(6),
        Self(7),
        Self(8),
        Self(9),
        Self(10),
        Self(11),
        Self(12),
        Self(13),
        Self(14),
        Self(15),
        Self(16),
        Self(17),
        Self(18),
        Self(19),
        Self(20),
    ];

    /// The one that breaks invariant `number`.
    #[must_use]
    pub fn of(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|sabotage| sabotage.0 == number)
    }

    /// The invariant that it breaks.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// That invariant in words.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        sentence(self.0)
    }
}

/// Breaks invariant `number` in a world that somebody audits: the next audit reports it, or
/// for what has to be tried out the next one that does so.
///
/// # Errors
/// If nobody audits, there is no such invariant, or no market takes a deposit.
pub fn sabotage(world: &mut World, number: u8) -> Result<(), WireError> {
    if !world.is_journaled() {
        return Err(scenario_error("nobody audits this world"));
    }
    let play: Play = match number {
        1 => |scene, world| {
            // Shares that the pool knows nothing of.
            edit_deposit(world, &scene.own, scene.market, |_, lent| *lent += 1);
        },
        2 => |scene, world| {
            let vault = world.vault().to_string();
            let all = world.balance(&vault, &scene.asset);
            let _ = world.burn(&vault, &scene.asset, Amount(all.0 - scene.owed(world) + 1));
        },
        3 => |scene, world| {
            let vault = world.vault().to_string();
            edit_deposit(world, &scene.other, scene.market, |idle, _| *idle += 1);
            tamper::market(world, scene.market, |market| market.idle.0 += 1);
            let _ = world.mint(&vault, &scene.asset, Amount(1));
        },
        4 => |scene, world| {
            tamper::market(world, scene.market, |market| market.pool.supplied.0 -= 1);
        },
        15 => |scene, world| {
            let now = world.now();
            let wild = VolatilityRamp::flat(Fraction::ONE, now);
            tamper::price(world, scene.market, |record| record.volatility = wild);
        },
        16 => |scene, world| {
            tamper::config(world, scene.market, |config| {
                config.limits.deposit_cap = Amount(1)
            });
        },
        17 => |scene, world| {
            let taken = scene.sent.0 + 1;
            edit_deposit(world, &scene.other, scene.market, |idle, _| *idle -= taken);
            tamper::market(world, scene.market, |market| market.idle.0 -= taken);
        },
        14 | 18 => |_, _| {},
        5..=13 | 19 | 20 => {
            world.interfere(number);
            return Ok(());
        }
        _ => {
            return Err(scenario_error(format_args!(
                "there is no invariant {number}"
            )));
        }
    };
    let scene = Scene::set(world)?;
    let _ = scene.deposit_gone_wrong(world, number, play);
    Ok(())
}

/// What goes wrong beside a deposit.
type Play = fn(&Scene, &mut World);

/// Two accounts with deposits in a market.
struct Scene {
    market: u16,
    asset: String,
    own: AccountRef,
    other: AccountRef,
    /// What the message deposits, smallest units.
    sent: Amount,
}

impl Scene {
    fn set(world: &mut World) -> Result<Self, WireError> {
        let book = Book::of(world).ok_or_else(|| scenario_error("the records do not read"))?;
        for (market, config) in &book.configs {
            let asset = config.asset.clone();
            let Some(amount) = book.worth(*market, VALUE) else {
                continue;
            };
            let mut give = |name: &str| -> Answer {
                world.mint(name, &asset, Amount(amount.0 * 3))?;
                world.deposit_lent(name, &asset, amount)?;
                world.deposit(name, &asset, amount)
            };
            if give(SABOTEUR).is_ok() && give(BYSTANDER).is_ok() {
                return Ok(Self {
                    market: *market,
                    asset,
                    own: world.account_ref(SABOTEUR),
                    other: world.account_ref(BYSTANDER),
                    sent: Amount(amount.0 / 2),
                });
            }
        }
        Err(scenario_error("no market takes a deposit"))
    }

    /// A deposit during which the contract does something that it must not.
    fn deposit_gone_wrong(&self, world: &mut World, number: u8, play: Play) -> Answer {
        // A stranger to the account pays where taking from it has to be a theft.
        let account = if number == 17 { &self.other } else { &self.own };
        let message = ExecuteMsg::Deposit {
            account: Some(account.clone()),
            lend: None,
        };
        let funds = vec![Coin::new(self.sent.0, &self.asset)];
        let sender = world.address(SABOTEUR);
        let vault = world.vault().clone();
        let target = Target::Vault(Box::new(message.clone()), funds.clone());
        world.tampered(sender.clone(), target, |world| {
            let response = world.execute_raw(&sender, &vault, &message, &funds)?;
            play(self, world);
            match number {
                14 => Ok(self.with_bad_debt(response)),
                18 => Err(scenario_error(
                    "the message fails after it has changed something",
                )),
                _ => Ok(response),
            }
        })
    }

    /// The response of a contract that writes debts off while deposits are left.
    fn with_bad_debt(&self, mut response: AppResponse) -> AppResponse {
        response.events.push(Event::from(BadDebtAbsorbed {
            owner: self.own.owner.clone(),
            id: self.own.id,
            asset: self.asset.clone(),
            written_off: Amount::ZERO,
            shares: DebtShares::ZERO,
            from_reserve: Amount::ZERO,
            from_suppliers: Amount::ZERO,
        }));
        response
    }

    /// What the vault has to hold of the asset, smallest units.
    fn owed(&self, world: &World) -> u128 {
        let book = Book::of(world).unwrap_or_default();
        let market = book.markets.get(&self.market);
        market.map_or(0, |market| market.idle.0 + market.pool.cash().0)
    }
}

/// Edits idle deposit and supply shares of an account in a market.
fn edit_deposit(
    world: &mut World,
    account: &AccountRef,
    market: u16,
    edit: impl FnOnce(&mut u128, &mut u128),
) {
    tamper::account(world, account, |record: &mut AccountRecord| {
        let mut positions = record.holdings.iter_mut();
        let position = positions.find(|position| position.market == market);
        if let Some(Balance::Deposit { idle, lent }) = position.map(|found| &mut found.balance) {
            edit(&mut idle.0, &mut lent.0);
        }
    });
}

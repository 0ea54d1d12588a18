//! Accounts of all shapes: savers, borrowers, hedgers, and some with a bit of everything.

use bulwark_risk::units::Amount;
use bulwark_types::wire::WireError;

use crate::dice::Dice;
use crate::stage::{Asset, OWNER, Stage};

/// Opens an account of the owner. What caps or margin refuse is left out.
pub fn open(stage: &mut Stage, id: u16, dice: &mut Dice) -> Result<(), WireError> {
    let (deposits, debts) = shape(&stage.assets, dice);
    let usd = dice.magnitude(60.0, 3e6);
    for (symbol, part) in deposits {
        let Some(asset) = find(&stage.assets, symbol) else {
            continue;
        };
        let amount = stage.units(asset, usd * part)?;
        let account = (OWNER, id);
        let _refused = match dice.chance(50) {
            true => stage.world.deposit(account, symbol, amount),
            false => stage.world.deposit_lent(account, symbol, amount),
        };
        // Idle and lent at once.
        if dice.chance(15) {
            let _refused = stage.world.deposit_lent(account, symbol, amount);
        }
    }
    for symbol in debts {
        let most = stage.world.max_borrow((OWNER, id), symbol)?;
        let part = match dice.between(0, 9) {
            0..=3 => 1.0,
            4..=7 => dice.real(0.6, 1.0),
            _ => dice.real(0.05, 0.6),
        };
        let amount = match part < 1.0 {
            true => Amount((most.0 as f64 * part) as u128),
            false => most,
        };
        if !amount.is_zero() {
            let _refused = stage.world.borrow((OWNER, id), symbol, amount);
        }
    }
    Ok(())
}

type Shape = (Vec<(&'static str, f64)>, Vec<&'static str>);

/// Which assets are deposited, with what part of the value, and which are borrowed.
fn shape(assets: &[Asset], dice: &mut Dice) -> Shape {
    let symbols: Vec<&'static str> = assets.iter().map(|asset| asset.symbol).collect();
    let members: Vec<(&'static str, &'static str)> = assets
        .iter()
        .filter_map(|asset| asset.base.map(|base| (asset.symbol, base)))
        .collect();
    let pick = |dice: &mut Dice, count: u64| -> Vec<&'static str> {
        let count = dice.between(1, count) as usize;
        dice.some(&symbols, count).into_iter().copied().collect()
    };
    match dice.between(0, 9) {
        // Savers.
        0 => (spread(pick(dice, 4), dice), Vec::new()),
        // Hedgers inside of a family, with some dollars.
        1..=3 if !members.is_empty() => {
            let pair = dice.some(&members, 1);
            let (symbol, base) = pair.first().map_or(("USDC", "ATOM"), |pair| **pair);
            let (held, owed) = match dice.chance(50) {
                true => (symbol, base),
                false => (base, symbol),
            };
            (vec![(held, 1.0), ("USDC", dice.real(0.0, 0.3))], vec![owed])
        }
        // Short against dollars.
        4 => {
            let owed: Vec<_> = pick(dice, 2);
            (vec![("USDC", 1.0)], owed)
        }
        // Wide ones.
        5 | 6 => (spread(pick(dice, 7), dice), pick(dice, 4)),
        // The usual: something against dollars.
        _ => {
            let mut owed = vec!["USDC"];
            if dice.chance(30) {
                owed.extend(pick(dice, 1));
            }
            (spread(pick(dice, 3), dice), owed)
        }
    }
}

fn spread(symbols: Vec<&'static str>, dice: &mut Dice) -> Vec<(&'static str, f64)> {
    let with_part = |symbol| (symbol, dice.magnitude(0.02, 1.0));
    symbols.into_iter().map(with_part).collect()
}

fn find<'a>(assets: &'a [Asset], symbol: &str) -> Option<&'a Asset> {
    assets.iter().find(|asset| asset.symbol == symbol)
}

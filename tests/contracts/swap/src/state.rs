use bulwark_risk::units::Amount;
use cosmwasm_schema::cw_serde;
use cw_storage_plus::Item;

use crate::error::SwapError;

/// The pool. Its reserves are what came by message: tokens sent without one change no price.
#[cw_serde]
pub struct Pool {
    /// Assets.
    pub assets: (String, String),
    /// Reserves in the order of the assets, in smallest units.
    pub reserves: (Amount, Amount),
    /// The pool's part of what is offered, in basis points.
    pub fee_bps: u16,
}

pub const POOL: Item<Pool> = Item::new("pool");

/// A pool seen from one of its assets.
pub struct Direction<'a> {
    /// Reserve of the asset that comes in.
    pub offer_reserve: &'a mut Amount,
    /// Asset that goes out.
    pub asked: &'a str,
    /// Its reserve.
    pub ask_reserve: &'a mut Amount,
}

impl Pool {
    /// The pool as somebody sees it who brings `offered`.
    pub fn toward(&mut self, offered: &str) -> Result<Direction<'_>, SwapError> {
        let (first, second) = &self.assets;
        let (first_reserve, second_reserve) = &mut self.reserves;
        if offered == first {
            Ok(Direction {
                offer_reserve: first_reserve,
                asked: second,
                ask_reserve: second_reserve,
            })
        } else if offered == second {
            Ok(Direction {
                offer_reserve: second_reserve,
                asked: first,
                ask_reserve: first_reserve,
            })
        } else {
            Err(SwapError::NotInPool {
                asset: offered.into(),
            })
        }
    }
}

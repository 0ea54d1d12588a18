//! What a transaction may take and has to earn, once it is known how much gas it takes.

use bulwark_risk::units::Usd;

use super::outcome::Outcome;
use crate::plan::{Action, Means};

/// What a transaction may take and has to earn.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// USD per unit of gas.
    pub gas_price: Usd,
    /// The most gas.
    pub gas_limit: u64,
    /// What it has to earn, USD; below zero what each of its accounts may cost.
    pub floor: Usd,
}

impl Bounds {
    /// Why a transaction is not sent, if its simulation asks for so much gas. Writing off earns nothing,
    /// and is only planned where that does not matter.
    pub fn objection(&self, action: &Action, gas: u64) -> Option<Outcome> {
        if gas > self.gas_limit {
            return Some(Outcome::TooMuchGas { gas });
        }
        if matches!(action.means, Means::WriteOff(_)) {
            return None;
        }
        let more = i128::from(gas) - i128::from(action.gas);
        let dearer = self.gas_price.0.saturating_mul(more);
        let profit = Usd(action.profit.0.saturating_sub(dearer));
        (profit < self.floor_of(action)).then_some(Outcome::Unprofitable { profit })
    }

    fn floor_of(&self, action: &Action) -> Usd {
        if !self.floor.is_negative() {
            return self.floor;
        }
        let accounts = i128::try_from(action.accounts().count()).unwrap_or(i128::MAX);
        Usd(self.floor.0.saturating_mul(accounts))
    }
}

#[cfg(test)]
mod tests {
    use bulwark_types::vault::AccountRef;

    use super::*;

    /// Earns 10 USD with 100 gas, of which each costs a tenth of a USD.
    fn action(means: Means) -> Action {
        Action {
            means,
            targets: Vec::new(),
            gas: 100,
            profit: Usd::whole(10),
        }
    }

    fn bounds(floor: i64) -> Bounds {
        let Usd(one) = Usd::whole(1);
        Bounds {
            gas_price: Usd(one / 10),
            gas_limit: 1_000,
            floor: Usd(one * i128::from(floor)),
        }
    }

    #[test]
    fn gas_beyond_the_plan_counts_against_the_floor() {
        let action = action(Means::Callback);
        assert_eq!(bounds(0).objection(&action, 200), None);
        let profit = Usd(-bounds(0).gas_price.0);
        let objection = bounds(0).objection(&action, 201);
        assert_eq!(objection, Some(Outcome::Unprofitable { profit }));
        assert_eq!(bounds(12).objection(&action, 80), None, "it takes less");
        assert!(bounds(12).objection(&action, 81).is_some());
    }

    #[test]
    fn no_transaction_takes_more_gas_than_allowed() {
        let action = action(Means::Callback);
        let objection = bounds(-1_000).objection(&action, 1_001);
        assert_eq!(objection, Some(Outcome::TooMuchGas { gas: 1_001 }));
    }

    #[test]
    fn an_account_is_written_off_whatever_gas_costs() {
        let account = AccountRef {
            owner: "alice".into(),
            id: 0,
        };
        let action = action(Means::WriteOff(account));
        assert_eq!(bounds(50).objection(&action, 1_000), None);
    }
}

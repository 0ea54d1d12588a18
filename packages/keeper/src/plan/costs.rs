//! What liquidating costs the keeper, and what it wants to have of it.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_risk::units::{Fraction, Usd};

/// Gas of a transaction that liquidates. Transactions are simulated before they are sent: this is
/// for deciding what to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GasModel {
    /// Whatever is sent: signatures, the contract's code, the fee.
    pub transaction: u64,
    /// Each account with one deposit and one debt.
    pub account: u64,
    /// Each further holding of it.
    pub holding: u64,
    /// A callback and the swap in it.
    pub callback: u64,
}

impl Default for GasModel {
    /// As `bulwark bench gas` measures on wasmd 0.61, the code not pinned: a call that does nothing
    /// takes 98,405 and its fee 18,247; a liquidation of one deposit 201,947 without a fee, and 3,609
    /// for each further one. Several in one transaction share some reads, so that this is above what
    /// they take. The callback depends on the swap: room for loading two contracts and four transfers.
    fn default() -> Self {
        Self {
            transaction: 116_652,
            account: 103_542,
            holding: 3_609,
            callback: 250_000,
        }
    }
}

impl GasModel {
    /// The same in gas that is paid for: a transaction may use more than it does, by a factor.
    #[must_use]
    pub fn paid_for(self, factor: impl Fn(u64) -> u64) -> Self {
        Self {
            transaction: factor(self.transaction),
            account: factor(self.account),
            holding: factor(self.holding),
            callback: factor(self.callback),
        }
    }

    /// Gas of a transaction that liquidates one account with one deposit and one debt.
    #[must_use]
    pub const fn of_one(&self) -> u64 {
        self.transaction.saturating_add(self.account)
    }

    /// Gas of liquidating one account, beside the transaction's own.
    #[must_use]
    pub fn of_account(&self, holdings: usize) -> u64 {
        let further = u64::try_from(holdings.saturating_sub(2)).unwrap_or(u64::MAX);
        let further = further.saturating_mul(self.holding);
        self.account.saturating_add(further)
    }
}

/// What a swap costs: of an asset in either direction, or along the route of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwapTerms {
    /// Part of the value that goes to fees.
    pub fee: Fraction,
    /// Value in USD at which the price impact alone would take everything: a swap of value `v` loses
    /// `v² / depth`. None for no impact.
    pub depth: Option<Usd>,
}

impl SwapTerms {
    /// What a swap of this value loses, USD, rounded up; at most all of it.
    #[must_use]
    pub fn cost_ceil(&self, value: Usd) -> Usd {
        let fee = value.mul_ceil(self.fee).unwrap_or(value);
        let impact = match self.depth {
            None => Usd::ZERO,
            Some(depth) => impact_ceil(value, depth),
        };
        Usd(fee.0.saturating_add(impact.0)).min(value)
    }
}

fn impact_ceil(value: Usd, depth: Usd) -> Usd {
    let magnitude = value.magnitude();
    let depth = depth.0.max(0).unsigned_abs();
    let impact = bulwark_risk::wide::mul_div_ceil(magnitude, magnitude, depth);
    let impact = impact.and_then(Usd::from_magnitude);
    impact.map_or(value, |impact| impact.min(value))
}

/// Whether to earn or to protect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A transaction has to earn this at least, USD.
    Profit {
        /// Above zero, or zero.
        floor: Usd,
    },
    /// The pools come first: an account may cost this at most, USD. Accounts with nothing left worth
    /// seizing are written off.
    Protect {
        /// Above zero, or zero.
        most_loss: Usd,
    },
}

/// What liquidating costs the keeper, and what it wants to have of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// Gas of what is sent, as it is paid for.
    pub gas: GasModel,
    /// USD per unit of gas.
    pub gas_price: Usd,
    /// A transaction takes no more gas than this.
    pub gas_limit: u64,
    /// By asset: what swapping it costs.
    pub swaps: BTreeMap<String, SwapTerms>,
    /// Assets that the keeper is content to hold: what it has more or less of them is not swapped
    /// when it liquidates with its own.
    pub kept: BTreeSet<String>,
    /// By what is seized and what is owed: what the swaps of a callback in between cost together. For
    /// other pairs there is no callback.
    pub routes: BTreeMap<(String, String), SwapTerms>,
    /// What a lent deposit that the pool's cash does not cover is worth less: it comes as shares, and
    /// whoever wants tokens has to wait.
    pub shares_discount: Fraction,
    /// The part of what is expected that may be missing when the transaction is carried out.
    pub slippage: Fraction,
    /// Earning or protecting.
    pub mode: Mode,
    /// How much a USD that an account lacks to its maintenance margin counts against a USD of profit,
    /// when it is decided which account comes first.
    pub risk_weight: Fraction,
    /// No more accounts than this are planned for at once, those that lack most; the others have
    /// their turn when these are done.
    pub most_accounts: usize,
}

impl Default for Costs {
    /// For assets that can be swapped nowhere: set [`Self::swaps`] or [`Self::kept`].
    fn default() -> Self {
        Self {
            gas: GasModel::default(),
            // 0.025 of a smallest unit of a token with six decimals that is worth 10 USD.
            gas_price: Usd(250_000_000_000),
            gas_limit: 10_000_000,
            swaps: BTreeMap::new(),
            kept: BTreeSet::new(),
            routes: BTreeMap::new(),
            shares_discount: Fraction::percent(5),
            slippage: Fraction::percent(1),
            mode: Mode::Profit { floor: Usd::ZERO },
            risk_weight: Fraction::percent(1),
            most_accounts: 256,
        }
    }
}

impl Costs {
    /// What gas costs, USD.
    #[must_use]
    pub fn of_gas(&self, gas: u64) -> Usd {
        let cost = self.gas_price.0.saturating_mul(i128::from(gas));
        Usd(cost)
    }

    /// What a transaction has to earn with so many accounts at least, USD; negative where it may cost.
    #[must_use]
    pub fn floor(&self, accounts: usize) -> Usd {
        match self.mode {
            Mode::Profit { floor } => floor,
            Mode::Protect { most_loss } => {
                let accounts = i128::try_from(accounts).unwrap_or(i128::MAX);
                Usd(most_loss.0.saturating_mul(accounts)).negated()
            }
        }
    }

    /// What an account has to add to a transaction at least, USD: in a transaction of several, that
    /// of others pays for what they share.
    #[must_use]
    pub fn floor_of_account(&self) -> Usd {
        self.floor(1).min(Usd::ZERO)
    }

    /// What it costs to turn an asset that was received into one that is wanted, USD; none if it
    /// cannot be swapped.
    #[must_use]
    pub fn of_swap(&self, asset: &str, value: Usd) -> Option<Usd> {
        let terms = self.swaps.get(asset)?;
        Some(terms.cost_ceil(value))
    }

    /// What it costs to repay by a callback out of so much that is seized, USD; none without a route.
    #[must_use]
    pub fn of_route(&self, seized: &str, owed: &str, value: Usd) -> Option<Usd> {
        let terms = self.routes.get(&(seized.to_owned(), owed.to_owned()))?;
        Some(terms.cost_ceil(value))
    }

    /// As [`Self::of_swap`] where the keeper may as well keep it as it is.
    #[must_use]
    pub fn of_exchange(&self, asset: &str, value: Usd) -> Option<Usd> {
        if self.kept.contains(asset) {
            return Some(Usd::ZERO);
        }
        self.of_swap(asset, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_costs_its_fee_and_its_impact() {
        let terms = SwapTerms {
            fee: Fraction::basis_points(30),
            depth: Some(Usd::whole(1_000_000)),
        };
        // 30 USD of fee, 100 USD of impact.
        assert_eq!(terms.cost_ceil(Usd::whole(10_000)), Usd::whole(130));
        assert_eq!(
            terms.cost_ceil(Usd::whole(2_000_000)),
            Usd::whole(2_000_000)
        );
        assert_eq!(terms.cost_ceil(Usd::ZERO), Usd::ZERO);
        let level = SwapTerms {
            depth: None,
            ..terms
        };
        assert_eq!(level.cost_ceil(Usd::whole(10_000)), Usd::whole(30));
        let dry = SwapTerms {
            depth: Some(Usd::ZERO),
            ..terms
        };
        assert_eq!(dry.cost_ceil(Usd::whole(5)), Usd::whole(5));
    }

    #[test]
    fn gas_grows_with_holdings() {
        let gas = GasModel::default();
        assert_eq!(gas.of_account(1), gas.account);
        assert_eq!(gas.of_account(2), gas.account);
        assert_eq!(gas.of_account(11), gas.account + 9 * gas.holding);
    }
}

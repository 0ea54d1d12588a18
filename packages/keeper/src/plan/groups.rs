//! Accounts that are liquidated in one transaction.

use bulwark_risk::units::{Amount, Usd};
use bulwark_types::vault::{AccountRef, AssetAmount};

use super::action::{Action, Means, Planned};
use super::costs::Costs;

/// Accounts in one `liquidate_many` at most: the vault's own limit.
const MOST_TARGETS: usize = 32;

/// Transactions in the making, in the order of their first accounts.
pub struct Groups<'a> {
    costs: &'a Costs,
    groups: Vec<Group>,
}

struct Group {
    action: Action,
    /// Whether others may join.
    open: bool,
}

impl<'a> Groups<'a> {
    pub const fn new(costs: &'a Costs) -> Self {
        Self {
            costs,
            groups: Vec::new(),
        }
    }

    /// A transaction of its own, that repays by a callback.
    pub fn call_back(&mut self, planned: Planned, gas: u64) {
        self.begin(Means::Callback, false).add(planned, gas);
    }

    /// A transaction of its own, that writes an account off.
    pub fn write_off(&mut self, account: AccountRef, gas: u64) {
        let cost = self.costs.of_gas(gas);
        let group = self.begin(Means::WriteOff(account), false);
        group.grow(gas, cost.negated());
    }

    /// Joins the transaction of those that owe the same asset, if there is room in it.
    pub fn join(&mut self, planned: Planned, gas: u64) {
        let asset = planned.debt.asset.clone();
        let same = self.groups.iter_mut().find(|group| {
            let sends = match &group.action.means {
                Means::Inventory(sent) => Some(&sent.asset),
                Means::Callback | Means::WriteOff(_) => None,
            };
            group.open && sends == Some(&asset)
        });
        if let Some(group) = same {
            let total = group.action.gas.saturating_add(gas);
            let room = group.action.targets.len() < MOST_TARGETS;
            if room && total <= self.costs.gas_limit {
                group.add(planned, gas);
                return;
            }
            group.open = false;
        }
        let means = Means::Inventory(AssetAmount {
            asset,
            amount: Amount::ZERO,
        });
        self.begin(means, true).add(planned, gas);
    }

    fn begin(&mut self, means: Means, open: bool) -> &mut Group {
        let own = self.costs.gas.transaction;
        let at = self.groups.len();
        self.groups.push(Group {
            action: Action {
                means,
                targets: Vec::new(),
                gas: own,
                profit: self.costs.of_gas(own).negated(),
            },
            open,
        });
        &mut self.groups[at]
    }

    /// The transactions that earn enough, and those that do not. Writing off earns nothing, and is only
    /// planned where that does not matter.
    pub fn finish(self) -> (Vec<Action>, Vec<Action>) {
        let costs = self.costs;
        let actions = self.groups.into_iter().map(|group| group.action);
        actions.partition(|action| {
            matches!(action.means, Means::WriteOff(_))
                || action.profit >= costs.floor(action.accounts().count())
        })
    }
}

impl Group {
    fn add(&mut self, planned: Planned, gas: u64) {
        let action = &mut self.action;
        if let Means::Inventory(sent) = &mut action.means {
            sent.amount = Amount(sent.amount.0.saturating_add(planned.debt.amount.0));
        }
        let profit = planned.expected.profit;
        action.targets.push(planned);
        self.grow(gas, profit);
    }

    fn grow(&mut self, gas: u64, profit: Usd) {
        let action = &mut self.action;
        action.gas = action.gas.saturating_add(gas);
        action.profit = Usd(action.profit.0.saturating_add(profit.0));
    }
}

//! Pools that callbacks swap in: whoever comes second over the same one finds it moved.

use std::collections::{BTreeMap, BTreeSet};

use super::messages::Routes;
use crate::plan::{Action, Means};

/// Contracts that callbacks swap in which are on their way.
#[derive(Debug, Default)]
pub struct Pools(BTreeMap<u64, BTreeSet<String>>);

impl Pools {
    /// What an action's callback swaps in; nothing if it has none.
    pub fn of(routes: &Routes, action: &Action) -> BTreeSet<String> {
        let Means::Callback = action.means else {
            return BTreeSet::new();
        };
        let pairs = action
            .targets
            .iter()
            .map(|target| (target.seize.clone(), target.debt.asset.clone()));
        let steps = pairs.filter_map(|pair| routes.get(&pair)).flatten();
        steps.map(|step| step.contract.clone()).collect()
    }

    /// A transaction with this number is on its way.
    pub fn add(&mut self, id: u64, pools: BTreeSet<String>) {
        self.0.insert(id, pools);
    }

    /// Only these transactions are on their way still.
    pub fn keep(&mut self, is_on_its_way: impl Fn(u64) -> bool) {
        self.0.retain(|id, _| is_on_its_way(*id));
    }

    /// Of each of some actions, in the order in which they are sent: whether nobody swaps in its pools
    /// before it.
    pub fn untouched(&self, routes: &Routes, actions: &[Action]) -> Vec<bool> {
        let mut used: BTreeSet<String> = self.0.values().flatten().cloned().collect();
        let untouched = actions.iter().map(|action| {
            let pools = Self::of(routes, action);
            let is_untouched = used.is_disjoint(&pools);
            used.extend(pools);
            is_untouched
        });
        untouched.collect()
    }
}

#[cfg(test)]
mod tests {
    use bulwark_risk::units::{Amount, Usd};
    use bulwark_types::liquidator::Step;
    use bulwark_types::vault::{AccountRef, AssetAmount};

    use super::*;
    use crate::plan::{Expected, Planned};

    fn action(seize: &str, means: Means) -> Action {
        let target = Planned {
            account: AccountRef {
                owner: "alice".into(),
                id: 0,
            },
            debt: AssetAmount {
                asset: "uusd".into(),
                amount: Amount(5),
            },
            seize: seize.into(),
            min_seized: Amount(1),
            expected: Expected::default(),
            missing: Usd::ZERO,
        };
        Action {
            means,
            targets: vec![target],
            gas: 100,
            profit: Usd::ZERO,
        }
    }

    /// Of many callbacks over one pool all but the first failed, and paid for it: each was bound by
    /// what it brought while the pool was untouched.
    #[test]
    fn only_the_first_callback_over_a_pool_finds_it_untouched() {
        let route = |pools: &[&str]| {
            let steps = pools.iter().map(|pool| Step::plain(*pool, "uusd").unwrap());
            steps.collect::<Vec<_>>()
        };
        let pair = |seize: &str| (seize.to_owned(), "uusd".to_owned());
        let routes = Routes::from([
            (pair("uatom"), route(&["one"])),
            (pair("uosmo"), route(&["two", "one"])),
            (pair("unova"), route(&["three"])),
        ]);
        let sent = AssetAmount {
            asset: "uusd".into(),
            amount: Amount(5),
        };
        let actions = [
            action("uatom", Means::Inventory(sent)),
            action("uatom", Means::Callback),
            action("uosmo", Means::Callback),
            action("unova", Means::Callback),
            action("unova", Means::Callback),
        ];
        let mut pools = Pools::default();
        assert_eq!(
            pools.untouched(&routes, &actions),
            [true, true, false, true, false]
        );
        pools.add(7, Pools::of(&routes, &actions[3]));
        assert_eq!(
            pools.untouched(&routes, &actions[2..]),
            [true, false, false]
        );
        pools.keep(|id| id != 7);
        assert_eq!(pools.untouched(&routes, &actions[3..]), [true, false]);
    }
}

//! Finds out which accounts a transaction is refused for: one that the chain does not carry out stops
//! none of the others.

use std::future::Future;

use bulwark_types::vault::AccountRef;
use futures::StreamExt;
use futures::stream;

use super::outcome::Outcome;
use crate::plan::{Action, Pair};

/// Parts of one transaction that are simulated at the same time.
const AT_ONCE: usize = 8;

/// What a simulation says of a transaction.
#[derive(Debug)]
pub enum Verdict<T> {
    /// It can be sent.
    Ready(T),
    /// Without these accounts it is to be tried again.
    Without(Vec<(AccountRef, Outcome)>, Action),
    /// It cannot be sent as it is: why, for each of its accounts.
    Refused(Action, Vec<(AccountRef, Outcome)>),
}

/// What is left of a transaction.
#[derive(Debug)]
pub struct Dissected<T> {
    /// What can be sent; the first accounts first.
    pub ready: Vec<T>,
    /// What came of the other accounts.
    pub outcomes: Vec<(AccountRef, Outcome)>,
    /// Ways to liquidate them that the chain does not carry out.
    pub avoid: Vec<(Pair, Outcome)>,
    /// Those of them that only lack company: their part would not have earned enough by itself, and with
    /// accounts that are not refused it may.
    pub again: Vec<AccountRef>,
}

/// Tries a transaction out, and where that is refused as a whole its parts, down to single accounts.
pub async fn dissect<T, E, F>(
    action: Action,
    try_out: impl Fn(Action) -> F,
) -> Result<Dissected<T>, E>
where
    F: Future<Output = Result<Verdict<T>, E>>,
{
    let mut found = Dissected {
        ready: Vec::new(),
        outcomes: Vec::new(),
        avoid: Vec::new(),
        again: Vec::new(),
    };
    let all = action.targets.len();
    let mut parts = vec![action];
    while !parts.is_empty() {
        let tried: Vec<_> = stream::iter(std::mem::take(&mut parts))
            .map(|part| async { (part.clone(), try_out(part).await) })
            .buffered(AT_ONCE)
            .collect()
            .await;
        for (part, verdict) in tried {
            match verdict? {
                Verdict::Ready(ready) => found.ready.push(ready),
                Verdict::Without(outcomes, rest) => {
                    found.remember(&part, outcomes);
                    parts.extend((!rest.targets.is_empty()).then_some(rest));
                }
                Verdict::Refused(whole, outcomes) => {
                    // Parts pay for what all of them shared: they earn less still.
                    let is_dear = |(_, outcome): &(AccountRef, Outcome)| {
                        matches!(outcome, Outcome::Unprofitable { .. })
                    };
                    let is_of_one =
                        |it: &(AccountRef, Outcome)| it.1.is_of_the_pair() && !is_dear(it);
                    match whole.halves() {
                        Some(halves) if outcomes.iter().any(is_of_one) => {
                            parts.extend(halves);
                        }
                        _ if whole.targets.len() < all && outcomes.iter().all(is_dear) => {
                            found.again.extend(whole.accounts().cloned());
                            found.outcomes.extend(outcomes);
                        }
                        _ if whole.targets.len() > 1 => found.outcomes.extend(outcomes),
                        _ => found.remember(&whole, outcomes),
                    }
                }
            }
        }
    }
    Ok(found)
}

impl<T> Dissected<T> {
    /// What came of single accounts, and what that says of how they were to be liquidated.
    fn remember(&mut self, action: &Action, outcomes: Vec<(AccountRef, Outcome)>) {
        for (account, outcome) in &outcomes {
            let mut targets = action.targets.iter();
            let target = targets.find(|target| target.account == *account);
            if let Some(target) = target.filter(|_| outcome.is_of_the_pair()) {
                self.avoid.push((action.pair(target), outcome.clone()));
            }
        }
        self.outcomes.extend(outcomes);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::convert::Infallible;

    use bulwark_risk::units::{Amount, Usd};
    use bulwark_types::vault::AssetAmount;

    use super::*;
    use crate::plan::{Expected, Means, Planned};

    /// An account that earns 2 USD with 10 gas, in a transaction that costs 1 USD and 100 gas.
    fn target(id: u16, seize: &str) -> Planned {
        Planned {
            account: AccountRef {
                owner: "alice".into(),
                id,
            },
            debt: AssetAmount {
                asset: "uusd".into(),
                amount: Amount(5),
            },
            seize: seize.into(),
            min_seized: Amount(1),
            expected: Expected {
                gas: 10,
                profit: Usd::whole(2),
                ..Expected::default()
            },
            missing: Usd::ZERO,
        }
    }

    fn action(seize: impl Fn(u16) -> &'static str, accounts: u16) -> Action {
        let sent = AssetAmount {
            asset: "uusd".into(),
            amount: Amount(0),
        };
        let empty = Action {
            means: Means::Inventory(sent),
            targets: Vec::new(),
            gas: 100,
            profit: Usd::whole(1).negated(),
        };
        empty.with((0..accounts).map(|id| target(id, seize(id))).collect())
    }

    fn refused() -> Outcome {
        Outcome::Refused {
            name: "paused".into(),
            fields: "{}".into(),
        }
    }

    /// A chain that refuses whatever these accounts are in; what it carries out, and how often it was
    /// asked.
    fn tried(action: Action, bad: &[u16], outcome: &Outcome) -> (Dissected<Action>, usize) {
        let asked = RefCell::new(0);
        let try_out = |action: Action| {
            *asked.borrow_mut() += 1;
            let is_bad = action.accounts().any(|account| bad.contains(&account.id));
            let verdict = if is_bad {
                let outcomes = outcome.of_each(action.accounts());
                Verdict::Refused(action, outcomes)
            } else {
                Verdict::Ready(action)
            };
            std::future::ready(Ok::<_, Infallible>(verdict))
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let dissected = runtime.block_on(dissect(action, try_out)).unwrap();
        (dissected, asked.into_inner())
    }

    fn ids(outcomes: &[(AccountRef, Outcome)]) -> Vec<u16> {
        outcomes.iter().map(|(account, _)| account.id).collect()
    }

    #[test]
    fn one_account_that_is_refused_stops_none_of_the_others() {
        for bad in [0, 13, 31] {
            let (found, asked) = tried(action(|_| "uatom", 32), &[bad], &refused());
            assert_eq!(ids(&found.outcomes), [bad]);
            let sent: usize = found.ready.iter().map(|part| part.targets.len()).sum();
            assert_eq!((sent, asked), (31, 11), "two at each of five halvings");
            for part in &found.ready {
                let accounts = part.targets.len() as u32;
                assert_eq!(part.gas, u64::from(100 + 10 * accounts));
                assert_eq!(part.profit, Usd::whole(2 * accounts - 1));
                let Means::Inventory(sent) = &part.means else {
                    panic!("{part:?}");
                };
                assert_eq!(sent.amount, Amount(5 * u128::from(accounts)));
            }
            let [(pair, why)] = found.avoid.as_slice() else {
                panic!("{:?}", found.avoid);
            };
            assert_eq!((pair.account.id, pair.seize.as_str()), (bad, "uatom"));
            assert_eq!(why, &refused());
        }
    }

    #[test]
    fn accounts_that_seize_the_same_are_told_apart_from_others_first() {
        let of = |id: u16| if id % 2 == 0 { "paused" } else { "uatom" };
        let bad: Vec<u16> = (0..8).map(|id| 2 * id).collect();
        let (found, asked) = tried(action(of, 16), &bad, &refused());
        assert_eq!(ids(&found.outcomes), bad);
        assert_eq!(found.ready.len(), 1, "the others stay together");
        assert_eq!(found.ready[0].targets.len(), 8);
        assert_eq!(asked, 17);
        assert_eq!(found.avoid.len(), 8);
    }

    /// They waited for another price, though the transaction would have paid without the refused one.
    #[test]
    fn parts_that_earn_too_little_alone_may_be_tried_in_company() {
        let dear = Outcome::Unprofitable { profit: Usd::ZERO };
        let try_out = |action: Action| {
            let outcome = if action.accounts().any(|account| account.id == 3) {
                refused()
            } else {
                dear.clone()
            };
            let outcomes = outcome.of_each(action.accounts());
            std::future::ready(Ok::<Verdict<Action>, Infallible>(Verdict::Refused(
                action, outcomes,
            )))
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let found = runtime.block_on(dissect(action(|_| "uatom", 4), try_out));
        let found = found.unwrap();
        let mut again: Vec<u16> = found.again.iter().map(|account| account.id).collect();
        again.sort_unstable();
        assert_eq!(again, [0, 1, 2]);
        assert_eq!(found.avoid.len(), 1);
        assert_eq!(found.outcomes.len(), 4);
    }

    #[test]
    fn what_no_part_would_do_better_is_not_taken_apart() {
        let dear = Outcome::Unprofitable { profit: Usd::ZERO };
        for outcome in [Outcome::OutOfFunds {}, Outcome::Unreached {}, dear] {
            let (found, asked) = tried(action(|_| "uatom", 8), &[3], &outcome);
            assert_eq!((found.outcomes.len(), asked), (8, 1));
            assert_eq!((found.ready.len(), found.avoid.len()), (0, 0));
        }
    }
}

//! What to do about accounts that can be liquidated: a pure function of the book, the keeper's wallet
//! and its costs.
//!
//! Accounts are taken in the order of what they are worth to the keeper and of what they lack to
//! their maintenance margin. Each is liquidated in the vault's own books, by the pair that earns most,
//! and these books, with the wallet as it then is, are what the next account meets. A transaction that
//! turns out not to earn enough is taken back, and everything planned anew without its accounts.

mod action;
mod candidate;
mod costs;
mod groups;
mod inventory;

use std::collections::{BTreeMap, BTreeSet};

use bulwark_risk::account::Assessment;
use bulwark_risk::units::Usd;
use bulwark_risk::wide::mul_floor;
use bulwark_types::vault::AccountRef;
use bulwark_vault::books::{AccountKey, Books};
use bulwark_vault::state::AccountRecord;

pub use action::{Action, Expected, Means, Plan, Planned, SkipReason, Skipped};
pub use costs::{Costs, GasModel, Mode, SwapTerms};
pub use inventory::{Inventory, Pair};

use crate::book::{AccountId, Book, BookResult, Moment};
use candidate::{Candidate, Prospect};
use groups::Groups;

/// Plans what to do about accounts that are said to be liquidatable, at a moment.
///
/// Nothing is planned for an account that is healthy, no more is repaid than the inventory has, and
/// every transaction earns what [`Costs::floor`] asks for. The same arguments make the same plan.
///
/// # Errors
/// If the vault's settings do not load.
pub fn plan(
    book: &Book,
    moment: Moment,
    liquidatable: &[AccountId],
    inventory: &Inventory,
    costs: &Costs,
) -> BookResult<Plan> {
    let native = book.at(moment);
    let books = native.books()?;
    let mut planner = Planner {
        books,
        inventory,
        costs,
        skipped: Reasons::new(),
    };
    let cases = planner.cases(book, moment.height, liquidatable);
    let cases = planner.in_order(cases);
    loop {
        let Attempt {
            actions,
            refused,
            skipped,
        } = planner.attempt(&cases);
        if refused.is_empty() {
            let mut reasons = planner.skipped;
            reasons.extend(skipped);
            return Ok(Plan {
                actions,
                skipped: reasons.into_iter().map(Skipped::from).collect(),
            });
        }
        for action in &refused {
            planner.take_back(&cases, action);
        }
    }
}

/// Leaves those whose turn it is in this block, and answers the others, if there are more than `most`.
/// Half are the first of all, which lack most; the other half are others in each block, so that none
/// waits for ever behind accounts that nothing can be done about.
fn turn(cases: &mut Vec<Case>, most: usize, height: u64) -> Vec<Case> {
    if cases.len() <= most {
        return Vec::new();
    }
    let mut others = cases.split_off(most.div_ceil(2));
    let share = most - cases.len();
    let start = u128::from(height) * share as u128 % others.len() as u128;
    others.rotate_left(start as usize);
    let later = others.split_off(share);
    cases.append(&mut others);
    later
}

/// Why nothing is done about accounts.
type Reasons = BTreeMap<AccountKey, SkipReason>;

/// An account that the vault holds for liquidatable.
struct Case {
    key: AccountKey,
    record: AccountRecord,
    assessment: Assessment,
}

impl Case {
    /// What it lacks to its maintenance margin, USD.
    fn missing(&self) -> Usd {
        let Assessment {
            equity,
            maintenance,
            ..
        } = self.assessment;
        Usd(maintenance.0.saturating_sub(equity.0))
    }
}

/// One way through all accounts.
struct Attempt {
    /// Transactions that earn enough.
    actions: Vec<Action>,
    /// Those that do not.
    refused: Vec<Action>,
    /// Accounts in neither.
    skipped: Reasons,
}

struct Planner<'a, 'c> {
    /// As the chain has them.
    books: Books<'a>,
    inventory: &'c Inventory,
    costs: &'c Costs,
    /// Accounts that are out of question, whatever is done about others.
    skipped: Reasons,
}

impl<'a> Planner<'a, '_> {
    /// What there is to be dealt with: some of them, if there are too many.
    fn cases(&mut self, book: &Book, height: u64, ids: &[AccountId]) -> Vec<Case> {
        let mut cases = Vec::new();
        for id in ids.iter().collect::<BTreeSet<_>>() {
            let Some(key) = book.account(*id) else {
                continue;
            };
            let record = match book.record(*id) {
                Ok(Some(record)) => record,
                Ok(None) => continue,
                Err(error) => {
                    let error = error.to_string();
                    self.skipped.insert(key, SkipReason::Unvaluable { error });
                    continue;
                }
            };
            let reason = match self.books.assess_record(&record) {
                Ok(assessment) if assessment.is_liquidatable() => {
                    cases.push(Case {
                        key,
                        record,
                        assessment,
                    });
                    continue;
                }
                Ok(_) => SkipReason::Healthy,
                Err(error) => SkipReason::Unvaluable {
                    error: error.to_string(),
                },
            };
            self.skipped.insert(key, reason);
        }
        cases.sort_by(|a, b| (b.missing(), &a.key).cmp(&(a.missing(), &b.key)));
        let later = turn(&mut cases, self.costs.most_accounts, height).into_iter();
        let later = later.into_iter().map(|case| (case.key, SkipReason::Later));
        self.skipped.extend(later);
        cases
    }

    /// The order in which accounts are dealt with: what each would earn by itself, and what it lacks
    /// with its weight.
    fn in_order(&self, cases: Vec<Case>) -> Vec<Case> {
        let mut scored = Vec::with_capacity(cases.len());
        for case in cases {
            let best = self.best(&case, &self.books, self.inventory);
            let profit = best.map_or(Usd::ZERO, |candidate| candidate.planned.expected.profit);
            let missing = mul_floor(case.missing().magnitude(), self.costs.risk_weight.0);
            let weight = missing
                .ok()
                .and_then(|weight| i128::try_from(weight).ok())
                .unwrap_or(i128::MAX);
            scored.push((profit.0.saturating_add(weight), case));
        }
        scored.sort_by(|(a, case_a), (b, case_b)| (b, &case_a.key).cmp(&(a, &case_b.key)));
        scored.into_iter().map(|(_, case)| case).collect()
    }

    /// What is best done about an account; what cannot be reckoned is not done.
    fn best(
        &self,
        case: &Case,
        books: &Books<'a>,
        inventory: &Inventory,
    ) -> Result<Candidate<'a>, SkipReason> {
        let prospect = Prospect {
            key: &case.key,
            record: &case.record,
            missing: case.missing(),
            books,
            inventory,
            costs: self.costs,
        };
        prospect.best().unwrap_or_else(|error| {
            let error = error.to_string();
            Err(SkipReason::Refused { error })
        })
    }

    /// One way through all accounts that are in question.
    fn attempt(&self, cases: &[Case]) -> Attempt {
        let mut books = self.books.clone();
        let mut inventory = self.inventory.clone();
        let mut groups = Groups::new(self.costs);
        let mut skipped = Reasons::new();
        let asked = cases
            .iter()
            .filter(|case| !self.skipped.contains_key(&case.key));
        for case in asked {
            if self.is_written_off(case) {
                let own = self.costs.gas.of_account(case.record.holdings.len());
                let gas = self.costs.gas.transaction.saturating_add(own);
                if gas > self.costs.gas_limit {
                    skipped.insert(case.key.clone(), SkipReason::TooMuchGas { gas });
                    continue;
                }
                let mut after = books.clone();
                let written_off = after
                    .collect_dust(&case.key)
                    .and_then(|_| after.absorb_bad_debt(&case.key));
                if let Err(error) = written_off {
                    let error = error.to_string();
                    skipped.insert(case.key.clone(), SkipReason::Refused { error });
                    continue;
                }
                books = after;
                groups.write_off((&case.key).into(), own);
                continue;
            }
            let candidate = match self.best(case, &books, &inventory) {
                Ok(candidate) => candidate,
                Err(reason) => {
                    skipped.insert(case.key.clone(), reason);
                    continue;
                }
            };
            if let Some(reason) = self.objection(&candidate) {
                skipped.insert(case.key.clone(), reason);
                continue;
            }
            let Candidate {
                planned,
                by_callback,
                gas,
                books: after,
            } = candidate;
            books = after;
            if by_callback {
                groups.call_back(planned, gas);
            } else {
                inventory.take(&planned.debt.asset, planned.debt.amount);
                groups.join(planned, gas);
            }
        }
        let (actions, refused) = groups.finish();
        Attempt {
            actions,
            refused,
            skipped,
        }
    }

    fn objection(&self, candidate: &Candidate<'_>) -> Option<SkipReason> {
        let gas = self.costs.gas.transaction.saturating_add(candidate.gas);
        if gas > self.costs.gas_limit {
            return Some(SkipReason::TooMuchGas { gas });
        }
        let best = candidate.planned.expected.profit;
        (best < self.costs.floor_of_account()).then_some(SkipReason::Unprofitable { best })
    }

    /// Whether an account is written off: if the pools come first, it is insolvent, and dust is all
    /// that is left.
    fn is_written_off(&self, case: &Case) -> bool {
        let Assessment {
            equity, deposits, ..
        } = case.assessment;
        let dust_value = self.books.settings.parameters.liquidation.dust_value;
        let protects = matches!(self.costs.mode, Mode::Protect { .. });
        protects && equity.is_negative() && deposits < dust_value
    }

    /// Leaves the accounts of a transaction out that does not earn enough.
    fn take_back(&mut self, cases: &[Case], action: &Action) {
        let accounts: BTreeSet<AccountRef> = action.accounts().cloned().collect();
        let best = action.profit;
        for case in cases {
            if accounts.contains(&AccountRef::from(&case.key)) {
                let reason = SkipReason::Unprofitable { best };
                self.skipped.insert(case.key.clone(), reason);
            }
        }
    }
}

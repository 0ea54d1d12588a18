use bulwark_types::vault::{Action, SimulateResponse};

use super::account::margin;
use crate::books::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};
use crate::execute::{borrow, deposit, lend, repay, withdraw};

/// Actions in one simulation at most.
const LIMIT: usize = 32;

/// Carries actions out in a copy of the books, as the owner's messages would, and checks the
/// margin once, at the end.
pub fn simulate(
    books: &Books<'_>,
    key: &AccountKey,
    actions: &[Action],
) -> ContractResult<SimulateResponse> {
    if actions.len() > LIMIT {
        return Err(ContractError::ListLength {
            length: u64::try_from(actions.len()).unwrap_or(u64::MAX),
            limit: u64::try_from(LIMIT).unwrap_or(u64::MAX),
        });
    }
    let before = margin(&mut books.clone(), key)?;
    let mut books = books.clone();
    let assessed = books.assess_if_owing(key)?;
    for action in actions {
        if let Err(refusal) = apply(&mut books, key, action) {
            let refusal = Some(refusal.to_string());
            return Ok(SimulateResponse {
                before,
                after: None,
                refusal,
            });
        }
    }
    let needs_margin = actions
        .iter()
        .any(|action| !matches!(action, Action::Deposit { .. } | Action::Repay { .. }));
    let refusal = if needs_margin {
        books
            .assert_margin(key, assessed.as_ref())
            .err()
            .map(|error| error.to_string())
    } else {
        None
    };
    Ok(SimulateResponse {
        before,
        after: Some(margin(&mut books, key)?),
        refusal,
    })
}

fn apply(books: &mut Books<'_>, key: &AccountKey, action: &Action) -> ContractResult<()> {
    match action {
        Action::Deposit {
            asset,
            amount,
            lend,
        } => {
            let id = books.market_id(asset)?;
            let amount = amount.checked()?;
            if amount.is_zero() {
                return Err(ContractError::ZeroAmount {
                    asset: asset.clone(),
                });
            }
            deposit::apply(books, key, id, amount, lend.unwrap_or(false), true).map(|_| ())
        }
        Action::Withdraw { asset, amount } => {
            let id = books.market_id(asset)?;
            withdraw::apply(books, key, id, *amount).map(|_| ())
        }
        Action::Lend { asset, amount } => {
            let id = books.market_id(asset)?;
            lend::apply_lend(books, key, id, *amount).map(|_| ())
        }
        Action::Recall { asset, amount } => {
            let id = books.market_id(asset)?;
            lend::apply_recall(books, key, id, *amount).map(|_| ())
        }
        Action::Borrow { asset, amount } => {
            let id = books.market_id(asset)?;
            borrow::apply(books, key, id, *amount).map(|_| ())
        }
        Action::Repay { asset, amount } => {
            let id = books.market_id(asset)?;
            let amount = amount.checked()?;
            if amount.is_zero() {
                return Err(ContractError::ZeroAmount {
                    asset: asset.clone(),
                });
            }
            repay::apply(books, key, id, amount).map(|_| ())
        }
    }
}

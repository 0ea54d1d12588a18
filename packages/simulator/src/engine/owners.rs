//! What the borrowers do with their accounts along the way: they deposit, withdraw, borrow
//! more, repay, lend and recall; some answer a margin call; those who lost it all begin anew.

use std::collections::BTreeMap;

use bulwark_risk::account::{Side, Status};
use bulwark_risk::units::Amount;
use bulwark_types::vault::{
    AccountHolding, AccountRef, AccountResponse, AtRisk, ExecuteMsg, QueryMsg,
};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::SimulationError;
use super::borrowers::Borrower;
use super::chain::Chain;
use super::numbers;

/// One account in so many does something in a step.
const ACTIVE: usize = 100;

/// The probability that the owner answers a margin call within the step.
const ANSWERS_CALL: f64 = 0.25;

/// Does a step's business of the accounts' owners. Prices are fresh and the keepers are done.
///
/// # Errors
/// What has to work for the run to go on; what the vault refuses an owner is counted.
pub fn do_business(
    chain: &mut Chain,
    rng: &mut ChaCha8Rng,
    borrowers: &mut [Borrower],
    at_risk: &[AtRisk],
    scale: f64,
) -> Result<(), SimulationError> {
    let called: BTreeMap<&AccountRef, ()> = at_risk
        .iter()
        .filter(|found| found.status == Status::MarginCall)
        .map(|found| (&found.account, ()))
        .collect();
    for borrower in borrowers.iter() {
        if called.contains_key(&borrower.account) && rng.random_bool(ANSWERS_CALL) {
            answer_call(chain, rng, borrower)?;
        }
    }
    let count = borrowers.len();
    for _ in 0..count.div_ceil(ACTIVE) {
        let chosen = rng.random_range(0..count);
        if let Some(borrower) = borrowers.get_mut(chosen) {
            act(chain, rng, borrower, scale)?;
        }
    }
    Ok(())
}

fn holdings(chain: &Chain, account: &AccountRef) -> Result<Vec<AccountHolding>, SimulationError> {
    let account = account.clone();
    let found: AccountResponse = chain.ask(&QueryMsg::Account { account })?;
    Ok(found.holdings)
}

/// Tops up a deposit or repays a part of a debt, with money from outside.
fn answer_call(
    chain: &mut Chain,
    rng: &mut ChaCha8Rng,
    borrower: &Borrower,
) -> Result<(), SimulationError> {
    let holdings = holdings(chain, &borrower.account)?;
    let Some(holding) = holdings.choose(rng) else {
        return Ok(());
    };
    let part = rng.random_range(0.1..0.3);
    match holding.side {
        Side::Debt => repay(chain, borrower, holding, part),
        Side::Deposit => {
            let amount = Amount(holding.idle.0.saturating_add(holding.lent.0));
            let value = chain.value(&holding.asset, amount) * part;
            borrower
                .deposit(chain, &holding.asset, value, false)
                .map(|_| ())
        }
    }
}

fn act(
    chain: &mut Chain,
    rng: &mut ChaCha8Rng,
    borrower: &mut Borrower,
    scale: f64,
) -> Result<(), SimulationError> {
    let holdings = holdings(chain, &borrower.account)?;
    let debts: Vec<_> = of_side(&holdings, Side::Debt);
    let deposits: Vec<_> = of_side(&holdings, Side::Deposit);
    if debts.is_empty() {
        return borrower.open(chain, rng, scale);
    }
    match rng.random_range(0..5) {
        0 => match deposits.choose(rng) {
            Some(holding) => {
                let value = rng.random_range(50.0..2_000.0) * scale;
                let lend = rng.random_bool(0.5);
                borrower
                    .deposit(chain, &holding.asset, value, lend)
                    .map(|_| ())
            }
            None => Ok(()),
        },
        1 => match deposits.choose(rng) {
            Some(holding) => withdraw(chain, rng, borrower, holding),
            None => Ok(()),
        },
        2 => match debts.choose(rng) {
            Some(holding) => {
                let part = rng.random_range(0.2..0.95);
                borrower.borrow(chain, &holding.asset, part).map(|_| ())
            }
            None => Ok(()),
        },
        3 => match debts.choose(rng) {
            Some(holding) => repay(chain, borrower, holding, rng.random_range(0.05..0.6)),
            None => Ok(()),
        },
        _ => match deposits.choose(rng) {
            Some(holding) => {
                move_between(chain, borrower, holding);
                Ok(())
            }
            None => Ok(()),
        },
    }
}

fn of_side(holdings: &[AccountHolding], side: Side) -> Vec<&AccountHolding> {
    holdings
        .iter()
        .filter(|holding| holding.side == side)
        .collect()
}

fn withdraw(
    chain: &mut Chain,
    rng: &mut ChaCha8Rng,
    borrower: &Borrower,
    holding: &AccountHolding,
) -> Result<(), SimulationError> {
    let most = chain.max_withdraw(&borrower.account, &holding.asset)?;
    let amount = numbers::part(most, rng.random_range(0.2..0.9));
    if amount.is_zero() {
        return Ok(());
    }
    let message = ExecuteMsg::Withdraw {
        account: Some(borrower.account.clone()),
        asset: holding.asset.clone(),
        amount: Some(amount),
        to: None,
    };
    // A refusal is counted.
    let _ = chain.send(&borrower.name, message, None);
    Ok(())
}

fn repay(
    chain: &mut Chain,
    borrower: &Borrower,
    holding: &AccountHolding,
    part: f64,
) -> Result<(), SimulationError> {
    let amount = numbers::part(holding.debt, part);
    if amount.is_zero() {
        return Ok(());
    }
    chain.provide(&borrower.name, &holding.asset, amount)?;
    let message = ExecuteMsg::Repay {
        account: Some(borrower.account.clone()),
    };
    // A refusal is counted.
    let _ = chain.send(&borrower.name, message, Some((&holding.asset, amount)));
    Ok(())
}

/// Lends what is idle, else takes back what is lent.
fn move_between(chain: &mut Chain, borrower: &Borrower, holding: &AccountHolding) {
    let account = Some(borrower.account.clone());
    let asset = holding.asset.clone();
    let message = if holding.idle.is_zero() {
        ExecuteMsg::Recall {
            account,
            asset,
            amount: None,
        }
    } else {
        ExecuteMsg::Lend {
            account,
            asset,
            amount: None,
        }
    };
    // A refusal is counted: a pool may be out of cash.
    let _ = chain.send(&borrower.name, message, None);
}

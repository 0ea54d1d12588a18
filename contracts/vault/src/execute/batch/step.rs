use bulwark_risk::units::Amount;
use bulwark_types::vault::Action;
use cosmwasm_std::Addr;

use super::Batch;
use crate::books::Books;
use crate::error::{ContractError, ContractResult};
use crate::execute::funds::Payment;
use crate::execute::{borrow, deposit, lend, recall, repay, withdraw};
use crate::state::AccountRecord;

/// Whether an action can lower the margin. What a call brings is credited; what it takes, other
/// actions took before.
pub const fn needs_margin(action: &Action) -> bool {
    match action {
        Action::Deposit { .. } | Action::Repay { .. } | Action::Call { .. } => false,
        Action::Withdraw { .. }
        | Action::Lend { .. }
        | Action::Recall { .. }
        | Action::Borrow { .. } => true,
    }
}

/// Carries out an action that is no call.
pub fn apply(books: &mut Books<'_>, batch: &mut Batch, action: Action) -> ContractResult<()> {
    batch.only_added &= !needs_margin(&action);
    let key = batch.account.clone();
    match action {
        Action::Deposit {
            asset,
            amount,
            lend,
        } => {
            let amount = batch.hand.take(&asset, amount)?;
            credit(books, batch, asset, amount, lend.unwrap_or(false))
        }
        Action::Repay { asset, amount } => {
            let payment = payment(batch, asset, amount)?;
            let excess = repay::apply(books, &key, &payment)?;
            batch.hand.put(&payment.asset, excess)
        }
        Action::Withdraw { asset, amount, to } => {
            let recipient = recipient(books, batch, to.as_deref())?;
            let amount = withdraw::apply(books, &key, &asset, amount, &recipient)?;
            pay(
                books,
                batch,
                to.is_some().then_some(&recipient),
                &asset,
                amount,
            )
        }
        Action::Borrow { asset, amount, to } => {
            let recipient = recipient(books, batch, to.as_deref())?;
            borrow::apply(books, &key, &asset, amount, &recipient)?;
            pay(
                books,
                batch,
                to.is_some().then_some(&recipient),
                &asset,
                amount,
            )
        }
        Action::Lend { asset, amount } => lend::apply(books, &key, &asset, amount),
        Action::Recall { asset, amount } => recall::apply(books, &key, &asset, amount),
        Action::Call { contract, .. } => {
            Err(Box::new(ContractError::CallNotSimulated { contract }))
        }
    }
}

/// Credits the account. A rescue past caps and pauses raises what the account has to compare
/// with at the end: it cannot be swapped for something else in the same batch.
pub fn credit(
    books: &mut Books<'_>,
    batch: &mut Batch,
    asset: String,
    amount: Amount,
    lend: bool,
) -> ContractResult<()> {
    let payment = Payment {
        sender: batch.sender.clone(),
        asset,
        amount,
    };
    let rescued = deposit::apply(books, &batch.account, &payment, lend, batch.only_added)?;
    if rescued {
        let rescued = books.account(&batch.account)?.clone();
        batch.before = Some(rescued).filter(AccountRecord::has_debts);
    }
    Ok(())
}

/// Credits what a call returned. What has no room in the account or the market, beyond what it
/// repays, stays in hand: a call cannot be told to return exactly what is owed.
pub fn credit_returned(
    books: &mut Books<'_>,
    batch: &mut Batch,
    asset: &str,
    amount: Amount,
) -> ContractResult<()> {
    let (mut attempt, mut progress) = (books.clone(), batch.clone());
    match credit(&mut attempt, &mut progress, asset.to_owned(), amount, false) {
        Ok(()) => {
            (*books, *batch) = (attempt, progress);
            Ok(())
        }
        Err(error) if is_no_room(&error) => {
            batch.hand.put(asset, amount)?;
            let id = books.market_id(asset)?;
            let owed = books.debt_of(&batch.account, id)?;
            if owed.is_zero() {
                return Ok(());
            }
            let repay = Action::Repay {
                amount: Some(owed.min(amount)),
                asset: asset.to_owned(),
            };
            apply(books, batch, repay)
        }
        Err(error) => Err(error),
    }
}

/// Whether an error tells that a deposit is not taken now.
const fn is_no_room(error: &ContractError) -> bool {
    matches!(
        error,
        ContractError::Paused { .. }
            | ContractError::DepositDisabled { .. }
            | ContractError::DepositCap { .. }
            | ContractError::WipedOut { .. }
            | ContractError::TooManyHoldings { .. }
    )
}

fn payment(batch: &mut Batch, asset: String, amount: Option<Amount>) -> ContractResult<Payment> {
    Ok(Payment {
        sender: batch.sender.clone(),
        amount: batch.hand.take(&asset, amount)?,
        asset,
    })
}

/// Who is reported to receive something: whom the action names, or the sender, who gets what
/// is in hand at the end.
fn recipient(books: &Books<'_>, batch: &Batch, to: Option<&str>) -> ContractResult<Addr> {
    match to {
        Some(to) => books.recipient(to),
        None => Ok(batch.sender.clone()),
    }
}

fn pay(
    books: &mut Books<'_>,
    batch: &mut Batch,
    recipient: Option<&Addr>,
    asset: &str,
    amount: Amount,
) -> ContractResult<()> {
    match recipient {
        Some(recipient) => {
            books.pay(recipient, asset, amount);
            Ok(())
        }
        None => batch.hand.put(asset, amount),
    }
}

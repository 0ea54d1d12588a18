use bulwark_risk::units::Amount;
use bulwark_types::vault::{Action, SimulateResponse};

use super::account::margin;
use crate::books::{AccountKey, Books};
use crate::error::ContractResult;
use crate::execute::batch::{Batch, apply};
use crate::execute::hand::Hand;
use crate::execute::list::assert_length;

/// Carries a batch of the owner out in a copy of the books. What deposits and repayments take
/// beyond what is in hand is what has to be sent with the message.
pub fn simulate(
    books: &Books<'_>,
    key: &AccountKey,
    actions: &[Action],
) -> ContractResult<SimulateResponse> {
    assert_length(actions.len())?;
    let before = margin(&mut books.clone(), key)?;
    let mut books = books.clone();
    let mut funds = Hand::default();
    let mut batch = Batch::new(&mut books, &key.owner, key.clone(), actions)?;
    let mut refusal = None;
    for action in actions {
        let carried_out = send_what_is_missing(&mut batch, &mut funds, action)
            .and_then(|()| apply(&mut books, &mut batch, action.clone()));
        if let Err(error) = carried_out {
            refusal = Some(error.to_string());
            break;
        }
    }
    let after = match refusal {
        Some(_) => None,
        None => {
            refusal = batch
                .assert_allowed(&mut books)
                .err()
                .map(|error| error.to_string());
            Some(margin(&mut books, key)?)
        }
    };
    Ok(SimulateResponse {
        before,
        after,
        refusal,
        funds: funds.contents(),
        returned: batch.hand.contents(),
    })
}

fn send_what_is_missing(
    batch: &mut Batch,
    funds: &mut Hand,
    action: &Action,
) -> ContractResult<()> {
    let (Action::Deposit { asset, amount, .. } | Action::Repay { asset, amount }) = action else {
        return Ok(());
    };
    let in_hand = batch.hand.amount(asset);
    let missing = amount.map_or(0, |amount| amount.0.saturating_sub(in_hand.0));
    let missing = Amount(missing).checked()?;
    batch.hand.put(asset, missing)?;
    funds.put(asset, missing)
}

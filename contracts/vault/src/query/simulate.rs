use bulwark_risk::units::Amount;
use bulwark_types::vault::{Action, SimulateResponse};

use super::account::margin;
use crate::books::{AccountKey, Books};
use crate::error::ContractResult;
use crate::execute::batch::{Batch, apply};
use crate::execute::hand::Hand;
use crate::execute::list::assert_length;

/// Carries a batch of the owner out in a copy of the books: first to see what has to be sent
/// with it, then with that in hand from the beginning, as the message has it.
pub fn simulate(
    books: &Books<'_>,
    key: &AccountKey,
    actions: &[Action],
) -> ContractResult<SimulateResponse> {
    assert_length(actions.len())?;
    let before = margin(&mut books.clone(), key)?;
    let funds = funds_for(books.clone(), key, actions)?;
    let mut books = books.clone();
    let mut batch = Batch::new(&mut books, &key.owner, key.clone(), actions)?;
    batch.hand = funds.clone();
    let carried_out = actions
        .iter()
        .try_for_each(|action| apply(&mut books, &mut batch, action.clone()));
    let (after, refusal) = match carried_out {
        Err(error) => (None, Some(error)),
        Ok(()) => {
            let refusal = batch.assert_allowed(&mut books).err();
            (Some(margin(&mut books, key)?), refusal)
        }
    };
    Ok(SimulateResponse {
        before,
        after,
        refusal: refusal.map(|error| error.to_string()),
        funds: funds.contents(),
        returned: batch.hand.contents(),
    })
}

/// What deposits and repayments take beyond what is in hand when their turn comes, up to the
/// first action that cannot be carried out.
fn funds_for(mut books: Books<'_>, key: &AccountKey, actions: &[Action]) -> ContractResult<Hand> {
    let mut funds = Hand::default();
    let mut batch = Batch::new(&mut books, &key.owner, key.clone(), actions)?;
    for action in actions {
        let carried_out = send_what_is_missing(&mut batch, &mut funds, action)
            .and_then(|()| apply(&mut books, &mut batch, action.clone()));
        if carried_out.is_err() {
            break;
        }
    }
    Ok(funds)
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

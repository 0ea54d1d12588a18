use bulwark_risk::units::Amount;
use bulwark_types::events::Repaid;
use bulwark_types::vault::AccountRef;
use cosmwasm_std::{DepsMut, Env, Response};

use super::funds::Payment;
use crate::books::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};

/// `repay`: pays a debt back; the excess returns to the payer.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    payment: &Payment,
    account: Option<AccountRef>,
) -> ContractResult<Response> {
    let key = AccountKey::checked(deps.as_ref(), account, &payment.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let excess = apply(&mut books, &key, payment)?;
    books.assert_received(&payment.asset, Amount::ZERO)?;
    books.pay(&payment.sender, &payment.asset, excess);
    books.close()?.settle(deps.storage)
}

/// Repays at most what is owed; returns the excess. Needs no margin: it never lowers `E − M`
/// nor `E_open − I`.
pub fn apply(books: &mut Books<'_>, key: &AccountKey, payment: &Payment) -> ContractResult<Amount> {
    let Payment {
        sender,
        asset,
        amount,
    } = payment;
    let id = books.market_id(asset)?;
    let owed = books.debt_of(key, id)?;
    if owed.is_zero() {
        return Err(Box::new(ContractError::NoDebt {
            asset: asset.clone(),
        }));
    }
    let credit = books.credit(key, id, (*amount).min(owed), false)?;
    let refunded = amount.minus(credit.repaid)?;
    books.report(Repaid {
        owner: key.owner.to_string(),
        id: key.id,
        sender: sender.to_string(),
        asset: asset.clone(),
        amount: credit.repaid,
        shares: credit.debt_shares,
        refunded,
    });
    Ok(refunded)
}

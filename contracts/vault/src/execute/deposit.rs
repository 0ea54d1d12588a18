use bulwark_risk::units::Amount;
use bulwark_types::events::Deposited;
use bulwark_types::vault::AccountRef;
use cosmwasm_std::{DepsMut, Env, Response};

use super::funds::Payment;
use crate::books::{AccountKey, Books};
use crate::error::ContractResult;

/// `deposit`: credits an account.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    payment: &Payment,
    account: Option<AccountRef>,
    lend: bool,
) -> ContractResult<Response> {
    let key = AccountKey::checked(deps.as_ref(), account, &payment.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    apply(&mut books, &key, payment, lend, true)?;
    books.assert_received(&payment.asset, Amount::ZERO)?;
    books.close()?.settle(deps.storage)
}

/// Repays what the account owes in the asset, deposits the rest. Needs no margin: a credit
/// never lowers `E − M` nor `E_open − I`. Returns whether it was a rescue past caps or pauses.
pub fn apply(
    books: &mut Books<'_>,
    key: &AccountKey,
    payment: &Payment,
    lend: bool,
    may_rescue: bool,
) -> ContractResult<bool> {
    let Payment {
        sender,
        asset,
        amount,
    } = payment;
    let id = books.market_id(asset)?;
    books.assert_may_add(key, id, sender)?;
    let rest = Amount(amount.0.saturating_sub(books.debt_of(key, id)?.0));
    let rescued = !rest.is_zero() && books.assert_deposit_room(key, id, rest, lend, may_rescue)?;
    let credit = books.credit(key, id, *amount, lend)?;
    books.report(Deposited {
        owner: key.owner.to_string(),
        id: key.id,
        sender: sender.to_string(),
        asset: asset.clone(),
        amount: *amount,
        repaid: credit.repaid,
        idle: credit.idle,
        shares: credit.shares,
    });
    Ok(rescued)
}

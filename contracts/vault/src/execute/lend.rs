use bulwark_risk::units::Amount;
use bulwark_types::events::Lent;
use bulwark_types::vault::AccountRef;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use crate::books::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};

/// `lend`: idle deposits go to the pool.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
    asset: &str,
    amount: Option<Amount>,
) -> ContractResult<Response> {
    assert_none(info)?;
    let key = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    books.assert_may_act(&key, &info.sender)?;

    let before = books.assess_if_owing(&key)?;
    apply(&mut books, &key, asset, amount)?;
    // Shares round down: the account is worth up to one unit less.
    books.assert_margin(&key, before.as_ref())?;

    books.close()?.settle(deps.storage)
}

/// Moves idle deposits to the pool; margin is the caller's to check.
pub fn apply(
    books: &mut Books<'_>,
    key: &AccountKey,
    asset: &str,
    amount: Option<Amount>,
) -> ContractResult<()> {
    let id = books.market_id(asset)?;
    let available = books.deposit_of(key, id)?.idle;
    let amount = amount.unwrap_or(available);
    assert_available(asset, amount, available)?;
    books.assert_not_wiped_out(id)?;
    // The idle part comes first in a debit, so nothing lent is touched.
    let debit = books.debit(key, id, Some(amount))?;
    books.release(id, &debit)?;
    let credit = books.credit(key, id, amount, true)?;
    books.report(Lent {
        owner: key.owner.to_string(),
        id: key.id,
        asset: asset.into(),
        amount,
        shares: credit.shares,
    });
    Ok(())
}

/// Refuses to move nothing, or more than there is.
pub fn assert_available(asset: &str, requested: Amount, available: Amount) -> ContractResult<()> {
    let asset = asset.to_owned();
    if available.is_zero() {
        return Err(Box::new(ContractError::NoDeposit { asset }));
    }
    if requested.is_zero() {
        return Err(Box::new(ContractError::ZeroAmount { asset }));
    }
    if requested > available {
        return Err(Box::new(ContractError::InsufficientDeposit {
            asset,
            available,
            requested,
        }));
    }
    Ok(())
}

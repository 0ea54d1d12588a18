use bulwark_risk::units::{Amount, SupplyShares};
use bulwark_types::events::{Lent, Recalled};
use bulwark_types::vault::AccountRef;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use crate::books::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};

/// `lend`: idle deposits go to the pool.
pub fn lend(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
    asset: String,
    amount: Option<Amount>,
) -> ContractResult<Response> {
    assert_none(info)?;
    let key = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    key.assert_may_act(&info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let id = books.market_id(&asset)?;

    let before = books.assess_if_owing(&key)?;
    let (amount, shares) = apply_lend(&mut books, &key, id, amount)?;
    // Shares round down: the account is worth up to one unit less.
    books.assert_margin(&key, before.as_ref())?;

    books.report(Lent {
        owner: key.owner.into_string(),
        id: key.id,
        asset,
        amount,
        shares,
    });
    books.close()?.settle(deps.storage)
}

/// `recall`: lent deposits come back from the pool's cash.
pub fn recall(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
    asset: String,
    amount: Option<Amount>,
) -> ContractResult<Response> {
    assert_none(info)?;
    let key = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    key.assert_may_act(&info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let id = books.market_id(&asset)?;

    let before = books.assess_if_owing(&key)?;
    let (amount, shares) = apply_recall(&mut books, &key, id, amount)?;
    books.assert_margin(&key, before.as_ref())?;

    books.report(Recalled {
        owner: key.owner.into_string(),
        id: key.id,
        asset,
        amount,
        shares,
    });
    books.close()?.settle(deps.storage)
}

/// Moves idle deposits to the pool; margin is the caller's to check.
pub fn apply_lend(
    books: &mut Books<'_>,
    key: &AccountKey,
    id: u16,
    amount: Option<Amount>,
) -> ContractResult<(Amount, SupplyShares)> {
    let available = books.deposit_of(key, id)?.idle;
    let amount = amount.unwrap_or(available);
    assert_available(books, id, amount, available)?;
    books.assert_not_wiped_out(id)?;
    // The idle part comes first in a debit, so nothing lent is touched.
    let debit = books.debit(key, id, Some(amount))?;
    books.release(id, &debit)?;
    let credit = books.credit(key, id, amount, true)?;
    Ok((amount, credit.shares))
}

/// Takes lent deposits back; margin is the caller's to check.
pub fn apply_recall(
    books: &mut Books<'_>,
    key: &AccountKey,
    id: u16,
    amount: Option<Amount>,
) -> ContractResult<(Amount, SupplyShares)> {
    let has = books.deposit_of(key, id)?;
    let amount = amount.unwrap_or(has.lent);
    assert_available(books, id, amount, has.lent)?;
    // Set the idle part aside, so that the debit takes lent deposits only.
    let debit = books.debit(key, id, Some(has.idle.plus(amount)?))?;
    books.release(id, &debit)?;
    books.credit(key, id, debit.total()?, false)?;
    Ok((amount, debit.shares))
}

fn assert_available(
    books: &mut Books<'_>,
    id: u16,
    requested: Amount,
    available: Amount,
) -> ContractResult<()> {
    if available.is_zero() {
        return Err(ContractError::NoDeposit {
            asset: books.asset(id)?,
        });
    }
    if requested.is_zero() {
        return Err(ContractError::ZeroAmount {
            asset: books.asset(id)?,
        });
    }
    if requested > available {
        let asset = books.asset(id)?;
        return Err(ContractError::InsufficientDeposit {
            asset,
            available,
            requested,
        });
    }
    Ok(())
}

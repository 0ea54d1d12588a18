use bulwark_risk::units::Amount;
use bulwark_types::events::Recalled;
use bulwark_types::vault::AccountRef;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use super::lend::assert_available;
use crate::books::{AccountKey, Books};
use crate::error::ContractResult;

/// `recall`: lent deposits come back from the pool's cash.
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
    books.assert_margin(&key, before.as_ref())?;
    books.assert_outflow_limits()?;

    books.close()?.settle(deps.storage)
}

/// Takes lent deposits back; margin and outflow are the caller's to check.
pub fn apply(
    books: &mut Books<'_>,
    key: &AccountKey,
    asset: &str,
    amount: Option<Amount>,
) -> ContractResult<()> {
    let id = books.market_id(asset)?;
    let has = books.deposit_of(key, id)?;
    let amount = amount.unwrap_or(has.lent);
    assert_available(asset, amount, has.lent)?;
    // Set the idle part aside, so that the debit takes lent deposits only.
    let debit = books.debit(key, id, Some(has.idle.plus(amount)?))?;
    books.release(id, &debit)?;
    books.credit(key, id, debit.total()?, false)?;
    books.report(Recalled {
        owner: key.owner.to_string(),
        id: key.id,
        asset: asset.into(),
        amount,
        shares: debit.shares,
    });
    Ok(())
}

use bulwark_risk::units::Amount;
use bulwark_types::events::Borrowed;
use bulwark_types::vault::AccountRef;
use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};

use super::funds::{above_zero, assert_none};
use crate::books::{AccountKey, Books};
use crate::error::ContractResult;

/// `borrow`: takes tokens out of the pool against the account's margin.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
    asset: &str,
    amount: Amount,
    to: Option<String>,
) -> ContractResult<Response> {
    assert_none(info)?;
    let key = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    books.assert_may_act(&key, &info.sender)?;
    let recipient = books.recipient(to.as_deref().unwrap_or(info.sender.as_str()))?;

    let before = books.assess_if_owing(&key)?;
    apply(&mut books, &key, asset, amount, &recipient)?;
    books.assert_margin(&key, before.as_ref())?;
    books.assert_outflow_limits()?;

    books.pay(&recipient, asset, amount);
    books.close()?.settle(deps.storage)
}

/// Adds a debt within the market's limits; margin, outflow and payment are the caller's.
pub fn apply(
    books: &mut Books<'_>,
    key: &AccountKey,
    asset: &str,
    amount: Amount,
    recipient: &Addr,
) -> ContractResult<()> {
    let id = books.market_id(asset)?;
    let amount = above_zero(asset, amount)?;
    books.assert_place(key, id)?;
    books.assert_borrow_room(id, amount)?;
    let shares = books.owe(key, id, amount)?;
    books.assert_borrow_limits(key, id)?;
    books.report(Borrowed {
        owner: key.owner.to_string(),
        id: key.id,
        recipient: recipient.to_string(),
        asset: asset.into(),
        amount,
        shares,
    });
    Ok(())
}

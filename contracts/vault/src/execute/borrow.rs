use bulwark_risk::units::{Amount, DebtShares};
use bulwark_types::events::Borrowed;
use bulwark_types::vault::AccountRef;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use crate::books::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};

/// `borrow`: takes tokens out of the pool against the account's margin.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
    asset: String,
    amount: Amount,
    to: Option<String>,
) -> ContractResult<Response> {
    assert_none(info)?;
    let key = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    key.assert_may_act(&info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let recipient = books.recipient(to.as_deref().unwrap_or(info.sender.as_str()))?;
    let id = books.market_id(&asset)?;

    let before = books.assess_if_owing(&key)?;
    let shares = apply(&mut books, &key, id, amount)?;
    books.assert_margin(&key, before.as_ref())?;

    books.report(Borrowed {
        owner: key.owner.into_string(),
        id: key.id,
        recipient: recipient.to_string(),
        asset: asset.clone(),
        amount,
        shares,
    });
    books.pay(&recipient, &asset, amount);
    books.close()?.settle(deps.storage)
}

/// Adds a debt within the market's limits; margin is the caller's to check.
pub fn apply(
    books: &mut Books<'_>,
    key: &AccountKey,
    id: u16,
    amount: Amount,
) -> ContractResult<DebtShares> {
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount {
            asset: books.asset(id)?,
        });
    }
    let amount = amount.checked()?;
    books.assert_may_add(key, id, true)?;
    books.assert_borrow_room(id, amount)?;
    let shares = books.owe(key, id, amount)?;
    books.assert_borrow_limits(key, id)?;
    Ok(shares)
}

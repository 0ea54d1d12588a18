use bulwark_risk::units::Amount;
use bulwark_types::events::Withdrawn;
use bulwark_types::vault::{AccountRef, PausableAction};
use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use crate::books::{AccountKey, Books};
use crate::error::ContractResult;

/// `withdraw`: pays out deposits.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
    asset: &str,
    amount: Option<Amount>,
    to: Option<String>,
) -> ContractResult<Response> {
    assert_none(info)?;
    let key = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    books.assert_may_act(&key, &info.sender)?;
    let recipient = books.recipient(to.as_deref().unwrap_or(info.sender.as_str()))?;

    let before = books.assess_if_owing(&key)?;
    let amount = apply(&mut books, &key, asset, amount, &recipient)?;
    books.assert_margin(&key, before.as_ref())?;
    books.assert_outflow_limits()?;

    books.pay(&recipient, asset, amount);
    books.close()?.settle(deps.storage)
}

/// Takes a deposit out of the account and the market; margin, outflow and payment are the
/// caller's. Returns the smallest units to be paid.
pub fn apply(
    books: &mut Books<'_>,
    key: &AccountKey,
    asset: &str,
    amount: Option<Amount>,
    recipient: &Addr,
) -> ContractResult<Amount> {
    let id = books.market_id(asset)?;
    books.assert_not_paused(id, PausableAction::Withdraw)?;
    let debit = books.debit(key, id, amount)?;
    books.release(id, &debit)?;
    let amount = debit.total()?;
    books.report(Withdrawn {
        owner: key.owner.to_string(),
        id: key.id,
        recipient: recipient.to_string(),
        asset: asset.into(),
        amount,
        idle: debit.idle,
        shares: debit.shares,
    });
    Ok(amount)
}

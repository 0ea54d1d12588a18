use bulwark_risk::units::Amount;
use bulwark_types::events::Withdrawn;
use bulwark_types::vault::{AccountRef, PausableAction};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use crate::books::{AccountKey, Books, Debit};
use crate::error::ContractResult;

/// `withdraw`: pays out deposits.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
    asset: String,
    amount: Option<Amount>,
    to: Option<String>,
) -> ContractResult<Response> {
    assert_none(info)?;
    let key = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    key.assert_may_act(&info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let recipient = books.recipient(to.as_deref().unwrap_or(info.sender.as_str()))?;
    let id = books.market_id(&asset)?;

    let before = books.assess_if_owing(&key)?;
    let debit = apply(&mut books, &key, id, amount)?;
    books.assert_margin(&key, before.as_ref())?;

    let amount = debit.total()?;
    books.report(Withdrawn {
        owner: key.owner.into_string(),
        id: key.id,
        recipient: recipient.to_string(),
        asset: asset.clone(),
        amount,
        idle: debit.idle,
        shares: debit.shares,
    });
    books.pay(&recipient, &asset, amount);
    books.close()?.settle(deps.storage)
}

/// Takes a deposit out of the account and the market; margin is the caller's to check.
pub fn apply(
    books: &mut Books<'_>,
    key: &AccountKey,
    id: u16,
    amount: Option<Amount>,
) -> ContractResult<Debit> {
    books.assert_not_paused(id, PausableAction::Withdraw)?;
    let debit = books.debit(key, id, amount)?;
    books.release(id, &debit)?;
    Ok(debit)
}

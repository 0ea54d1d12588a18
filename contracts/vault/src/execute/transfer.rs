use bulwark_risk::units::Amount;
use bulwark_types::events::Transferred;
use bulwark_types::vault::{AccountRef, PausableAction};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use crate::books::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};

/// `transfer`: moves deposits to another account; lent ones move as shares, without cash.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
    to: AccountRef,
    asset: &str,
    amount: Option<Amount>,
) -> ContractResult<Response> {
    assert_none(info)?;
    let from = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    let to = AccountKey::checked(deps.as_ref(), Some(to), &info.sender)?;
    if from == to {
        return Err(Box::new(ContractError::SameAccount {
            owner: to.owner.into_string(),
            id: to.id,
        }));
    }
    let mut books = Books::open(deps.as_ref(), env)?;
    books.assert_may_act(&from, &info.sender)?;
    let id = books.market_id(asset)?;
    books.assert_not_paused(id, PausableAction::Withdraw)?;
    books.assert_may_add(&to, id, &info.sender)?;

    let before = books.assess_if_owing(&from)?;
    let debit = books.debit(&from, id, amount)?;
    let repaid = books.credit_moved(&to, id, debit.idle, debit.shares)?;
    books.assert_margin(&from, before.as_ref())?;

    books.report(Transferred {
        owner: from.owner.into_string(),
        id: from.id,
        to_owner: to.owner.into_string(),
        to_id: to.id,
        asset: asset.into(),
        amount: debit.total()?,
        idle: debit.idle,
        shares: debit.shares,
        repaid,
    });
    books.close()?.settle(deps.storage)
}

use bulwark_risk::units::Amount;
use bulwark_types::events::Deposited;
use bulwark_types::vault::AccountRef;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::one_coin;
use crate::books::{AccountKey, Books, Credit};
use crate::error::ContractResult;

/// `deposit`: credits an account.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
    lend: bool,
) -> ContractResult<Response> {
    let (asset, amount) = one_coin(info)?;
    let key = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let id = books.market_id(&asset)?;

    let may_act = key.assert_may_act(&info.sender).is_ok();
    let credit = apply(&mut books, &key, id, amount, lend, may_act)?;

    books.report(Deposited {
        owner: key.owner.into_string(),
        id: key.id,
        sender: info.sender.to_string(),
        asset,
        amount,
        repaid: credit.repaid,
        idle: credit.idle,
        shares: credit.shares,
    });
    books.close()?.settle(deps.storage)
}

/// Repays what the account owes in the asset, deposits the rest. Needs no margin: a credit
/// never lowers `E − M` nor `E_open − I`.
pub fn apply(
    books: &mut Books<'_>,
    key: &AccountKey,
    id: u16,
    amount: Amount,
    lend: bool,
    may_act: bool,
) -> ContractResult<Credit> {
    books.assert_may_add(key, id, may_act)?;
    let rest = Amount(amount.0.saturating_sub(books.debt_of(key, id)?.0));
    if !rest.is_zero() {
        books.assert_deposit_room(key, id, rest, lend)?;
    }
    books.credit(key, id, amount, lend)
}

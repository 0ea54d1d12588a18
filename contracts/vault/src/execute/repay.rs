use bulwark_risk::units::Amount;
use bulwark_types::events::Repaid;
use bulwark_types::vault::AccountRef;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::one_coin;
use crate::books::{AccountKey, Books, Credit};
use crate::error::{ContractError, ContractResult};

/// `repay`: pays a debt back; the excess returns to the payer.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
) -> ContractResult<Response> {
    let (asset, amount) = one_coin(info)?;
    let key = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let id = books.market_id(&asset)?;

    let credit = apply(&mut books, &key, id, amount)?;

    let refunded = amount.minus(credit.repaid)?;
    books.report(Repaid {
        owner: key.owner.into_string(),
        id: key.id,
        sender: info.sender.to_string(),
        asset: asset.clone(),
        amount: credit.repaid,
        shares: credit.debt_shares,
        refunded,
    });
    books.pay(&info.sender, &asset, refunded);
    books.close()?.settle(deps.storage)
}

/// Repays at most what is owed. Needs no margin: it never lowers `E − M` nor `E_open − I`.
pub fn apply(
    books: &mut Books<'_>,
    key: &AccountKey,
    id: u16,
    amount: Amount,
) -> ContractResult<Credit> {
    let owed = books.debt_of(key, id)?;
    if owed.is_zero() {
        return Err(ContractError::NoDebt {
            asset: books.asset(id)?,
        });
    }
    books.credit(key, id, amount.min(owed), false)
}

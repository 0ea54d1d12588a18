use bulwark_risk::units::Amount;
use bulwark_types::events::ReserveCollected;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use crate::books::Books;
use crate::error::{ContractError, ContractResult};
use crate::execute::funds::assert_none;
use crate::state::OWNERSHIP;

/// Owner: pays out of a market's reserve.
pub fn collect(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    asset: String,
    amount: Option<Amount>,
    to: &str,
) -> ContractResult<Response> {
    assert_none(info)?;
    OWNERSHIP.assert_owner::<Box<ContractError>>(deps.storage, &info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let recipient = books.recipient(to)?;
    let id = books.market_id(&asset)?;

    let debit = books.debit_reserve(id, amount)?;
    books.assert_outflow_limits()?;

    let event = ReserveCollected {
        asset: asset.clone(),
        recipient: recipient.to_string(),
        amount: debit.lent,
        shares: debit.shares,
    };
    books.report(event);
    books.pay(&recipient, &asset, debit.lent);
    books.close()?.settle(deps.storage)
}

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use super::list::{assert_distinct, assert_length};
use crate::books::Books;
use crate::error::ContractResult;

/// `accrue`: adds the interest of some markets to their totals.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    assets: &[String],
) -> ContractResult<Response> {
    assert_none(info)?;
    assert_length(assets.len())?;
    assert_distinct(assets)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    for asset in assets {
        let id = books.market_id(asset)?;
        books.accrue(id)?;
    }
    books.close()?.settle(deps.storage)
}

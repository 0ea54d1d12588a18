use std::collections::BTreeSet;

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use crate::books::Books;
use crate::error::{ContractError, ContractResult};

/// Markets in one message at most.
const LIMIT: usize = 32;

/// `accrue`: adds the interest of some markets to their totals.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    assets: &[String],
) -> ContractResult<Response> {
    assert_none(info)?;
    if assets.is_empty() || assets.len() > LIMIT {
        return Err(ContractError::ListLength {
            length: u64::try_from(assets.len()).unwrap_or(u64::MAX),
            limit: u64::try_from(LIMIT).unwrap_or(u64::MAX),
        });
    }
    let mut books = Books::open(deps.as_ref(), env)?;
    let mut seen = BTreeSet::new();
    for asset in assets {
        if !seen.insert(asset) {
            return Err(ContractError::DuplicateEntry {
                entry: asset.clone(),
            });
        }
        let id = books.market_id(asset)?;
        books.accrue(id)?;
    }
    books.close()?.settle(deps.storage)
}

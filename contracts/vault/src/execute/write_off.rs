use bulwark_types::vault::AccountRef;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::funds::assert_none;
use crate::books::{AccountKey, Books};
use crate::error::{ContractError, ContractResult};

/// `write_off`: closes an insolvent account with dust for deposits. The dust goes to the
/// reserves, the debts are borne by the reserves and suppliers of their markets.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: AccountRef,
) -> ContractResult<Response> {
    assert_none(info)?;
    let key = AccountKey::checked(deps.as_ref(), Some(account), &info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;

    let assessment = books.assess(&key)?;
    let dust_value = books.settings.parameters.liquidation.dust_value;
    // A solvent account, however small, is its owner's.
    if !assessment.equity.is_negative() || assessment.deposits >= dust_value {
        return Err(Box::new(ContractError::NotWriteOff {
            equity: assessment.equity,
            deposits: assessment.deposits,
            dust_value,
        }));
    }
    books.collect_dust(&key)?;
    books.absorb_bad_debt(&key)?;
    books.close()?.settle(deps.storage)
}

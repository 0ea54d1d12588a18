use bulwark_risk::units::Amount;
use cosmwasm_std::{MessageInfo, Uint128};

use crate::error::{ContractError, ContractResult};

/// Refuses any funds.
pub fn assert_none(info: &MessageInfo) -> ContractResult<()> {
    if info.funds.is_empty() {
        return Ok(());
    }
    Err(wrong_funds(info, "nothing"))
}

/// Takes exactly one coin; its amount is above zero and below 2^104.
pub fn one_coin(info: &MessageInfo) -> ContractResult<(String, Amount)> {
    let [coin] = info.funds.as_slice() else {
        return Err(wrong_funds(info, "exactly one coin"));
    };
    let amount =
        Uint128::try_from(coin.amount).map_err(|_| wrong_funds(info, "an amount below 2^104"))?;
    let amount = Amount(amount.u128()).checked()?;
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount {
            asset: coin.denom.clone(),
        });
    }
    Ok((coin.denom.clone(), amount))
}

fn wrong_funds(info: &MessageInfo, expected: &str) -> ContractError {
    let sent = info.funds.iter().map(ToString::to_string).collect();
    ContractError::WrongFunds {
        expected: expected.into(),
        sent,
    }
}

//! What comes with a message, checked.

use bulwark_risk::units::Amount;
use bulwark_types::token::TokenKind;
use cosmwasm_std::{Addr, Coin, MessageInfo, Uint128};

use crate::error::{ContractError, ContractResult};

/// Tokens that are in the vault's hands, and who sent them.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Who paid, and gets back what is not used.
    pub sender: Addr,
    /// Asset.
    pub asset: String,
    /// Smallest units, above zero.
    pub amount: Amount,
}

/// Refuses any funds.
pub fn assert_none(info: &MessageInfo) -> ContractResult<()> {
    if info.funds.is_empty() {
        return Ok(());
    }
    Err(Box::new(wrong_funds(info, "nothing")))
}

/// Takes exactly one coin; its amount is above zero and below 2^104.
pub fn one_coin(info: &MessageInfo) -> ContractResult<Payment> {
    let [coin] = info.funds.as_slice() else {
        return Err(Box::new(wrong_funds(info, "exactly one coin")));
    };
    payment(info, coin)
}

/// Takes any coins; each amount is above zero and below 2^104.
pub fn coins(info: &MessageInfo) -> ContractResult<Vec<Payment>> {
    info.funds.iter().map(|coin| payment(info, coin)).collect()
}

/// An amount that is above zero and below 2^104.
pub fn above_zero(asset: &str, amount: Amount) -> ContractResult<Amount> {
    if amount.is_zero() {
        return Err(Box::new(ContractError::ZeroAmount {
            asset: asset.into(),
        }));
    }
    Ok(amount.checked()?)
}

fn payment(info: &MessageInfo, coin: &Coin) -> ContractResult<Payment> {
    // A coin may be called like a token; it is not the token.
    if let TokenKind::Cw20 { .. } = TokenKind::of(&coin.denom) {
        return Err(Box::new(wrong_funds(info, "a coin of a listed denom")));
    }
    let amount =
        Uint128::try_from(coin.amount).map_err(|_| wrong_funds(info, "an amount below 2^104"))?;
    Ok(Payment {
        sender: info.sender.clone(),
        asset: coin.denom.clone(),
        amount: above_zero(&coin.denom, Amount(amount.u128()))?,
    })
}

fn wrong_funds(info: &MessageInfo, expected: &str) -> ContractError {
    let sent = info.funds.iter().map(ToString::to_string).collect();
    ContractError::WrongFunds {
        expected: expected.into(),
        sent,
    }
}

//! `sell`: one swap of a route.

use bulwark_risk::units::Amount;
use bulwark_types::liquidator::{AMOUNT, Step};
use bulwark_types::token::TokenKind;
use cosmwasm_std::{Binary, CosmosMsg, Deps, Env, Response};

use crate::error::ContractError;

/// Offers everything that there is of an asset.
pub fn execute(
    deps: Deps<'_>,
    env: &Env,
    offer: &str,
    step: &Step,
) -> Result<Response, ContractError> {
    Ok(Response::new().add_message(message(deps, env, offer, step)?))
}

/// The message that does so.
pub fn message(
    deps: Deps<'_>,
    env: &Env,
    offer: &str,
    step: &Step,
) -> Result<CosmosMsg, ContractError> {
    let token = TokenKind::of(offer);
    let amount = token.balance(deps.querier, env.contract.address.as_str())?;
    if amount.is_zero() {
        return Err(ContractError::NothingToSwap {
            asset: offer.into(),
        });
    }
    let msg = with_amount(&step.msg, amount);
    Ok(token.send(&step.contract, amount, msg)?)
}

/// The message with the amount in place of [`AMOUNT`].
fn with_amount(template: &[u8], amount: Amount) -> Binary {
    let (wanted, digits) = (AMOUNT.as_bytes(), amount.to_string());
    let mut message = Vec::with_capacity(template.len());
    let mut rest = template;
    while let Some((first, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(wanted) {
            message.extend_from_slice(digits.as_bytes());
            rest = after;
        } else {
            message.push(*first);
            rest = after;
        }
    }
    Binary::from(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_amount_takes_its_places() {
        let template = br#"{"swap":{"amount":"$amount","note":"$amoun","least":"$amount"}}"#;
        assert_eq!(
            with_amount(template, Amount(12)).as_slice(),
            br#"{"swap":{"amount":"12","note":"$amoun","least":"12"}}"#
        );
    }
}

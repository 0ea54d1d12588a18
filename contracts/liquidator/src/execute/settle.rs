//! `settle`: the vault is repaid, and the keeper gets what is left.

use bulwark_risk::units::Amount;
use bulwark_types::events::PaidOut;
use bulwark_types::token::TokenKind;
use bulwark_types::vault::AssetAmount;
use cosmwasm_std::{Deps, Env, Event, Response};

use crate::error::ContractError;
use crate::state::VAULT;

/// Repays exactly what is owed and sends the whole rest of every asset of the route. Fails if the
/// debt's asset would not be left in the amount that the keeper asked for.
pub fn execute(
    deps: Deps<'_>,
    env: &Env,
    debt: &AssetAmount,
    min_profit: Amount,
    assets: &[String],
    keeper: &str,
) -> Result<Response, ContractError> {
    let vault = VAULT.load(deps.storage)?;
    let holder = env.contract.address.as_str();
    let owed = TokenKind::of(&debt.asset);
    let brought = owed.balance(deps.querier, holder)?;
    if brought < debt.amount.plus(min_profit)? {
        return Err(ContractError::TooLittleProfit {
            asset: debt.asset.clone(),
            brought,
            owed: debt.amount,
            min_profit,
        });
    }
    let mut response = Response::new().add_message(owed.transfer(vault.as_str(), debt.amount)?);
    for asset in assets {
        let token = TokenKind::of(asset);
        let left = if *asset == debt.asset {
            brought.minus(debt.amount)?
        } else {
            token.balance(deps.querier, holder)?
        };
        // Banks and tokens refuse transfers of nothing.
        if !left.is_zero() {
            let event = PaidOut {
                keeper: keeper.into(),
                asset: asset.clone(),
                amount: left,
            };
            response = response
                .add_message(token.transfer(keeper, left)?)
                .add_event(Event::from(event));
        }
    }
    Ok(response)
}

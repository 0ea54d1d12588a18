use bulwark_risk::units::Amount;
use bulwark_types::token::TokenKind;
use bulwark_types::vault::{AssetAmount, BulwarkCallback, Callback};
use cosmwasm_std::{Addr, Coin, DepsMut, Env, MessageInfo, Response};
use serde::{Deserialize, Serialize};

use super::{Wish, carry_out};
use crate::books::Books;
use crate::error::{ContractError, ContractResult};
use crate::execute::funds::{Payment, above_zero, assert_none};
use crate::lock;
use crate::reply::{Continuation, then};

/// A liquidation that waits for its callback to end.
#[derive(Serialize, Deserialize, Debug)]
pub struct AwaitedRepayment {
    /// The contract that was called, which gets back what it paid too much.
    payer: Addr,
    /// Asset owed.
    asset: String,
    /// Smallest units owed.
    owed: Amount,
    /// Smallest units that the vault held when the call began.
    held: Amount,
}

/// `liquidate` with a callback: seizes first, calls the keeper's contract with what was seized,
/// and is repaid before the call ends. The books are closed before the call, with the debt
/// repaid already; nothing else runs until [`finish`] has seen the repayment.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    wish: &Wish,
    debt: AssetAmount,
    callback: Callback,
) -> ContractResult<Response> {
    assert_none(info)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    let payer = books.recipient(&callback.contract)?;
    let AssetAmount { asset, amount } = debt;
    let promised = Payment {
        sender: info.sender.clone(),
        amount: above_zero(&asset, amount)?,
        asset: asset.clone(),
    };
    let settlement = carry_out(deps.as_ref(), &mut books, &promised, wish)?;
    let owed = settlement.outcome.repaid;
    let held = books.balance_after_payouts(&asset)?;
    let coins = match TokenKind::of(&wish.seize) {
        TokenKind::Native { denom } if !settlement.tokens.is_zero() => {
            vec![Coin::new(settlement.tokens.0, denom)]
        }
        TokenKind::Native { .. } => vec![],
        TokenKind::Cw20 { .. } => {
            books.pay(&payer, &wish.seize, settlement.tokens);
            vec![]
        }
    };
    let call = BulwarkCallback {
        initiator: info.sender.to_string(),
        seized: AssetAmount {
            asset: wish.seize.clone(),
            amount: settlement.tokens,
        },
        debt: AssetAmount {
            asset: asset.clone(),
            amount: owed,
        },
        data: callback.data,
    }
    .call(&payer, coins)?;
    let response = books.close()?.settle(deps.storage)?;
    lock::lock(deps.storage)?;
    let awaited = AwaitedRepayment {
        payer,
        asset,
        owed,
        held,
    };
    then(response, call, &Continuation::Liquidation(awaited))
}

/// The callback has ended: refuses the whole message unless the debt was repaid, and sends back
/// what was too much.
pub fn finish(deps: DepsMut<'_>, env: &Env, awaited: AwaitedRepayment) -> ContractResult<Response> {
    lock::unlock(deps.storage);
    let AwaitedRepayment {
        payer,
        asset,
        owed,
        held,
    } = awaited;
    let mut books = Books::open(deps.as_ref(), env)?;
    let repaid = Amount(
        books
            .balance_after_payouts(&asset)?
            .0
            .saturating_sub(held.0),
    );
    if repaid < owed {
        return Err(Box::new(ContractError::NotRepaid {
            asset,
            owed,
            repaid,
        }));
    }
    books.pay(&payer, &asset, repaid.minus(owed)?);
    books.close()?.settle(deps.storage)
}

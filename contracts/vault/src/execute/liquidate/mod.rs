//! Liquidations. Never paused, open to anyone.

pub mod callback;
pub mod many;

use bulwark_risk::units::Amount;
use bulwark_types::events::Liquidated;
use bulwark_types::vault::{AccountRef, AssetAmount, Callback, Receive};
use cosmwasm_std::{Addr, Deps, DepsMut, Env, MessageInfo, Response};

use super::funds::{Payment, one_coin};
use crate::books::{AccountKey, Books, Seizure, Settlement, shown_ratio};
use crate::error::{ContractError, ContractResult};

/// What a keeper asks for: one account, and what is to be had of it.
pub struct Wish {
    /// Account to liquidate.
    pub account: AccountRef,
    /// Asset to seize.
    pub seize: String,
    /// The keeper gets at least this, in smallest units.
    pub min_seized: Option<Amount>,
    /// How it wants to be paid.
    pub terms: Terms,
}

/// How a keeper wants to be paid.
#[derive(Clone)]
pub struct Terms {
    /// In tokens or into an account.
    pub receive: Option<Receive>,
    /// Whom the tokens go to, and the account that takes the rest.
    pub to: Option<AccountRef>,
}

/// `liquidate`: repays with the coin that comes with it, or by a callback.
pub fn with_coin_or_callback(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    wish: Wish,
    debt: Option<AssetAmount>,
    callback: Option<Callback>,
) -> ContractResult<Response> {
    match (debt, callback) {
        (None, None) => execute(deps, env, &one_coin(info)?, wish),
        (Some(debt), Some(callback)) => callback::execute(deps, env, info, &wish, debt, callback),
        (debt, callback) => Err(Box::new(ContractError::DebtWithoutCallback {
            debt: debt.is_some(),
            callback: callback.is_some(),
        })),
    }
}

/// Repays a debt with a payment and seizes a deposit.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    payment: &Payment,
    wish: Wish,
) -> ContractResult<Response> {
    let mut books = Books::open(deps.as_ref(), env)?;
    let settlement = carry_out(deps.as_ref(), &mut books, payment, &wish)?;
    let into = AccountKey::checked(deps.as_ref(), wish.terms.to, &payment.sender)?;
    books.pay(&into.owner, &wish.seize, settlement.tokens);
    let unused = payment.amount.minus(settlement.outcome.repaid)?;
    books.pay(&payment.sender, &payment.asset, unused);
    books.close()?.settle(deps.storage)
}

/// Liquidates in the books and reports it. What the keeper gets as tokens, and what is left of
/// the payment, is the caller's to send.
fn carry_out(
    deps: Deps<'_>,
    books: &mut Books<'_>,
    payment: &Payment,
    wish: &Wish,
) -> ContractResult<Settlement> {
    let keeper = &payment.sender;
    let into = AccountKey::checked(deps, wish.terms.to.clone(), keeper)?;
    books.recipient(into.owner.as_str())?;
    let seizure = Seizure {
        account: AccountKey::checked(deps, Some(wish.account.clone()), keeper)?,
        debt: books.market_id(&payment.asset)?,
        offered: payment.amount,
        seize: books.market_id(&wish.seize)?,
        receive: wish.terms.receive.unwrap_or(Receive::Tokens),
        into,
        keeper: keeper.clone(),
    };
    let settlement = books.liquidate(&seizure)?;
    books.exempt_flows();
    let received = settlement.received()?;
    if let Some(min_seized) = wish.min_seized.filter(|least| received < *least) {
        return Err(Box::new(ContractError::TooLittleSeized {
            min_seized,
            seized: received,
        }));
    }
    books.report(event(&payment.asset, keeper, wish, &settlement));
    Ok(settlement)
}

fn event(debt_asset: &str, keeper: &Addr, wish: &Wish, settlement: &Settlement) -> Liquidated {
    let outcome = &settlement.outcome;
    Liquidated {
        owner: wish.account.owner.clone(),
        id: wish.account.id,
        keeper: keeper.to_string(),
        debt_asset: debt_asset.into(),
        repaid: outcome.repaid,
        debt_shares: settlement.debt_shares,
        deposit_asset: wish.seize.clone(),
        seized: outcome.seized,
        tokens: settlement.tokens,
        shares: settlement.shares,
        protocol_fee: outcome.protocol_fee,
        bonus: outcome.terms.bonus,
        repaid_value: outcome.repaid_value,
        bonus_value: outcome.bonus_value,
        distressed: outcome.terms.distressed,
        ratio_after: shown_ratio(&outcome.after)
            .map_or_else(|| "unbounded".into(), |ratio| ratio.to_string()),
    }
}

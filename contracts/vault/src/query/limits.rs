use bulwark_risk::RiskError;
use bulwark_risk::account::{Holding, Side, assess};
use bulwark_risk::search::{EXACT, largest_floor, liquidation_prices};
use bulwark_risk::units::Amount;
use bulwark_types::vault::{AmountResponse, LiquidationPriceResponse, PausableAction};

use crate::books::{AccountKey, Books, Valued};
use crate::error::{ContractError, ContractResult};

/// The most that can be borrowed: the caps' room, then the margin's by bisection. What
/// passes is an interval that begins at nothing, for equity less margin is concave.
pub fn max_borrow(
    books: &mut Books<'_>,
    key: &AccountKey,
    asset: &str,
) -> ContractResult<AmountResponse> {
    let id = books.market_id(asset)?;
    let room = books.borrow_room(key, id)?;
    let owed = books.debt_of(key, id)?;
    let mut holdings = books.holdings(key)?;
    holdings.retain(|valued| valued.market != id);
    let debt = books.valued(id, Side::Debt, owed)?;
    let at = holdings.len();
    holdings.push(debt);
    // A debt rounds up: it can end one unit above what was borrowed.
    let after = |borrowed: u128| owed.0.saturating_add(borrowed).saturating_add(1);
    let amount = largest(books, &holdings, at, room, after)?;
    Ok(AmountResponse { amount })
}

/// The most that can be withdrawn: what the pool's cash and the outflow limit let go, then the
/// margin's room.
pub fn max_withdraw(
    books: &mut Books<'_>,
    key: &AccountKey,
    asset: &str,
) -> ContractResult<AmountResponse> {
    let id = books.market_id(asset)?;
    if books.paused_until(id, PausableAction::Withdraw)?.is_some() {
        return Ok(AmountResponse {
            amount: Amount::ZERO,
        });
    }
    let has = books.deposit_of(key, id)?;
    let can_leave = books.market(id)?.pool.cash().min(books.outflow_room(id)?);
    let room = has.idle.plus(has.lent.min(can_leave))?;
    if !books.account(key)?.has_debts() {
        return Ok(AmountResponse { amount: room });
    }
    let holdings = books.holdings(key)?;
    let Some(at) = holdings.iter().position(|valued| valued.market == id) else {
        return Ok(AmountResponse {
            amount: Amount::ZERO,
        });
    };
    let total = has.total()?;
    // Shares are taken rounded up: what stays can end one unit lower.
    let after = |withdrawn: u128| total.0.saturating_sub(withdrawn).saturating_sub(1);
    let amount = largest(books, &holdings, at, room, after)?;
    Ok(AmountResponse { amount })
}

/// The largest step up to `room` after which the holdings meet their initial margin, the one
/// at a position being `after(step)`; nothing if a price is not good for opening.
fn largest(
    books: &mut Books<'_>,
    holdings: &[Valued],
    at: usize,
    room: Amount,
    after: impl Fn(u128) -> u128,
) -> ContractResult<Amount> {
    if room.is_zero() || books.assert_openable(holdings).is_err() {
        return Ok(Amount::ZERO);
    }
    let parameters = books.margin_parameters()?;
    let bare: Vec<Holding> = holdings.iter().map(|valued| valued.holding).collect();
    let mut passes = |step: u128| -> ContractResult<bool> {
        let mut holdings = bare.clone();
        if let Some(holding) = holdings.get_mut(at) {
            holding.amount = Amount(after(step));
        }
        match assess(&holdings, &parameters) {
            Ok(assessment) => Ok(assessment.meets_initial()),
            Err(error) if matches!(*error, RiskError::ValueTooLarge { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    };
    if !passes(0)? {
        return Ok(Amount::ZERO);
    }
    largest_floor(0, room.0, EXACT, &mut passes).map(Amount)
}

pub fn liquidation_price(
    books: &mut Books<'_>,
    key: &AccountKey,
    asset: &str,
) -> ContractResult<LiquidationPriceResponse> {
    let id = books.market_id(asset)?;
    let holdings = books.holdings(key)?;
    let at = holdings
        .iter()
        .position(|valued| valued.market == id)
        .ok_or_else(|| ContractError::NoDeposit {
            asset: asset.into(),
        })?;
    let bare: Vec<Holding> = holdings.iter().map(|valued| valued.holding).collect();
    let prices = liquidation_prices(&bare, &books.margin_parameters()?, at)?;
    Ok(LiquidationPriceResponse {
        below: prices.below,
        above: prices.above,
    })
}

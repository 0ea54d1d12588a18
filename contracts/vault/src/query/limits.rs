use bulwark_risk::account::Side;
use bulwark_risk::search::{largest_change, liquidation_prices};
use bulwark_risk::units::Amount;
use bulwark_types::valuation::bare;
use bulwark_types::vault::{AmountResponse, LiquidationPriceResponse, PausableAction};

use crate::books::{AccountKey, Books, Valued};
use crate::error::{ContractError, ContractResult};

/// The most that can be borrowed: the caps' room, then the margin's.
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
    largest(books, &holdings, at, room)
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
    largest(books, &holdings, at, room)
}

/// The largest change of the holding at a position, up to `room`, that the margin allows; nothing
/// if a price is not good for opening.
fn largest(
    books: &mut Books<'_>,
    holdings: &[Valued],
    at: usize,
    room: Amount,
) -> ContractResult<AmountResponse> {
    let mut amount = Amount::ZERO;
    if !room.is_zero() && books.assert_openable(holdings).is_ok() {
        amount = largest_change(&bare(holdings), &books.margin_parameters()?, at, room)?;
    }
    Ok(AmountResponse { amount })
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
    let prices = liquidation_prices(&bare(&holdings), &books.margin_parameters()?, at)?;
    Ok(LiquidationPriceResponse {
        below: prices.below,
        above: prices.above,
    })
}

//! What can be asked. Every function takes JSON and answers `{"answer": …}` or
//! `{"error": {"name": …, "sentence": …, "fields": {…}}}`.

use bulwark_risk::account::Side;
use bulwark_risk::search;
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Price};
use bulwark_types::decode::from_json;
use bulwark_types::valuation::{self, bare};
use bulwark_types::vault::{AmountResponse, LiquidationPlanResponse};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::to_json_string;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::basket::Basket;
use crate::error::{EngineError, EngineResult};

/// At which prices of one asset, the others standing still, a basket is liquidatable.
#[cw_serde]
pub struct AssetLiquidationPrice {
    /// Asset.
    pub asset: String,
    /// At or below this price, USD per whole token; none if no fall does it, or if the basket is
    /// liquidatable already.
    pub below: Option<Price>,
    /// At or above this price, USD per whole token; none if twenty doublings do not do it.
    pub above: Option<Price>,
}

/// Which change is asked for.
#[cw_serde]
pub struct LargestChange {
    /// What stands before it.
    pub basket: Basket,
    /// Asset to be borrowed or withdrawn.
    pub asset: String,
    /// A debt is borrowed more of, a deposit withdrawn from.
    pub side: Side,
    /// The most that counts, smallest units; whatever the margin allows by default.
    pub room: Option<Amount>,
}

/// A [`Basket`]'s equity, margins and status: [`valuation::MarginFigures`], what the vault's query `margin`
/// answers of an account with these holdings.
#[must_use]
pub fn margin(request: &[u8]) -> Vec<u8> {
    answer(request, |basket: Basket| {
        let valued = basket.valued()?;
        let parameters = basket.margin_parameters();
        valuation::margin_figures(&valued, &parameters, basket.now, |number| {
            basket.asset(number)
        })
    })
}

/// A list of [`AssetLiquidationPrice`], one for each holding of a [`Basket`].
#[must_use]
pub fn liquidation_prices(request: &[u8]) -> Vec<u8> {
    answer(request, |basket: Basket| {
        let valued = basket.valued()?;
        let (holdings, parameters) = (bare(&valued), basket.margin_parameters());
        let of = |(position, valued): (usize, &valuation::Valued)| {
            let prices = search::liquidation_prices(&holdings, &parameters, position)?;
            Ok(AssetLiquidationPrice {
                asset: basket.asset(valued.market)?,
                below: prices.below,
                above: prices.above,
            })
        };
        let each = valued.iter().enumerate().map(of);
        each.collect::<EngineResult<Vec<_>>>()
    })
}

/// The liquidation of a [`Basket`] that pays a keeper the largest bonus: a
/// [`LiquidationPlanResponse`].
#[must_use]
pub fn liquidation_plan(request: &[u8]) -> Vec<u8> {
    answer(request, |basket: Basket| {
        let valued = basket.valued()?;
        let parameters = basket.margin_parameters();
        let liquidation = basket.config.parameters.liquidation;
        let asset = |number| basket.asset(number);
        let plan = valuation::liquidation_plan(&valued, &parameters, &liquidation, asset)?;
        Ok::<_, EngineError>(LiquidationPlanResponse { plan })
    })
}

/// The most that can be borrowed of an asset, or withdrawn, as far as the margin goes, smallest
/// units: an [`AmountResponse`] to a [`LargestChange`]. Caps, cash and limits of the market are
/// the caller's to give as `room`. Nothing where a price is not good for opening, and for a
/// borrow of what is deposited or a withdrawal of what is not.
#[must_use]
pub fn largest_change(request: &[u8]) -> Vec<u8> {
    answer(request, |change: LargestChange| {
        largest(&change).map(|amount| AmountResponse { amount })
    })
}

fn largest(change: &LargestChange) -> EngineResult<Amount> {
    let LargestChange {
        basket,
        asset,
        side,
        room,
    } = change;
    let held = basket.holding(asset);
    let amount = match (side, held) {
        (_, Some(holding)) if holding.side == *side => holding.amount,
        (Side::Debt, None) => Amount::ZERO,
        _ => return Ok(Amount::ZERO),
    };
    let most = match side {
        Side::Debt => Amount(AMOUNT_LIMIT.saturating_sub(1)),
        Side::Deposit => amount,
    };
    let room = room.map_or(most, |room| room.min(most));
    // Without debts no price is needed and nothing is checked.
    if *side == Side::Deposit && !basket.has_debts() {
        return Ok(room);
    }
    let mut valued = basket.valued()?;
    let changed = basket.value(asset, *side, amount)?;
    // What is borrowed stands last, as in the vault; what is withdrawn keeps its place.
    let position = match side {
        Side::Debt => {
            valued.retain(|other| other.market != changed.market);
            valued.push(changed);
            valued.len().saturating_sub(1)
        }
        Side::Deposit => {
            let mut markets = valued.iter();
            let found = markets.position(|other| other.market == changed.market);
            found.unwrap_or(valued.len())
        }
    };
    let openable = |valued: &valuation::Valued| valued.record.is_openable(basket.now);
    if !valued.iter().all(openable) {
        return Ok(Amount::ZERO);
    }
    let parameters = basket.margin_parameters();
    Ok(search::largest_change(
        &bare(&valued),
        &parameters,
        position,
        room,
    )?)
}

/// Reads a request, has it evaluated, and writes the answer.
fn answer<Q: DeserializeOwned, A: Serialize>(
    request: &[u8],
    evaluate: impl FnOnce(Q) -> EngineResult<A>,
) -> Vec<u8> {
    let evaluated = from_json(request)
        .map_err(EngineError::from)
        .and_then(evaluate)
        .and_then(|answer| Ok(to_json_string(&answer)?));
    match evaluated {
        Ok(answer) => format!(r#"{{"answer":{answer}}}"#),
        Err(error) => format!(r#"{{"error":{}}}"#, error.json()),
    }
    .into_bytes()
}

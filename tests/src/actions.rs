//! The steps of a batch, in the words of a scenario.

use bulwark_risk::units::Amount;
use bulwark_testing::{Quantity, World};
use bulwark_types::token::TokenKind;
use bulwark_types::vault::{Action, AssetAmount};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Binary, Coin};
use cw_multi_test::AppResponse;

/// Smallest units of a quantity.
///
/// # Panics
/// For what is no number.
#[track_caller]
fn units(world: &World, asset: &str, quantity: impl Into<Quantity>) -> Amount {
    world.units(asset, quantity).expect("a quantity")
}

/// Deposits out of the hand.
#[must_use]
pub fn deposit(world: &World, asset: &str, quantity: impl Into<Quantity>) -> Action {
    Action::Deposit {
        asset: world.asset(asset),
        amount: Some(units(world, asset, quantity)),
        lend: None,
    }
}

/// Deposits all that is in hand, idle or lent.
#[must_use]
pub fn deposit_all(world: &World, asset: &str, lend: Option<bool>) -> Action {
    Action::Deposit {
        asset: world.asset(asset),
        amount: None,
        lend,
    }
}

/// Withdraws into the hand.
#[must_use]
pub fn withdraw(world: &World, asset: &str, quantity: impl Into<Quantity>) -> Action {
    Action::Withdraw {
        asset: world.asset(asset),
        amount: Some(units(world, asset, quantity)),
        to: None,
    }
}

/// Withdraws everything into the hand.
#[must_use]
pub fn withdraw_all(world: &World, asset: &str) -> Action {
    Action::Withdraw {
        asset: world.asset(asset),
        amount: None,
        to: None,
    }
}

/// Withdraws to somebody.
#[must_use]
pub fn withdraw_to(
    world: &World,
    asset: &str,
    quantity: impl Into<Quantity>,
    name: &str,
) -> Action {
    Action::Withdraw {
        asset: world.asset(asset),
        amount: Some(units(world, asset, quantity)),
        to: Some(world.address(name).into_string()),
    }
}

/// Lends; everything idle for no amount.
#[must_use]
pub fn lend(world: &World, asset: &str, amount: Option<Amount>) -> Action {
    Action::Lend {
        asset: world.asset(asset),
        amount,
    }
}

/// Takes lent deposits back; everything for no amount.
#[must_use]
pub fn recall(world: &World, asset: &str, amount: Option<Amount>) -> Action {
    Action::Recall {
        asset: world.asset(asset),
        amount,
    }
}

/// Borrows into the hand.
#[must_use]
pub fn borrow(world: &World, asset: &str, quantity: impl Into<Quantity>) -> Action {
    Action::Borrow {
        asset: world.asset(asset),
        amount: units(world, asset, quantity),
        to: None,
    }
}

/// Borrows for somebody.
#[must_use]
pub fn borrow_to(world: &World, asset: &str, quantity: impl Into<Quantity>, name: &str) -> Action {
    Action::Borrow {
        asset: world.asset(asset),
        amount: units(world, asset, quantity),
        to: Some(world.address(name).into_string()),
    }
}

/// Repays out of the hand.
#[must_use]
pub fn repay(world: &World, asset: &str, quantity: impl Into<Quantity>) -> Action {
    Action::Repay {
        asset: world.asset(asset),
        amount: Some(units(world, asset, quantity)),
    }
}

/// Repays with all that is in hand.
#[must_use]
pub fn repay_all(world: &World, asset: &str) -> Action {
    Action::Repay {
        asset: world.asset(asset),
        amount: None,
    }
}

/// Calls a contract with JSON, giving it something out of the hand.
#[must_use]
pub fn call(
    world: &World,
    contract: &Addr,
    json: &str,
    funds: &[(&str, &str)],
    returns: &[&str],
) -> Action {
    let funds = funds.iter().map(|(asset, tokens)| AssetAmount {
        asset: world.asset(asset),
        amount: units(world, asset, *tokens),
    });
    Action::Call {
        contract: contract.to_string(),
        msg: Binary::from(json.as_bytes()),
        funds: funds.collect(),
        returns: returns.iter().map(|asset| world.asset(asset)).collect(),
    }
}

/// The message by which a contract pays an asset out of its own balance.
///
/// # Panics
/// For what is no number.
#[must_use]
pub fn pay(
    world: &World,
    to: &Addr,
    asset: &str,
    quantity: impl Into<Quantity>,
) -> cosmwasm_std::CosmosMsg {
    let amount = units(world, asset, quantity);
    TokenKind::of(&world.asset(asset))
        .transfer(to.as_str(), amount)
        .expect("a transfer")
}

/// A batch with coins, of assets by symbol and whole tokens; in the order that banks want.
///
/// # Errors
/// What the vault refuses.
pub fn batch_with(
    world: &mut World,
    owner: &str,
    coins: &[(&str, &str)],
    actions: Vec<Action>,
) -> Result<AppResponse, WireError> {
    let mut funds: Vec<Coin> = coins
        .iter()
        .flat_map(|(asset, tokens)| world.coins(asset, *tokens).expect("coins"))
        .collect();
    funds.sort_by(|one, other| one.denom.cmp(&other.denom));
    world.batch(owner, actions, funds)
}

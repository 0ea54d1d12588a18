//! From actions to messages of the chain.

use std::collections::BTreeMap;

use bulwark_chain::Message;
use bulwark_risk::units::{Amount, Usd};
use bulwark_risk::wide::mul_div_ceil;
use bulwark_types::liquidator::{Route, Step};
use bulwark_types::token::{Cw20ExecuteMsg, TokenKind};
use bulwark_types::vault::{Callback, Cw20Hook, ExecuteMsg};
use cosmwasm_std::{Coin, StdResult, Uint128, to_json_binary};

use crate::plan::{Action, Means, Planned};

/// By what was seized and what is owed: the swaps in between.
pub type Routes = BTreeMap<(String, String), Vec<Step>>;

/// What messages are made of.
#[derive(Clone, Debug)]
pub struct Writer {
    /// Address of the keeper.
    pub keeper: String,
    /// Address of the vault.
    pub vault: String,
    /// Address of the liquidator, if there is one.
    pub liquidator: Option<String>,
    /// Its routes.
    pub routes: Routes,
    /// What a callback has to leave beside the gas that it costs, USD.
    pub floor: Usd,
    /// What gas costs, USD per unit.
    pub gas_price: Usd,
}

impl Writer {
    /// The message of an action; none if there is no route for its callback.
    ///
    /// # Errors
    /// None in practice.
    pub fn message(&self, action: &Action) -> StdResult<Option<Message>> {
        let callback = match (&action.means, action.targets.first()) {
            (Means::Callback, Some(target)) => match self.callback(target, action.gas)? {
                Some(callback) => Some(callback),
                None => return Ok(None),
            },
            _ => None,
        };
        let Some(message) = action.message(callback) else {
            return Ok(None);
        };
        let Means::Inventory(sent) = &action.means else {
            return Message::vault(&self.keeper, &self.vault, &message, vec![]).map(Some);
        };
        match TokenKind::of(&sent.asset) {
            TokenKind::Native { denom } => {
                let funds = vec![Coin::new(sent.amount.0, denom)];
                Message::vault(&self.keeper, &self.vault, &message, funds).map(Some)
            }
            TokenKind::Cw20 { contract } => {
                let Some(hook) = hook(message) else {
                    return Ok(None);
                };
                let send = Cw20ExecuteMsg::Send {
                    contract: self.vault.clone(),
                    amount: Uint128::new(sent.amount.0),
                    msg: to_json_binary(&hook)?,
                };
                Message::execute(&self.keeper, contract, &send, vec![]).map(Some)
            }
        }
    }

    fn callback(&self, target: &Planned, gas: u64) -> StdResult<Option<Callback>> {
        let pair = (target.seize.clone(), target.debt.asset.clone());
        let (Some(contract), Some(steps)) = (&self.liquidator, self.routes.get(&pair)) else {
            return Ok(None);
        };
        let route = Route {
            steps: steps.clone(),
            min_profit: self.min_profit(target, gas),
        };
        Ok(Some(Callback {
            contract: contract.clone(),
            data: to_json_binary(&route)?,
        }))
    }

    /// What has to be left: what the transaction's gas costs and the floor, in the debt's asset,
    /// rounded up.
    fn min_profit(&self, target: &Planned, gas: u64) -> Amount {
        let expected = &target.expected;
        let gas_cost = self.gas_price.0.saturating_mul(i128::from(gas));
        let wanted = gas_cost.saturating_add(self.floor.0).max(0);
        let value = expected.repaid_value.magnitude();
        mul_div_ceil(wanted.unsigned_abs(), expected.repaid.0, value).map_or(Amount::ZERO, Amount)
    }
}

/// A token's hook with the same effect as a message that liquidates with coins.
fn hook(message: ExecuteMsg) -> Option<Cw20Hook> {
    match message {
        ExecuteMsg::Liquidate {
            account,
            seize,
            min_seized,
            receive,
            to,
            debt: None,
            callback: None,
        } => Some(Cw20Hook::Liquidate {
            account,
            seize,
            min_seized,
            receive,
            to,
        }),
        ExecuteMsg::LiquidateMany {
            targets,
            receive,
            to,
        } => Some(Cw20Hook::LiquidateMany {
            targets,
            receive,
            to,
        }),
        _ => None,
    }
}

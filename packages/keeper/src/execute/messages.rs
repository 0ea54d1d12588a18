//! From actions to messages of the chain.

use std::collections::BTreeMap;

use bulwark_chain::Message;
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_risk::wide::{mul_ceil, mul_div_ceil};
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
    /// The part of what a callback's swaps bring that may be missing in the end.
    pub slippage: Fraction,
}

impl Writer {
    /// The message of an action; none if there is no route for its callback, of which `left` has to be
    /// left at least.
    ///
    /// # Errors
    /// None in practice.
    pub fn message(&self, action: &Action, left: Amount) -> StdResult<Option<Message>> {
        let callback = match (&action.means, action.targets.first()) {
            (Means::Callback, Some(target)) => match self.callback(target, action.gas, left)? {
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

    /// Of what the simulation of a callback has left, what has to be left when it is carried out: all of
    /// it but for the slippage of what the swaps brought. Whoever moves the pools in between gets no
    /// more than that.
    pub fn bound(&self, left: Amount, repaid: Amount) -> Amount {
        let brought = left.0.saturating_add(repaid.0);
        let missing = mul_ceil(brought, self.slippage.0).unwrap_or(brought);
        Amount(left.0.saturating_sub(missing))
    }

    fn callback(&self, target: &Planned, gas: u64, left: Amount) -> StdResult<Option<Callback>> {
        let pair = (target.seize.clone(), target.debt.asset.clone());
        let (Some(contract), Some(steps)) = (&self.liquidator, self.routes.get(&pair)) else {
            return Ok(None);
        };
        let route = Route {
            steps: steps.clone(),
            min_profit: self.min_profit(target, gas).max(left),
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

#[cfg(test)]
mod tests {
    use bulwark_types::vault::{AccountRef, AssetAmount};
    use cosmwasm_std::from_json;

    use super::*;
    use crate::plan::Expected;

    /// A cent a unit of gas, and a floor of 1 USD.
    fn writer() -> Writer {
        let pair = ("uatom".to_owned(), "uusd".to_owned());
        let step = Step::plain("pool", "uusd").unwrap();
        Writer {
            keeper: "keeper".into(),
            vault: "vault".into(),
            liquidator: Some("liquidator".into()),
            routes: Routes::from([(pair, vec![step])]),
            floor: Usd::whole(1),
            gas_price: Usd(Usd::whole(1).0 / 100),
            slippage: Fraction::percent(1),
        }
    }

    /// Repays 1000 smallest units, worth 10 USD.
    fn target() -> Planned {
        Planned {
            account: AccountRef {
                owner: "alice".into(),
                id: 0,
            },
            debt: AssetAmount {
                asset: "uusd".into(),
                amount: Amount(1_000),
            },
            seize: "uatom".into(),
            min_seized: Amount(1),
            expected: Expected {
                repaid: Amount(1_000),
                repaid_value: Usd::whole(10),
                ..Expected::default()
            },
            missing: Usd::ZERO,
        }
    }

    fn min_profit(left: u128) -> u128 {
        let callback = writer().callback(&target(), 200, Amount(left));
        let route: Route = from_json(callback.unwrap().unwrap().data).unwrap();
        route.min_profit.0
    }

    #[test]
    fn a_callback_leaves_its_gas_and_the_floor_at_least() {
        // 2 USD of gas, 1 USD of floor.
        assert_eq!(min_profit(0), 300);
        assert_eq!(min_profit(299), 300);
    }

    #[test]
    fn a_callback_leaves_what_its_simulation_did_but_for_the_slippage() {
        assert_eq!(min_profit(750), 750);
        // 1 % of 1000 repaid and 800 left.
        assert_eq!(writer().bound(Amount(800), Amount(1_000)), Amount(782));
        assert_eq!(writer().bound(Amount(801), Amount(1_000)), Amount(782));
        assert_eq!(writer().bound(Amount(5), Amount(1_000)), Amount::ZERO);
    }
}

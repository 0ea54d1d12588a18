//! Constant-product pools that scenarios swap in.

use bulwark_risk::units::Amount;
use bulwark_test_swap::msg::{Cw20Hook, ExecuteMsg, InstantiateMsg};
use bulwark_types::token::TokenKind;
use bulwark_types::vault::{Action, AssetAmount};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, to_json_binary};
use cw_multi_test::Executor;

use super::World;
use crate::error::{scenario_error, wire_error};
use crate::terms::Quantity;

/// Who fills the pools.
const PROVIDER: &str = "provider";

/// A pool of two assets.
#[derive(Clone, Debug)]
pub struct SwapPool {
    /// Its address.
    pub address: Addr,
    /// The two assets.
    pub assets: (String, String),
}

impl World {
    /// Opens a pool of two markets at their last posted prices, each side worth so many USD,
    /// with a fee in basis points.
    ///
    /// # Errors
    /// For markets without a price.
    pub fn open_pool(
        &mut self,
        one: &str,
        other: &str,
        usd: u32,
        fee_bps: u16,
    ) -> Result<SwapPool, WireError> {
        let assets = (self.asset(one), self.asset(other));
        let message = InstantiateMsg {
            assets: assets.clone(),
            fee_bps,
        };
        let (code, provider) = (self.codes.swap, self.address(PROVIDER));
        let address = self
            .app
            .instantiate_contract(code, provider, &message, &[], "swap", None)
            .map_err(|error| wire_error(&error))?;
        for asset in [&assets.0, &assets.1] {
            let worth = self.worth(asset, usd)?;
            self.mint(PROVIDER, asset, worth)?;
            let provide = to_json_binary(&Cw20Hook::Provide {});
            let provide = TokenKind::of(asset).send(
                address.as_str(),
                worth,
                provide.map_err(|error| wire_error(&error))?,
            );
            self.moved(PROVIDER, provide.map_err(|error| wire_error(&error))?)?;
        }
        Ok(SwapPool { address, assets })
    }

    /// The call of a batch that swaps something in hand for the other asset of a pool.
    ///
    /// # Errors
    /// See [`Self::units`].
    pub fn swap_call(
        &self,
        pool: &SwapPool,
        offer: &str,
        quantity: impl Into<Quantity>,
    ) -> Result<Action, WireError> {
        let amount = self.units(offer, quantity)?;
        let asset = self.asset(offer);
        let (one, other) = &pool.assets;
        let wanted = if asset == *one { other } else { one }.clone();
        let encoded = |binary: Result<_, _>| binary.map_err(|error| wire_error(&error));
        let (contract, msg) = match TokenKind::of(&asset) {
            TokenKind::Native { .. } => (
                pool.address.to_string(),
                encoded(to_json_binary(&ExecuteMsg::Swap { min_return: None }))?,
            ),
            TokenKind::Cw20 { contract } => {
                let hook = encoded(to_json_binary(&Cw20Hook::Swap { min_return: None }))?;
                let send = bulwark_types::token::Cw20ExecuteMsg::Send {
                    contract: pool.address.to_string(),
                    amount: cosmwasm_std::Uint128::new(amount.0),
                    msg: hook,
                };
                (contract.to_owned(), encoded(to_json_binary(&send))?)
            }
        };
        Ok(Action::Call {
            contract,
            msg,
            funds: vec![AssetAmount { asset, amount }],
            returns: vec![wanted],
        })
    }

    /// Smallest units of an asset that are worth so many USD at its last posted price, rounded
    /// down.
    fn worth(&self, asset: &str, usd: u32) -> Result<Amount, WireError> {
        let price = self
            .posted
            .get(asset)
            .ok_or_else(|| scenario_error(format_args!("{asset} has no price")))?;
        let value = bulwark_risk::units::Usd::whole(usd);
        price
            .amount_floor(value, self.spec(asset)?.decimals)
            .map_err(|error| scenario_error(error.to_string()))
    }
}

//! Messages of the liquidator, a contract that liquidates without inventory for whoever asks it to:
//! the vault sends it what was seized, it swaps that along a route, repays, and sends everything
//! that is left to who sent the `liquidate`.

use bulwark_risk::units::Amount;
use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Binary, Decimal, StdResult, to_json_binary};

use crate::token::TokenKind;
use crate::vault::{AssetAmount, BulwarkCallback};

/// Swaps of one route at most.
pub const MAX_STEPS: usize = 8;

/// In a step's message: stands for what is offered, in smallest units.
pub const AMOUNT: &str = "$amount";

/// Creates the liquidator.
#[cw_serde]
pub struct InstantiateMsg {
    /// The only vault that it serves.
    pub vault: String,
}

/// Messages of the liquidator. Assets are bank denoms or `cw20:<address>`.
#[cw_serde]
pub enum ExecuteMsg {
    /// The vault, in the middle of a liquidation: `data` is a [`Route`] from what was seized to
    /// what is owed. Has the form of [`crate::vault::KeeperMsg`].
    BulwarkCallback(BulwarkCallback),
    /// Only the liquidator itself: offers its whole balance of an asset at the next swap.
    Sell {
        /// Asset that is offered.
        offer: String,
        /// Where, and for what.
        step: Step,
    },
    /// Only the liquidator itself, after the last swap: repays the vault, and sends what is left to
    /// the keeper.
    Settle {
        /// What the vault is owed.
        debt: AssetAmount,
        /// What has to be left of that asset, smallest units.
        min_profit: Amount,
        /// Assets of the route, the debt's last, each once.
        assets: Vec<String>,
        /// Who gets what is left.
        keeper: String,
    },
}

/// Queries of the liquidator.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Whom it serves.
    #[returns(ConfigResponse)]
    Config {},
}

/// Whom the liquidator serves.
#[cw_serde]
pub struct ConfigResponse {
    /// The only vault that it serves.
    pub vault: String,
}

/// The `data` of a callback: how what was seized becomes what is owed.
#[cw_serde]
pub struct Route {
    /// Swaps in their order, 1 to [`MAX_STEPS`]: the first offers all that was seized, each further
    /// one all that the one before it brought. The last one brings the debt's asset.
    pub steps: Vec<Step>,
    /// Smallest units of the debt's asset that have to be left when the vault is repaid; the whole
    /// liquidation fails otherwise.
    pub min_profit: Amount,
}

/// A swap at a contract.
#[cw_serde]
pub struct Step {
    /// Who swaps.
    pub contract: String,
    /// What it is told, with [`AMOUNT`] for what is offered: with the coins, or by the token's
    /// `send`.
    pub msg: Binary,
    /// Asset that it pays, to the liquidator.
    pub ask: String,
}

/// The `swap` of pools that are told nothing but a minimum.
#[cw_serde]
struct PlainSwap {
    swap: MinReturn,
}

#[cw_serde]
struct MinReturn {
    min_return: Option<Amount>,
}

/// The `swap` of the large exchanges that descend from Terraswap.
#[cw_serde]
struct OfferSwap {
    swap: Offer,
}

#[cw_serde]
struct Offer {
    #[serde(skip_serializing_if = "Option::is_none")]
    offer_asset: Option<OfferAsset>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_spread: Option<Decimal>,
}

#[cw_serde]
struct OfferAsset {
    info: AssetInfo,
    amount: String,
}

#[cw_serde]
enum AssetInfo {
    NativeToken { denom: String },
}

impl Step {
    /// A swap at a pool with `{"swap":{"min_return":…}}`, for coins and as a token's hook.
    /// Without a minimum: the route has one.
    ///
    /// # Errors
    /// None in practice.
    pub fn plain(contract: impl Into<String>, ask: impl Into<String>) -> StdResult<Self> {
        let swap = MinReturn { min_return: None };
        Ok(Self {
            contract: contract.into(),
            msg: to_json_binary(&PlainSwap { swap })?,
            ask: ask.into(),
        })
    }

    /// A swap at a pair with `{"swap":{"offer_asset":…}}`, and the like hook of a token. Some
    /// exchanges refuse a swap that moves their price by more than `max_spread`, or by more than
    /// their own default.
    ///
    /// # Errors
    /// None in practice.
    pub fn offer_asset(
        contract: impl Into<String>,
        offer: &str,
        ask: impl Into<String>,
        max_spread: Option<Decimal>,
    ) -> StdResult<Self> {
        let offer_asset = match TokenKind::of(offer) {
            TokenKind::Native { denom } => Some(OfferAsset {
                info: AssetInfo::NativeToken {
                    denom: denom.into(),
                },
                amount: AMOUNT.into(),
            }),
            TokenKind::Cw20 { .. } => None,
        };
        let swap = Offer {
            offer_asset,
            max_spread,
        };
        Ok(Self {
            contract: contract.into(),
            msg: to_json_binary(&OfferSwap { swap })?,
            ask: ask.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swaps_have_the_forms_of_the_exchanges() {
        let text = |step: StdResult<Step>| String::from_utf8(step.unwrap().msg.into()).unwrap();
        assert_eq!(
            text(Step::plain("pool", "uusd")),
            r#"{"swap":{"min_return":null}}"#
        );
        let spread = Some(Decimal::percent(50));
        assert_eq!(
            text(Step::offer_asset("pair", "uatom", "uusd", spread)),
            r#"{"swap":{"offer_asset":{"info":{"native_token":{"denom":"uatom"}},"amount":"$amount"},"max_spread":"0.5"}}"#
        );
        assert_eq!(
            text(Step::offer_asset("pair", "cw20:token", "uusd", None)),
            r#"{"swap":{}}"#
        );
    }
}

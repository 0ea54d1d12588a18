//! What an asset is on its chain, a bank denom or a CW20 contract, and how it is held and sent.
//!
//! An asset is one string everywhere: a bank denom (`uatom`, `ibc/…`, `factory/…`), or `cw20:`
//! before the address of a contract. [`TokenKind`] tells the two apart and is the only place
//! that asks for balances or builds transfers.
//!
//! The messages are the part of the CW20 specification that a holder needs. Nothing that a
//! token answers is trusted beyond that token's own market.

use bulwark_risk::units::Amount;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Api, BankMsg, Binary, Coin, CosmosMsg, QuerierWrapper, StdError, StdResult, Uint128, WasmMsg,
    to_json_binary,
};

use crate::decode::Answer;

/// Before the contract's address in the name of a CW20 asset. Banks take denoms with a colon:
/// whoever takes coins must refuse one whose denom reads as a CW20, or worthless coins would
/// pass for that token.
pub const CW20_PREFIX: &str = "cw20:";

/// Messages that a holder sends to a CW20 contract.
#[cw_serde]
pub enum Cw20ExecuteMsg {
    /// Moves the sender's tokens.
    Transfer {
        /// Who receives them.
        recipient: String,
        /// Smallest units.
        amount: Uint128,
    },
    /// Moves the sender's tokens to a contract, which is then told by a [`Cw20ReceiveMsg`].
    Send {
        /// Who receives them.
        contract: String,
        /// Smallest units.
        amount: Uint128,
        /// What the contract is told.
        msg: Binary,
    },
}

/// Queries of a CW20 contract.
#[cw_serde]
pub enum Cw20QueryMsg {
    /// What an address holds: [`Cw20BalanceResponse`].
    Balance {
        /// Address.
        address: String,
    },
    /// The token's name and decimals: [`Cw20TokenInfoResponse`].
    TokenInfo {},
}

/// What an address holds of a CW20 token.
#[cw_serde]
pub struct Cw20BalanceResponse {
    /// Smallest units.
    pub balance: Uint128,
}

/// Name, decimals and supply of a CW20 token.
#[cw_serde]
pub struct Cw20TokenInfoResponse {
    /// Name for people.
    pub name: String,
    /// Ticker for people.
    pub symbol: String,
    /// A whole token has 10^decimals smallest units.
    pub decimals: u8,
    /// Smallest units that exist.
    pub total_supply: Uint128,
}

/// What a CW20 contract tells the recipient of a `send`, as the execute message `receive`. The
/// token is the sender of that message; what stands here is no more than the token's word.
#[cw_serde]
pub struct Cw20ReceiveMsg {
    /// Who sent the tokens.
    pub sender: String,
    /// Smallest units.
    pub amount: Uint128,
    /// What the sender tells the recipient.
    pub msg: Binary,
}

/// An asset's name, read: where the token lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind<'a> {
    /// A token of the chain's bank.
    Native {
        /// Its denom.
        denom: &'a str,
    },
    /// A token of a CW20 contract.
    Cw20 {
        /// The contract's address.
        contract: &'a str,
    },
}

impl<'a> TokenKind<'a> {
    /// Reads an asset's name.
    #[must_use]
    pub fn of(asset: &'a str) -> Self {
        match asset.strip_prefix(CW20_PREFIX) {
            Some(contract) => Self::Cw20 { contract },
            None => Self::Native { denom: asset },
        }
    }

    /// The asset's name.
    #[must_use]
    pub fn asset(self) -> String {
        match self {
            Self::Native { denom } => denom.into(),
            Self::Cw20 { contract } => format!("{CW20_PREFIX}{contract}"),
        }
    }

    /// Checks that a CW20's address is one, in the one spelling that the chain uses: otherwise
    /// one token could stand for two assets. A denom is whatever the bank takes.
    ///
    /// # Errors
    /// The chain's, for an address that does not validate.
    pub fn validate(self, api: &dyn Api) -> StdResult<()> {
        match self {
            Self::Native { .. } => Ok(()),
            Self::Cw20 { contract } => api.addr_validate(contract).map(drop),
        }
    }

    /// What `holder` has, in smallest units. More than fits is answered as the largest amount
    /// there is, which understates it.
    ///
    /// # Errors
    /// If the query fails: for a CW20, if there is no such contract or it does not answer.
    pub fn balance(self, querier: QuerierWrapper, holder: &str) -> StdResult<Amount> {
        let balance = match self {
            Self::Native { denom } => {
                let held = querier.query_balance(holder, denom)?.amount;
                Uint128::try_from(held).unwrap_or(Uint128::MAX)
            }
            Self::Cw20 { contract } => {
                let query = Cw20QueryMsg::Balance {
                    address: holder.into(),
                };
                let Answer(held): Answer<Cw20BalanceResponse> =
                    querier.query_wasm_smart(contract, &query)?;
                held.balance
            }
        };
        Ok(Amount(balance.u128()))
    }

    /// Decimals that the token itself declares: a CW20's. A bank denom declares none to
    /// contracts.
    ///
    /// # Errors
    /// If the query fails.
    pub fn decimals(self, querier: QuerierWrapper) -> StdResult<Option<u8>> {
        match self {
            Self::Native { .. } => Ok(None),
            Self::Cw20 { contract } => {
                let Answer(info): Answer<Cw20TokenInfoResponse> =
                    querier.query_wasm_smart(contract, &Cw20QueryMsg::TokenInfo {})?;
                Ok(Some(info.decimals))
            }
        }
    }

    /// A plain transfer out of the contract that emits the message.
    ///
    /// # Errors
    /// None in practice.
    pub fn transfer(self, recipient: &str, amount: Amount) -> StdResult<CosmosMsg> {
        match self {
            Self::Native { denom } => Ok(BankMsg::Send {
                to_address: recipient.into(),
                amount: vec![Coin::new(amount.0, denom)],
            }
            .into()),
            Self::Cw20 { contract } => {
                let message = Cw20ExecuteMsg::Transfer {
                    recipient: recipient.into(),
                    amount: Uint128::new(amount.0),
                };
                execute(contract, &message)
            }
        }
    }

    /// A message to `contract` that brings it an amount: a bank token as funds, a CW20 through
    /// its `send`, by which `contract` is called as `receive` with `msg` inside.
    ///
    /// # Errors
    /// None in practice.
    pub fn send(self, contract: &str, amount: Amount, msg: Binary) -> StdResult<CosmosMsg> {
        match self {
            Self::Native { denom } => Ok(WasmMsg::Execute {
                contract_addr: contract.into(),
                msg,
                funds: vec![Coin::new(amount.0, denom)],
            }
            .into()),
            Self::Cw20 { contract: token } => {
                let message = Cw20ExecuteMsg::Send {
                    contract: contract.into(),
                    amount: Uint128::new(amount.0),
                    msg,
                };
                execute(token, &message)
            }
        }
    }
}

fn execute(token: &str, message: &Cw20ExecuteMsg) -> Result<CosmosMsg, StdError> {
    Ok(WasmMsg::Execute {
        contract_addr: token.into(),
        msg: to_json_binary(message)?,
        funds: vec![],
    }
    .into())
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{MockApi, MockQuerier};
    use cosmwasm_std::{ContractResult, SystemError, SystemResult, Uint256, WasmQuery, from_json};

    use super::*;

    const TOKEN: &str = "cosmwasm1token";

    /// A chain on which `alice` has 7 ucoin, more than fits of uhuge, and 9 of a CW20 token.
    fn querier() -> MockQuerier {
        let coins = [Coin::new(7u128, "ucoin"), Coin::new(Uint256::MAX, "uhuge")];
        let mut querier: MockQuerier = MockQuerier::new(&[("alice", &coins)]);
        querier.update_wasm(|query| {
            let WasmQuery::Smart { contract_addr, msg } = query else {
                return SystemResult::Err(SystemError::Unknown {});
            };
            if contract_addr != TOKEN {
                return SystemResult::Err(SystemError::NoSuchContract {
                    addr: contract_addr.clone(),
                });
            }
            let answer = match from_json(msg).unwrap() {
                Cw20QueryMsg::Balance { address } => {
                    let balance = Uint128::new(if address == "alice" { 9 } else { 0 });
                    to_json_binary(&Cw20BalanceResponse { balance })
                }
                Cw20QueryMsg::TokenInfo {} => to_json_binary(&Cw20TokenInfoResponse {
                    name: "Token".into(),
                    symbol: "TOK".into(),
                    decimals: 8,
                    total_supply: Uint128::new(9),
                }),
            };
            SystemResult::Ok(ContractResult::from(answer))
        });
        querier
    }

    #[test]
    fn a_name_is_read_and_written_back() {
        let contract = TOKEN;
        assert_eq!(
            TokenKind::of("cw20:cosmwasm1token"),
            TokenKind::Cw20 { contract }
        );
        for denom in [
            "uatom",
            "ibc/27394",
            "factory/cosmwasm1x/cw20",
            "CW20:x",
            "cw20",
        ] {
            assert_eq!(TokenKind::of(denom), TokenKind::Native { denom });
        }
        for asset in ["uatom", "cw20:cosmwasm1token", "cw20:"] {
            assert_eq!(TokenKind::of(asset).asset(), asset);
        }
    }

    #[test]
    fn only_a_real_address_in_one_spelling_is_a_token() {
        let api = MockApi::default();
        let address = api.addr_make("token").into_string();
        let asset = |contract: &str| format!("{CW20_PREFIX}{contract}");
        assert!(TokenKind::of(&asset(&address)).validate(&api).is_ok());
        assert!(TokenKind::of("uatom").validate(&api).is_ok());
        for wrong in [address.to_uppercase(), "nobody".into(), String::new()] {
            assert!(TokenKind::of(&asset(&wrong)).validate(&api).is_err());
        }
    }

    #[test]
    fn balances_are_asked_where_the_token_lives() {
        let querier = querier();
        let querier = QuerierWrapper::new(&querier);
        let balance = |asset: &str, holder| TokenKind::of(asset).balance(querier, holder);
        assert_eq!(balance("ucoin", "alice").unwrap(), Amount(7));
        assert_eq!(balance("ucoin", "bob").unwrap(), Amount(0));
        assert_eq!(balance("cw20:cosmwasm1token", "alice").unwrap(), Amount(9));
        assert_eq!(balance("cw20:cosmwasm1token", "bob").unwrap(), Amount(0));
        assert_eq!(balance("uhuge", "alice").unwrap(), Amount(u128::MAX));
        assert!(balance("cw20:cosmwasm1other", "alice").is_err());
    }

    #[test]
    fn only_a_cw20_declares_its_decimals() {
        let querier = querier();
        let querier = QuerierWrapper::new(&querier);
        let decimals = |asset: &str| TokenKind::of(asset).decimals(querier);
        assert_eq!(decimals("cw20:cosmwasm1token").unwrap(), Some(8));
        assert_eq!(decimals("ucoin").unwrap(), None);
        assert!(decimals("cw20:cosmwasm1other").is_err());
    }

    #[test]
    fn a_transfer_is_a_bank_message_or_a_call_of_the_token() {
        let native = TokenKind::of("uatom").transfer("bob", Amount(5)).unwrap();
        let expected = BankMsg::Send {
            to_address: "bob".into(),
            amount: vec![Coin::new(5u128, "uatom")],
        };
        assert_eq!(native, expected.into());

        let token = TokenKind::of("cw20:cosmwasm1token");
        let expected = WasmMsg::Execute {
            contract_addr: TOKEN.into(),
            msg: Binary::from(br#"{"transfer":{"recipient":"bob","amount":"5"}}"#),
            funds: vec![],
        };
        assert_eq!(token.transfer("bob", Amount(5)).unwrap(), expected.into());
    }

    #[test]
    fn a_contract_is_brought_funds_or_told_by_the_token() {
        let msg = Binary::from(b"{}");
        let native = TokenKind::of("uatom").send("vault", Amount(5), msg.clone());
        let expected = WasmMsg::Execute {
            contract_addr: "vault".into(),
            msg: msg.clone(),
            funds: vec![Coin::new(5u128, "uatom")],
        };
        assert_eq!(native.unwrap(), expected.into());

        let token = TokenKind::of("cw20:cosmwasm1token");
        let expected = WasmMsg::Execute {
            contract_addr: TOKEN.into(),
            msg: Binary::from(br#"{"send":{"contract":"vault","amount":"5","msg":"e30="}}"#),
            funds: vec![],
        };
        assert_eq!(
            token.send("vault", Amount(5), msg).unwrap(),
            expected.into()
        );
    }
}

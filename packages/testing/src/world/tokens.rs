//! Coins and CW20 tokens: made, moved, and handed to the vault.

use bulwark_risk::units::Amount;
use bulwark_test_token::msg as token;
use bulwark_types::token::{Cw20ReceiveMsg, TokenKind};
use bulwark_types::vault::{Cw20Hook, ExecuteMsg};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, BankMsg, CosmosMsg, StdError, Uint128, to_json_binary};
use cw_multi_test::{BankSudo, ContractWrapper, Executor, SudoMsg};

use super::{Answer, Embedded, Target, World};
use crate::error::{scenario_error, wire_error};
use crate::terms::Quantity;

/// Who mints the CW20 tokens of a world.
const MINTER: &str = "minter";

/// Codes that a world makes contracts of when a scenario asks for them.
pub(crate) struct Codes {
    pub(super) token: u64,
    pub(super) swap: u64,
}

impl Codes {
    pub(crate) fn store(app: &mut Embedded) -> Self {
        Self {
            token: app.store_code(Box::new(ContractWrapper::new(
                bulwark_test_token::contract::execute,
                bulwark_test_token::contract::instantiate,
                bulwark_test_token::contract::query,
            ))),
            swap: app.store_code(Box::new(ContractWrapper::new(
                bulwark_test_swap::contract::execute,
                bulwark_test_swap::contract::instantiate,
                bulwark_test_swap::contract::query,
            ))),
        }
    }
}

impl World {
    /// Makes a CW20 token; returns the asset.
    ///
    /// # Errors
    /// What the token refuses.
    pub fn make_token(&mut self, symbol: &str, decimals: u8) -> Result<String, WireError> {
        let minter = self.address(MINTER);
        self.make_token_minted_by(&minter, symbol, decimals, Vec::new())
    }

    /// Makes a CW20 token that somebody else mints, and that misbehaves at the minter's word;
    /// returns the asset.
    ///
    /// # Errors
    /// What the token refuses.
    pub fn make_token_minted_by(
        &mut self,
        minter: &Addr,
        symbol: &str,
        decimals: u8,
        initial_balances: Vec<token::InitialBalance>,
    ) -> Result<String, WireError> {
        let message = token::InstantiateMsg {
            name: symbol.into(),
            symbol: symbol.into(),
            decimals,
            minter: minter.to_string(),
            initial_balances,
        };
        let code = self.codes.token;
        let contract = self
            .app
            .instantiate_contract(code, minter.clone(), &message, &[], symbol, None)
            .map_err(|error| wire_error(&error))?;
        let contract = contract.as_str();
        Ok(TokenKind::Cw20 { contract }.asset())
    }

    /// Lets a CW20 token of this world misbehave from now on.
    ///
    /// # Errors
    /// For what is none.
    pub fn misbehave(&mut self, asset: &str, misbehaviour: token::Misbehaviour) -> Answer {
        let token = self.token(asset)?;
        let minter = self.address(MINTER);
        self.journaled(minter.clone(), Target::Bank, |world| {
            let message = token::ExecuteMsg::Misbehave(misbehaviour);
            world.execute_raw(&minter, &token, &message, &[])
        })
    }

    /// The contract of a CW20 asset.
    ///
    /// # Errors
    /// For what is none.
    pub fn token(&self, asset: &str) -> Result<Addr, WireError> {
        match TokenKind::of(&self.asset(asset)) {
            TokenKind::Cw20 { contract } => Ok(Addr::unchecked(contract)),
            TokenKind::Native { denom } => Err(scenario_error(format_args!(
                "{denom} is a coin, not a token"
            ))),
        }
    }

    /// Creates tokens.
    ///
    /// # Errors
    /// See [`Self::units`].
    pub fn mint(&mut self, name: &str, asset: &str, quantity: impl Into<Quantity>) -> Answer {
        let amount = self.units(asset, quantity)?;
        let recipient = self.address(name);
        let asset = self.asset(asset);
        self.journaled(
            recipient.clone(),
            Target::Bank,
            |world| match TokenKind::of(&asset) {
                TokenKind::Native { denom } => {
                    let mint = BankSudo::Mint {
                        to_address: recipient.into_string(),
                        amount: vec![cosmwasm_std::Coin::new(amount.0, denom)],
                    };
                    let minted = world.app.sudo(SudoMsg::Bank(mint));
                    minted.map_err(|error| wire_error(&error))
                }
                TokenKind::Cw20 { contract } => {
                    let mint = token::ExecuteMsg::Mint {
                        recipient: recipient.into_string(),
                        amount: Uint128::new(amount.0),
                    };
                    let (minter, contract) = (world.address(MINTER), Addr::unchecked(contract));
                    world.execute_raw(&minter, &contract, &mint, &[])
                }
            },
        )
    }

    /// Destroys coins.
    ///
    /// # Errors
    /// If there are fewer.
    pub fn burn(&mut self, name: &str, asset: &str, quantity: impl Into<Quantity>) -> Answer {
        let amount = self.coins(asset, quantity)?;
        self.moved(name, BankMsg::Burn { amount }.into())
    }

    /// Sends tokens as a plain transfer, without a message to whom receives them.
    ///
    /// # Errors
    /// If there are fewer.
    pub fn send(
        &mut self,
        from: &str,
        to: &str,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Answer {
        let amount = self.units(asset, quantity)?;
        let to = self.address(to);
        let transfer = TokenKind::of(&self.asset(asset)).transfer(to.as_str(), amount);
        self.moved(from, transfer.map_err(|error| wire_error(&error))?)
    }

    pub(super) fn moved(&mut self, from: &str, message: CosmosMsg) -> Answer {
        let from = self.address(from);
        self.journaled(from.clone(), Target::Bank, |world| {
            let done = world.app.execute(from, message);
            done.map_err(|error| wire_error(&error))
        })
    }

    /// Sends a message of the vault that takes one payment: with the coin, or by way of the
    /// token's `send`.
    ///
    /// # Errors
    /// What the vault refuses, and a message that tokens cannot carry.
    pub fn pay_vault(
        &mut self,
        payer: &str,
        asset: &str,
        quantity: impl Into<Quantity>,
        message: ExecuteMsg,
    ) -> Answer {
        let amount = self.units(asset, quantity)?;
        match TokenKind::of(&self.asset(asset)) {
            TokenKind::Native { .. } => {
                let funds = self.coins(asset, amount)?;
                self.execute(payer, message, funds)
            }
            TokenKind::Cw20 { contract } => {
                let received = Cw20ReceiveMsg {
                    sender: self.address(payer).into_string(),
                    amount: Uint128::new(amount.0),
                    msg: to_json_binary(&hook_of(message)?).map_err(|error| wire_error(&error))?,
                };
                self.execute(contract, ExecuteMsg::Receive(received), Vec::new())
            }
        }
    }

    /// A `receive` of a token of this world is what its `send` leads to: the sender sends.
    pub(super) fn send_if_token(
        &mut self,
        token: &Addr,
        message: &ExecuteMsg,
    ) -> Option<Result<CosmosMsg, StdError>> {
        let ExecuteMsg::Receive(received) = message else {
            return None;
        };
        let contract = token.as_str();
        let asset = TokenKind::Cw20 { contract }.asset();
        self.spec(&asset).ok()?;
        let vault = self.vault().as_str();
        let amount = Amount(received.amount.u128());
        Some(TokenKind::of(&asset).send(vault, amount, received.msg.clone()))
    }
}

/// The hook that does what a message does.
///
/// # Errors
/// For a message that takes no payment.
pub fn hook_of(message: ExecuteMsg) -> Result<Cw20Hook, WireError> {
    match message {
        ExecuteMsg::Deposit { account, lend } => Ok(Cw20Hook::Deposit { account, lend }),
        ExecuteMsg::Repay { account } => Ok(Cw20Hook::Repay { account }),
        ExecuteMsg::Liquidate {
            account,
            seize,
            min_seized,
            receive,
            to,
            debt: None,
            callback: None,
        } => Ok(Cw20Hook::Liquidate {
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
        } => Ok(Cw20Hook::LiquidateMany {
            targets,
            receive,
            to,
        }),
        other => Err(scenario_error(format_args!(
            "tokens cannot carry {other:?}"
        ))),
    }
}

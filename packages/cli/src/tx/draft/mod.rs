//! From what is asked for to a message of the contracts, and to what previews it.

mod liquidation;
mod moves;
mod others;

use bulwark_chain::Message;
use bulwark_chain::contracts::Vault;
use bulwark_risk::units::Amount;
use bulwark_types::token::{Cw20ExecuteMsg, TokenKind};
use bulwark_types::vault::{
    AccountRef, Action, AssetAmount, Cw20Hook, ExecuteMsg, LiquidationResponse,
};
use cosmwasm_std::{Coin, Uint128, to_json_binary};

use super::Failure;
use super::amount::{Part, Reading};
use super::args::MessageArgs;
use crate::access::{Reached, format};

/// A message that is ready to be sent.
#[derive(Debug)]
pub struct Draft {
    /// What it does, in words.
    pub title: String,
    /// The message.
    pub message: Message,
    /// What shows what it would do.
    pub preview: Preview,
}

/// What shows what a message would do.
#[derive(Debug)]
pub enum Preview {
    /// It changes no account's margin.
    Nothing,
    /// It leaves this account as this action does.
    Action(AccountRef, Action),
    /// It is this liquidation.
    Liquidation(Box<Liquidation>),
}

/// A liquidation as the vault says that it would be now.
#[derive(Debug)]
pub struct Liquidation {
    /// The account.
    pub account: AccountRef,
    /// Asset that is repaid.
    pub debt: String,
    /// Asset that is seized.
    pub seize: String,
    /// The least that may be seized, smallest units.
    pub min_seized: Amount,
    /// What would happen.
    pub outcome: LiquidationResponse,
}

/// Writes messages for one sender.
pub struct Author<'a> {
    /// The deployment.
    pub reached: &'a Reached,
    /// How amounts are written.
    pub reading: &'a Reading,
    /// The sender's address.
    pub sender: &'a str,
}

impl Author<'_> {
    /// The message that is asked for.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn draft(&self, args: &MessageArgs) -> Result<Draft, Failure> {
        match args {
            MessageArgs::Deposit(args) => self.deposit(args),
            MessageArgs::Repay(args) => self.repay(args),
            MessageArgs::Withdraw(args) => self.withdraw(args),
            MessageArgs::Lend(args) => self.lend(args),
            MessageArgs::Recall(args) => self.recall(args),
            MessageArgs::Borrow(args) => self.borrow(args),
            MessageArgs::Transfer(args) => self.transfer(args),
            MessageArgs::Liquidate(args) => self.liquidation(args).await,
            MessageArgs::WriteOff { account } => self.write_off(account),
            MessageArgs::Accrue { assets } => self.accrue(assets),
            MessageArgs::Refresh { assets } => self.refresh(assets),
            MessageArgs::Operator { step } => self.operator(step),
        }
    }

    fn vault(&self) -> &Vault {
        &self.reached.vault
    }

    /// The account that is named, or the sender's own 0.
    fn account(&self, named: Option<&str>) -> Result<AccountRef, Failure> {
        match named {
            Some(named) => Ok(self.reached.account(named)?),
            None => Ok(AccountRef {
                owner: self.sender.to_owned(),
                id: 0,
            }),
        }
    }

    /// The address that is named, if one is.
    fn receiver(&self, named: Option<&str>) -> Result<Option<String>, Failure> {
        let address = named.map(|named| self.reached.address(named));
        Ok(address.transpose()?)
    }

    /// A message to the vault without coins.
    fn message(&self, message: &ExecuteMsg) -> Result<Message, Failure> {
        Ok(self.vault().message(self.sender, message, Vec::new())?)
    }

    /// A message to the vault with a payment: coins go along, CW20 tokens bring the message.
    fn pay(
        &self,
        paid: &AssetAmount,
        message: &ExecuteMsg,
        hook: &Cw20Hook,
    ) -> Result<Message, Failure> {
        let amount = Uint128::new(paid.amount.0);
        match TokenKind::of(&paid.asset) {
            TokenKind::Native { denom } => {
                let funds = vec![Coin::new(amount, denom)];
                Ok(self.vault().message(self.sender, message, funds)?)
            }
            TokenKind::Cw20 { contract } => {
                let send = Cw20ExecuteMsg::Send {
                    contract: self.vault().address.clone(),
                    amount,
                    msg: to_json_binary(hook)?,
                };
                Ok(Message::execute(self.sender, contract, &send, Vec::new())?)
            }
        }
    }

    /// How much of an asset, for people.
    fn shown(&self, part: &Part) -> String {
        let Part { asset, amount } = part;
        let decimals = self.reading.decimals_of(asset).unwrap_or_default();
        match amount {
            None => format!("all {asset}"),
            Some(amount) => {
                let whole = format::whole(*amount, decimals);
                format!("{amount} {asset} (whole tokens: {whole})")
            }
        }
    }
}

#[cfg(test)]
mod tests;

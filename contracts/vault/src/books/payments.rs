//! Tokens that come and go: whom they go to, and what the vault holds meanwhile.

use bulwark_risk::units::Amount;
use bulwark_types::token::TokenKind;
use cosmwasm_std::{Addr, CosmosMsg};

use super::Books;
use crate::error::{ContractError, ContractResult};

/// Tokens to be sent when the message has succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Payout {
    recipient: Addr,
    asset: String,
    amount: Amount,
}

impl Payout {
    /// The message that sends them.
    ///
    /// # Errors
    /// None in practice.
    pub(super) fn message(&self) -> ContractResult<CosmosMsg> {
        Ok(TokenKind::of(&self.asset).transfer(self.recipient.as_str(), self.amount)?)
    }
}

impl Books<'_> {
    /// Checks who is to receive tokens: a valid address, and not the vault itself, in whose
    /// hands they would belong to nobody.
    ///
    /// # Errors
    /// [`ContractError::InvalidRecipient`], or an address that does not validate.
    pub fn recipient(&self, to: &str) -> ContractResult<Addr> {
        let recipient = self.deps.api.addr_validate(to)?;
        if recipient == self.contract {
            return Err(Box::new(ContractError::InvalidRecipient {
                recipient: recipient.into_string(),
            }));
        }
        Ok(recipient)
    }

    /// Notes tokens to be sent; none for an amount of zero.
    pub fn pay(&mut self, recipient: &Addr, asset: &str, amount: Amount) {
        if !amount.is_zero() {
            let (recipient, asset) = (recipient.clone(), asset.to_owned());
            self.payouts.push(Payout {
                recipient,
                asset,
                amount,
            });
        }
    }

    /// What the vault will hold of an asset when everything noted has been sent, smallest
    /// units.
    ///
    /// # Errors
    /// If the query fails, or more is to be sent than is there.
    pub fn balance_after_payouts(&self, asset: &str) -> ContractResult<Amount> {
        let held = TokenKind::of(asset).balance(self.deps.querier, self.contract.as_str())?;
        let sent = self.payouts.iter().filter(|payout| payout.asset == asset);
        Ok(sent
            .map(|payout| payout.amount)
            .try_fold(held, Amount::minus)?)
    }

    /// What has arrived of an asset since the vault held so much of it, smallest units.
    ///
    /// # Errors
    /// [`ContractError::BalanceFell`].
    pub fn arrived_since(&self, asset: &str, before: Amount) -> ContractResult<Amount> {
        let after = self.balance_after_payouts(asset)?;
        if after < before {
            return Err(Box::new(ContractError::BalanceFell {
                asset: asset.into(),
                before,
                after,
            }));
        }
        Ok(after.minus(before)?)
    }

    /// Refuses what a token says has come, if the vault holds less of it than it owes by now
    /// and has in hand besides: as with one that takes a fee of transfers, or that tells false
    /// balances. (A bank does what it says.)
    ///
    /// # Errors
    /// [`ContractError::TokenShort`].
    pub fn assert_received(&mut self, asset: &str, in_hand: Amount) -> ContractResult<()> {
        if let TokenKind::Native { .. } = TokenKind::of(asset) {
            return Ok(());
        }
        let id = self.market_id(asset)?;
        let market = self.market(id)?;
        let owed = market.idle.plus(market.pool.cash())?.plus(in_hand)?;
        let held = self.balance_after_payouts(asset)?;
        if held < owed {
            let asset = asset.to_owned();
            return Err(Box::new(ContractError::TokenShort { asset, held, owed }));
        }
        Ok(())
    }
}

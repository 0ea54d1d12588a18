//! Tokens in hand in the middle of a message: sent with it, or taken out of an account by it.

use bulwark_risk::units::Amount;
use bulwark_types::sorted::SortedMap;
use bulwark_types::vault::AssetAmount;
use cosmwasm_std::Addr;
use serde::{Deserialize, Serialize};

use super::funds::{Payment, above_zero};
use crate::books::Books;
use crate::error::{ContractError, ContractResult};

/// What is in hand, by asset.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Hand {
    amounts: SortedMap<String, Amount>,
}

impl Hand {
    /// Takes payments in hand.
    ///
    /// # Errors
    /// More than 2^128 smallest units of an asset.
    pub fn of(payments: Vec<Payment>) -> ContractResult<Self> {
        let mut hand = Self::default();
        for payment in payments {
            hand.put(&payment.asset, payment.amount)?;
        }
        Ok(hand)
    }

    /// What is in hand of an asset, smallest units.
    pub fn amount(&self, asset: &str) -> Amount {
        self.amounts
            .get_by(asset, String::as_str)
            .copied()
            .unwrap_or_default()
    }

    /// Takes more in hand.
    ///
    /// # Errors
    /// More than 2^128 smallest units of an asset.
    pub fn put(&mut self, asset: &str, amount: Amount) -> ContractResult<()> {
        let total = self.amount(asset).plus(amount)?;
        self.amounts.insert(asset.into(), total);
        Ok(())
    }

    /// Gives out an amount, everything for none.
    ///
    /// # Errors
    /// [`ContractError::ZeroAmount`], [`ContractError::InsufficientHand`].
    pub fn take(&mut self, asset: &str, amount: Option<Amount>) -> ContractResult<Amount> {
        let available = self.amount(asset);
        let requested = above_zero(asset, amount.unwrap_or(available))?;
        if requested > available {
            return Err(Box::new(ContractError::InsufficientHand {
                asset: asset.into(),
                available,
                requested,
            }));
        }
        let left = available.minus(requested)?;
        self.amounts.insert(asset.into(), left);
        Ok(requested)
    }

    /// Sends what is left to somebody.
    pub fn give(self, books: &mut Books<'_>, recipient: &Addr) {
        for (asset, amount) in &self.amounts {
            books.pay(recipient, asset, *amount);
        }
    }

    /// What is in hand, asset by asset.
    pub fn contents(self) -> Vec<AssetAmount> {
        self.amounts
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(asset, amount)| AssetAmount { asset, amount })
            .collect()
    }
}

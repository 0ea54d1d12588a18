//! What the keeper can repay with, and what that does not work for.

use std::collections::BTreeMap;

use bulwark_risk::units::Amount;
use bulwark_types::vault::AccountRef;
use cosmwasm_std::Addr;

/// One way to liquidate an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The account.
    pub account: AccountRef,
    /// Asset repaid.
    pub debt: String,
    /// Asset seized.
    pub seize: String,
    /// Whether a callback repays.
    pub by_callback: bool,
}

/// The keeper's wallet, as far as it may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    keeper: Addr,
    amounts: BTreeMap<String, Amount>,
    /// What the chain refuses, and its words.
    avoided: BTreeMap<Pair, String>,
}

impl Inventory {
    /// An empty wallet.
    #[must_use]
    pub const fn new(keeper: Addr) -> Self {
        Self {
            keeper,
            amounts: BTreeMap::new(),
            avoided: BTreeMap::new(),
        }
    }

    /// Nothing of it is used for these: the chain refuses them, in the words that stand there.
    #[must_use]
    pub fn avoiding(mut self, pairs: impl IntoIterator<Item = (Pair, String)>) -> Self {
        self.avoided.extend(pairs);
        self
    }

    /// What the chain said of a way to liquidate an account, if that is to be avoided.
    pub(super) fn avoids(&self, pair: &Pair) -> Option<&str> {
        self.avoided.get(pair).map(String::as_str)
    }

    /// Adds smallest units of an asset; more than can be counted is as good as what can be.
    #[must_use]
    pub fn with(mut self, asset: impl Into<String>, amount: Amount) -> Self {
        let known = self.amounts.entry(asset.into()).or_default();
        *known = Amount(known.0.saturating_add(amount.0));
        self
    }

    /// Whose wallet it is.
    #[must_use]
    pub const fn keeper(&self) -> &Addr {
        &self.keeper
    }

    /// Smallest units of an asset that are left.
    #[must_use]
    pub fn available(&self, asset: &str) -> Amount {
        self.amounts.get(asset).copied().unwrap_or_default()
    }

    /// Sets smallest units aside; no more than there are.
    pub(super) fn take(&mut self, asset: &str, amount: Amount) {
        if let Some(left) = self.amounts.get_mut(asset) {
            *left = Amount(left.0.saturating_sub(amount.0));
        }
    }
}

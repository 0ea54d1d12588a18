//! What the keeper can repay with.

use std::collections::BTreeMap;

use bulwark_risk::units::Amount;
use cosmwasm_std::Addr;

/// The keeper's wallet, as far as it may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    keeper: Addr,
    amounts: BTreeMap<String, Amount>,
}

impl Inventory {
    /// An empty wallet.
    #[must_use]
    pub const fn new(keeper: Addr) -> Self {
        Self {
            keeper,
            amounts: BTreeMap::new(),
        }
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

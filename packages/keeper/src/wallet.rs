//! What an address has.

use std::collections::BTreeMap;

use bulwark_chain::{ChainError, Client};
use bulwark_risk::units::Amount;
use cosmwasm_std::Addr;
use futures::stream::{self, StreamExt};

use crate::plan::Inventory;

/// Questions asked at the same time.
const AT_ONCE: usize = 8;

/// What an address has of some assets.
#[derive(Debug, Default)]
pub struct Held {
    /// Smallest units.
    pub amounts: BTreeMap<String, Amount>,
    /// Assets of which it cannot be asked for, and why: a token whose contract fails, for example.
    pub unknown: BTreeMap<String, String>,
}

/// What of a wallet is not to be spent.
#[derive(Debug, Default)]
pub struct Kept {
    /// Smallest units that are on their way already, by asset.
    pub on_its_way: BTreeMap<String, Amount>,
    /// The coin that fees are paid in.
    pub fee_coin: String,
    /// Smallest units of it that are left for fees.
    pub fee_reserve: Amount,
}

impl Held {
    /// What of it there is to repay with: of each asset at most its limit, which what is on its way
    /// counts against.
    #[must_use]
    pub fn inventory(
        &self,
        keeper: &str,
        limits: &BTreeMap<String, Amount>,
        kept: &Kept,
    ) -> Inventory {
        let amount = |amounts: &BTreeMap<String, Amount>, asset: &str| {
            amounts.get(asset).copied().unwrap_or_default().0
        };
        let mut inventory = Inventory::new(Addr::unchecked(keeper));
        for (asset, limit) in limits {
            let away = amount(&kept.on_its_way, asset);
            let reserve = if *asset == kept.fee_coin {
                kept.fee_reserve.0
            } else {
                0
            };
            let held = amount(&self.amounts, asset);
            let free = held.saturating_sub(away.saturating_add(reserve));
            let limit = limit.0.saturating_sub(away);
            inventory = inventory.with(asset.as_str(), Amount(free.min(limit)));
        }
        inventory
    }
}

/// What an address has of some assets, as of the newest block.
///
/// # Errors
/// [`ChainError`] if nobody could be asked.
pub async fn held(
    client: &Client,
    address: &str,
    assets: impl IntoIterator<Item = String>,
) -> Result<Held, ChainError> {
    let asked = assets.into_iter().map(|asset| async move {
        let amount = client.held(address, &asset).await;
        (asset, amount)
    });
    let mut answers = stream::iter(asked).buffer_unordered(AT_ONCE);
    let (mut held, mut failed) = (Held::default(), None);
    while let Some((asset, answer)) = answers.next().await {
        match answer {
            Ok(amount) => {
                held.amounts.insert(asset, Amount(amount));
            }
            Err(error) => {
                held.unknown.insert(asset, error.to_string());
                failed = Some(error);
            }
        }
    }
    known(held, failed)
}

/// What is known of a wallet, and the last failure. Where tokens refuse to tell there is still what needs
/// none of them, like callbacks.
fn known(held: Held, failed: Option<ChainError>) -> Result<Held, ChainError> {
    match failed {
        Some(ChainError::Refused(_)) | None => Ok(held),
        Some(_) if !held.amounts.is_empty() => Ok(held),
        Some(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use bulwark_chain::{Phase, Refusal};

    use super::*;

    fn amounts<const N: usize>(of: [(&str, u128); N]) -> BTreeMap<String, Amount> {
        let amounts = of.map(|(asset, amount)| (asset.to_owned(), Amount(amount)));
        amounts.into()
    }

    #[test]
    fn what_is_away_counts_against_the_limit_and_fees_are_left_aside() {
        let held = Held {
            amounts: amounts([("uusd", 100), ("uatom", 100), ("ufee", 100)]),
            ..Held::default()
        };
        let kept = Kept {
            on_its_way: amounts([("uusd", 30), ("ufee", 30)]),
            fee_coin: "ufee".into(),
            fee_reserve: Amount(50),
        };
        let limits = amounts([("uusd", 60), ("uatom", 40), ("ufee", 200), ("uosmo", 9)]);
        let inventory = held.inventory("keeper", &limits, &kept);
        let available =
            ["uusd", "uatom", "ufee", "uosmo"].map(|asset| inventory.available(asset).0);
        assert_eq!(available, [30, 40, 20, 0]);
    }

    /// Callbacks stopped, too, when the only token of the wallet did not tell.
    #[test]
    fn a_token_that_does_not_tell_is_not_a_chain_that_does_not() {
        let refusal = Refusal::new(Phase::Query, "wasm", 5, "paused");
        let refused = ChainError::Refused(Box::new(refusal));
        assert!(known(Held::default(), Some(refused)).is_ok());
        let failures = Vec::new();
        let silent = || {
            Some(ChainError::Unreachable {
                failures: failures.clone(),
            })
        };
        assert!(known(Held::default(), silent()).is_err());
        let held = Held {
            amounts: amounts([("uusd", 1)]),
            ..Held::default()
        };
        assert!(known(held, silent()).is_ok());
    }
}

//! What an address has.

use std::collections::BTreeMap;

use bulwark_chain::{ChainError, Client};
use bulwark_risk::units::Amount;
use futures::stream::{self, StreamExt};

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

/// What an address has of some assets, as of the newest block.
///
/// # Errors
/// [`ChainError`] if nothing of it is known.
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
    match failed {
        Some(error) if held.amounts.is_empty() => Err(error),
        _ => Ok(held),
    }
}

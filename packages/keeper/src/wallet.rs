//! What an address has.

use std::collections::BTreeMap;

use bulwark_chain::{ChainError, Client};
use bulwark_risk::units::Amount;
use futures::stream::{self, StreamExt, TryStreamExt};

/// Questions asked at the same time.
const AT_ONCE: usize = 8;

/// What an address has of some assets, smallest units, as of the newest block.
///
/// # Errors
/// [`ChainError`]: nothing is known unless all is.
pub async fn held(
    client: &Client,
    address: &str,
    assets: impl IntoIterator<Item = String>,
) -> Result<BTreeMap<String, Amount>, ChainError> {
    let asked = assets.into_iter().map(|asset| async move {
        let amount = client.held(address, &asset).await?;
        Ok((asset, Amount(amount)))
    });
    stream::iter(asked)
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
}
